"""The wake-up adapter of one machine: one heap of due times in this process, and no table.

What is lost with the process is found again in the store: after a start, whoever owns the keys wakes all that are
still under way. A key has one next time, the earliest anybody asked for; `advance` looks at the store and says when
it wants to be called again, so nothing is lost by dropping a later one.
"""

import asyncio
import heapq
import itertools
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.ports.wakeups import Tx

LONGEST_BACKOFF_S = 60.0
"""Between two calls of an `advance` that keeps failing for one key; the first wait is a second."""

LONGEST_WAIT_S = 60.0
"""The wall clock is looked at again after so long, since it may be set and the machine may have slept."""

_log = logging.getLogger(__name__)

_Due = tuple[datetime, int, str]


class HeapWakeups:
    """Calls `advance(key)` when it is due, never twice at once for one key.

    `now` is the wall clock. `wait(event, timeout_s)` returns when `event` is set or the time is over (None: no
    time). `grace_s` is how long `close` lets calls under way finish before it cancels them.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        wait: Callable[[asyncio.Event, float | None], Awaitable[None]],
        *,
        grace_s: float = 10.0,
    ) -> None:
        self._now = now
        self._wait = wait
        self._grace_s = grace_s
        self._order = itertools.count()
        self._heap: list[_Due] = []
        self._next: dict[str, _Due] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failures: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._quiet = asyncio.Event()
        self._ended = asyncio.Event()
        self._started = False
        self._closing = False

    def wake(self, tx: Tx, key: str, *, at: datetime | None = None) -> None:
        """Have `advance(key)` called at `at` (None: at once) if `tx` commits."""
        tx.after_commit(lambda: self.nudge(key, at=at))

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        """Have `advance(key)` called at `at` (None: at once), or earlier where that was asked for already.

        A nudge while `advance(key)` runs makes it run again.
        """
        due = self._now() if at is None else at
        known = self._next.get(key)
        if known is not None and known[0] <= due:
            return
        entry = (due, next(self._order), key)
        self._next[key] = entry
        if key not in self._running:
            self._push(entry)

    async def run(self, advance: Callable[[str], Awaitable[float | None]], *, concurrency: int) -> None:
        """Call `advance(key)` for every key that is due, at most `concurrency` at once, until `close`.

        A number it returns is the seconds until the next call. When it raises, the key is called again later, after
        ever longer waits.
        """
        if self._started:
            raise RuntimeError("these wake-ups run already")
        self._started = True
        try:
            while not self._closing:
                self._changed.clear()
                self._start_due(advance, concurrency)
                await self._wait(self._changed, self._until_next_s(concurrency))
            if self._running:
                await self._wait(self._quiet, self._grace_s)
        finally:
            await self._stop_running()
            self._ended.set()

    async def close(self) -> None:
        """Start nothing more, let what runs finish within the grace, and return when all of it has ended."""
        self._closing = True
        self._changed.set()
        if self._started:
            await self._ended.wait()

    def _push(self, entry: _Due) -> None:
        heapq.heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._next) + 64:  # mostly entries that an earlier one has replaced
            self._heap = [due for key, due in self._next.items() if key not in self._running]
            heapq.heapify(self._heap)
        self._changed.set()

    def _start_due(self, advance: Callable[[str], Awaitable[float | None]], concurrency: int) -> None:
        now = self._now()
        while len(self._running) < concurrency and (entry := self._first()) is not None and entry[0] <= now:
            heapq.heappop(self._heap)
            key = entry[2]
            del self._next[key]
            self._quiet.clear()
            self._running[key] = asyncio.create_task(self._advance(advance, key), name=f"advance {key}")

    def _first(self) -> _Due | None:
        """The earliest entry that still holds; those replaced since are dropped on the way."""
        while self._heap and self._next.get(self._heap[0][2]) != self._heap[0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def _until_next_s(self, concurrency: int) -> float | None:
        """How long nothing can begin; None: until something changes."""
        entry = self._first()
        if entry is None or len(self._running) >= concurrency:
            return None
        return min(max((entry[0] - self._now()).total_seconds(), 0.0), LONGEST_WAIT_S)

    async def _advance(self, advance: Callable[[str], Awaitable[float | None]], key: str) -> None:
        again_s: float | None = None
        failed = True
        try:
            again_s = await advance(key)
            failed = False
        except Exception:  # noqa: BLE001 - one key's trouble stays its own: the guarded body of every stage's loop
            _log.exception("advance failed", extra={"key": key, "failures": self._failures[key] + 1})
        finally:
            if failed:  # or cancelled from within
                again_s = self._backoff_s(key)
            else:
                del self._failures[key]
            self._finished(key, again_s)

    def _backoff_s(self, key: str) -> float:
        doublings = min(self._failures[key], 10)  # 2.0 ** 1024 would overflow after a night of failures
        self._failures[key] += 1
        return min(2.0**doublings, LONGEST_BACKOFF_S)

    def _finished(self, key: str, again_s: float | None) -> None:
        del self._running[key]
        if not self._running:
            self._quiet.set()
        if (asked := self._next.get(key)) is not None:
            self._push(asked)
        if again_s is not None:
            self.nudge(key, at=self._now() + timedelta(seconds=max(again_s, 0.0)))
        self._changed.set()

    async def _stop_running(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
