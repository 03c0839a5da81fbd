"""SUBMITTED → COMPLETED or FAILED, and UNCERTAIN → SUBMITTED: look, when fal calls and now and then without.

Only a terminal word from fal, said to our own key, settles money before 24 hours have passed. A call of fal's is a
hint to look and nothing more. How soon a Job is looked at again is `pipeline/pace`.
"""

import logging
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.errors import Conflict, FalError, FalLocked, FalMissing, FalRejected, FalUnavailable
from bot.domain.job import AT_FAL, GIVEN_UP, Event, Job, Phase, QueueStatus, Reason, Result, State, Ticket
from bot.domain.ledger import Closing, Ending
from bot.domain.price import settle_amount
from bot.domain.progress import Observation
from bot.pipeline.doubt import Doubt, who
from bot.pipeline.gate import Door, Gate
from bot.pipeline.pace import GIVE_UP_AFTER, Pace
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.people import PauseEndpoint
from bot.ports.queue import Queue

log = logging.getLogger(__name__)

MISSING_LOOKS = 5
MISSING_FOR = timedelta(hours=1)
MISSING_LOOK_S = 15 * 60.0
"""404 counts as lost only after several looks over an hour."""

DONE = QueueStatus(phase=Phase.COMPLETED)


class Watch:
    """The stage. `advance` is called for Jobs in SUBMITTED and UNCERTAIN."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        queue: Queue,
        catalogue: Catalogue,
        gate: Gate,
        doubt: Doubt,
        pace: Pace,
        observations: MutableMapping[str, Observation],
        pause: PauseEndpoint,
        free_failures_per_day: int,
        now: Now,
    ) -> None:
        self._jobs = jobs
        self._queue = queue
        self._catalogue = catalogue
        self._gate = gate
        self._doubt = doubt
        self._pace = pace
        self._observations = observations
        self._pause = pause
        self._free_failures = free_failures_per_day
        self._now = now
        self._missing: dict[str, tuple[datetime, int]] = {}
        self._cancel_sent: set[str] = set()

    async def hint(self, job_id: str, request_id: str) -> None:
        """A call that is fal's says that this request, submitted for this Job, is done. Raises StoreError.

        The hint is kept before fal is told that we heard it, and followed by whoever advances the Job.
        """
        self._pace.heard()
        job = await self._jobs.get(job_id)
        if job is None:
            log.warning("fal calls about a Job that is not here", extra={"job": job_id})
        elif (job.state in AT_FAL or job.reason in GIVEN_UP) and job.hinted != request_id:
            await self._jobs.note(job.id, hinted=request_id)

    async def advance(self, job: Job) -> float | None:
        """Look once; seconds until the next look, or None when fal's last word is known."""
        wait_s = self._gate.wait_s(Door.WATCH)
        if wait_s:
            return wait_s
        try:
            next_s = await self._one_look(job)
        except FalLocked as error:
            return self._gate.shut(Door.WATCH, error)
        if next_s is None:
            self._forget(job)
        return next_s

    async def _one_look(self, job: Job) -> float | None:
        """A question without an answer is asked again; after 24 hours no answer is the last word too."""
        try:
            return await (self._resolve(job) if job.state is State.UNCERTAIN else self._look(job))
        except FalLocked:
            raise
        except FalError as error:
            self._log(job, "fal did not answer; looking again", error)
        if not self._pace.is_over(job):
            return self._pace.seldom_s(job)
        if job.state is State.SUBMITTED:
            return await self._last_look(job)
        await self._lost(job, Reason.UNKNOWN)
        return None

    async def late(self, job: Job) -> float | None:
        """A Job given up as unknown or lost: its result may be there after all, above all when a call says so."""
        ticket = job.ticket or self._doubt.named(job)
        if ticket is None or job.reason not in GIVEN_UP:
            return None
        try:
            await self._completed(job, await self._queue.result(ticket), DONE, ticket=ticket)
        except Conflict:
            log.warning("a call named a request that is another Job's", extra=who(job))
        except FalError as error:
            self._log(job, "a late look found nothing", error)
            asked_again = job.hinted and isinstance(error, FalLocked | FalUnavailable)
            if asked_again and self._now() - job.state_at < GIVE_UP_AFTER:
                return self._pace.seldom_s(job)
        if job.hinted:
            await self._jobs.note(job.id, hinted="")
        return None

    # --- a Job with a Ticket ------------------------------------------------------------------------------------

    async def _look(self, job: Job) -> float | None:
        if job.ticket is None:
            return None
        await self._pass_on_cancel(job)
        if job.hinted == job.ticket.request_id:
            return await self._finish(job, DONE)
        if job.id not in self._observations and (early_s := self._pace.first_s(job)):
            return early_s
        try:
            status = await self._queue.status(job.ticket)
        except FalMissing:
            return await self._missed(job)
        self._gate.opened(Door.WATCH)
        if status.phase is not Phase.COMPLETED:  # then it is the result that may be missing, and its looks are counted
            self._missing.pop(job.id, None)
        await self._observe(job, status)
        return await self._judged(job, status)

    async def _judged(self, job: Job, status: QueueStatus) -> float | None:
        if status.phase is Phase.COMPLETED:
            self._pace.caught(job)
            return await self._finish(job, status)
        if self._pace.is_over(job):
            return await self._last_look(job)
        return await self._pace.next_s(job, self._observations[job.id])

    async def _observe(self, job: Job, status: QueueStatus) -> None:
        now = self._now()
        seen = self._observations.get(job.id)
        started = job.started_at or (seen.started_at if seen else None)
        if started is None and status.phase is Phase.IN_PROGRESS:  # first seen when done, nobody saw it start
            started = now
            await self._jobs.note(job.id, started_at=now)
        self._observations[job.id] = Observation(
            phase=status.phase,
            position=status.position,
            queued_at=job.submitted_at or now,
            started_at=started,
        )

    async def _finish(self, job: Job, status: QueueStatus) -> float | None:
        """COMPLETED is not success: the result's own answer decides."""
        if job.ticket is None:
            return None
        try:
            result = await self._queue.result(job.ticket)
        except FalRejected as error:
            await self._failed(job, error)
            return None
        except FalMissing:
            return await self._missed(job)
        self._gate.opened(Door.WATCH)
        await self._completed(job, result, status)
        return None

    async def _completed(self, job: Job, result: Result, status: QueueStatus, *, ticket: Ticket | None = None) -> None:
        late = job.state is State.FAILED
        cost = self._cost(job, result.billable_units)
        closing = None if late else Closing(ending=Ending.PAID, cost_microusd=cost)
        paid = job.cost_microusd if late else cost
        done = await self._jobs.record(
            job, Event.COMPLETED, closing=closing, result=result, cost_microusd=paid, ticket=ticket or job.ticket
        )
        if done is None:
            return
        seconds = status.inference_s or self._seen_s(job)
        if seconds and not late:
            await self._jobs.took(job, seconds)
        if not late:
            await self._mind_overrun(job, cost)

    async def _failed(self, job: Job, error: FalRejected) -> None:
        self._log(job, "fal made no video", error)
        units = error.billable_units
        cost = self._cost(job, str(units)) if units else 0
        ending = Ending.BILLED_FAILURE if cost else Ending.RELEASED
        closing = Closing(ending=ending, cost_microusd=cost, person_pays=bool(cost) and await self._pays(job))
        event, reason = _ending(job, error)
        done = await self._jobs.record(
            job, event, closing=closing, reason=reason, failure=error.kind, cost_microusd=cost
        )
        if done is not None:
            await self._mind_overrun(job, cost)

    async def _mind_overrun(self, job: Job, cost_microusd: int) -> None:
        if cost_microusd > job.hold_microusd:
            log.error("fal billed more than was held", extra={**who(job), "cost_microusd": cost_microusd})
            await self._pause(job.order.endpoint, "billed more than its price")

    async def _pays(self, job: Job) -> bool:
        """The owner bears the first failures of a person's day; more look like a habit."""
        since = self._now() - timedelta(days=1)
        return await self._jobs.billed_failures(job.person, since) >= self._free_failures

    async def _pass_on_cancel(self, job: Job) -> None:
        if job.ticket is None or job.cancel_wanted_at is None or job.id in self._cancel_sent:
            return
        await self._queue.cancel(job.ticket)
        self._cancel_sent.add(job.id)

    async def _missed(self, job: Job) -> float | None:
        since, looks = self._missing.get(job.id, (self._now(), 0))
        self._missing[job.id] = (since, looks + 1)
        if looks + 1 >= MISSING_LOOKS and self._now() - since >= MISSING_FOR:
            await self._lost(job, Reason.LOST)
            return None
        return MISSING_LOOK_S

    async def _last_look(self, job: Job) -> float | None:
        """24 hours without a last word: cancel, look at the result once more, then give the Job up."""
        if job.ticket is None:
            return None
        with suppress(FalMissing, FalUnavailable):
            await self._queue.cancel(job.ticket)
        try:
            result = await self._queue.result(job.ticket)
        except FalRejected as error:
            await self._failed(job, error)
        except (FalMissing, FalUnavailable):
            await self._lost(job, Reason.LOST)
        else:
            await self._completed(job, result, DONE)
        return None

    # --- a Job whose submit was not answered --------------------------------------------------------------------

    async def _resolve(self, job: Job) -> float | None:
        ticket = await self._doubt.find(job)
        if ticket is not None:
            log.info("an unanswered submit was found at fal", extra=who(job))
            with suppress(Conflict):  # a Job with equal input was faster; the next look finds another request, or none
                await self._jobs.record(job, Event.ACCEPTED, ticket=ticket)
            return 0.0
        if self._pace.is_over(job):
            await self._lost(job, Reason.UNKNOWN)
            return None
        return self._pace.seldom_s(job)

    async def _lost(self, job: Job, reason: Reason) -> None:
        log.error("a Job was given up", extra={**who(job), "reason": reason.value})
        await self._jobs.record(job, Event.LOST, closing=Closing(ending=Ending.LOST), reason=reason)

    # --- small things -------------------------------------------------------------------------------------------

    def _cost(self, job: Job, units: str | None) -> int:
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        if endpoint is None:
            return job.order.quote.cost_microusd
        return settle_amount(endpoint, job.order.quote, units)

    def _seen_s(self, job: Job) -> float | None:
        seen = self._observations.get(job.id)
        started = job.started_at or (seen.started_at if seen else None)
        if started is None and job.hinted and self._pace.is_fresh(job):  # done so soon that nobody had looked
            started = job.submitted_at
        return (self._now() - started).total_seconds() if started else None

    def _forget(self, job: Job) -> None:
        self._observations.pop(job.id, None)
        self._missing.pop(job.id, None)
        self._cancel_sent.discard(job.id)

    def _log(self, job: Job, message: str, error: FalError) -> None:
        log.warning(message, extra={**who(job), "kind": error.kind, "status": error.status, "detail": error.detail})


def _ending(job: Job, error: FalRejected) -> tuple[Event, Reason]:
    """A request cancelled at fal without anybody's wish was cancelled by us after 24 hours, or by its owner there."""
    if error.kind != "client_cancelled":
        return Event.FAILED, Reason.FAL_SAID_NO
    wished = job.cancel_wanted_at is not None
    return (Event.FAL_CANCELLED, Reason.BY_PERSON) if wished else (Event.FAILED, Reason.LOST)
