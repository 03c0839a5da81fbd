"""Transactions: what is committed, what is not, and who is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
import pytest

from bot.domain.errors import Conflict, StoreUnavailable
from bot.store.database import Database, Tx, open_database
from tests.store.files import NOTES, add, notes, settle, texts, write

SLOW = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000) SELECT count(*) FROM c"


class Upset(Exception):
    """What a piece of work raises of its own."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with notes(tmp_path / "notes.db") as opened:
        yield opened


async def test_what_is_committed_is_read_by_column_name(database: Database) -> None:
    await write(database, "hello")
    [row] = await database.read("SELECT id, text, $1 AS said, $2 || $1 AS twice FROM notes", "a", "b")
    assert dict(row) == {"id": 1, "text": "hello", "said": "a", "twice": "ba"}


async def test_a_transaction_sees_its_own_writes_and_readers_do_not_before_the_commit(database: Database) -> None:
    seen: list[int] = []

    async def work(tx: Tx) -> None:
        await add(tx, "one")
        seen.append((await tx.fetch("SELECT count(*) AS n FROM notes"))[0]["n"])
        reading.set_result(None)
        while not read.done():
            await tx.fetch("SELECT 1")

    async def outside() -> None:
        await reading
        seen.append(len(await texts(database)))
        read.set_result(None)

    reading: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    read: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    await asyncio.gather(database.transact(work), outside())
    assert seen == [1, 0]
    assert await texts(database) == ["one"]


async def test_run_counts_the_rows_it_changed(database: Database) -> None:
    async def work(tx: Tx) -> list[int]:
        return [
            await tx.run("INSERT INTO notes (text) VALUES ('a'), ('b'), ('c')"),
            await tx.run("UPDATE notes SET text = $1 WHERE id > $2 RETURNING id", "z", 1),
            await tx.run("DELETE FROM notes WHERE text = $1", "nobody"),
        ]

    assert await database.transact(work) == [3, 2, 0]


async def test_times_are_not_given_to_the_database_as_they_are(database: Database) -> None:
    with pytest.raises(TypeError, match=r"\$1 is a datetime"):
        await database.read("SELECT $1", datetime(2026, 1, 1, tzinfo=UTC))


async def test_the_database_is_as_durable_as_it_says(database: Database) -> None:
    async def work(tx: Tx) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return {name: next(iter((await tx.fetch(f"PRAGMA {name}"))[0].values())) for name in names}

    full = 2
    assert await database.transact(work) == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "query_only": 0,
    }


async def test_no_reader_can_write(database: Database) -> None:
    for _ in range(5):  # more than there are readers
        with pytest.raises(StoreUnavailable, match="readonly"):
            await database.read("INSERT INTO notes (text) VALUES ('sneaked in') RETURNING id")
        assert await database.read("PRAGMA query_only") == [{"query_only": 1}]
    assert await texts(database) == []


async def test_more_reads_than_readers_are_all_answered(database: Database) -> None:
    answers = await asyncio.gather(*(database.read("SELECT $1 AS n", n) for n in range(50)))
    assert [rows[0]["n"] for rows in answers] == list(range(50))


async def test_a_cancelled_read_gives_its_reader_back(database: Database) -> None:
    reads = [asyncio.create_task(database.read(SLOW)) for _ in range(6)]
    await settle()
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    assert await texts(database) == []


async def test_work_that_raises_leaves_nothing_and_says_what_it_raised(database: Database) -> None:
    async def work(tx: Tx) -> None:
        await add(tx, "lost")
        raise Upset

    with pytest.raises(Upset):
        await database.transact(work)
    assert await texts(database) == []


