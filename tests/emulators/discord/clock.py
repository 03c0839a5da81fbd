"""The emulator's own time: it stands still until a test moves it, and every id is drawn from it.

A bot that is three seconds late is late because the test said so, never because the machine was busy.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""The first moment of Discord's ids: https://docs.discord.com/developers/reference#snowflakes"""

ACK = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)
"""https://docs.discord.com/developers/interactions/receiving-and-responding"""


class Clock:
    """`base` tells a time that may stand still (the default of the emulator) or run; `advance` adds to it."""

    def __init__(self, base: Callable[[], datetime], *, changed: Callable[[], None]) -> None:
        self._base = base
        self._changed = changed
        self._skew = timedelta()
        self._last = 0

    def now(self) -> datetime:
        """The time on Discord's side."""
        return self._base() + self._skew

    def advance(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._skew += timedelta(seconds=seconds)
        self._changed()

    def snowflake(self) -> int:
        """A new id, later than every one before."""
        self._last = max(self._last + 1, milliseconds(self.now()) << 22)
        return self._last

    def snowflake_on(self, shard: int, of: int) -> int:
        """A new id, a little in the past, that belongs to one of several shards."""
        stamp = milliseconds(self.now()) - 60_000
        stamp += (shard - stamp) % of
        self._last = max(self._last + 1, milliseconds(self.now()) << 22)
        return (stamp << 22) + (self._last & 0x3FFFFF)


def milliseconds(moment: datetime) -> int:
    """Since Discord's epoch."""
    return int((moment - EPOCH) / timedelta(milliseconds=1))


def stamp(moment: datetime) -> str:
    """As Discord writes a time."""
    return moment.isoformat(timespec="microseconds")


def created(snowflake: int) -> datetime:
    """When an id was drawn."""
    return EPOCH + timedelta(milliseconds=snowflake >> 22)


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment
