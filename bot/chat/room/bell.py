"""Wakes everyone who waits for news of the Room. It carries nothing: who wakes looks into the rows."""

import asyncio


class Bell:
    """Rung in the loop after every commit that changed a line; closed when the program stops."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self.rings = 0
        self.closed = False

    def ring(self) -> None:
        """There is news."""
        self.rings += 1
        self._next.set()
        self._next = asyncio.Event()

    def close(self) -> None:
        """There will be no more; who waits stops waiting."""
        self.closed = True
        self.ring()

    async def wait(self, rings: int, *, at_most_s: float) -> bool:
        """Until it rang more often than `rings`; False when that took too long."""
        if self.rings != rings:
            return True
        try:
            async with asyncio.timeout(at_most_s):
                await self._next.wait()
        except TimeoutError:
            return False
        return True
