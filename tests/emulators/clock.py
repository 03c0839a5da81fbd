"""An emulator's own time: it stands still until a test moves it.

A bot that is three seconds late is late because the test said so, never because the machine was busy.
"""

from collections.abc import Callable
from datetime import datetime, timedelta


class Clock:
    """`base` tells a time that may stand still (the default of the emulators) or run; `advance` adds to it."""

    def __init__(self, base: Callable[[], datetime], *, changed: Callable[[], None]) -> None:
        self._base = base
        self._changed = changed
        self._skew = timedelta()

    def now(self) -> datetime:
        """The time on the vendor's side."""
        return self._base() + self._skew

    def advance(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._skew += timedelta(seconds=seconds)
        self._changed()


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment
