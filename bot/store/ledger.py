"""Ledger rows and the balances they change, always in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ledger import (
    Balance,
    Closing,
    Entry,
    EntryKind,
    Layer,
    Period,
    Periods,
    after,
    closing_entries,
    is_personal,
)
from bot.store.codec import micros
from bot.store.database import Fetch, Row, Tx


def period_key(period: Period, periods: Periods) -> str:
    """The name of a balance's period: "day:2026-11-20"."""
    return f"{period.value}:{periods.name(period)}"


async def balances(fetch: Fetch, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
    """The balances of these accounts in the periods of now; those never written are absent."""
    keys = {period_key(period, periods): period for period in Period}
    found: dict[tuple[str, Period], Balance] = {}
    for account in accounts:
        rows = await fetch(
            "SELECT period, held, spent, granted FROM balances WHERE account = $1 AND period IN ($2, $3, $4)",
            account,
            *keys,
        )
        for row in rows:
            balance = Balance(held=row["held"], spent=row["spent"], granted=row["granted"])
            found[account, keys[row["period"]]] = balance
    return found


async def take_hold(
    tx: Tx,
    *,
    cause: str,
    amount_microusd: int,
    layers: Sequence[Layer],
    periods: Periods,
    now: datetime,
    note: str = "",
) -> None:
    """One HOLD per layer, with the limits it was admitted under, so that an audit can replay the decision.

    `note` stands on what is the person's own.
    """
    for layer in layers:
        entry = Entry(
            cause=cause,
            account=layer.account,
            kind=EntryKind.HOLD,
            amount_microusd=amount_microusd,
            periods=periods,
            note=note if is_personal(layer.account) else "",
        )
        await write(tx, entry, now=now, layer=layer)


async def close_holds(tx: Tx, *, cause: str, closing: Closing | None, now: datetime) -> None:
    """End every Hold of a Job as `closing` says; None leaves them."""
    if closing is None:
        return
    rows = await tx.fetch(
        "SELECT cause, account, kind, amount_microusd, ends_microusd, day, week, month, note "
        "FROM ledger WHERE cause = $1 AND kind = 'hold' ORDER BY seq",
        cause,
    )
    for entry in closing_entries(closing, [entry_of(row) for row in rows]):
        await write(tx, entry, now=now)


async def write(tx: Tx, entry: Entry, *, now: datetime, layer: Layer | None = None) -> None:
    """Add one row and move its balances; the database refuses a row that is already there."""
    limits = layer.limits if layer else None
    await tx.run(
        "INSERT INTO ledger (cause, account, kind, amount_microusd, ends_microusd, day, week, month, "
        "day_limit, week_limit, month_limit, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        entry.cause,
        entry.account,
        entry.kind.value,
        entry.amount_microusd,
        entry.ends_microusd,
        entry.periods.day,
        entry.periods.week,
        entry.periods.month,
        limits.day if limits else None,
        limits.week if limits else None,
        limits.month if limits else None,
        entry.note,
        micros(now),
    )
    change = after(Balance(), entry)
    keys = [period_key(period, entry.periods) for period in Period]
    # A Hold is taken once and ended once, so only a row that adds can be the first of its account and period.
    await tx.run(
        _MOVE if entry.ends_microusd else _ADD, entry.account, *keys, change.held, change.spent, change.granted
    )


_ADD = (
    "INSERT INTO balances (account, period, held, spent, granted) "
    "VALUES ($1, $2, $5, $6, $7), ($1, $3, $5, $6, $7), ($1, $4, $5, $6, $7) "
    "ON CONFLICT (account, period) DO UPDATE SET held = balances.held + excluded.held, "
    "spent = balances.spent + excluded.spent, granted = balances.granted + excluded.granted"
)

_MOVE = (
    "UPDATE balances SET held = held + $5, spent = spent + $6, granted = granted + $7 "
    "WHERE account = $1 AND period IN ($2, $3, $4)"
)


def entry_of(row: Row) -> Entry:
    """The Entry a row of `ledger` describes."""
    return Entry(
        cause=row["cause"],
        account=row["account"],
        kind=EntryKind(row["kind"]),
        amount_microusd=row["amount_microusd"],
        ends_microusd=row["ends_microusd"],
        periods=Periods(day=row["day"], week=row["week"], month=row["month"]),
        note=row["note"],
    )
