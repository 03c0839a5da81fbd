"""What `/admin` reads besides what moderation does. A group is named "discord:1", "" for all of them.

Raises of every method: StoreUnavailable.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.job import Job, State
from bot.domain.ledger import Balance, Period, Periods
from bot.domain.registers import PersonRow
from bot.domain.statistics import Statistics

CardLink = Callable[[Job], Awaitable[str]]
"""Where the card of a Job stands, "" where nobody can say."""


class Counts(Protocol):
    """What is counted."""

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""

    async def open_by_state(self, group: str) -> Mapping[State, int]:
        """How many Jobs are in each state that goes on by itself."""


class People(Protocol):
    """Whom the bot has met."""

    async def people_named(self, name: str, *, limit: int) -> Sequence[PersonRow]:
        """People one of whose accounts has this in its name, or is it by its id."""


class Names(Protocol):
    """What groups are called."""

    async def group_names(self, groups: Sequence[str]) -> Mapping[str, str]:
        """By "discord:123"; those without a name are absent."""


class Pictures(Protocol):
    """Draws statistics."""

    async def picture(self, statistics: Statistics, *, dark: bool) -> bytes:
        """A PNG. Raises Refused when it cannot be drawn."""


class Lists(Protocol):
    """What is listed."""

    async def waiting_for_moderators(self, group: str, *, limit: int) -> Sequence[Job]:
        """Jobs that wait for a moderator's word, oldest first."""

    async def paused(self) -> Mapping[str, str]:
        """The endpoints that take no requests now, by slug, and why."""
