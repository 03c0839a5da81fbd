"""Whether fal lets us in. 401 and 403 stop the queue, not a job; it opens by itself when the key works again.

Submits and looks have a door each: a locked account may well be shown the requests it has, and then being shown one
does not prove that another would be taken.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import FalLocked
from bot.ports.clock import Now

log = logging.getLogger(__name__)

PROBE_AFTER = timedelta(minutes=1)
"""While a door is shut, one call in this time is let through to see whether it opens."""


class Door(StrEnum):
    """What a call is for."""

    SUBMIT = "submit"
    WATCH = "watch"


class Gate:
    """Doors shut by `shut` and opened by `opened`; `alert` is called once, for the owner, until all are open again.

    `over` is called when they are, and once when a first submit is taken: what was shut before a start is known then.
    """

    def __init__(
        self, *, now: Now, alert: Callable[[FalLocked], None], over: Callable[[], None] = lambda: None
    ) -> None:
        self._now = now
        self._alert = alert
        self._over = over
        self._proven = False
        self._probe_at: dict[Door, datetime] = {}

    @property
    def is_shut(self) -> bool:
        """Whether fal refused our key or locked the account, as far as we know."""
        return bool(self._probe_at)

    def left_s(self, door: Door) -> float:
        """Seconds until a call may be made, 0 for now."""
        probe_at = self._probe_at.get(door)
        return 0.0 if probe_at is None else max(0.0, (probe_at - self._now()).total_seconds())

    def wait_s(self, door: Door) -> float:
        """The same, by one who calls at once when it is 0: the first to ask after a minute becomes the probe."""
        left_s = self.left_s(door)
        if door in self._probe_at and not left_s:
            self._probe_at[door] = self._now() + PROBE_AFTER
        return left_s

    def shut(self, door: Door, error: FalLocked) -> float:
        """Fal said 401 or 403; seconds until somebody may try again."""
        if not self._probe_at:
            log.error("fal refuses us; submitting stops until the key works again", extra={"kind": error.kind})
            self._alert(error)
        self._probe_at[door] = self._now() + PROBE_AFTER
        return PROBE_AFTER.total_seconds()

    def opened(self, door: Door) -> None:
        """Fal answered a call that needs the key; a submit that was taken proves everything."""
        was_shut = self.is_shut
        if door is Door.SUBMIT:
            self._probe_at.clear()
        self._probe_at.pop(door, None)
        proves = door is Door.SUBMIT and not self._proven
        self._proven = self._proven or proves
        if was_shut and not self.is_shut:
            log.info("fal lets us in again")
        if proves or (was_shut and not self.is_shut):
            self._over()
