"""Wake-ups: none lost, none twice at once, in the order they are due, and no time wasted waiting."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports.wakeups import Wakeups
from bot.store.database import Tx
from bot.store.wakeups import HeapWakeups
from tests.store.clock import START, Clock
from tests.store.files import notes, settle


class Stage:
    """An `advance` that takes `takes_s` and remembers when it was called for what."""

    def __init__(self, clock: Clock, *, takes_s: float = 0.0, answers: Sequence[float | Exception | None] = ()) -> None:
        self.calls: list[tuple[float, str]] = []
        self.most_at_once = 0
        self._clock = clock
        self._takes_s = takes_s
        self._answers = list(answers)
        self._under_way: list[str] = []

    async def advance(self, key: str) -> float | None:
        assert key not in self._under_way
        self._under_way.append(key)
        self.most_at_once = max(self.most_at_once, len(self._under_way))
        self.calls.append((self._clock.since_start_s(), key))
        try:
            if self._takes_s:
                await self._clock.sleep(self._takes_s)
        finally:
            self._under_way.remove(key)
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


@asynccontextmanager
async def running(clock: Clock, stage: Stage, *, concurrency: int = 4) -> AsyncIterator[Wakeups]:
    wakeups = HeapWakeups(clock.now, clock.wait)
    task = asyncio.create_task(wakeups.run(stage.advance, concurrency=concurrency))
    try:
        yield wakeups
        closing = asyncio.create_task(wakeups.close())
        await clock.pass_time(3600)
        await closing
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_key_is_called_when_it_is_due_and_not_before() -> None:
    clock = Clock()
    stage = Stage(clock)
    async with running(clock, stage) as wakeups:
        wakeups.nudge("later", at=START + timedelta(seconds=30))
        wakeups.nudge("now")
        await clock.pass_time(29)
        assert stage.calls == [(0, "now")]
        await clock.pass_time(1)
        assert stage.calls == [(0, "now"), (30, "later")]


async def test_a_returned_number_is_the_time_to_the_next_call() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=1, answers=[5, 0, -3.5, None])
    async with running(clock, stage) as wakeups:
        wakeups.nudge("a")
        await clock.pass_time(100)
        assert [at for at, _ in stage.calls] == [0, 6, 7, 8]


async def test_an_earlier_wake_replaces_a_later_one_and_not_the_other_way() -> None:
    clock = Clock()
    stage = Stage(clock)
    async with running(clock, stage) as wakeups:
        for seconds in (50, 10, 70):
            wakeups.nudge("a", at=START + timedelta(seconds=seconds))
        await clock.pass_time(100)
        assert stage.calls == [(10, "a")]


async def test_a_wake_during_a_call_makes_another_call_after_it() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=10)
    async with running(clock, stage) as wakeups:
        wakeups.nudge("a")
        await clock.pass_time(5)
        wakeups.nudge("a")
        wakeups.nudge("a")
        await clock.pass_time(50)
        assert [at for at, _ in stage.calls] == [0, 10]
        assert stage.most_at_once == 1


async def test_no_more_run_at_once_than_allowed_and_equals_in_the_order_they_came() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=1)
    async with running(clock, stage, concurrency=3) as wakeups:
        for n in range(10):
            wakeups.nudge(str(n), at=START)
        await clock.pass_time(10)
        assert [key for _, key in stage.calls] == [str(n) for n in range(10)]
        assert [at for at, _ in stage.calls] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
        assert stage.most_at_once == 3


async def test_a_key_that_always_wants_more_keeps_nobody_from_a_turn() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=1, answers=[0, None, 0, None])
    async with running(clock, stage, concurrency=1) as wakeups:
        wakeups.nudge("greedy")
        wakeups.nudge("other")
        await clock.pass_time(10)
        assert [key for _, key in stage.calls][:3] == ["greedy", "other", "greedy"]


async def test_a_call_that_raises_is_logged_with_its_key_and_tried_ever_later(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    stage = Stage(clock, answers=[ValueError("broken")] * 9 + [None, ValueError("again")])
    async with running(clock, stage) as wakeups:
        wakeups.nudge("a")
        wakeups.nudge("fine", at=START + timedelta(seconds=1000))
        await clock.pass_time(2000)
        times = [at for at, key in stage.calls if key == "a"]
        gaps = [after - before for before, after in itertools.pairwise(times)]
        assert gaps == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert times == [at for at, _ in stage.calls if at < 1000]
        assert [at for at, key in stage.calls if key == "fine"] == [1000, 1001]
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.__dict__["key"] for record in records] == ["a"] * 9 + ["fine"]
    assert all(record.exc_info is not None for record in records)


async def test_a_call_cancelled_from_within_is_tried_again() -> None:
    clock = Clock()
    calls: list[float] = []

    async def advance(_: str) -> float | None:
        calls.append(clock.since_start_s())
        if len(calls) == 1:
            raise asyncio.CancelledError
        return None

    wakeups = HeapWakeups(clock.now, clock.wait)
    task = asyncio.create_task(wakeups.run(advance, concurrency=1))
    wakeups.nudge("a")
    await clock.pass_time(10)
    assert calls == [0, 1]
    await wakeups.close()
    await task


async def test_years_of_failures_are_no_failure_of_ours() -> None:
    clock = Clock()
    stage = Stage(clock, answers=[ValueError("broken")] * 1100)
    logging.disable()
    try:
        async with running(clock, stage) as wakeups:
            wakeups.nudge("a")
            await clock.pass_time(60 * 1101)
            assert len(stage.calls) == 1101
    finally:
        logging.disable(logging.NOTSET)


async def test_waiting_costs_nothing() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=100)
    async with running(clock, stage, concurrency=1) as wakeups:
        await clock.pass_time(86400)
        assert clock.waits == 1
        for n in range(50):
            wakeups.nudge(str(n))
        await clock.pass_time(99)
        assert clock.waits <= 3


async def test_many_changes_of_mind_leave_no_heap_of_stale_entries() -> None:
    clock = Clock()
    wakeups = HeapWakeups(clock.now, clock.wait)
    for n in range(10_000):
        wakeups.nudge("a", at=START + timedelta(seconds=20_000 - n))
    assert len(wakeups._heap) < 100  # noqa: SLF001 - memory is what this test is about


async def test_a_wake_counts_from_the_commit_and_not_after_a_rollback(tmp_path: Path) -> None:
    clock = Clock()
    stage = Stage(clock)

    async def work(tx: Tx, key: str) -> None:
        wakeups.wake(tx, key)
        await tx.fetch("SELECT 1")
        assert stage.calls == []
        if key == "rolled back":
            raise ValueError

    async with running(clock, stage) as wakeups, notes(tmp_path / "notes.db") as database:
        with pytest.raises(ValueError, match=r"^$"):
            await database.transact(lambda tx: work(tx, "rolled back"))
        await database.transact(lambda tx: work(tx, "committed"))
        await clock.pass_time(1)
        assert stage.calls == [(0, "committed")]


async def test_closing_lets_what_runs_finish_and_starts_nothing_more() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=5)
    wakeups = HeapWakeups(clock.now, clock.wait, grace_s=10)
    task = asyncio.create_task(wakeups.run(stage.advance, concurrency=1))
    wakeups.nudge("first")
    wakeups.nudge("second")
    await clock.pass_time(1)
    closing = asyncio.create_task(wakeups.close())
    await clock.pass_time(3)
    assert not closing.done()
    await clock.pass_time(1)
    assert closing.done()
    assert task.done()
    assert stage.calls == [(0, "first")]


async def test_closing_waits_no_longer_than_its_grace() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=1000)
    wakeups = HeapWakeups(clock.now, clock.wait, grace_s=10)
    task = asyncio.create_task(wakeups.run(stage.advance, concurrency=1))
    wakeups.nudge("endless")
    await clock.pass_time(1)
    closing = asyncio.create_task(wakeups.close())
    await clock.pass_time(9)
    assert not closing.done()
    await clock.pass_time(1)
    await asyncio.gather(closing, task)


async def test_a_run_that_is_cancelled_takes_its_calls_with_it() -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=1000)
    wakeups = HeapWakeups(clock.now, clock.wait)
    before = asyncio.all_tasks()
    task = asyncio.create_task(wakeups.run(stage.advance, concurrency=4))
    wakeups.nudge("a")
    wakeups.nudge("b")
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settle()
    assert asyncio.all_tasks() == before
    await wakeups.close()


async def test_what_is_closed_before_it_runs_ends_at_once() -> None:
    clock = Clock()
    stage = Stage(clock)
    wakeups = HeapWakeups(clock.now, clock.wait)
    wakeups.nudge("a")
    await wakeups.close()
    await wakeups.run(stage.advance, concurrency=1)
    assert stage.calls == []
    with pytest.raises(RuntimeError, match="run already"):
        await wakeups.run(stage.advance, concurrency=1)


ANSWERS = st.lists(st.one_of(st.none(), st.integers(0, 20), st.just(ValueError("broken"))), max_size=10)
WAKES = st.lists(
    st.tuples(st.integers(0, 15), st.sampled_from("abcd"), st.one_of(st.none(), st.integers(-5, 90))), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(wakes=WAKES, answers=ANSWERS, takes_s=st.integers(0, 12), concurrency=st.integers(1, 3))
async def test_no_wake_is_ever_lost(
    wakes: list[tuple[int, str, int | None]],
    answers: list[int | Exception | None],
    takes_s: int,
    concurrency: int,
) -> None:
    clock = Clock()
    stage = Stage(clock, takes_s=takes_s, answers=answers)
    asked: list[tuple[int, str]] = []
    logging.disable()
    try:
        async with running(clock, stage, concurrency=concurrency) as wakeups:
            for pause_s, key, in_s in wakes:
                await clock.pass_time(pause_s)
                wakeups.nudge(key, at=None if in_s is None else clock.now() + timedelta(seconds=in_s))
                asked.append((len(stage.calls), key))
            await clock.pass_time(1000)
    finally:
        logging.disable(logging.NOTSET)
    for calls_before, key in asked:
        assert key in [called for _, called in stage.calls[calls_before:]]
    assert stage.most_at_once <= concurrency


@settings(max_examples=60, deadline=None)
@given(wakes=WAKES)
async def test_with_room_to_run_every_wake_is_on_time(wakes: list[tuple[int, str, int | None]]) -> None:
    clock = Clock()
    stage = Stage(clock)
    asked: list[tuple[int, float, str]] = []
    async with running(clock, stage, concurrency=4) as wakeups:
        for pause_s, key, in_s in wakes:
            await clock.pass_time(pause_s)
            at = clock.now() + timedelta(seconds=in_s or 0)
            wakeups.nudge(key, at=at)
            asked.append((len(stage.calls), max(clock.now(), at).timestamp() - START.timestamp(), key))
        await clock.pass_time(1000)
    for calls_before, latest_s, key in asked:
        first_s = next(at for at, called in stage.calls[calls_before:] if called == key)
        assert first_s <= latest_s


@settings(max_examples=60, deadline=None)
@given(dues=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=25))
async def test_what_is_due_first_runs_first(dues: list[tuple[int, int]]) -> None:
    clock = Clock()
    stage = Stage(clock)
    wakeups = HeapWakeups(clock.now, clock.wait)
    expected: dict[str, int] = {}
    for number, due_s in dues:
        key = str(number)
        wakeups.nudge(key, at=START + timedelta(seconds=due_s))
        if key not in expected or due_s < expected[key]:
            expected.pop(key, None)  # its place among equals is that of the wake that counts
            expected[key] = due_s
    task = asyncio.create_task(wakeups.run(stage.advance, concurrency=1))
    await clock.pass_time(10)
    await asyncio.gather(wakeups.close(), task)
    assert stage.calls == [(due_s, key) for key, due_s in sorted(expected.items(), key=lambda item: item[1])]
