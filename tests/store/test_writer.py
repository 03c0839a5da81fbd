"""Group commit: what shares a COMMIT, and what happens when the database itself says no."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest

from bot.domain.errors import Conflict, StoreUnavailable
from bot.store.database import Database, Tx
from bot.store.writer import BATCH, Writer
from tests.store.files import add, notes, plain, settle, texts, write

MEGABYTE = "x" * 1_000_000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with notes(tmp_path / "notes.db") as opened:
        yield opened


async def test_everything_that_waits_shares_one_commit(tmp_path: Path) -> None:
    statements: list[str] = []
    async with plain(tmp_path / "plain.db") as conn:
        await conn.set_trace_callback(statements.append)
        writer = Writer(conn, work_limit_s=30.0)
        await asyncio.gather(*(writer.transact(lambda tx: add(tx, "one")) for _ in range(BATCH + 10)))
        assert statements.count("COMMIT") == 2
        await writer.transact(lambda tx: add(tx, "alone"))
        assert statements.count("COMMIT") == 3
        assert len([text for text in statements if text.startswith("INSERT")]) == BATCH + 11
        await writer.close()


async def test_a_commit_that_fails_is_told_to_everybody_in_it(database: Database) -> None:
    called: list[str] = []

    async def orphan(tx: Tx) -> int:
        await tx.run("PRAGMA defer_foreign_keys = ON")  # so that only the COMMIT finds it
        return await tx.run("INSERT INTO replies (note) VALUES (404)")

    async def fine(tx: Tx) -> int:
        tx.after_commit(lambda: called.append("committed"))
        return await add(tx, "lost")

    outcomes = await asyncio.gather(
        database.transact(fine), database.transact(orphan), database.transact(fine), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert await texts(database) == []
    await write(database, "works again")
    assert await texts(database) == ["works again"]
    assert called == []


async def test_a_transaction_the_database_rolls_back_by_itself_is_nobodys(database: Database) -> None:
    await write(database, "first")

    async def rolls_back(tx: Tx) -> None:
        await add(tx, "lost")
        with pytest.raises(Conflict):
            await tx.run("INSERT OR ROLLBACK INTO notes (id, text) VALUES (1, 'lost')")
        await add(tx, "would be committed at once, outside any transaction")

    outcomes = await asyncio.gather(
        write(database, "lost"), database.transact(rolls_back), write(database, "lost"), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert await texts(database) == ["first"]
    await write(database, "works again")
    assert await texts(database) == ["first", "works again"]


async def test_a_full_disk_keeps_nothing_and_works_again_when_there_is_room(database: Database) -> None:
    async def room_for(tx: Tx, pages: int) -> None:
        [row] = await tx.fetch("PRAGMA page_count")
        await tx.fetch(f"PRAGMA max_page_count = {row['page_count'] + pages}")

    async def two(tx: Tx) -> None:
        await add(tx, "half")
        await add(tx, MEGABYTE)

    await write(database, "before")
    await database.transact(lambda tx: room_for(tx, 3))
    for _ in range(3):
        outcomes = await asyncio.gather(
            database.transact(two), write(database, "small"), database.transact(two), return_exceptions=True
        )
        assert isinstance(outcomes[0], StoreUnavailable)
        assert "full" in str(outcomes[0])
        assert isinstance(outcomes[2], StoreUnavailable)
    assert set(await texts(database)) <= {"before", "small"}
    with pytest.raises(StoreUnavailable, match="full"):
        await database.transact(two)
    await database.transact(lambda tx: room_for(tx, 1000))
    await database.transact(two)
    assert (await texts(database))[-2:] == ["half", MEGABYTE]
    assert await database.read("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


async def test_a_database_that_cannot_be_written_says_so(database: Database) -> None:
    async def forbid_writing(tx: Tx) -> None:
        await tx.fetch("PRAGMA query_only = ON")

    await write(database, "kept")
    await database.transact(forbid_writing)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="readonly"):
            await write(database, "lost")
    assert await texts(database) == ["kept"]


async def test_a_database_that_becomes_read_only_in_the_middle_of_a_piece_of_work_says_so_too(
    database: Database,
) -> None:
    async def half(tx: Tx) -> None:
        await add(tx, "half")
        await tx.fetch("PRAGMA query_only = ON")
        await add(tx, "lost")

    with pytest.raises(StoreUnavailable, match="readonly"):
        await database.transact(half)
    assert await texts(database) == []


async def test_a_database_locked_by_a_tool_is_unavailable_until_it_lets_go(tmp_path: Path) -> None:
    async with notes(tmp_path / "notes.db", busy_s=0.0) as database:
        async with aiosqlite.connect(tmp_path / "notes.db", isolation_level=None) as tool:
            await tool.execute("BEGIN IMMEDIATE")
            outcomes = await asyncio.gather(write(database, "a"), write(database, "b"), return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
            assert isinstance(outcomes[0], StoreUnavailable)
            assert isinstance(outcomes[0].__cause__, sqlite3.OperationalError)
            await tool.execute("ROLLBACK")
        await write(database, "c")
        assert await texts(database) == ["c"]


async def test_an_action_that_raises_is_reported_and_harms_nobody(database: Database) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context.get("exception")))

    def careless() -> None:
        raise ZeroDivisionError

    async def work(tx: Tx) -> int:
        tx.after_commit(careless)
        return await add(tx, "kept")

    assert await asyncio.gather(*(database.transact(work) for _ in range(2))) == [1, 2]
    assert [type(error) for error in reported] == [ZeroDivisionError] * 2
    assert await texts(database) == ["kept", "kept"]


async def test_a_writer_that_is_stopped_leaves_nobody_waiting(tmp_path: Path) -> None:
    async with plain(tmp_path / "plain.db") as conn:
        before = asyncio.all_tasks()
        writer = Writer(conn, work_limit_s=30.0)
        [task] = asyncio.all_tasks() - before
        callers = [asyncio.create_task(writer.transact(lambda tx: add(tx, "lost"))) for _ in range(BATCH + 5)]
        await settle(turns=4)
        task.cancel()
        outcomes = await asyncio.gather(*callers, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
        with pytest.raises(StoreUnavailable, match="closed"):
            await writer.transact(lambda tx: add(tx, "lost"))
        await writer.close()
        assert list(await conn.execute_fetchall("SELECT * FROM notes")) == []
