"""Recomputes every balance from the ledger and replays every admission; the store is right or it says where not."""

from collections import defaultdict
from dataclasses import dataclass

from bot.domain.job import ENDS_MONEY, TRANSITIONS, State
from bot.domain.ledger import BOT, ENDS_A_HOLD, Balance, EntryKind, Period, after
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
    jobs = await database.read("SELECT id, state, hold_microusd FROM jobs")
    stored = await database.read("SELECT account, period, held, spent, granted FROM balances")
    computed, over = _replay(rows)
    findings = [*over, *_compare(computed, stored), *_endings(jobs, rows)]
    months = {key: balance for key, balance in computed.items() if key[0] == BOT and key[1].startswith("month:")}
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
    """Per Job and account: one Hold of what the Job holds, and one end of it exactly when the Job's money is over."""
    holds = {(row["cause"], row["account"]): row for row in rows if row["kind"] == EntryKind.HOLD}
    ends = {(row["cause"], row["account"]): row for row in rows if row["kind"] in ENDS_A_HOLD}
    by_cause: dict[str, list[str]] = defaultdict(list)
    for cause, account in holds:
        by_cause[cause].append(account)
    findings = [f"{cause}: an end of no Hold on {account}" for cause, account in ends.keys() - holds.keys()]
    for job in jobs:
        name, state = job["id"], State(job["state"])
        accounts = by_cause.pop(name, [])
        if BOT not in accounts:
            findings.append(f"{name}: a Job without a Hold on {BOT}")
        whole = holds.get((name, BOT))
        for account in accounts:
            found = _hold_and_end(holds[name, account], ends.get((name, account)), job)
            if whole is not None and _periods(holds[name, account]) != _periods(whole):
                found.append(f"held in another period than on {BOT}")
            findings += [f"{name}: {state.value}, {account}: {wrong}" for wrong in found]
    return sorted([*findings, *(f"{cause}: Holds of no Job" for cause in by_cause)])


def _hold_and_end(hold: Row, end: Row | None, job: Row) -> list[str]:
    """What is wrong between a Job, its Hold on one account, and the end of it."""
    found = []
    if hold["amount_microusd"] != job["hold_microusd"]:
        found.append(f"held {hold['amount_microusd']} instead of {job['hold_microusd']}")
    if (end is not None) is not (State(job["state"]) in MONEY_OVER):
        found.append("its Hold has ended too early" if end else "its Hold has not ended")
    if end is not None and end["ends_microusd"] != hold["amount_microusd"]:
        found.append(f"ends {end['ends_microusd']} of the {hold['amount_microusd']} held")
    if end is not None and end["amount_microusd"] > hold["amount_microusd"]:
        found.append(f"settled at {end['amount_microusd']}, more than the {hold['amount_microusd']} held")
    if end is not None and _periods(end) != _periods(hold):
        found.append("its Hold has ended in another period")
    return found


def _periods(row: Row) -> list[str]:
    return [row[period.value] for period in Period]


def _sum(rows: list[Row], kind: EntryKind) -> int:
    """Of the bot's account, on which everything stands once; a group's loss is the same money again."""
    return sum(row["amount_microusd"] for row in rows if row["kind"] == kind and row["account"] == BOT)
