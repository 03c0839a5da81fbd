"""`/admin`: one table of subcommands, and the room each leads to. First the permission table, then the room."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.actions.barring import Barring
from bot.actions.demand import Demand
from bot.actions.glance import Glance
from bot.actions.invitation import Invitations
from bot.actions.meant import Meant
from bot.actions.money import Money
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.stats import Stats
from bot.domain.admin import HELP, SUBS, Errand, wrongs
from bot.domain.bulletins import usage_notice
from bot.domain.errors import Refused
from bot.domain.notice import Notice
from bot.domain.permission import THE_BOT, About, Deed
from bot.ports.clock import NewId
from bot.ports.people import Meeting

Room = Callable[[Errand], Awaitable[Notice]]


class Administration:
    """Does errands. In a group they are about that group; in private only the owner has any, about the whole bot."""

    def __init__(
        self,
        *,
        meeting: Meeting,
        new_id: NewId,
        meant: Meant,
        demand: Demand,
        glance: Glance,
        money: Money,
        rule_keeping: RuleKeeping,
        barring: Barring,
        stats: Stats,
        invitations: Invitations,
    ) -> None:
        self._meeting = meeting
        self._new_id = new_id
        self._meant = meant
        self._demand = demand
        self._invitations = invitations
        self.rooms: Mapping[str, Room] = {
            "status": glance.status,
            "budget": money.budget,
            "grant": money.grant,
            "tier": money.tier,
            "review": glance.review,
            "rules": rule_keeping.said,
            "ban": barring.ban,
            "timeout": barring.time_out,
            "log": glance.log,
            "stats": stats.said,
            "console": self._console,
            HELP: _help,
        }

    async def do(self, errand: Errand) -> Notice:
        """Do it; the answer is for whoever asked.

        Raises:
            Refused: not theirs to do, or not as said.
            StoreUnavailable: nothing was done.
        """
        deed = errand.sub.deed if errand.group else Deed.LOOK_AT_ALL
        await self._demand(deed, errand.account, about_of(errand), None)
        problems = wrongs(errand)
        if problems:
            raise Refused(problems)
        errand = replace(errand, whom=await self._meant(errand))
        for one in filter(None, (errand.account, errand.whom)):  # the log names whoever decides, and about whom
            await self._meeting.meet(one, self._new_id())
        return await self.rooms[errand.sub.name](errand)

    async def _console(self, errand: Errand) -> Notice:
        return await self._invitations.console(errand.account, errand.group)


def about_of(errand: Errand) -> About:
    """What an errand is done to: its group, or in private the whole bot."""
    return About(platform=errand.account.platform, group=errand.group) if errand.group else THE_BOT


async def _help(_errand: Errand) -> Notice:
    return usage_notice(list(SUBS.values()))
