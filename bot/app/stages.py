"""The stages, put together, and which of them takes a Job on from each state: the flow of the program as one table."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.app import clock
from bot.app.desks import build_screeners
from bot.app.parts import DAY_S, Kept, Plan, World
from bot.app.pulse import Pulse
from bot.domain.job import Job, State
from bot.log import about
from bot.pipeline.deliver import Deliver, DeliverSettings
from bot.pipeline.doubt import Doubt
from bot.pipeline.frames import Frames
from bot.pipeline.pace import Pace
from bot.pipeline.review import Review
from bot.pipeline.screening import Screening
from bot.pipeline.submit import Submit, SubmitSettings
from bot.pipeline.watch import Watch
from bot.ports.jobs import Jobs
from bot.ports.queue import WebhookUrl
from bot.store.groups import Groups
from bot.store.screening import Screenings

log = logging.getLogger(__name__)

Stage = Callable[[Job], Awaitable[float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages that do something to a Job."""

    review: Review
    submit: Submit
    watch: Watch
    deliver: Deliver
    screening: Screening

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

    def of_children(self) -> Mapping[State, Stage]:
        """The same for Jobs that judge another's pictures; they are at rest when COMPLETED."""
        around = self.screening.around
        return {
            State.ADMITTED: around(self.submit.advance),
            State.SUBMITTING: around(self.submit.advance),
            State.UNCERTAIN: around(self.watch.advance),
            State.SUBMITTED: around(self.watch.advance),
            State.FAILED: self.watch.late,
        }


def build_stages(plan: Plan, kept: Kept, world: World, webhook_url: WebhookUrl | None) -> Stages:
    """The stages that take Jobs on. `webhook_url`: where fal should call about a Job, None when it should not."""
    settings = plan.settings
    return Stages(
        review=Review(jobs=kept.jobs, now=clock.now),
        submit=Submit(
            jobs=kept.jobs,
            queue=world.fal,
            media=world.studio,
            catalogue=plan.catalogue,
            gate=world.gate,
            work=kept.work,
            webhook_url=webhook_url or (lambda _: None),
            now=clock.now,
            settings=SubmitSettings(concurrency=settings.fal.concurrency, file_life_s=settings.fal.file_days * DAY_S),
        ),
        watch=Watch(
            jobs=kept.jobs,
            queue=world.fal,
            catalogue=plan.catalogue,
            gate=world.gate,
            doubt=Doubt(jobs=kept.jobs, queue=world.fal, catalogue=plan.catalogue, now=clock.now),
            pace=Pace(jobs=kept.jobs, catalogue=plan.catalogue, webhooks=webhook_url is not None, now=clock.now),
            observations=world.observations,
            pause=kept.people.pause_endpoint,
            free_failures_per_day=settings.quota.free_failures_per_day,
            now=clock.now,
        ),
        deliver=Deliver(
            jobs=kept.jobs,
            media=world.studio,
            chats=world.chats,
            catalogue=plan.catalogue,
            now=clock.now,
            settings=DeliverSettings(),
            may_post=build_frames(plan, kept, world).may_post,
        ),
        screening=build_screening(plan, kept),
    )


def build_screenings(kept: Kept) -> Screenings:
    """The Jobs that judge pictures, in the store."""
    news = Pulse(kept.news, kept.pulse.ring)
    return Screenings(kept.database, work=kept.work, news=news, now=clock.now, new_id=clock.new_id)


def build_frames(plan: Plan, kept: Kept, world: World) -> Frames:
    """What has frames of reels judged."""
    return Frames(
        screenings=build_screenings(kept),
        screeners=build_screeners(plan, kept),
        groups=Groups(kept.database, now=clock.now),
        media=world.studio,
        policy=plan.settings.quota.policy(),
    )


def build_screening(plan: Plan, kept: Kept) -> Screening:
    """What minds the Jobs that judge pictures."""
    return Screening(
        screenings=build_screenings(kept),
        patience=timedelta(seconds=plan.settings.moderation.screening_patience_s),
        now=clock.now,
    )


def advancing(jobs: Jobs, stages: Stages) -> Callable[[str], Awaitable[float | None]]:
    """`advance(job_id)`: look at the store and hand the Job to its stage; seconds until the next look, or None."""
    table, of_children = stages.table(), stages.of_children()

    async def advance(job_id: str) -> float | None:
        job = await jobs.get(job_id)
        stage = (of_children if job.screening else table).get(job.state) if job else None
        if job is None or stage is None:
            return None
        with about(job=job.id, person=job.person, endpoint=job.order.endpoint):
            log.debug("stage", extra={"state": job.state.value})
            return await stage(job)

    return advance


def named(advance: Callable[[str], Awaitable[float | None]]) -> Callable[[str], Awaitable[float | None]]:
    """The same, with the Job's id on every line that is logged meanwhile."""

    async def run(job_id: str) -> float | None:
        with about(job=job_id):
            return await advance(job_id)

    return run
