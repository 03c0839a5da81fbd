"""Time that passes only when nobody can do anything without it: minutes of it are over in a moment."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

ROUNDS = 20
"""Of the loop: more than any step takes that waits for nothing."""


class Hour:
    """A clock that moves on to the next sleeper's hour once everybody else has done what can be done by now.

    While something is `abroad` (a call on a real socket) it stands still.
    """

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, tzinfo=UTC)
        self._abroad = 0
        self._home = asyncio.Event()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._mover: asyncio.Task[None] | None = None
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return self.at

    def leave(self) -> None:
        """Something is under way that takes no time of this clock."""
        self._abroad += 1

    def come_home(self) -> None:
        """It is over."""
        self._abroad -= 1
        self._home.set()

    async def sleep(self, seconds: float) -> None:
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + timedelta(seconds=seconds), next(self._numbers), due))
        if self._mover is None or self._mover.done():
            self._mover = asyncio.create_task(self._move())
        await due

    async def _move(self) -> None:
        while self._sleepers:
            await settled()
            if self._abroad:
                self._home.clear()
                await self._home.wait()
                continue
            self.at, _, due = heapq.heappop(self._sleepers)
            if not due.done():
                due.set_result(None)


async def settled() -> None:
    """Let everybody go as far as they come without time."""
    for _ in range(ROUNDS):
        await asyncio.sleep(0)  # noqa: TID251  no time passes
