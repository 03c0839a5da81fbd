"""`/admin ban` and `/admin timeout`: who is kept out, for how long, or let in again; the action is `sanctioning`'s."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.actions.sanctioning import Sanctioning
from bot.domain.admin import EVERYWHERE, Errand
from bot.domain.ask import Account
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import shortened
from bot.domain.notice import Notice
from bot.domain.sanction import Kind
from bot.domain.spans import span_of

_Give = Callable[..., Awaitable[Notice]]


class Barring:
    """Raises of every method: Refused."""

    def __init__(self, *, sanctioning: Sanctioning) -> None:
        self._sanctioning = sanctioning

    async def ban(self, errand: Errand) -> Notice:
        """A ban, for as long as is said or until it is lifted; or its end."""
        return await self._do(errand, Kind.BAN, self._sanctioning.ban)

    async def time_out(self, errand: Errand) -> Notice:
        """A timeout, for as long as is said or as the settings say; or its end."""
        return await self._do(errand, Kind.TIMEOUT, self._sanctioning.time_out)

    async def _do(self, errand: Errand, kind: Kind, give: _Give) -> Notice:
        account, whom, why = errand.account, errand.somebody(), errand.value("reason")
        group = "" if errand.value("where") == EVERYWHERE else errand.group
        if errand.value("switch"):
            return await self._sanctioning.lift(account, whom, account.platform, group, kinds=(kind,), why=why)
        _spare(account, whom)
        return await give(account, whom, account.platform, group, why=why, lasts=_lasts(errand.value("duration")))


def _spare(account: Account, whom: Account) -> None:
    """Owners are never kept out of their own bot, and nobody keeps out themselves. Raises Refused."""
    if whom.is_owner or whom.key == account.key:
        who = "the owner of this bot" if whom.is_owner else "yourself"
        raise Refused([Problem(slug=Slug.RULE_BROKEN, facts={"rule": f"You can't keep out {who}"})])


def _lasts(typed: str) -> timedelta | None:
    span = span_of(typed)
    if typed and span is None:
        facts = {"given": shortened(typed), "choices": "30m, 12h or 7d"}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about="duration", facts=facts)])
    return span
