"""What the console's pages cost with many rows behind them: each page fetched whole, over a real socket.

`python -m tests.bench.console [JOBS]` fills a store with so many Jobs of ninety days (and eight ledger rows each),
and prints the milliseconds of every page beside those of a store with a hundredth of them. Nothing is asserted, since
a figure belongs to its machine; a page whose two figures are far apart reads what it does not show.
"""

import asyncio
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.domain.ledger import periods_of
from bot.store.codec import ASK, ORDER, PLACE, dump, micros
from bot.store.database import Tx
from tests.builders import NOON, UTC_ZONE, an_ask, an_order
from tests.console.harness import OWNER, Harness, console

PAGES = (
    "",
    "/jobs",
    "/jobs?show=failed",
    "/jobs?group=room:club-7",
    "/jobs?model=pixverse-effects",
    "/jobs/{job}",
    "/people",
    "/people?name=person-77",
    "/people/{person}",
    "/groups",
    "/money",
    "/money?kind=loss&account=",
    "/endpoints",
)
DAYS = 90
PEOPLE = 2000
GROUPS = 40
BATCH = 2000
TIMES = 5

JOB = (
    "INSERT INTO jobs (id, state, person, endpoint, ask, ordered, hold_microusd, cost_microusd, place, created_at, "
    "state_at, submitted_at, of_group, said) "
    "VALUES ($1, $2, $3, 'pixverse-effects', $4, $5, 200000, $6, $7, $8, $9, $8, $10, $2)"
)
ENTRY = (
    "INSERT INTO ledger (cause, account, kind, amount_microusd, ends_microusd, day, week, month, at) "
    "VALUES ($1, $2, $3, 200000, $4, $5, $6, $7, $8)"
)
BALANCE = (
    "INSERT INTO balances (account, period, spent) VALUES ($1, $2, 200000) "
    "ON CONFLICT (account, period) DO UPDATE SET spent = spent + 200000"
)


async def fill(at: Harness, count: int) -> None:
    """So many Jobs, their ledger and their balances, written as the store would have them."""
    await at.kept.database.transact(_people)
    for first in range(0, count, BATCH):

        async def some(tx: Tx, first: int = first) -> None:
            for number in range(first, min(count, first + BATCH)):
                await _job(tx, number, NOON - timedelta(days=DAYS) * (1 - number / count))

        await at.kept.database.transact(some)


async def _people(tx: Tx) -> None:
    for number in range(PEOPLE):
        await tx.run("INSERT INTO people (id, created_at) VALUES ($1, 0)", f"p{number}")
        await tx.run(
            "INSERT INTO accounts (platform, account, person, name) VALUES ('room', $1, $2, $3)",
            *(f"a{number}", f"p{number}", f"person-{number}"),
        )


async def _job(tx: Tx, number: int, made: datetime) -> None:
    """One Job that ended a minute after it was made, every tenth in failure."""
    person, group = f"p{number % PEOPLE}", f"club-{number % GROUPS}"
    failed, name = number % 10 == 0, f"job-{number:09}"
    ask = an_ask(name, group=group)
    await tx.run(
        JOB,
        *(name, "failed" if failed else "delivered", person, dump(ASK, ask), dump(ORDER, an_order())),
        *(None if failed else 200_000, dump(PLACE, ask.place), micros(made), micros(made + timedelta(seconds=60))),
        f"room:{group}",
    )
    periods = periods_of(made, UTC_ZONE)
    keys = (periods.day, periods.week, periods.month)
    for account in (f"person:{person}", f"member:room:{group}:{person}", f"group:room:{group}", "bot"):
        await tx.run(ENTRY, name, account, "hold", 0, *keys, micros(made))
        await tx.run(ENTRY, name, account, "release" if failed else "settle", 200_000, *keys, micros(made))
        for period in (f"day:{keys[0]}", f"week:{keys[1]}", f"month:{keys[2]}"):
            await tx.run(BALANCE, account, period)


async def timed(count: int) -> dict[str, float]:
    """The milliseconds of each page, the best of a few."""
    with tempfile.TemporaryDirectory() as folder:
        async with console(Path(folder)) as at:
            await fill(at, count)
            found = {}
            async with at.browser(OWNER) as browser:
                for page in PAGES:
                    path = page.format(job=f"job-{count // 2:09}", person="p77")
                    best = float("inf")
                    for _ in range(TIMES):
                        start = perf_counter()
                        answer = await browser.get(f"/console{path}", timeout=60)
                        best = min(best, perf_counter() - start)
                        assert answer.status_code == 200, (path, answer.status_code)
                    found[page] = best * 1000
            return found


async def run(count: int) -> None:
    """Both stores, side by side."""
    few, many = await timed(max(100, count // 100)), await timed(count)
    print(f"{'page':32} {max(100, count // 100):>9,} jobs {count:>11,} jobs")  # noqa: T201  it prints
    for page in PAGES:
        print(f"/console{page:24} {few[page]:11.1f} ms {many[page]:13.1f} ms")  # noqa: T201


def main(count: int = 100_000) -> None:
    """Print."""
    asyncio.run(run(count))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
