"""Events as received, each once."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ask import Ask, InboxRow


class Inbox(Protocol):
    """Events as received, unique by (platform, event id)."""

    async def receive(self, ask: Ask, *, hold_s: float = 0.0) -> bool:
        """Keep an Ask and wake intake, `hold_s` later or at `begin`; False when the event is already here."""

    def begin(self, ask_id: str) -> None:
        """Wake intake for an Ask that was held."""

    async def row(self, ask_id: str) -> InboxRow | None:
        """The row, None once consumed."""

    async def consume(self, ask_id: str) -> None:
        """Done without a Job."""

    async def ask_away(self, ask_id: str) -> None:
        """We asked whether it is still wanted."""

    async def still_wanted(self, ask_id: str) -> bool:
        """It is; wakes intake. False when it is no longer here."""

    async def tried(self, ask_id: str) -> None:
        """One more attempt at its media failed for a passing reason."""

    async def open_ids(self) -> Sequence[str]:
        """The rows not consumed, oldest first."""
