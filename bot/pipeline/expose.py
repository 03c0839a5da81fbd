"""A posted reel is made to be seen as it is wanted: open, behind a spoiler, or gone; and moderators see its card.

What was decided stands in the store before anything is touched. Each step can be made again: a message that is gone
counts as removed, and only when it is does the store forget where it stood and what its file was called.
"""

import logging
from collections.abc import Mapping

from bot.domain.after import After, Exposure, Outcome
from bot.domain.aftermath import reported_card_notice
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ChatUnavailable, DeliveryUncertain, PlaceGone, ReelTooLarge
from bot.domain.job import Job, State
from bot.pipeline.moderators import Moderators
from bot.pipeline.parcels import Parcels
from bot.ports.after import Afters, Stood
from bot.ports.chat import Chat, Parcel, Stands
from bot.ports.jobs import Jobs
from bot.ports.media import Media

log = logging.getLogger(__name__)

AGAIN_S = 5.0
"""How soon a doubt is looked into."""


class Expose:
    """The stage. `advance` is called with a Job's id after everything that happened to its posted reel."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        afters: Afters,
        media: Media,
        chats: Mapping[str, Chat],
        catalogue: Catalogue,
        moderators: Moderators,
    ) -> None:
        self._jobs = jobs
        self._afters = afters
        self._media = media
        self._chats = chats
        self._catalogue = catalogue
        self._moderators = moderators
        self._parcels = Parcels(media=media, catalogue=catalogue)

    async def advance(self, job_id: str) -> float | None:
        """Do what is to be done; seconds until it should be tried again, None when nothing is left to do."""
        after = await self._afters.get(job_id)
        job = await self._jobs.get(job_id) if after is not None else None
        if after is None or job is None:
            return None
        try:
            if after.wanted is not after.stands:
                await self._make(job, after)
                after = await self._afters.get(job_id) or after
            if after.due != after.carded:
                await self._show(job, after)
        except ChatUnavailable as error:
            return error.retry_after_s
        except DeliveryUncertain:
            return AGAIN_S
        return None

    async def _make(self, job: Job, after: After) -> None:
        chat = self._chats.get(job.place.platform)
        if chat is None:
            raise ChatUnavailable("its platform is off", retry_after_s=AGAIN_S)
        stands, is_reached = Stands(receipt=job.reel_receipt, exposure=after.wanted), True
        if job.state is State.DELIVERED:
            try:
                stands = await self._exposed(job, after, chat)
            except (PlaceGone, ReelTooLarge) as error:
                log.warning("a reel cannot be reached", extra={"job": job.id, "error": str(error)})
                is_reached = False
        if after.outcome is Outcome.TAKEN_DOWN and job.reel is not None and await self._afters.is_alone(job):
            await self._media.forget_reel(job.reel.sha256)
        await self._afters.stood(
            job.id,
            Stood(
                wanted=after.wanted,
                exposure=stands.exposure,
                receipt=stands.receipt if stands.receipt != job.reel_receipt else None,
                is_reached=is_reached,
                is_news=not is_reached or stands.exposure is not after.wanted,
            ),
        )

    async def _exposed(self, job: Job, after: After, chat: Chat) -> Stands:
        if after.wanted is Exposure.GONE:
            return await chat.expose(job, None, wanted=after.wanted, stands=after.stands)
        parcel = await self._parcel(job, chat)
        try:
            return await chat.expose(job, parcel, wanted=after.wanted, stands=after.stands)
        except ReelTooLarge as error:
            if job.reel is None:
                raise
            parcel = await self._parcels.smaller(job, job.reel, error.limit_bytes)
            return await chat.expose(job, parcel, wanted=after.wanted, stands=after.stands)

    async def _parcel(self, job: Job, chat: Chat) -> Parcel | None:
        """What to post, None when its file is no longer kept."""
        if job.reel is None or not self._media.reel_path(job.reel.sha256).exists():
            return None
        return await self._parcels.within(job, job.reel, await chat.limit_bytes(job.place))

    async def _show(self, job: Job, after: After) -> None:
        """Owners, who are written to anew each time, hear of the first report and of what hides it, and no more."""
        if await self._moderators.have_a_place(job) or (after.outcome is Outcome.NONE and _is_news(after)):
            chat = self._chats.get(job.place.platform)
            where = chat.link(job) if chat is not None else ""
            by = await self._moderators.name(after.by)
            notice = reported_card_notice(job, self._catalogue.endpoint(job.order.endpoint), after, where, by)
            await self._moderators.tell(job, notice, key=f"after-{job.id}")
        await self._afters.carded(job.id, after.due)


def _is_news(after: After) -> bool:
    return after.carded == 0 or after.wanted is not Exposure.OPEN