async def test_one_piece_that_fails_takes_no_neighbour_with_it(database: Database) -> None:
    async def failing(tx: Tx) -> int:
        await add(tx, "lost")
        raise Upset

    pieces = (database.transact(failing) if n % 3 == 0 else write(database, f"kept {n}") for n in range(30))
    outcomes = await asyncio.gather(*pieces, return_exceptions=True)
    assert [isinstance(outcome, Upset) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert await texts(database) == [f"kept {n}" for n in range(30) if n % 3]


async def test_a_broken_constraint_is_a_conflict_of_its_piece_alone(database: Database) -> None:
    async def orphan(tx: Tx) -> None:
        await add(tx, "lost")
        await tx.run("INSERT INTO replies (note) VALUES (404)")

    outcomes = await asyncio.gather(database.transact(orphan), write(database, "kept"), return_exceptions=True)
    assert isinstance(outcomes[0], Conflict)
    assert "FOREIGN KEY" in str(outcomes[0])
    assert await texts(database) == ["kept"]


async def test_a_mistake_in_a_statement_is_not_called_an_outage(database: Database) -> None:
    with pytest.raises(Exception, match="no such column: missing") as raised:
        await database.read("SELECT missing FROM notes")
    assert not isinstance(raised.value, StoreUnavailable)


async def test_work_that_is_cancelled_does_not_stop_the_writer(database: Database) -> None:
    async def cancelled(tx: Tx) -> int:
        await add(tx, "lost")
        raise asyncio.CancelledError

    outcomes = await asyncio.gather(write(database, "a"), database.transact(cancelled), return_exceptions=True)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    await write(database, "b")
    assert await texts(database) == ["a", "b"]


async def test_three_hundred_cancelled_callers_leave_no_transaction_open(database: Database) -> None:
    kept: list[str] = []

    async def work(tx: Tx, name: str) -> None:
        await tx.fetch("SELECT count(*) FROM notes")
        await add(tx, name)
        tx.after_commit(lambda: kept.append(name))

    async def caller(name: str) -> None:
        await database.transact(lambda tx: work(tx, name))

    outcomes: list[BaseException | None] = []
    for first in range(0, 310, 31):  # ten waves; the last caller of each is let through
        callers = [asyncio.create_task(caller(str(n))) for n in range(first, first + 31)]
        for n, task in enumerate(callers[:-1]):
            await settle(turns=n % 4)
            task.cancel()
        outcomes += await asyncio.gather(*callers, return_exceptions=True)
    await write(database, "after")  # would fail inside a transaction left open
    assert await texts(database) == [*kept, "after"]
    told = {str(n) for n, outcome in enumerate(outcomes) if outcome is None}
    assert told <= set(kept)
    assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    assert 10 <= len(told) <= len(kept) < 310


async def test_a_caller_cancelled_before_its_turn_finds_nothing_done(database: Database) -> None:
    first = asyncio.create_task(write(database, "first"))
    second = asyncio.create_task(write(database, "second"))
    await settle(turns=1)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    await write(database, "third")
    assert await texts(database) == ["first", "third"]


async def test_work_that_waits_for_something_else_is_caught_where_it_waits(database: Database) -> None:
    async def waiting(tx: Tx) -> None:
        await add(tx, "lost")
        await asyncio.Event().wait()

    async def nested(tx: Tx) -> int:
        return await write(database, "inner") + await add(tx, "lost")

    async def together(tx: Tx) -> None:
        await asyncio.gather(add(tx, "lost"), add(tx, "lost"))

    for work in (waiting, nested, together):
        with pytest.raises(RuntimeError, match="nothing but its transaction"):
            await database.transact(work)
        await settle()
    await write(database, "kept")
    assert "lost" not in await texts(database)
    assert "kept" in await texts(database)


async def test_work_that_takes_too_long_loses_its_turn(tmp_path: Path) -> None:
    async def slow(tx: Tx) -> None:
        await add(tx, "lost")
        await tx.fetch(SLOW)

    async with notes(tmp_path / "notes.db", work_limit_s=0.001) as database:
        with pytest.raises(StoreUnavailable, match="longer than"):
            await database.transact(slow)
        assert await texts(database) == []


async def test_a_transaction_cannot_be_used_after_its_work(database: Database) -> None:
    async def leak(tx: Tx) -> Tx:
        return tx

    leaked = await database.transact(leak)
    with pytest.raises(RuntimeError, match="has ended"):
        await leaked.run("DELETE FROM notes")
    with pytest.raises(RuntimeError, match="has ended"):
        leaked.after_commit(lambda: None)


async def test_actions_run_after_the_commit_and_before_the_caller_goes_on(database: Database) -> None:
    called: list[str] = []

    async def work(tx: Tx, name: str) -> None:
        tx.after_commit(lambda: called.append(name))
        await add(tx, name)
        if name == "fails":
            raise Upset

    async def caller(name: str) -> None:
        try:
            await database.transact(lambda tx: work(tx, name))
        except Upset:
            return
        called.append(f"{name} returned")

    await caller("alone")
    await asyncio.gather(*(caller(name) for name in ("one", "fails", "two")))
    assert called == ["alone", "alone returned", "one", "two", "one returned", "two returned"]


async def test_forty_at_once_on_a_limit_of_three_are_three(database: Database) -> None:
    async def enter(tx: Tx) -> bool:
        [row] = await tx.fetch("SELECT count(*) AS n FROM notes")
        if row["n"] >= 3:
            return False
        await add(tx, "in")
        return True

    admitted = await asyncio.gather(*(database.transact(enter) for _ in range(40)))
    assert admitted.count(True) == 3
    assert await texts(database) == ["in"] * 3


async def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "notes.db", migrations=[NOTES])
    writes = [asyncio.create_task(write(database, str(n))) for n in range(20)]
    await settle(turns=1)
    await database.close()
    await database.close()
    assert await asyncio.gather(*writes) == list(range(1, 21))
    with pytest.raises(StoreUnavailable, match="closed"):
        await write(database, "too late")
    with pytest.raises(StoreUnavailable, match="closed"):
        await texts(database)
    async with aiosqlite.connect(tmp_path / "notes.db") as outside:
        assert list(await outside.execute_fetchall("SELECT count(*) FROM notes")) == [(20,)]
