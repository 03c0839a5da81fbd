"""Time that passes when a test says so."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from tests.store.files import settle

START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """A wall clock and everything that waits for it."""

    def __init__(self) -> None:
        self.waits = 0
        self._elapsed_s = 0.0
        self._order = itertools.count()
        self._alarms: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The time."""
        return START + timedelta(seconds=self._elapsed_s)

    def since_start_s(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed_s

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed."""
        await self._alarm(seconds)

    async def wait(self, event: asyncio.Event, timeout_s: float | None) -> None:
        """Wait for `event` or for the time; `waits` counts the calls."""
        self.waits += 1
        happens = asyncio.ensure_future(event.wait())
        waited: set[asyncio.Future[object]] = {happens}  # type: ignore[arg-type]  # Future is invariant
        if timeout_s is not None:
            waited.add(self._alarm(timeout_s))  # type: ignore[arg-type]  # Future is invariant
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waited:
                one.cancel()

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, stopping at every moment somebody waits for."""
        until_s = self._elapsed_s + seconds
        await settle()
        while self._alarms and self._alarms[0][0] <= until_s:
            self._elapsed_s, _, alarm = heapq.heappop(self._alarms)
            if not alarm.done():
                alarm.set_result(None)
                await settle()
        self._elapsed_s = until_s
        await settle()

    def _alarm(self, seconds: float) -> asyncio.Future[None]:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._alarms, (self._elapsed_s + max(seconds, 0.0), next(self._order), alarm))
        return alarm
