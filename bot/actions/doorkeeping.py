"""What owners decide about groups: first the permission table, then recorded in the store."""

import logging

from bot.actions.demand import by_table
from bot.domain.ask import Account
from bot.domain.courtesies import opened_notice
from bot.domain.decision import Decision, Ruling
from bot.domain.notice import Action, Notice
from bot.domain.permission import About
from bot.domain.quota import Standing
from bot.ports.clock import Now
from bot.ports.people import Standings

log = logging.getLogger(__name__)

DECISIONS = {Action.OPEN: Standing.APPROVED, Action.SHUT: Standing.OFF}
RULINGS = {Action.OPEN: Ruling.OPENED, Action.SHUT: Ruling.SHUT}


class Doorkeeping:
    """Opens and shuts groups."""

    def __init__(self, *, standings: Standings, now: Now) -> None:
        self._standings = standings
        self._now = now

    async def decide(self, action: Action, group: str, account: Account, *, platform: str = "") -> Notice:
        """An owner's word about a group, of the platform they say it on unless another is named.

        Raises:
            Refused: OWNER_ALONE.
        """
        where = platform or account.platform
        await by_table(action, account, About(platform=where, group=group), None)
        decision = Decision(who=account.key, what=RULINGS[action], at=self._now(), platform=where, group=group)
        await self._standings.decide(where, group, DECISIONS[action], decision)
        who = f"{where}:{group}"
        log.info("a group was decided about", extra={"group": who, "by": account.key, "as": action.value})
        return opened_notice(opened=action is Action.OPEN)
