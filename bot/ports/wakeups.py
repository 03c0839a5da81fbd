"""Who says that something wants attention, and the transaction it says it in."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol


class Tx(Protocol):
    """An open transaction; a piece of work awaits nothing else and may be run again."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call `action` in the loop once the transaction is committed; never when it is rolled back."""


class Wakeups(Protocol):
    """Who says "this wants attention now": at least once, so what is woken looks at the store and decides."""

    def wake(self, tx: Tx, key: str, *, at: datetime | None = None) -> None:
        """Wake `key` (at a time, or now) when `tx` commits."""

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        """Wake `key` without a transaction: a hint that may be lost with the process."""

    async def run(self, advance: Callable[[str], Awaitable[float | None]], *, concurrency: int) -> None:
        """Call `advance(key)` for what is due, never twice at once for one key; it returns seconds to its next turn."""

    async def close(self) -> None:
        """Stop `run`, letting what is under way finish within the adapter's bound."""
