"""The first thing every action does: the permission table, with what is known of whoever wants to act."""

from collections.abc import Awaitable, Callable

from bot.domain.ask import Account, grp_of
from bot.domain.errors import Problem, Refused
from bot.domain.permission import About, Doing, Presser, may, refusal
from bot.domain.quota import Strangers, group_key, is_welcome
from bot.domain.sanction import problem_of, shutting_out
from bot.ports.clock import Now
from bot.ports.moderation import Sanctions
from bot.ports.people import Standings

Demand = Callable[[Doing, Account, About, str | None], Awaitable[None]]
"""Refuse what somebody, in a group (None: the thing's own), may not do to something. Raises Refused."""


async def by_table(doing: Doing, account: Account, to: About, group: str | None) -> None:
    """The table alone, where nobody is banned and every group is open."""
    if not may(Presser(account=account, group=group), doing, to):
        raise Refused([Problem(slug=refusal(doing))])


class Demands:
    """The table, with bans and closed groups looked up. Calling it fits `Demand`."""

    def __init__(self, *, sanctions: Sanctions, standings: Standings, strangers: Strangers, now: Now) -> None:
        self._sanctions = sanctions
        self._standings = standings
        self._strangers = strangers
        self._now = now

    async def __call__(self, doing: Doing, account: Account, to: About, group: str | None) -> None:
        """Raises Refused: with the ban where that is why, else with whose it is to do."""
        grp = grp_of(to.platform, to.group)
        now = self._now()
        out = None if account.is_owner else shutting_out(await self._sanctions.against(account, grp), now)
        standing = await self._standings.standing(to.platform, group_key(account, to.group))
        presser = Presser(
            account=account,
            group=group,
            banned=out is not None,
            is_open=not to.group or is_welcome(account, standing, self._strangers),
        )
        if may(presser, doing, to):
            return
        raise Refused([problem_of(out, now) if out else Problem(slug=refusal(doing))])
