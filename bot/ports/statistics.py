"""What has been counted: figures that plots are made of, each from one bounded read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ledger import Balance, Bond, Period, Periods


class Figures(Protocol):
    """`group` is "discord:123", somebody's "person:<id>", or "" for everything. Raises StoreUnavailable."""

    async def by_day(self, account: str, first: str, last: str) -> Mapping[str, Balance]:
        """The balances of a ledger account by day ("2026-11-20"), from one day to another."""

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""

    async def bond(self, person: str, periods: Periods) -> Bond | None:
        """What a Person still spends from together with those they were one with; None when nothing."""

    async def endings(self, endpoints: Sequence[str], since: datetime, group: str) -> Mapping[str, tuple[int, int]]:
        """How many Jobs of each endpoint made a reel since then, and how many failed; those without any are absent."""

    async def waits(self, since: datetime, group: str, *, at_most: int) -> Sequence[float]:
        """Seconds from admission to the posted reel of the latest Jobs since then."""
