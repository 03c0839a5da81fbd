"""What people declare about the pictures they use, written down, and taken back by who looks after the group."""

import logging

from bot.actions.demand import Demand
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Notice
from bot.domain.permission import About, Deed
from bot.domain.rulings import undeclared_notice
from bot.ports.clock import Now
from bot.ports.people import Declarations

log = logging.getLogger(__name__)

ABOUT = "the declaration about faces"


class Declaring:
    """A declaration is a Person's, made once in a group; whoever it is taken from is asked again."""

    def __init__(self, *, declarations: Declarations, demand: Demand, now: Now) -> None:
        self._declarations = declarations
        self._demand = demand
        self._now = now

    async def revoke(
        self,
        account: Account,
        person: str,
        whom: Account,
        platform: str,
        group: str,
        *,
        standing_in: str | None = None,
    ) -> Notice:
        """Take back what a Person, one of whose accounts is `whom`, declared in a group.

        Raises:
            Refused: MODERATOR_ALONE; NOTHING_TO_PRESS when they have declared nothing there.
        """
        await self._demand(Deed.REVOKE, account, About(platform=platform, group=group), standing_in)
        decision = Decision(
            who=account.key,
            what=Ruling.REVOKED,
            at=self._now(),
            platform=platform,
            group=group,
            whom=whom.key,
            detail=ABOUT,
        )
        if not await self._declarations.revoke(person, platform, group, decision):
            raise Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
        log.info("a declaration was taken back", extra={"by": account.key, "group": group, "from": person})
        return undeclared_notice(whom.name)
