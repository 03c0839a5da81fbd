"""What became of everything, judged from outside: the store's rows, the Room's lines, and fal's own account.

fal's account is the oracle: what it made must be delivered and paid for, what it refused must cost nothing, and what
it never heard of may not be paid for either.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.job import Reason, State
from bot.domain.ledger import BOT, EntryKind, is_personal
from bot.store.audit import Audit, audit
from bot.store.books import Books
from bot.store.database import Row, open_database
from tests.crash.scenario import PRICE, Scenario

EVERYTHING = 100
ENDS = {200: State.DELIVERED, 422: State.FAILED, 499: State.CANCELLED}
"""What fal's last word makes of a Job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts, money in micro-dollars, and every difference from what should be, in words. `doubtful`: Jobs' ids."""

    jobs: int
    submits: int
    reels: int
    charged: int
    lost: int
    doubtful: tuple[str, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is left behind."""

    jobs: Sequence[Row]
    lines: Sequence[Row]
    threads: int
    ledger: Sequence[Row]
    open_asks: int
    audit: Audit
    requests: Mapping[str, Mapping[str, Any]]
    reels: frozenset[str]


async def gathered(data: Path, requests: Sequence[Mapping[str, Any]], *, store: str) -> Evidence:
    """Read everything, beside a program or after it."""
    database = await open_database(data / store, read_only=True)
    try:
        await Books(database).latest(limit=EVERYTHING)  # every row can be read as a Job
        return Evidence(
            jobs=await database.read("SELECT * FROM jobs ORDER BY created_at, id"),
            lines=await database.read("SELECT kind, subject FROM room_lines"),
            threads=len(await database.read("SELECT id FROM room_threads")),
            ledger=await database.read("SELECT * FROM ledger ORDER BY seq"),
            open_asks=len(await database.read("SELECT id FROM inbox WHERE state <> 'done'")),
            audit=await audit(database),
            requests={str(one["request_id"]): one for one in requests},
            reels=frozenset(path.stem for path in (data / "reels").rglob("*.mp4")),
        )
    finally:
        await database.close()


def judged(scenario: Scenario, found: Evidence) -> Verdict:
    """Compare what is with what should be."""
    return Verdict(
        jobs=len(found.jobs),
        submits=len(found.requests),
        reels=_count(found, "reel").total(),
        charged=_sum(found, EntryKind.SETTLE),
        lost=_sum(found, EntryKind.LOSS),
        doubtful=tuple(row["id"] for row in found.jobs if row["state"] == State.UNCERTAIN),
        differences=tuple(_differences(scenario, found)),
    )


def _differences(scenario: Scenario, found: Evidence) -> Iterator[str]:
    asks = len(scenario.asks)
    yield from found.audit.findings
    yield from _unless(found.open_asks == 0, f"{found.open_asks} asks were never dealt with")
    yield from _unless(len(found.jobs) == (0 if scenario.refused else asks), f"{len(found.jobs)} jobs of {asks} asks")
    yield from _unless(found.threads == asks, f"{found.threads} threads of {asks} asks")
    yield from _unless(_count(found, "ask").total() == asks, "an ask stands in the Room more or less than once")
    yield from _unless(_count(found, "say").total() == (asks if scenario.refused else 0), "refusals in the Room")
    bound = Counter(row["request_id"] for row in found.jobs if row["request_id"])
    for request in found.requests.keys() - bound.keys():
        yield f"fal has request {request}, which is nobody's: submitted twice, or lost"
    for request in bound.keys() - found.requests.keys():
        yield f"fal never took request {request}"
    for row in found.jobs:
        yield from (f"{row['id']} ({row['state']}): {wrong}" for wrong in _of_job(row, found))


def _of_job(row: Row, found: Evidence) -> Iterator[str]:
    state = State(row["state"])
    request = found.requests.get(row["request_id"] or "")
    yield from _unless(state in _possible(row, request), f"fal's word was {request and request['status_code']}")
    made = state is State.DELIVERED
    paid = PRICE if made else 0
    holders = _holders(row, found)
    charges = _money(row, found, EntryKind.SETTLE)
    yield from _unless(all(charges[each] == paid for each in holders), f"paid {dict(charges)}")
    yield from _unless((row["cost_microusd"] or 0) == paid, f"says it cost {row['cost_microusd']}")
    lost = _money(row, found, EntryKind.LOSS)
    given_up = state is State.FAILED and request is None
    theirs = {each for each in holders if not is_personal(each)} if given_up else set()
    yield from _unless(lost == dict.fromkeys(theirs, PRICE), f"lost {dict(lost)}")
    yield from _unless(not given_up or row["reason"] == Reason.UNKNOWN, f"failed for {row['reason']!r}")
    reels = _count(found, "reel")[row["id"]]
    yield from _unless(reels == int(made), f"{reels} reels in the thread")
    yield from _unless(_count(found, "status")[row["id"]] == 1, "not exactly one status line")
    yield from _unless(row["said"] == state.value or state is State.UNCERTAIN, f"the last word said was {row['said']}")
    kept = str(row["reel"] or "")
    yield from _unless(not made or any(sha256 in kept for sha256 in found.reels), "its file is not there")


def _possible(row: Row, request: Mapping[str, Any] | None) -> set[State]:
    """The ends that fal's last word allows. Without a request: doubt, its end after a day, or let go in time."""
    if request is not None:
        return {ENDS[request["status_code"]]}
    return {State.UNCERTAIN, State.FAILED} | ({State.CANCELLED} if row["cancel_wanted_at"] else set())


def _holders(row: Row, found: Evidence) -> set[str]:
    return {e["account"] for e in found.ledger if e["cause"] == row["id"] and e["kind"] == EntryKind.HOLD}


def _money(row: Row, found: Evidence, kind: EntryKind) -> Counter[str]:
    """Account → micro-dollars, of one kind of entry for one Job."""
    money: Counter[str] = Counter()
    for entry in found.ledger:
        if entry["cause"] == row["id"] and entry["kind"] == kind:
            money[entry["account"]] += entry["amount_microusd"]
    return money


def _sum(found: Evidence, kind: EntryKind) -> int:
    return sum(e["amount_microusd"] for e in found.ledger if e["kind"] == kind and e["account"] == BOT)


def _count(found: Evidence, kind: str) -> Counter[str]:
    """Job or ask → lines of this kind."""
    return Counter(row["subject"] for row in found.lines if row["kind"] == kind)


def _unless(right: object, wrong: str) -> Iterator[str]:
    if not right:
        yield wrong
