"""Endpoints taken off for a while and put back: first the permission table, then one transaction, then the log."""

import logging

from bot.domain.ask import Account
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.permission import THE_BOT, Presser, may, refusal
from bot.domain.switches import PAUSE_LENGTH, paused_notice, resumed_notice
from bot.ports.people import PauseEndpoint

log = logging.getLogger(__name__)


class Switching:
    """What an owner says about an endpoint by its slug. What waits or runs already goes on."""

    def __init__(self, *, catalogue: Catalogue, pause: PauseEndpoint) -> None:
        self._catalogue = catalogue
        self._pause = pause

    async def pause(self, slug: str, reason: str, account: Account) -> Notice:
        """Take no more Orders for it. The reason is for those who look after the bot.

        Raises:
            Refused: OWNER_ALONE; UNKNOWN_MODEL; MISSING_OPTION and TOO_LONG about the reason.
        """
        endpoint = self._endpoint(slug, Action.PAUSE, account)
        said = " ".join(reason.split())
        if not said:
            raise Refused([Problem(slug=Slug.MISSING_OPTION, about="reason")])
        if len(said) > PAUSE_LENGTH:
            facts = {"length": f"{len(said)} letters", "maximum": str(PAUSE_LENGTH)}
            raise Refused([Problem(slug=Slug.TOO_LONG, about="reason", facts=facts)])
        await self._pause(slug, said)
        log.info("an endpoint was paused", extra={"endpoint": slug, "by": _who(account), "reason": said})
        return paused_notice(endpoint.title)

    async def resume(self, slug: str, account: Account) -> Notice:
        """Take Orders for it again. Raises Refused: OWNER_ALONE, UNKNOWN_MODEL."""
        endpoint = self._endpoint(slug, Action.RESUME, account)
        await self._pause(slug, "")
        log.info("an endpoint was resumed", extra={"endpoint": slug, "by": _who(account)})
        return resumed_notice(endpoint.title)

    def _endpoint(self, slug: str, action: Action, account: Account) -> Endpoint:
        if not may(Presser(account=account), action, THE_BOT):
            raise Refused([Problem(slug=refusal(action))])
        endpoint = self._catalogue.endpoint(slug)
        if endpoint is None:
            raise Refused([Problem(slug=Slug.UNKNOWN_MODEL, facts={"given": slug})])
        return endpoint


def _who(account: Account) -> str:
    return f"{account.platform}:{account.id}"
