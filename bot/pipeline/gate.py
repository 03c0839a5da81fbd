"""Whether fal lets us in. 401 and 403 stop the queue, not a job; it opens by itself when the key works again."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.errors import FalLocked
from bot.ports import Now

log = logging.getLogger(__name__)

PROBE_AFTER = timedelta(minutes=1)
"""While the gate is shut, one call in this time is let through to see whether it opens."""


class Gate:
    """Shut by `shut`, opened by `opened`; `alert` is called once per closing, for the owner."""

    def __init__(self, *, now: Now, alert: Callable[[FalLocked], None]) -> None:
        self._now = now
        self._alert = alert
        self._probe_at: datetime | None = None

    @property
    def is_shut(self) -> bool:
        """Whether fal refused our key or locked the account, as far as we know."""
        return self._probe_at is not None

    def wait_s(self) -> float:
        """Seconds until a call may be made, 0 for now. The first to ask after a minute becomes the probe."""
        if self._probe_at is None:
            return 0.0
        left = (self._probe_at - self._now()).total_seconds()
        if left > 0:
            return left
        self._probe_at = self._now() + PROBE_AFTER
        return 0.0

    def shut(self, error: FalLocked) -> None:
        """Fal said 401 or 403."""
        if self._probe_at is None:
            log.error("fal refuses us; submitting stops until the key works again", extra={"kind": error.kind})
            self._alert(error)
        self._probe_at = self._now() + PROBE_AFTER

    def opened(self) -> None:
        """Fal answered a call that needs the key."""
        if self._probe_at is not None:
            log.info("fal lets us in again")
        self._probe_at = None
