"""Discord's own time: it stands still until a test moves it, and every id is drawn from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.emulators.clock import Clock as OwnTime

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""The first moment of Discord's ids: https://docs.discord.com/developers/reference#snowflakes"""

ACK = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)
"""https://docs.discord.com/developers/interactions/receiving-and-responding"""


class Clock(OwnTime):
    """`base` tells a time that may stand still (the default of the emulator) or run; `advance` adds to it."""

    def __init__(self, base: Callable[[], datetime], *, changed: Callable[[], None]) -> None:
        super().__init__(base, changed=changed)
        self._last = 0

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
