"""Reminds owners of a backup that nobody has taken. When one was, stands in a file beside the store."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.alerts import Alert, no_backup_alert
from bot.domain.errors import StoreError
from bot.ports.clock import Now
from bot.ports.people import Memory

log = logging.getLogger(__name__)

MARK = "backed-up-at"
EVERY_S = 3600.0
SINCE, TOLD = "backups_since", "backup_missed_at"


def mark_backup(data: Path, at: datetime) -> None:
    """A backup was taken. A folder that cannot be written to keeps no mark, and owners are reminded too often."""
    try:
        (data / MARK).write_text(at.isoformat(), encoding="utf-8")
    except OSError as error:
        log.warning("it could not be noted that a backup was taken", extra={"error": str(error)})


class Reminder:
    """Once in `days` while none is taken; without `days` never."""

    def __init__(
        self, *, data: Path, days: int | None, memory: Memory, alert: Callable[[Alert], Awaitable[None]], now: Now
    ) -> None:
        self._data = data
        self._days = days
        self._memory = memory
        self._alert = alert
        self._now = now

    async def run(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.warning("it is not known whether a backup is overdue", extra={"error": str(error)})
            await sleep(EVERY_S)

    async def look(self) -> None:
        """Remind them if it is time. Raises StoreUnavailable."""
        if self._days is None:
            return
        known = [self._marked(), await self._kept(SINCE), await self._kept(TOLD)]
        latest = max((one for one in known if one is not None), default=None)
        if latest is None:
            await self._memory.keep_setting("bot", SINCE, self._now().isoformat())
        elif self._now() - latest > timedelta(days=self._days):
            await self._alert(no_backup_alert(self._days, since=latest))
            await self._memory.keep_setting("bot", TOLD, self._now().isoformat())

    def _marked(self) -> datetime | None:
        with contextlib.suppress(OSError, ValueError):
            return datetime.fromisoformat((self._data / MARK).read_text(encoding="utf-8"))
        return None

    async def _kept(self, key: str) -> datetime | None:
        value = await self._memory.setting("bot", key)
        return datetime.fromisoformat(value) if value else None
