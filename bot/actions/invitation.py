"""A way into the console for those who look after something: a one-time link with the rank they have where they ask."""

import logging
from collections.abc import Callable

from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE, Badge, Rank, invitation_notice
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.permission import THE_BOT, Presser, may

log = logging.getLogger(__name__)

Link = Callable[[Badge], str]
"""A new one-time link for a badge."""


class Invitations:
    """`/admin console`."""

    def __init__(self, *, link: Link) -> None:
        self._link = link

    async def console(self, account: Account, group: str) -> Notice:
        """An owner's link to everything; a moderator's to the group (the platform's id of it) where they ask.

        Raises:
            Refused: NOT_YOURS, also for a moderator who asks in private, where there is nothing to moderate.
        """
        if not may(Presser(account=account), Action.CONSOLE, THE_BOT) or not (account.is_owner or group):
            raise Refused([Problem(slug=Slug.NOT_YOURS)])
        known = Account(platform=account.platform, id=account.id, name=account.name)
        rank = Rank.OWNER if account.is_owner else Rank.MODERATOR
        where = EVERYWHERE if account.is_owner else f"{account.platform}:{group}"
        who = f"{account.platform}:{account.id}"
        log.info("a link to the console was issued", extra={"by": who, "rank": rank.value, "group": where})
        return invitation_notice(self._link(Badge(account=known, rank=rank, group=where)))
