"""What is kept of a Person: counted, handed over, and forgotten."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ask import Account
from bot.domain.job import Job
from bot.domain.privacy import Holdings


class Archive(Protocol):
    """Everything is by Person: of all accounts that were joined. Raises of every method: StoreUnavailable."""

    async def holdings(self, account: Account) -> Holdings | None:
        """What is kept of the Person behind an account, counted; None when they were never seen or are forgotten."""

    async def in_the_making(self, person: str) -> Sequence[Job]:
        """Their Jobs that have not ended."""

    async def export(self, person: str) -> str:
        """All that is kept of them, as JSON."""

    async def erase(self, person: str) -> None:
        """Forget them; what is still needed for a Job under way goes once that has ended."""
