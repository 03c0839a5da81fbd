"""Which stage takes a Job on from each state: the flow of the program as one table."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.job import Job, State
from bot.pipeline.deliver import Deliver
from bot.pipeline.review import Review
from bot.pipeline.submit import Submit
from bot.pipeline.watch import Watch
from bot.ports.jobs import Jobs

log = logging.getLogger(__name__)

Stage = Callable[[Job], Awaitable[float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages that do something to a Job."""

    review: Review
    submit: Submit
    watch: Watch
    deliver: Deliver

    def table(self) -> Mapping[State, Stage]:
        """State → stage. A state that is not here is at rest."""
        return {
            State.IN_REVIEW: self.review.advance,
            State.ADMITTED: self.submit.advance,
            State.SUBMITTING: self.submit.advance,
            State.UNCERTAIN: self.watch.advance,
            State.SUBMITTED: self.watch.advance,
            State.FAILED: self.watch.late,
            State.COMPLETED: self.deliver.advance,
            State.DELIVERING: self.deliver.advance,
        }


def advancing(jobs: Jobs, stages: Stages) -> Callable[[str], Awaitable[float | None]]:
    """`advance(job_id)`: look at the store and hand the Job to its stage; seconds until the next look, or None."""
    table = stages.table()

    async def advance(job_id: str) -> float | None:
        job = await jobs.get(job_id)
        stage = table.get(job.state) if job else None
        if job is None or stage is None:
            return None
        log.debug("stage", extra={"job": job.id, "state": job.state.value})
        return await stage(job)

    return advance
