"""`/admin budget`, `/admin grant` and `/admin tier`: what is said, as `budgeting` takes it."""

from bot.actions.budgeting import Budgeting
from bot.domain.admin import DEFAULT, PAUSE, RESUME, Errand, Whose
from bot.domain.ledger import Period
from bot.domain.notice import Notice

NO_TIER = "none"


class Money:
    """Raises of every method: Refused."""

    def __init__(self, *, budgeting: Budgeting) -> None:
        self._budgeting = budgeting

    async def budget(self, errand: Errand) -> Notice:
        """How a budget stands; changed, paused or resumed where something is said."""
        account, platform, group = errand.account, errand.account.platform, errand.group
        amount, switch = errand.value("amount"), errand.value("switch")
        if switch == PAUSE:
            return await self._budgeting.pause(account, platform, group, errand.value("reason"))
        if switch == RESUME:
            return await self._budgeting.resume(account, platform, group)
        if amount or switch == DEFAULT:
            return await self._budgeting.limit(account, platform, group, _key(errand), amount)
        return await self._budgeting.show(account, platform, group)

    async def grant(self, errand: Errand) -> Notice:
        """Let somebody spend more than their limits say, now; once for an event, however often it is told."""
        account = errand.account
        return await self._budgeting.grant(
            account,
            account.platform,
            errand.group,
            errand.somebody(),
            errand.value("amount"),
            event=f"{account.platform}:{errand.event}",
        )

    async def tier(self, errand: Errand) -> Notice:
        """Give a member a tier of the settings in this group, or take it away."""
        account, name = errand.account, errand.value("tier")
        tier = "" if name.casefold() == NO_TIER else name
        return await self._budgeting.give_tier(account, account.platform, errand.group, errand.somebody(), tier)


def _key(errand: Errand) -> str:
    """Which number of a budget is meant (`budget.KEYS`)."""
    period = errand.value("per") or Period.DAY.value
    return f"member_{period}" if errand.value("of") == Whose.MEMBER else period
