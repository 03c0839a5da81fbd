"""A small store of our own for tests of the engine: one table, no domain."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from bot.store.connection import connect
from bot.store.database import Database, Tx, open_database
from bot.store.migrate import Migration

NOTES = Migration(
    number=1,
    name="0001_notes.sql",
    sql="""
    CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    CREATE TABLE replies (id INTEGER PRIMARY KEY, note INTEGER NOT NULL REFERENCES notes (id)) STRICT;
    """,
)


@asynccontextmanager
async def notes(
    path: Path, *, migrations: Sequence[Migration] = (NOTES,), work_limit_s: float = 30.0, busy_s: float = 5.0
) -> AsyncIterator[Database]:
    """An open store with a table of notes."""
    database = await open_database(path, migrations=migrations, work_limit_s=work_limit_s, busy_s=busy_s)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def plain(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    """A bare connection to a new file with a table of notes, for a `Writer` of the test's own."""
    await asyncio.to_thread(path.touch)
    conn = await connect(path, mode="rw")
    try:
        await conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        yield conn
    finally:
        await conn.close()


async def write(database: Database, text: str) -> int:
    """Add one note in a transaction of its own; its id."""

    async def work(tx: Tx) -> int:
        return await add(tx, text)

    return await database.transact(work)


async def add(tx: Tx, text: str) -> int:
    """Add one note; its id."""
    rows = await tx.fetch("INSERT INTO notes (text) VALUES ($1) RETURNING id", text)
    note: int = rows[0]["id"]
    return note


async def texts(database: Database) -> list[str]:
    """All notes, in the order of their ids."""
    return [row["text"] for row in await database.read("SELECT text FROM notes ORDER BY id")]


async def settle(turns: int = 20) -> None:
    """Let everything run that can run now."""
    loop = asyncio.get_running_loop()
    for _ in range(turns):
        turned: asyncio.Future[None] = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


async def python(*args: str) -> asyncio.subprocess.Process:
    """Start this Python as another process, with pipes to it."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *args,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


async def line(process: asyncio.subprocess.Process) -> str:
    """The next line another process writes, "" when it has ended."""
    stdout: Any = process.stdout
    text: bytes = await stdout.readline()
    return text.decode().strip()
