"""A child Job judges a picture of another: it takes the way of every Job, and nobody waits for it for ever.

What its end does to whoever waits is written in the transaction of its end (`bot/store/screening`).
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.job import Job, State
from bot.ports.clock import Now
from bot.ports.screening import Screenings

log = logging.getLogger(__name__)

Stage = Callable[[Job], Awaitable[float | None]]

LATE = "it was not judged in time"
"""Why a Job waits for no judgement any more, written down with the decision."""


class Screening:
    """The stage around those that take a child Job on. `patience`: how long fal may take over one picture."""

    def __init__(self, *, screenings: Screenings, patience: timedelta, now: Now) -> None:
        self._screenings = screenings
        self._patience = patience
        self._now = now

    def around(self, stage: Stage) -> Stage:
        """The stage, and the clock beside it; seconds until either wants another look."""

        async def advance(job: Job) -> float | None:
            left_s = self._left_s(job)
            next_s = await stage(job)  # first: after we were away the judgement may be there
            if left_s is not None and left_s <= 0 and await self._screenings.give_up(job, LATE):
                log.warning("a picture was not judged in time", extra={"job": job.id, "endpoint": job.order.endpoint})
            waits = [one for one in (next_s, left_s) if one is not None and one > 0]
            return 0.0 if next_s == 0 else min(waits, default=None)

        return advance

    def _left_s(self, job: Job) -> float | None:
        """What is left of our patience; None as long as it only waits its turn, as its parent would have to."""
        if job.state is State.ADMITTED and not job.attempts:
            return None
        since = job.submitted_at or (job.created_at if job.state is State.ADMITTED else job.state_at)
        return (since + self._patience - self._now()).total_seconds()
