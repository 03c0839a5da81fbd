"""`/privacy`: what is kept of somebody, all of it as a file, or nothing any more. Answers are for one person."""

import logging

from bot.actions.demand import Demand, by_table
from bot.actions.press import Presses, is_cancellable
from bot.domain.ask import Account
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.permission import About
from bot.domain.privacy import Terms, Wanted, confirm_notice, erased_notice, export_notice, holdings_notice, wanted_of
from bot.ports.privacy import Archive

log = logging.getLogger(__name__)


class Privacy:
    """Shows, exports, and erases after a second yes."""

    def __init__(self, *, archive: Archive, presses: Presses, terms: Terms, demand: Demand = by_table) -> None:
        self._demand = demand
        self._archive = archive
        self._presses = presses
        self._terms = terms

    async def reply(self, text: str, account: Account) -> Notice:
        """The answer to what stands behind the command."""
        held = await self._archive.holdings(account)
        match wanted_of(text):
            case Wanted.SHOW:
                return holdings_notice(held, self._terms)
            case Wanted.EXPORT:
                return export_notice(held, "" if held is None else await self._archive.export(held.person))
            case Wanted.ERASE:
                return confirm_notice(held)

    async def erase(self, person: str, account: Account, *, group: str | None = None) -> Notice:
        """Cancel what is in the making, and forget the rest. Nobody forgets anybody else.

        Raises:
            Refused: ASKER_ALONE when the button is another Person's; NOTHING_TO_PRESS when all is forgotten already.
        """
        held = await self._archive.holdings(account)
        if held is None:
            raise Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
        asker = account if held.person == person else None
        await self._demand(Action.ERASE, account, About(platform=account.platform, group="", asker=asker), group)
        for job in await self._archive.in_the_making(person):
            await self._cancel(job.id, account, wanted=is_cancellable(job))
        await self._archive.erase(person)
        log.info("somebody was forgotten", extra={"as": person})
        return erased_notice(self._terms)

    async def _cancel(self, job_id: str, account: Account, *, wanted: bool) -> None:
        if not wanted:
            return
        try:
            await self._presses.press(Action.CANCEL, job_id, account)
        except Refused:
            log.info("it ended before it could be cancelled", extra={"job": job_id})
