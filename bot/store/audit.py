"""Recomputes every balance from the ledger and replays every admission; the store is right or it says where not."""

from collections import defaultdict
from dataclasses import dataclass

from bot.domain.job import ENDS_MONEY, TRANSITIONS, State
from bot.domain.ledger import Balance, EntryKind, Period, after
from bot.store.database import Database, Row
from bot.store.ledger import entry_of, period_key

MONEY_OVER = frozenset(TRANSITIONS[before][event] for before, event in ENDS_MONEY) | {
    State.DELIVERING,
    State.DELIVERED,
    State.UNDELIVERED,
}
"""States in which every Hold has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found. `findings` is empty when everything is exact; overruns and losses are told apart.

    Money in micro-dollars.
    """

    jobs: int
    rows: int
    held: int
    spent: int
    overruns: int
    losses: int
    findings: tuple[str, ...]


async def audit(database: Database) -> Audit:
    """Read everything and compare. Exact on a store at rest; a running bot may move on between two reads."""
    rows = await database.read("SELECT * FROM ledger ORDER BY seq")
    jobs = await database.read("SELECT id, state FROM jobs")
    stored = await database.read("SELECT account, period, held, spent, granted FROM balances")
    computed, over = _replay(rows)
    findings = [*over, *_compare(computed, stored), *_endings(jobs, rows)]
    months = {key: balance for key, balance in computed.items() if key[0] == "bot" and key[1].startswith("month:")}
    return Audit(
        jobs=len(jobs),
        rows=len(rows),
        held=sum(balance.held for balance in months.values()),
        spent=sum(balance.spent for balance in months.values()),
        overruns=_sum(rows, EntryKind.OVERRUN),
        losses=_sum(rows, EntryKind.LOSS),
        findings=tuple(findings),
    )


def _replay(rows: list[Row]) -> tuple[dict[tuple[str, str], Balance], list[str]]:
    """Every balance as the ledger makes it, and every Hold that was admitted beyond its limit of then."""
    balances: dict[tuple[str, str], Balance] = defaultdict(Balance)
    findings = []
    for row in rows:
        entry = entry_of(row)
        for period in Period:
            key = (entry.account, period_key(period, entry.periods))
            balances[key] = after(balances[key], entry)
            limit = row[f"{period.value}_limit"]
            if entry.kind is EntryKind.HOLD and limit is not None and balances[key].used > limit:
                findings.append(f"{entry.cause}: {entry.account} was admitted beyond its limit of {key[1]}")
            if balances[key].held < 0:
                findings.append(f"{entry.cause}: {entry.account} ends more than was held in {key[1]}")
    return dict(balances), findings


def _compare(computed: dict[tuple[str, str], Balance], stored: list[Row]) -> list[str]:
    kept = {
        (row["account"], row["period"]): Balance(held=row["held"], spent=row["spent"], granted=row["granted"])
        for row in stored
    }
    return [
        f"{account}, {period}: the ledger says {computed.get((account, period))}, "
        f"the balance {kept.get((account, period))}"
        for account, period in sorted(computed.keys() | kept.keys())
        if computed.get((account, period), Balance()) != kept.get((account, period), Balance())
    ]


def _endings(jobs: list[Row], rows: list[Row]) -> list[str]:
    """Per Job and account: one Hold, and one end of it exactly when the Job's money is over."""
    holds: dict[str, int] = defaultdict(int)
    ends: dict[str, int] = defaultdict(int)
    for row in rows:
        holds[row["cause"]] += row["kind"] == EntryKind.HOLD
        ends[row["cause"]] += row["kind"] in {EntryKind.SETTLE, EntryKind.RELEASE, EntryKind.LOSS}
    findings = []
    for job in jobs:
        wanted = holds[job["id"]] if State(job["state"]) in MONEY_OVER else 0
        if holds[job["id"]] == 0:
            findings.append(f"{job['id']}: a Job without a Hold")
        if ends[job["id"]] != wanted:
            findings.append(f"{job['id']}: {job['state']} with {ends[job['id']]} ends of {holds[job['id']]} Holds")
    return findings


def _sum(rows: list[Row], kind: EntryKind) -> int:
    return sum(row["amount_microusd"] for row in rows if row["kind"] == kind)
