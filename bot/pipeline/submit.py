"""ADMITTED → SUBMITTED: wait for the turn, upload the media, write the intent, then POST exactly once.

SUBMITTING is committed before the POST. Whoever finds a Job in SUBMITTING without being the one who posts it has
found a crash, and records doubt; nothing is ever posted again on a guess.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import (
    FalError,
    FalLocked,
    FalMissing,
    FalNotTaken,
    FalRejected,
    FalUnavailable,
    FalUncertain,
    Refused,
)
from bot.domain.fairness import AtFal, choose
from bot.domain.job import Event, Job, Reason, State
from bot.domain.ledger import Closing, Ending
from bot.domain.media import CONTENT_TYPES
from bot.domain.order import payload
from bot.domain.progress import STUCK_WITHOUT_HISTORY_S, stuck_after_s
from bot.pipeline.gate import Door, Gate
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.media import Media
from bot.ports.queue import Queue, WebhookUrl
from bot.ports.wakeups import Wakeups

log = logging.getLogger(__name__)

NOT_FOUND = 404
PATIENCE = 3
"""Attempts after which an endpoint that fal does not know is believed not to exist."""

RELEASED = Closing(ending=Ending.RELEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSettings:
    """`concurrency`: Jobs at fal at once. `file_life_s`: how long fal keeps what we upload. Back-off in seconds."""

    concurrency: int = 2
    file_life_s: int = 7 * 24 * 3600
    least_wait_s: float = 2.0
    most_wait_s: float = 300.0


class Submit:
    """The stage. `advance` is called for Jobs in ADMITTED and SUBMITTING."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        queue: Queue,
        media: Media,
        catalogue: Catalogue,
        gate: Gate,
        work: Wakeups,
        webhook_url: WebhookUrl,
        now: Now,
        settings: SubmitSettings,
    ) -> None:
        self._jobs = jobs
        self._queue = queue
        self._media = media
        self._catalogue = catalogue
        self._gate = gate
        self._work = work
        self._webhook_url = webhook_url
        self._now = now
        self._settings = settings
        self._going: dict[str, str] = {}  # job -> person: being uploaded or posted by this process

    async def advance(self, job: Job) -> float | None:
        """Take the Job as far as it goes now; seconds until it should be looked at again, or None."""
        if job.state is State.SUBMITTING:
            await self._jobs.record(job, Event.IN_DOUBT, next_at=self._now())
            return None
        if job.cancel_wanted_at is not None:
            await self._jobs.record(job, Event.CANCELLED, closing=RELEASED, reason=Reason.BY_PERSON)
            return None
        wait_s = self._rest_s(job) or self._gate.left_s(Door.SUBMIT)
        if wait_s:
            return wait_s
        if not await self._is_its_turn(job):
            return None
        wait_s = self._gate.wait_s(Door.SUBMIT)  # whoever becomes the probe must be one who goes
        if wait_s:
            return wait_s
        self._going[job.id] = job.person
        try:
            return await self._go(job)
        finally:
            del self._going[job.id]
            await self._wake_next()

    async def _go(self, job: Job) -> float | None:
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        if endpoint is None:
            await self._give_up(job, "endpoint_gone")
            return None
        try:
            urls = await self._upload(job)
        except (FalRejected, Refused) as error:
            await self._give_up(job, error.kind if isinstance(error, FalRejected) else "media_lost")
            return None
        except FalError as error:
            wait_s = self._back_off_s(job, error)
            await self._jobs.note(job.id, next_at=self._in(wait_s), attempts=job.attempts + 1)
            return wait_s
        arguments = payload(job.order, endpoint, urls)
        submitting = await self._jobs.record(job, Event.PICKED, places=await self._places(job), sent=arguments)
        if submitting is None:
            return None
        if submitting.cancel_wanted_at is not None:  # wished while the media went up
            await self._jobs.record(submitting, Event.NOT_TAKEN)
            return None
        await self._post(submitting, endpoint, arguments)
        return None

    async def _post(self, job: Job, endpoint: Endpoint, arguments: Mapping[str, object]) -> None:
        try:
            ticket = await self._queue.submit(endpoint.id, arguments, self._webhook_url(job.id))
        except FalUncertain as error:
            self._log(job, "the answer to a submit was lost; it will be matched, not repeated", error)
            await self._jobs.record(job, Event.IN_DOUBT, next_at=self._now())
        except (FalNotTaken, FalLocked, FalMissing, FalUnavailable) as error:
            if error.status == NOT_FOUND and job.attempts >= PATIENCE:
                await self._reject(job, error)
                return
            next_at = self._in(self._back_off_s(job, error))
            await self._jobs.record(job, Event.NOT_TAKEN, next_at=next_at, attempts=job.attempts + 1)
        except FalRejected as error:
            await self._reject(job, error)
        else:
            self._gate.opened(Door.SUBMIT)
            await self._jobs.record(job, Event.ACCEPTED, ticket=ticket, attempts=0)

    async def _reject(self, job: Job, error: FalError) -> None:
        self._log(job, "fal refused a submit", error)
        await self._jobs.record(job, Event.REJECTED, closing=RELEASED, reason=Reason.FAL_SAID_NO, failure=error.kind)

    async def _upload(self, job: Job) -> Mapping[str, tuple[str, ...]]:
        """The media at fal, anew for every attempt: uploads are per Job, so that its input is unique at fal."""
        urls: dict[str, tuple[str, ...]] = {}
        for option, hashes in job.order.media.items():
            urls[option] = tuple([await self._upload_one(job, sha256, option, n) for n, sha256 in enumerate(hashes)])
        return urls

    async def _upload_one(self, job: Job, sha256: str, option: str, nth: int) -> str:
        facts = await self._media.facts(sha256)
        content_type = CONTENT_TYPES[facts.format]
        name = f"{job.id}-{option}-{nth}.{facts.format}"
        path = self._media.path(sha256)
        return await self._queue.upload(
            path, content_type=content_type, name=name, lifetime_s=self._settings.file_life_s
        )

    async def _give_up(self, job: Job, failure: str) -> None:
        await self._jobs.record(job, Event.MEDIA_LOST, closing=RELEASED, reason=Reason.MEDIA_LOST, failure=failure)

    def _back_off_s(self, job: Job, error: FalError) -> float:
        if isinstance(error, FalLocked):
            return self._gate.shut(Door.SUBMIT, error)
        self._log(job, "fal took nothing; trying again later", error)
        return min(self._settings.most_wait_s, self._settings.least_wait_s * 2.0 ** min(job.attempts, 10))

    # --- whose turn ---------------------------------------------------------------------------------------------

    async def _is_its_turn(self, job: Job) -> bool:
        chosen = await self._choose()
        for other in chosen:
            if other != job.id:
                self._work.nudge(other)
        return job.id in chosen

    async def _choose(self) -> Sequence[str]:
        """Whose turn it is now. Without a free place, the next is woken when the oldest at fal counts as stuck."""
        going = dict(self._going)
        at_fal = await self._jobs.at_fal()
        stuck_s = await self._stuck_s({one.endpoint for one in at_fal})
        waiting = await self._jobs.waiting(self._now(), each=self._settings.concurrency)
        last_served = await self._jobs.last_served()
        going |= self._going  # who left while we read may stand in none of it
        counted = _counted([one for one in at_fal if one.job not in going], stuck_s, self._now())
        free = self._settings.concurrency - len(counted) - len(going)
        waiting = [one for one in waiting if one.job not in going]
        in_flight = Counter([one.person for one in counted] + list(going.values()))
        chosen = choose(waiting, in_flight=in_flight, last_served=last_served, places=max(1, free))
        if free > 0:
            return chosen
        if chosen and counted:
            self._work.nudge(chosen[0], at=min(one.since + timedelta(seconds=stuck_s[one.endpoint]) for one in counted))
        return ()

    async def _places(self, job: Job) -> Callable[[Sequence[AtFal]], bool]:
        """A decision for inside the transaction; the endpoints' histories are read before it."""
        at_fal = await self._jobs.at_fal()
        stuck_s = await self._stuck_s({job.order.endpoint, *(one.endpoint for one in at_fal)})
        now = self._now()
        return lambda found: len(_counted(found, stuck_s, now)) < self._settings.concurrency

    async def _stuck_s(self, endpoints: Iterable[str]) -> Mapping[str, float]:
        return {endpoint: stuck_after_s(await self._jobs.durations(endpoint)) for endpoint in endpoints}

    async def _wake_next(self) -> None:
        for job_id in await self._choose():
            self._work.nudge(job_id)

    def _rest_s(self, job: Job) -> float:
        """What is left of the Job's back-off; it may be woken before, and the later wake-up is then gone."""
        return 0.0 if job.next_at is None else max(0.0, (job.next_at - self._now()).total_seconds())

    def _in(self, seconds: float) -> datetime:
        return self._now() + timedelta(seconds=seconds)

    def _log(self, job: Job, message: str, error: FalError) -> None:
        log.warning(
            message,
            extra={
                "job": job.id,
                "person": job.person,
                "endpoint": job.order.endpoint,
                "kind": error.kind,
                "status": error.status,
                "detail": error.detail,
            },
        )


def _counted(at_fal: Sequence[AtFal], stuck_s: Mapping[str, float], now: datetime) -> list[AtFal]:
    """The Jobs that occupy a place: one that is older than any run should be no longer does."""
    return [
        one for one in at_fal if (now - one.since).total_seconds() < stuck_s.get(one.endpoint, STUCK_WITHOUT_HISTORY_S)
    ]
