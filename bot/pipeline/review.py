"""IN_REVIEW ends by itself: what nobody answered in time is let go, its Hold released."""

from bot.domain.job import Event, Job, Reason
from bot.domain.ledger import Closing, Ending
from bot.ports.clock import Now
from bot.ports.jobs import Jobs


class Review:
    """The stage that watches the clock of waiting requests."""

    def __init__(self, *, jobs: Jobs, now: Now) -> None:
        self._jobs = jobs
        self._now = now

    async def advance(self, job: Job) -> float | None:
        """Let the Job go when its time is over; seconds until then, otherwise."""
        if job.next_at is None:
            return None
        left_s = (job.next_at - self._now()).total_seconds()
        if left_s > 0:
            return left_s
        closing = Closing(ending=Ending.RELEASED)
        await self._jobs.record(job, Event.EXPIRED, closing=closing, reason=Reason.EXPIRED)
        return None
