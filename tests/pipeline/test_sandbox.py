"""The pipeline against the sandbox itself: what its faults do to a Job, and what the sandbox has seen of it."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.job import Job, Reason, State
from bot.domain.notice import Action
from bot.fal.hosts import FalHosts
from bot.sandbox.faults import Kind
from bot.sandbox.queue import Status
from bot.sandbox.settings import SandboxSettings
from tests.pipeline.world import HandClock, Setting, World, world
from tests.sandbox.harness import EagerClock, Local, a_sandbox, running

VIDEO = "/video a paper boat --model pixverse-4.5 --resolution 360p"


@dataclass(slots=True)
class Both:
    """A world and the sandbox it is at."""

    here: World
    local: Local

    def faults(self, *rules: str) -> None:
        """Make something go wrong from now on."""
        for rule in rules:
            self.local.sandbox.faults.add(rule)

    async def sent(self, text: str = VIDEO, **more: str) -> Job:
        """A Job after its submit."""
        job = await self.here.admitted(text, **more)
        await self.here.submit.advance(job)
        return await self.here.job(job.id)

    async def ended(self, count: int = 1) -> None:
        """Until so many requests have ended at the sandbox."""
        while sum(one.status is Status.COMPLETED for one in self.local.sandbox.queue.everything()) < count:
            await self.local.sandbox.changes.wait()

    @property
    def posts(self) -> int:
        """How often the sandbox was asked to take a request."""
        return self.local.sandbox.counted["submit"]

    @property
    def taken(self) -> int:
        """How many requests it took."""
        return len(list(self.local.sandbox.queue.everything()))


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
async def both(tmp_path: Path, catalogue: Catalogue, pool: ThreadPoolExecutor) -> AsyncIterator[Both]:
    eager = EagerClock()
    async with running(a_sandbox(SandboxSettings(), clock=eager, pool=pool)) as local:
        url = local.url
        hosts = FalHosts(queue_url=url, rest_url=url, cdn_url=url, api_url=url, site_url=url)
        clock = HandClock()
        clock.moment = eager.moment
        async with world(tmp_path, Setting(catalogue=catalogue, hosts=hosts, clock=clock)) as here:
            yield Both(here, local)


async def test_a_job_goes_all_the_way(both: Both) -> None:
    job = await both.sent()
    await both.ended()
    job = await both.here.watched(job)
    job = await both.here.delivered(job)

    assert (job.state, both.posts, both.taken) == (State.DELIVERED, 1, 1)
    assert job.cost_microusd == job.order.quote.cost_microusd


@pytest.mark.parametrize(
    ("fault", "state", "taken"),
    [
        ("queue-full", State.ADMITTED, 0),
        ("503", State.ADMITTED, 0),
        ("502", State.UNCERTAIN, 0),
        ("drop-before", State.UNCERTAIN, 0),
        ("drop-after", State.UNCERTAIN, 1),
        ("locked:*", State.ADMITTED, 0),
    ],
)
async def test_what_comes_of_a_submit(both: Both, fault: str, state: State, taken: int) -> None:
    both.faults(fault)
    job = await both.sent()

    assert (job.state, both.posts, both.taken) == (state, 1, taken)


async def test_a_submit_whose_answer_was_lost_is_found_in_the_history(both: Both) -> None:
    both.faults("drop-after:1")
    job = await both.sent()
    await both.ended()
    both.here.clock.moment = both.local.sandbox.now()
    job = await both.here.watched(job)
    assert job.state is State.SUBMITTED
    job = await both.here.watched(job)

    assert (job.state, both.posts, both.taken) == (State.COMPLETED, 1, 1)


async def test_a_picture_makes_the_request_unique(both: Both) -> None:
    both.faults("drop-after")
    files = [both.here.picture(b"no real picture, so the run ends at once")]
    jobs = []
    for who in ("ann", "ben"):
        job = await both.here.admitted('/effect "Kiss Me AI"', who=who, files=files)
        await both.here.submit.advance(job)
        jobs.append(job)
    await both.ended(2)
    both.here.clock.moment = both.local.sandbox.now()
    for job in reversed(jobs):
        await both.here.watched(job)
    found = [await both.here.job(job.id) for job in jobs]
    sent = [both.local.sandbox.queue.get(job.ticket.request_id) for job in found if job.ticket]

    assert [one.arguments for one in sent if one] == [job.sent for job in found]


async def test_hours_of_rendering_fail_nothing(both: Both) -> None:
    both.faults(Kind.STUCK)
    job = await both.sent()
    for _ in range(23):
        both.here.clock.go_on(hours=1)
        job = await both.here.watched(job)

    assert job.state is State.SUBMITTED


async def test_a_stuck_run_is_cancelled_after_a_day(both: Both) -> None:
    both.faults(Kind.STUCK)
    job = await both.sent()
    await both.here.watched(job)
    both.here.clock.go_on(hours=24)
    job = await both.here.watched(job)

    assert (job.state, job.reason) == (State.FAILED, Reason.LOST)
    assert both.local.sandbox.counted["cancel"] == 1


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("422:face_detection_error", "face_detection_error"),
        ("500", "internal_server_error"),
        ("infra:runner_disconnected", "runner_disconnected"),
    ],
)
async def test_a_run_that_fails_costs_nothing(both: Both, fault: str, failure: str) -> None:
    both.faults(fault)
    job = await both.sent()
    await both.ended()
    job = await both.here.watched(job)

    assert (job.state, job.failure) == (State.FAILED, failure)
    assert {kind for _, kind, _ in await both.here.money(job)} == {"release"}


async def test_a_billed_failure_is_the_owners(both: Both) -> None:
    both.faults(Kind.BILLED_FAILURE)
    job = await both.sent()
    await both.ended()
    job = await both.here.watched(job)

    assert job.state is State.FAILED
    assert {(whose, kind) for whose, kind, _ in await both.here.money(job)} == {
        ("person", "release"),
        ("bot", "settle"),
    }


async def test_a_result_that_has_expired_is_lost_after_an_hour(both: Both) -> None:
    both.faults(Kind.EXPIRED)
    job = await both.sent()
    await both.ended()
    for _ in range(4):
        assert (await both.here.watched(job)).state is State.SUBMITTED
        both.here.clock.go_on(minutes=20)

    assert (await both.here.watched(job)).reason is Reason.LOST


async def test_completed_after_a_cancel_is_paid_and_delivered(both: Both) -> None:
    both.faults(Kind.FINISH_AFTER_CANCEL)
    job = await both.sent()
    await both.here.pressed(Action.CANCEL, job.id)
    await both.here.watched(job)
    await both.ended()
    await both.here.watched(job)
    job = await both.here.delivered(job)

    assert (job.state, both.local.sandbox.counted["cancel"]) == (State.DELIVERED, 1)
    assert ("bot", "settle", job.order.quote.cost_microusd) in await both.here.money(job)


async def test_a_locked_account_stops_the_queue_and_opens_by_itself(both: Both) -> None:
    both.faults(Kind.LOCKED)
    job = await both.sent()
    both.here.clock.go_on(minutes=1)
    await both.here.submit.advance(job)
    assert (len(both.here.alerts), both.here.is_shut()) == (1, True)
    both.local.sandbox.faults.clear()
    both.here.clock.go_on(minutes=1)
    await both.here.submit.advance(await both.here.job(job.id))

    assert (await both.here.job(job.id)).state is State.SUBMITTED
    assert not both.here.is_shut()
