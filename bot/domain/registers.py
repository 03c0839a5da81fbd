"""The console's lists: what is wanted of each, and what stands in a row. Newest first, a page at a time."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE
from bot.domain.job import State
from bot.domain.ledger import Balance, Entry, EntryKind
from bot.domain.quota import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsWanted:
    """Which Jobs: all that fit everything said here. `before` is the last one of the page before.

    `parent`: those that judge the pictures of this Job, which stand in no other list.
    """

    group: str = EVERYWHERE
    states: frozenset[State] = frozenset()
    endpoint: str = ""
    person: str = ""
    parent: str = ""
    before: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesWanted:
    """Which ledger rows: all that fit everything said here. `before` is the number of the last one shown before."""

    account: str = ""
    kind: EntryKind | None = None
    cause: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One row of the ledger with its number and the moment it was written."""

    seq: int
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A Person by all their accounts. `latest` is the account of their latest Ask, as it was then, with its roles."""

    person: str
    accounts: tuple[Account, ...] = ()
    latest: Account | None = None
    balance: Balance = field(default_factory=Balance)

    @property
    def name(self) -> str:
        """What people call them."""
        return next((account.name for account in self.accounts if account.name), "somebody without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group the bot knows: what its owner decided about it, and since when (None: never)."""

    group: str
    standing: Standing
    since: datetime | None = None
