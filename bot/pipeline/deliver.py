"""COMPLETED → DELIVERED: fetch the reel, then post it once, in the thread it was asked for in.

DELIVERING is committed before the upload. Whoever finds a Job in DELIVERING without being the one who posts it
delivers in doubt: the platform looks, or asks, before it posts again.
"""

import dataclasses
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.errors import (
    ChatUnavailable,
    DeliveryUncertain,
    FalError,
    PlaceGone,
    ReelMayStand,
    ReelTooLarge,
    StoreUnavailable,
)
from bot.domain.job import Event, Job, Reason, Reel, State
from bot.pipeline.parcels import Parcels
from bot.ports.chat import Chat, Parcel
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.media import Media

log = logging.getLogger(__name__)

MayPost = Callable[[Job], Awaitable[bool]]
"""Whether a finished reel may be posted now; where it may not, its Job is woken when that changes."""


async def anything(_: Job) -> bool:
    """Every reel may be."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSettings:
    """`give_up_after`: how long a reel that fal no longer serves, or a platform that is away, is tried again."""

    give_up_after: timedelta = timedelta(hours=24)
    least_wait_s: float = 1.0
    most_wait_s: float = 300.0


class Deliver:
    """The stage. `advance` is called for Jobs in COMPLETED and DELIVERING."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        media: Media,
        chats: Mapping[str, Chat],
        catalogue: Catalogue,
        now: Now,
        settings: DeliverSettings,
        may_post: MayPost = anything,
    ) -> None:
        self._jobs = jobs
        self._media = media
        self._chats = chats
        self._parcels = Parcels(media=media, catalogue=catalogue)
        self._now = now
        self._settings = settings
        self._may_post = may_post
        self._sure: set[str] = set()  # in DELIVERING, and this process knows that nothing was posted yet

    async def advance(self, job: Job) -> float | None:
        """Take the reel as far as it goes now; seconds until it should be tried again, or None."""
        chat = self._chats.get(job.place.platform)
        if chat is None:
            return self._settings.most_wait_s
        if job.reel is None or not self._media.reel_path(job.reel.sha256).exists():
            fetched = await self._fetch(job)
            if not isinstance(fetched, Job):
                return fetched
            job = fetched
        if job.state is State.COMPLETED:
            if not await self._may_post(job):
                return None
            claimed = await self._jobs.record(job, Event.CLAIMED, attempts=job.attempts + 1)
            if claimed is None:
                return None
            self._sure.add(job.id)
            job = claimed
        return await self._post(job, chat)

    async def _fetch(self, job: Job) -> Job | float | None:
        """The Job with its reel on disk, or when to try again."""
        if job.result is None:
            return None
        try:
            reel = await self._media.keep_reel(job.result.video_url, expected_bytes=job.result.size_bytes)
        except (FalError, StoreUnavailable) as error:
            return await self._not_fetched(job, error)
        await self._jobs.note(job.id, reel=reel)
        return dataclasses.replace(job, reel=reel)

    async def _not_fetched(self, job: Job, error: Exception) -> float | None:
        log.warning("the reel could not be fetched", extra={**_who(job), "error": str(error)})
        if not self._is_over(job):
            return self._wait_s(job)
        await self._nowhere(job, Reason.NOT_FETCHED)
        return None

    async def _post(self, job: Job, chat: Chat) -> float | None:
        if job.reel is None:
            return None
        try:
            receipt = await self._deliver(job, job.reel, chat)
        except (PlaceGone, ReelTooLarge) as error:
            log.warning("nowhere to post a reel", extra={**_who(job), "error": str(error)})
            await self._nowhere(job, Reason.TOO_LARGE if isinstance(error, ReelTooLarge) else Reason.NOWHERE)
        except ReelMayStand:
            await self._nowhere(job, Reason.DOUBT)
        except DeliveryUncertain as error:
            log.warning("a reel may or may not stand in its thread", extra={**_who(job), "error": str(error)})
            return self._wait_s(job)
        except ChatUnavailable as error:
            if not self._is_over(job):
                return max(error.retry_after_s, self._settings.least_wait_s)
            await self._nowhere(job, Reason.NOWHERE)
        else:
            await self._jobs.record(job, Event.POSTED, reel_receipt=receipt)
        return None

    async def _deliver(self, job: Job, reel: Reel, chat: Chat) -> str:
        parcel = await self._parcels.within(job, reel, await chat.limit_bytes(job.place))
        try:
            return await self._hand_over(job, chat, parcel)
        except ReelTooLarge as error:
            return await self._hand_over(job, chat, await self._parcels.smaller(job, reel, error.limit_bytes))

    async def _hand_over(self, job: Job, chat: Chat, parcel: Parcel) -> str:
        """Post. Once begun, only the platform's own word proves that nothing stands in the thread."""
        sure = job.id in self._sure
        self._sure.discard(job.id)
        try:
            return await chat.deliver(job.place, parcel, in_doubt=not sure)
        except (ChatUnavailable, PlaceGone, ReelTooLarge):
            if sure:
                self._sure.add(job.id)
            raise

    async def _nowhere(self, job: Job, reason: Reason) -> None:
        claimed = await self._jobs.record(job, Event.CLAIMED) if job.state is State.COMPLETED else job
        if claimed is not None:
            await self._jobs.record(claimed, Event.NOWHERE_TO_POST, reason=reason)

    def _is_over(self, job: Job) -> bool:
        return self._now() - job.state_at >= self._settings.give_up_after

    def _wait_s(self, job: Job) -> float:
        age_s = (self._now() - job.state_at).total_seconds()
        return min(self._settings.most_wait_s, max(self._settings.least_wait_s, 0.5 * age_s))


def _who(job: Job) -> dict[str, object]:
    return {"job": job.id, "person": job.person, "endpoint": job.order.endpoint}
