"""Whose turn it is: fair between people, no more at fal than there are places, not stopped by two stuck Jobs."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.domain.catalogue import Catalogue
from bot.domain.job import Job, State
from bot.domain.notice import Action
from bot.store.database import Tx
from bot.store.wakeups import HeapWakeups
from tests.pipeline.example import Wakes
from tests.pipeline.fal import BUSY, LOCKED, Fal, fal
from tests.pipeline.world import Setting, World, world
from tests.store.clock import Clock

STUCK = timedelta(minutes=15)


@asynccontextmanager
async def alive(folder: Path, catalogue: Catalogue, *, places: int) -> AsyncIterator[tuple[World, Fal, Clock]]:
    """A world whose work is woken by the real wake-ups; only the clock stands still until a test moves it."""
    clock = Clock()
    work = HeapWakeups(clock.now, clock.wait, grace_s=5)
    async with fal(clock.now) as told:
        setting = Setting(catalogue=catalogue, hosts=told.hosts(), concurrency=places, work=work, now=clock.now)
        async with world(folder, setting) as here:
            running = asyncio.create_task(work.run(here.advance(), concurrency=16))
            try:
                yield here, told, clock
            finally:
                closing = asyncio.create_task(work.close())
                while not closing.done():
                    await clock.pass_time(1)
                await running


async def passing(here: World, clock: Clock, reached: Callable[[], bool], *, step_s: float = 1.0) -> None:
    """Let time pass until something is reached, no faster than the store and fal can follow."""
    async with asyncio.timeout(30):
        while not reached():
            await clock.pass_time(step_s)
            await here.database.transact(_nothing)
            await here.client.history("fal-ai/nothing", start=clock.now(), end=clock.now())


def _once() -> Callable[[], bool]:
    """False, then true."""
    answers = iter([False])
    return lambda: next(answers, True)


async def _nothing(tx: Tx) -> None:
    await tx.fetch("SELECT 1")


async def test_with_one_place_everybody_comes_before_anybody_comes_again(tmp_path: Path, catalogue: Catalogue) -> None:
    async with alive(tmp_path, catalogue, places=1) as (here, told, clock):
        first = await here.admitted("/video ann 1", who="ann")
        await told.until(lambda: told.calls["submit"] == 1)
        others = [f"ann {number}" for number in range(2, 6)] + ["ben 1", "cyd 1"]
        for text in others:
            await here.admitted(f"/video {text}", who=text.split()[0])
        told.usual_phase = "COMPLETED"
        await passing(here, clock, lambda: told.calls["result"] == 7)

        sent = [one.input["prompt"] for one in told.taken]
        assert sent == ["ann 1", "ben 1", "cyd 1", "ann 2", "ann 3", "ann 4", "ann 5"]
        assert told.most_running == 1
        assert (await here.job(first.id)).state in {State.COMPLETED, State.DELIVERING, State.DELIVERED}


async def test_everything_is_delivered_with_never_more_at_fal_than_there_are_places(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async with alive(tmp_path, catalogue, places=3) as (here, told, clock):
        for number in range(18):
            await here.admitted(f"/video boat {number}", who=f"person {number % 5}")
        while len(here.example.thread) < 18:
            told.phase |= dict.fromkeys(told.running, "COMPLETED")
            await passing(here, clock, _once(), step_s=1)

        assert told.most_running == 3
        assert told.calls["submit"] == 18
        assert len(set(here.example.thread)) == 18


async def test_no_place_is_taken_twice_however_many_look_at_once(here: World, told: Fal) -> None:
    here.setting.concurrency = 3
    here.restart()
    jobs = [await here.admitted(f"/video boat {number}", who=f"person {number}") for number in range(12)]
    for _ in range(3):
        await asyncio.gather(*[here.submit.advance(await here.job(job.id)) for job in jobs if await _waits(here, job)])

    assert told.calls["submit"] == told.most_running == 3
    assert sum([not await _waits(here, job) for job in jobs]) == 3


async def test_a_place_is_not_taken_twice_by_two_who_do_not_know_of_each_other(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    text, files = '/effect "Kiss Me AI"', [here.picture()]
    first = await here.admitted(text, who="ann", files=files)
    told.hold = asyncio.Event()  # the first machine's upload takes its time
    slow = asyncio.create_task(here.submitting(here.client).advance(first))
    await told.until(lambda: told.calls["token"] == 1)
    second = await here.admitted(who="ben")
    await here.database.transact(lambda tx: tx.run("UPDATE jobs SET created_at = 0 WHERE id = $1", second.id))
    await here.submitting(here.client).advance(second)
    told.hold.set()
    await slow

    assert (told.calls["submit"], told.most_running) == (1, 1)


async def test_nothing_is_uploaded_for_a_job_that_has_no_place(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    here.restart()
    text, files = '/effect "Kiss Me AI"', [here.picture()]
    first, *others = [await here.admitted(text, who=f"person {number}", files=files) for number in range(4)]
    told.hold = asyncio.Event()
    going = asyncio.create_task(here.submit.advance(first))
    await told.until(lambda: told.calls["token"] == 1)
    await asyncio.gather(*[here.submit.advance(job) for job in others])
    told.hold.set()
    await going
    await asyncio.gather(*[here.submit.advance(job) for job in others])

    assert (told.calls["token"], told.calls["upload"], told.calls["submit"]) == (1, 1, 1)


async def test_the_next_is_woken_when_a_place_is_free(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    here.restart()
    first = await here.at_fal(who="ann")
    second = await here.admitted(who="ben")
    assert await here.submit.advance(second) is None
    told.phase["r-1"] = "COMPLETED"
    _wakes(here).keys()
    await here.watched(first)

    assert second.id in [key for key, _ in _wakes(here).asked]


async def test_two_stuck_jobs_stop_counting_and_the_third_goes(here: World, told: Fal) -> None:
    stuck = [await here.at_fal(who=who) for who in ("ann", "ben")]
    third = await here.admitted(who="cyd")
    here.clock.moment += STUCK - timedelta(seconds=1)
    await here.submit.advance(third)
    assert await _waits(here, third)
    here.clock.go_on(seconds=1)
    await here.submit.advance(third)

    assert not await _waits(here, third)
    assert [(await here.watched(job)).state for job in stuck] == [State.SUBMITTED, State.SUBMITTED]


async def test_who_waits_behind_stuck_jobs_is_woken_when_they_stop_counting(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async with alive(tmp_path, catalogue, places=2) as (here, told, clock):
        for who in ("ann", "ben", "cyd", "dan"):
            await here.admitted(f"/video {who}", who=who)
        await told.until(lambda: told.calls["status"] >= 2)  # both are at fal, and known to be
        await clock.pass_time(STUCK.total_seconds() - 1)
        assert told.calls["submit"] == 2
        await clock.pass_time(1)
        await told.until(lambda: told.calls["submit"] == 4)

        assert {one.input["prompt"] for one in told.taken} == {"ann", "ben", "cyd", "dan"}


async def test_with_a_history_a_job_is_stuck_after_three_times_the_longest_usual_run(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    here.restart()
    job = await here.at_fal(who="ann")
    for number in range(100):
        await here.jobs.took(dataclasses.replace(job, id=f"earlier-{number}"), 40.0)
    waiting = await here.admitted(who="ben")
    here.clock.go_on(seconds=119)
    await here.submit.advance(waiting)
    assert await _waits(here, waiting)
    here.clock.go_on(seconds=1)
    await here.submit.advance(waiting)

    assert not await _waits(here, waiting)


async def test_a_job_in_back_off_that_was_woken_early_still_goes_when_its_time_comes(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async with alive(tmp_path, catalogue, places=2) as (here, told, clock):
        running = await here.admitted("/video ann", who="ann")
        await told.until(lambda: told.calls["submit"] == 1)
        told.once["submit"].append(BUSY)
        refused = await here.admitted("/video ben", who="ben")
        await told.until(lambda: told.calls["submit"] == 2)
        told.phase["r-1"] = "COMPLETED"  # the place it frees wakes who waits, back-off or not
        await passing(here, clock, lambda: told.calls["submit"] == 3, step_s=0.5)

        assert [one.input["prompt"] for one in told.taken] == ["ann", "ben"]
        assert running.id != refused.id


async def test_whoever_leaves_the_line_passes_the_word_on(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    here.restart()
    told.once["submit"].append(LOCKED)
    first, second = await here.admitted(who="ann"), await here.admitted(who="ben")
    await here.submit.advance(first)
    here.clock.go_on(minutes=1)
    await here.pressed(Action.CANCEL, first.id)
    _wakes(here).keys()
    await here.submit.advance(await here.job(first.id))

    assert second.id in [key for key, _ in _wakes(here).asked]


async def test_a_full_line_does_not_keep_itself_busy(tmp_path: Path, catalogue: Catalogue) -> None:
    async with alive(tmp_path, catalogue, places=2) as (here, told, clock):
        told.always["submit"] = LOCKED
        for number in range(20):
            await here.admitted(f"/video boat {number}", who=f"person {number}")
        await told.until(lambda: told.calls["submit"] >= 1)
        before = clock.waits
        await clock.pass_time(600)
        advances = clock.waits - before

        assert told.calls["submit"] <= 12
        assert len(here.alerts) == 1
        assert advances < 1000


async def _waits(here: World, job: Job) -> bool:
    return (await here.job(job.id)).state is State.ADMITTED


def _wakes(here: World) -> Wakes:
    assert isinstance(here.work, Wakes)
    return here.work
