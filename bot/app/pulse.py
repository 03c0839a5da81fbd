"""Rings a bell for whoever watches, beside waking whoever works: after every commit that changed a Job."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.ports.wakeups import Tx, Wakeups


class Pulse:
    """Wakeups with a bell on them. Fits `ports.wakeups.Wakeups`."""

    def __init__(self, wakeups: Wakeups, ring: Callable[[], None]) -> None:
        self._wakeups = wakeups
        self._ring = ring

    def wake(self, tx: Tx, key: str, *, at: datetime | None = None) -> None:
        """Wake `key` when `tx` commits, and ring."""
        self._wakeups.wake(tx, key, at=at)
        tx.after_commit(self._ring)

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        """Wake `key`; nothing has changed, so nobody rings."""
        self._wakeups.nudge(key, at=at)

    async def run(self, advance: Callable[[str], Awaitable[float | None]], *, concurrency: int) -> None:
        """Call `advance` for what is due."""
        await self._wakeups.run(advance, concurrency=concurrency)

    async def close(self) -> None:
        """Stop `run`."""
        await self._wakeups.close()
