"""What those who look after a group see at a glance: what goes on there, what it cost today, and what is paused."""

from bot.domain.admin import Errand
from bot.domain.ask import grp_of
from bot.domain.bulletins import Status, log_notice, review_notice, status_notice
from bot.domain.catalogue import Catalogue
from bot.domain.ledger import BOT, Balance, Period, periods_of
from bot.domain.notice import Notice
from bot.domain.quota import Policy
from bot.ports.administration import CardLink, Counts, Lists
from bot.ports.budgets import BudgetsRead
from bot.ports.clock import Now
from bot.ports.moderation import Decisions, Groups

MOST = 100
"""As many waiting requests are counted."""

SHOWN = 10
"""As many requests and decisions are shown."""


class Glance:
    """Reads only; who may look was asked before."""

    def __init__(
        self,
        *,
        counts: Counts,
        budgets: BudgetsRead,
        lists: Lists,
        decisions: Decisions,
        groups: Groups,
        card: CardLink,
        catalogue: Catalogue,
        policy: Policy,
        now: Now,
    ) -> None:
        self._counts = counts
        self._budgets = budgets
        self._lists = lists
        self._decisions = decisions
        self._groups = groups
        self._card = card
        self._catalogue = catalogue
        self._policy = policy
        self._now = now

    async def status(self, errand: Errand) -> Notice:
        """How the group stands, in private the whole bot."""
        grp = grp_of(errand.account.platform, errand.group)
        own, house = await self._budgets.of_group(errand.account.platform, errand.group), await self._budgets.of_house()
        policy = self._policy.of_group(own).of_house(house)
        account, limits = (f"group:{grp}", policy.group) if grp else (BOT, policy.bot)
        periods = periods_of(self._now(), self._policy.zone)
        balances = await self._counts.balances([account], periods)
        paused = await self._lists.paused()
        return status_notice(
            Status(
                whose="this group has" if grp else "everybody together has",
                counts=await self._counts.open_by_state(grp),
                for_moderators=len(await self._lists.waiting_for_moderators(grp, limit=MOST)),
                today=balances.get((account, Period.DAY), Balance()),
                limit_microusd=limits.day,
                stopped=own.paused,
                stopped_everywhere=house.paused,
                paused={one.title: paused[one.slug] for one in self._catalogue.endpoints if one.slug in paused},
            )
        )

    async def review(self, errand: Errand) -> Notice:
        """What waits for a moderator, the oldest first."""
        grp = grp_of(errand.account.platform, errand.group)
        waiting = await self._lists.waiting_for_moderators(grp, limit=SHOWN)
        return review_notice([(job, await self._card(job)) for job in waiting], self._now())

    async def log(self, errand: Errand) -> Notice:
        """What was decided lately about the group and for everywhere; in private about anything."""
        account, group = errand.account, errand.group
        if group:
            rows = await self._decisions.of_group(account.platform, group, limit=SHOWN)
        else:
            rows = await self._decisions.latest(limit=SHOWN)
        decisions = [one for _, one in rows]
        people = sorted({key for one in decisions for key in (one.who, one.whom) if key})
        return log_notice(decisions, {key: await self._groups.name(key) for key in people}, self._now())
