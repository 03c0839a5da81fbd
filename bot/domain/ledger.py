"""Money as rows that are only ever added, and what each row does to a balance.

Per Job (the cause) every account gets one HOLD at admission and later exactly one of SETTLE, RELEASE or LOSS. The
store keeps UNIQUE (cause, account, kind), so that a step made twice moves nothing twice.
"""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

BOT = "bot"

SCREENING = "screening"
"""The account of all that judging pictures costs; it stands beside the bot's."""


class EntryKind(StrEnum):
    """What a ledger row says."""

    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    REFUND = "refund"
    LOSS = "loss"
    OVERRUN = "overrun"
    GRANT = "grant"


ENDS_A_HOLD = frozenset({EntryKind.SETTLE, EntryKind.RELEASE, EntryKind.LOSS})


class Period(StrEnum):
    """What a budget refills by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The day, week and month something belongs to: "2026-11-20", "2026-W47", "2026-11"."""

    day: str
    week: str
    month: str

    def name(self, period: Period) -> str:
        """The key of one of them."""
        match period:
            case Period.DAY:
                return self.day
            case Period.WEEK:
                return self.week
            case Period.MONTH:
                return self.month


def periods_of(at: datetime, zone: ZoneInfo) -> Periods:
    """The periods of a moment, by the clock on the owner's wall."""
    local = at.astimezone(zone)
    year, week, _ = local.isocalendar()
    return Periods(day=local.strftime("%Y-%m-%d"), week=f"{year}-W{week:02}", month=local.strftime("%Y-%m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an account may spend per period, in micro-dollars; None: no limit of this kind."""

    day: int | None = None
    week: int | None = None
    month: int | None = None

    def of(self, period: Period) -> int | None:
        """The limit of one period."""
        match period:
            case Period.DAY:
                return self.day
            case Period.WEEK:
                return self.week
            case Period.MONTH:
                return self.month

    def only(self, kinds: Collection[Period]) -> "Limits":
        """The limits of these kinds of period, and no other."""
        return Limits(**{kind.value: self.of(kind) for kind in Period if kind in kinds})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """What Persons who were one still spend from together: until a budget refills, what either spends counts for both.

    `id` names its accounts in the ledger. `kinds` are the periods in which it holds now, never none.
    """

    id: str
    kinds: frozenset[Period]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One account that must have room for a Job. `whose` is "you", "this group", … as a sentence needs it."""

    account: str
    whose: str
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account holds, has spent and was granted in one period, in micro-dollars."""

    held: int = 0
    spent: int = 0
    granted: int = 0

    @property
    def used(self) -> int:
        """What counts against a limit."""
        return self.held + self.spent - self.granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row. `ends_microusd` is the Hold that a settle, release or loss ends; 0 for the other kinds."""

    cause: str
    account: str
    kind: EntryKind
    amount_microusd: int
    ends_microusd: int = 0
    periods: Periods
    note: str = ""


def after(balance: Balance, entry: Entry) -> Balance:
    """The balance once `entry` is written."""
    amount, ended = entry.amount_microusd, entry.ends_microusd
    match entry.kind:
        case EntryKind.HOLD:
            return dataclasses.replace(balance, held=balance.held + amount)
        case EntryKind.SETTLE | EntryKind.LOSS:
            return dataclasses.replace(balance, held=balance.held - ended, spent=balance.spent + amount)
        case EntryKind.RELEASE:
            return dataclasses.replace(balance, held=balance.held - ended)
        case EntryKind.REFUND:
            return dataclasses.replace(balance, spent=balance.spent - amount)
        case EntryKind.OVERRUN:
            return dataclasses.replace(balance, spent=balance.spent + amount)
        case EntryKind.GRANT:
            return dataclasses.replace(balance, granted=balance.granted + amount)


class Ending(StrEnum):
    """How the money of a Job ends."""

    PAID = "paid"
    RELEASED = "released"
    BILLED_FAILURE = "billed_failure"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How to end the Holds of a Job. `person_pays` matters for a billed failure only."""

    ending: Ending
    cost_microusd: int = 0
    person_pays: bool = False


PERSON, BOND, MEMBER = "person", "bond", "member"
"""What the accounts of a person begin with: their own, what they share by a Bond, and their share of a group."""


def is_personal(account: str) -> bool:
    """Whether an account belongs to a person (their own, a bond's, or their share of a group)."""
    return account.startswith((f"{PERSON}:", f"{BOND}:", f"{MEMBER}:"))


def counterpart(account: str, source: str, target: str) -> str | None:
    """The account of `target` for what stands on one of `source`'s; None when it is none of those.

    `source` and `target` are accounts of persons or bonds ("person:<id>"); their shares of groups belong to them.
    """
    if account == source:
        return target
    head, _, owner = account.rpartition(":")
    if not head.startswith(f"{MEMBER}:") or owner != source.partition(":")[2]:
        return None
    return f"{head}:{target.partition(':')[2]}"


def closing_entries(closing: Closing, holds: Sequence[Entry]) -> tuple[Entry, ...]:
    """The rows that end `holds`, one per account, in the periods of the hold; what exceeds it is the bot's overrun."""
    return tuple(entry for hold in holds for entry in _end(closing, hold))


def _end(closing: Closing, hold: Entry) -> Iterable[Entry]:
    kind, amount = _kind_and_amount(closing, hold)
    yield dataclasses.replace(hold, kind=kind, amount_microusd=amount, ends_microusd=hold.amount_microusd, note="")
    excess = closing.cost_microusd - hold.amount_microusd
    if hold.account == BOT and kind is EntryKind.SETTLE and excess > 0:
        yield dataclasses.replace(hold, kind=EntryKind.OVERRUN, amount_microusd=excess, note="")


def _kind_and_amount(closing: Closing, hold: Entry) -> tuple[EntryKind, int]:
    settled = min(closing.cost_microusd, hold.amount_microusd)
    personal = is_personal(hold.account)
    match closing.ending:
        case Ending.PAID:
            return EntryKind.SETTLE, settled
        case Ending.RELEASED:
            return EntryKind.RELEASE, hold.amount_microusd
        case Ending.BILLED_FAILURE:
            if personal and not closing.person_pays:
                return EntryKind.RELEASE, hold.amount_microusd
            return EntryKind.SETTLE, settled
        case Ending.LOST:
            return (EntryKind.RELEASE if personal else EntryKind.LOSS), hold.amount_microusd
