"""fal, as the pipeline sees it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.job import HistoryEntry, QueueStatus, Result, Ticket

WebhookUrl = Callable[[str], str | None]
"""Where fal should call about this Job, None when webhooks are off."""


class Queue(Protocol):
    """fal. Every method raises FalError's subclasses only."""

    async def submit(self, endpoint_id: str, arguments: Mapping[str, object], webhook_url: str | None) -> Ticket:
        """Submit once; the POST is never repeated."""

    async def status(self, ticket: Ticket) -> QueueStatus:
        """Where the request is."""

    async def result(self, ticket: Ticket) -> Result:
        """What it made; an error of the model is raised here."""

    async def cancel(self, ticket: Ticket) -> None:
        """Ask fal to stop; a wish, not a fact."""

    def ticket(self, endpoint_id: str, request_id: str) -> Ticket:
        """The Ticket of a request known by its id alone."""

    async def upload(self, path: Path, *, content_type: str, name: str, lifetime_s: int) -> str:
        """Put a file into fal's storage for `lifetime_s` and return its URL."""

    async def history(self, endpoint_id: str, *, start: datetime, end: datetime) -> Sequence[HistoryEntry]:
        """The account's requests to an endpoint in a window of time."""
