"""Waiting for something to become true, without ever sleeping: whoever waits looks again when anything changed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE_S = 25.0


class Bell:
    """`ring` after every change; `until` gives what a look found, once it found something."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Something changed."""
        for one in self._waiting:
            one.set()

    async def until(self, look: Callable[[], Seen | None], timeout_s: float = PATIENCE_S, what: str = "") -> Seen:
        """What `look` gives as soon as it is true.

        Raises:
            TimeoutError: After `timeout_s` of the machine's time, naming `what` was waited for.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := look()):
                    await event.wait()
                    event.clear()
        except TimeoutError:
            raise TimeoutError(f"waited {timeout_s} s in vain for {what or look}") from None
        finally:
            self._waiting.discard(event)
        return found
