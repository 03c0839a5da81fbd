"""How often a status message is edited: the same rule for every platform that edits."""

from collections import OrderedDict
from datetime import datetime

from bot.domain.errors import ChatUnavailable
from bot.domain.notice import Notice
from bot.ports.clock import Now

REMEMBERED = 10_000
"""Status messages whose last edit is remembered; of others the first edit comes at once."""


class Pace:
    """When each status message was edited last, and what it says: never sooner than the pace, nothing twice.

    Platforms count edits in small buckets; faster ones would only wait in them.
    """

    def __init__(self, now: Now, pace_s: float) -> None:
        self._now = now
        self._pace_s = pace_s
        self._edits: OrderedDict[int, tuple[datetime, Notice]] = OrderedDict()

    def is_due(self, message: int, notice: Notice) -> bool:
        """Whether to edit it. Raises ChatUnavailable when it is too soon."""
        last = self._edits.get(message)
        if last is None:
            return True
        at, said = last
        if said == notice:
            return False
        left_s = self._pace_s - (self._now() - at).total_seconds()
        if 0 < left_s <= self._pace_s:
            raise ChatUnavailable("edited a moment ago", retry_after_s=left_s)
        return True

    def edited(self, message: int, notice: Notice) -> None:
        """It says this now."""
        self._edits[message] = (self._now(), notice)
        self._edits.move_to_end(message)
        while len(self._edits) > REMEMBERED:
            self._edits.popitem(last=False)
