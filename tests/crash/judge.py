"""What became of everything, judged from outside: the store's rows, what stands on the platform, fal's own account.

fal's account is the oracle: what it made must be delivered and paid for, what it refused must cost nothing, and what
it never heard of may not be paid for either.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.job import Reason, State
from bot.domain.ledger import BOT, SCREENING, EntryKind, is_personal
from bot.domain.screening import Scrutiny
from bot.store.audit import Audit, audit
from bot.store.books import Books
from bot.store.database import Row, open_database
from tests.crash.platform import Platform, Seen, unless
from tests.crash.rest import STORE
from tests.crash.scenario import JUDGEMENT, PRICE, Scenario

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
    judgings: Sequence[Row]
    seen: Seen
    ledger: Sequence[Row]
    open_asks: int
    audit: Audit
    requests: Mapping[str, Mapping[str, Any]]
    reels: frozenset[str]


async def gathered(data: Path, requests: Sequence[Mapping[str, Any]], platform: Platform) -> Evidence:
    """Read everything, beside a program or after it."""
    database = await open_database(data / STORE, read_only=True)
    try:
        await Books(database).latest(limit=EVERYTHING)  # every row can be read as a Job
        rows = await database.read("SELECT * FROM jobs ORDER BY created_at, id")
        jobs = [row for row in rows if not row["parent"]]
        return Evidence(
            jobs=jobs,
            judgings=[row for row in rows if row["parent"]],
            seen=await platform.seen(jobs),
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
        reels=found.seen.reels.total(),
        charged=_sum(found, EntryKind.SETTLE),
        lost=_sum(found, EntryKind.LOSS),
        doubtful=tuple(row["id"] for row in (*found.jobs, *found.judgings) if row["state"] == State.UNCERTAIN),
        differences=tuple(_differences(scenario, found)),
    )


def _differences(scenario: Scenario, found: Evidence) -> Iterator[str]:
    asks = len(scenario.asks)
    yield from found.audit.findings
    yield from found.seen.amiss
    yield from unless(found.open_asks == 0, f"{found.open_asks} asks were never dealt with")
    yield from unless(len(found.jobs) == (0 if scenario.refused else asks), f"{len(found.jobs)} jobs of {asks} asks")
    judged = {Scrutiny.OFF: 0, Scrutiny.PICTURES: asks, Scrutiny.ALL: 2 * asks}[scenario.judged]
    yield from unless(len(found.judgings) == judged, f"{len(found.judgings)} pictures judged instead of {judged}")
    for what, stands in (("reel", found.seen.reels), ("status message", found.seen.statuses)):
        strangers = stands.keys() - {row["id"] for row in found.jobs}
        yield from unless(not strangers, f"a {what} of no job: {', '.join(map(str, strangers))}")
    bound = Counter(row["request_id"] for row in (*found.jobs, *found.judgings) if row["request_id"])
    for request in found.requests.keys() - bound.keys():
        yield f"fal has request {request}, which is nobody's: submitted twice, or lost"
    for request in bound.keys() - found.requests.keys():
        yield f"fal never took request {request}"
    for row in found.jobs:
        yield from (f"{row['id']} ({row['state']}): {wrong}" for wrong in _of_job(row, found))
    for row in found.judgings:
        yield from (f"{row['id']} ({row['state']}): {wrong}" for wrong in _of_judging(row, found))


def _of_judging(row: Row, found: Evidence) -> Iterator[str]:
    """A Job that judges a picture: it has an account of its own, and is spoken of nowhere."""
    yield from _of_money(row, found, JUDGEMENT)
    yield from unless(_holders(row, found) == {SCREENING, BOT}, f"held on {_holders(row, found)}")
    spoken = found.seen.reels[row["id"]] + found.seen.statuses[row["id"]]
    yield from unless(not spoken and not row["said"], f"spoken of {spoken} times, last as {row['said']!r}")


def _of_money(row: Row, found: Evidence, price: int) -> Iterator[str]:
    """The end that fal's word allows, and money that fits it."""
    state = State(row["state"])
    request = found.requests.get(row["request_id"] or "")
    yield from unless(state in _possible(row, request), f"fal's word was {request and request['status_code']}")
    paid = price if state in {State.DELIVERED, State.COMPLETED} else 0
    holders = _holders(row, found)
    charges = _money(row, found, EntryKind.SETTLE)
    yield from unless(all(charges[each] == paid for each in holders), f"paid {dict(charges)}")
    yield from unless((row["cost_microusd"] or 0) == paid, f"says it cost {row['cost_microusd']}")
    lost = _money(row, found, EntryKind.LOSS)
    given_up = state is State.FAILED and request is None
    theirs = {each for each in holders if not is_personal(each)} if given_up else set()
    yield from unless(lost == dict.fromkeys(theirs, row["hold_microusd"]), f"lost {dict(lost)}")
    yield from unless(not given_up or row["reason"] == Reason.UNKNOWN, f"failed for {row['reason']!r}")


def _of_job(row: Row, found: Evidence) -> Iterator[str]:
    state = State(row["state"])
    made = state is State.DELIVERED
    yield from _of_money(row, found, PRICE)
    yield from unless(row["hold_microusd"] == PRICE, f"held {row['hold_microusd']}")
    reels, statuses = found.seen.reels[row["id"]], found.seen.statuses[row["id"]]
    yield from unless(reels == int(made), f"{reels} reels in the thread")
    yield from unless(statuses == 1, f"{statuses} status messages")
    yield from unless(row["said"] == state.value or state is State.UNCERTAIN, f"the last word said was {row['said']}")
    kept = str(row["reel"] or "")
    yield from unless(not made or any(sha256 in kept for sha256 in found.reels), "its file is not there")


def _possible(row: Row, request: Mapping[str, Any] | None) -> set[State]:
    """The ends that fal's last word allows. Without a request: doubt, its end after a day, or let go in time."""
    if request is not None:
        end = ENDS[request["status_code"]]
        return {State.COMPLETED if row["parent"] and end is State.DELIVERED else end}
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
