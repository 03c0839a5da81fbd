"""What the store's engine costs: its transactions against the standard library's `sqlite3`, side by side in one run.

`python -m tests.bench.store [COUNT]` prints ratios; nothing is asserted, since a figure belongs to its machine.
The transaction is an admission in small: sum what somebody spent, compare, insert two rows; on disk when it returns.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from bot.store.database import Database, Tx, open_database
from bot.store.migrate import Migration

SCHEMA = """
CREATE TABLE spent (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, amount INTEGER NOT NULL) STRICT;
CREATE INDEX spent_by_person ON spent (person, amount);
CREATE TABLE work (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
"""
SUM = "SELECT coalesce(sum(amount), 0) AS spent FROM spent WHERE person = $1"
SPEND = "INSERT INTO spent (person, amount) VALUES ($1, 1)"
ADMIT = "INSERT INTO work (person, state) VALUES ($1, 'admitted')"
PEOPLE = 500
LIMIT = 1_000_000


def raw(path: Path, count: int) -> float:
    """Transactions a second of plain `sqlite3`, one after the other, as durable as ours."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {SCHEMA}")
    start = perf_counter()
    for n in range(count):
        person = {"1": n % PEOPLE}
        conn.execute("BEGIN IMMEDIATE")
        if conn.execute(SUM, person).fetchone()[0] < LIMIT:
            conn.execute(SPEND, person)
            conn.execute(ADMIT, person)
        conn.execute("COMMIT")
    rate = count / (perf_counter() - start)
    conn.close()
    return rate


def raw_reads(path: Path, count: int) -> float:
    """Reads a second of plain `sqlite3`."""
    conn = sqlite3.connect(path, isolation_level=None)
    start = perf_counter()
    for n in range(count):
        conn.execute(SUM, {"1": n % PEOPLE}).fetchone()
    rate = count / (perf_counter() - start)
    conn.close()
    return rate


async def admit(tx: Tx, person: int) -> None:
    """Admit once, the measured piece of work."""
    [row] = await tx.fetch(SUM, person)
    if row["spent"] < LIMIT:
        await tx.run(SPEND, person)
        await tx.run(ADMIT, person)


async def rate_of(one: Callable[[int], Awaitable[object]], *, count: int, callers: int) -> tuple[float, float]:
    """Calls a second of `one` by so many callers at once, and the slowest percentile in milliseconds."""
    numbers = iter(range(count))
    took: list[float] = []

    async def caller() -> None:
        for n in numbers:
            start = perf_counter()
            await one(n % PEOPLE)
            took.append(perf_counter() - start)

    start = perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    rate = count / (perf_counter() - start)
    return rate, sorted(took)[int(len(took) * 0.99)] * 1000


async def measure(folder: Path, count: int) -> None:
    """Print the table."""
    base, base_reads = raw(folder / "raw.db", count), raw_reads(folder / "raw.db", count)
    steps = [Migration(number=1, name="0001_bench.sql", sql=SCHEMA)]
    database: Database = await open_database(folder / "ours.db", migrations=steps)
    try:
        _line(f"{'transactions':<28}{'per second':>12}{'ratio':>8}{'p99 ms':>9}")
        _line(f"{'sqlite3, one caller':<28}{base:>12,.0f}{1:>8.2f}")
        for callers in (1, 16, 256):
            rate, p99_ms = await rate_of(
                lambda person: database.transact(lambda tx: admit(tx, person)), count=count, callers=callers
            )
            _line(f"{f'store, {callers} at once':<28}{rate:>12,.0f}{rate / base:>8.2f}{p99_ms:>9.1f}")
        _line(f"{'sqlite3, reads':<28}{base_reads:>12,.0f}{1:>8.2f}")
        for callers in (1, 16):
            rate, p99_ms = await rate_of(lambda person: database.read(SUM, person), count=count, callers=callers)
            _line(f"{f'store, reads, {callers} at once':<28}{rate:>12,.0f}{rate / base_reads:>8.2f}{p99_ms:>9.1f}")
    finally:
        await database.close()


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(count: int = 4096) -> None:
    """Measure in a folder of its own, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), count))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
