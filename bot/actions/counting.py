"""`/stats` and the console's plots: the figures of a group or of the whole bot, read and put together."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.actions.policies import Policies
from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE
from bot.domain.catalogue import Catalogue
from bot.domain.ledger import BOT, PERSON, Balance, Limits, Period, periods_of
from bot.domain.statistics import Made, Statistics, last_days, money_of_days, projected, ranked, waits_of
from bot.ports.clock import Now
from bot.ports.statistics import Figures

WAITS = 500
"""Of so many of the latest reels the waiting is told."""


class Counting:
    """Reads only; who may see what is the caller's to know. Models that left the catalogue are not counted."""

    def __init__(self, *, figures: Figures, catalogue: Catalogue, policies: Policies, now: Now) -> None:
        self._figures = figures
        self._catalogue = catalogue
        self._policies = policies
        self._now = now

    async def of(self, group: str = EVERYWHERE, *, name: str = "") -> Statistics:
        """What was spent, made and waited for in `group` ("discord:123", called `name`), or by the whole bot."""
        policy = await self._policies.of(group)
        account, limits = (f"group:{group}", policy.group) if group else (BOT, policy.bot)
        whose = f"in {name or group}" if group else "altogether"
        return await self._counted(account, group, limits, whose, policy.zone)

    async def of_person(self, person: str, account: Account) -> Statistics:
        """What a Person asked for, wherever that was."""
        own, policy = f"{PERSON}:{person}", await self._policies.of()
        whose = f"of {account.name or 'yours'}"
        return await self._counted(own, own, policy.tier(account).limits, whose, policy.zone)

    async def _counted(self, account: str, group: str, limits: Limits, whose: str, zone: ZoneInfo) -> Statistics:
        """`account` is the ledger's, `group` what `ports.statistics` takes for one."""
        now = self._now()
        days = last_days(now, zone)
        since = datetime.combine(days[0], time(), tzinfo=zone)
        balances = await self._figures.balances([account], periods_of(now, zone))
        return Statistics(
            group=group,
            whose=whose,
            days=money_of_days(days, await self._figures.by_day(account, days[0].isoformat(), days[-1].isoformat())),
            made=ranked(await self._made(since, group)),
            waits=waits_of(await self._figures.waits(since, group, at_most=WAITS)),
            month=projected(balances.get((account, Period.MONTH), Balance()), now, zone, limits.month),
        )

    async def _made(self, since: datetime, group: str) -> list[Made]:
        titles = {endpoint.slug: endpoint.title for endpoint in self._catalogue.endpoints}
        found = await self._figures.endings(list(titles), since, group)
        return [Made(name=titles[slug], made=made, failed=failed) for slug, (made, failed) in found.items()]
