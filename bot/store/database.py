"""The store's door: open a database file, change it in transactions, read it beside them.

SQL is written once, PostgreSQL style (`$1`, `$2`, …), and a piece of work may be run again, so that a second
database can stand behind the same two Protocols.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, Protocol, TypeVar, runtime_checkable

import aiosqlite

from bot.domain.errors import StoreUnavailable, StoreUnusable
from bot.store.connection import BUSY_S, Row, connect, pragma, query
from bot.store.identity import APPLICATION_ID, check
from bot.store.lock import WriterLock
from bot.store.migrate import Migration, migrate, shipped
from bot.store.writer import Writer

__all__ = ["Database", "Fetch", "Row", "Tx", "open_database"]

T = TypeVar("T")

Fetch = Callable[..., Awaitable[list[Row]]]
"""`Tx.fetch` or `Database.read`: a statement and its arguments, all rows."""


class Tx(Protocol):
    """A transaction, lent to one piece of work and useless after it."""

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        """Run a statement and give all its rows.

        Raises:
            Conflict: a constraint refused it; end the work.
            StoreUnavailable: the database cannot be written now.
        """
        ...

    async def run(self, sql: str, *args: object) -> int:
        """Run a statement and give the number of rows it changed. Raises what `fetch` raises."""
        ...

    def after_commit(self, action: Callable[[], None]) -> None:
        """Have `action` called in the event loop after the commit and before `transact` returns.

        It is dropped when the work or the commit fails. It must be quick and must not raise.
        """
        ...


@runtime_checkable
class Database(Protocol):
    """A store that can be read and, unless opened read-only, changed."""

    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` in a transaction of its own and give its result once it is on the disk.

        `work` awaits its `Tx` and nothing else, and must stand being run again. What it raises rolls it back and
        is raised here. A caller cancelled before its work began finds nothing done; later, it does not know.

        Raises:
            StoreUnavailable: the commit failed, the store is closed or read-only; nothing was kept.
            RuntimeError: `work` awaited something else.
        """
        ...

    async def read(self, sql: str, *args: object) -> list[Row]:
        """Run one reading statement on what is committed, beside any writing."""
        ...

    async def close(self) -> None:
        """Finish what is queued and close the file. A second call does nothing."""
        ...


class SqliteDatabase:
    """A SQLite file behind a `Database`; made by `open_database`."""

    def __init__(self, readers: Sequence[aiosqlite.Connection], writer: Writer | None, opened: AsyncExitStack) -> None:
        self._writer = writer
        self._opened = opened
        self._closed = False
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)

    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Change the database; see `Database.transact`."""
        if self._writer is None:
            raise StoreUnavailable("the store is open for reading only")
        return await self._writer.transact(work)

    async def read(self, sql: str, *args: object) -> list[Row]:
        """Read what is committed; see `Database.read`."""
        reader = await self._idle.get()
        try:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            return await query(reader, sql, args)
        finally:
            self._idle.put_nowait(reader)

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        self._closed = True
        await self._opened.aclose()


async def open_database(
    path: Path,
    *,
    read_only: bool = False,
    readers: int = 3,
    work_limit_s: float = 30.0,
    busy_s: float = BUSY_S,
    quick_check: bool = False,
    migrations: Sequence[Migration] | None = None,
) -> Database:
    """Open the store at `path`; unless `read_only`, make it if need be and bring its schema up to date.

    A writer holds `<path>.lock` until `close` or the death of the process; readers take no lock. `work_limit_s` bounds
    one piece of work, `busy_s` is the patience with locks of tools outside this program, `quick_check` reads the whole
    file first. `migrations` are those shipped with the program, unless a test brings its own.

    Raises:
        StoreUnusable: foreign, newer, damaged, in use by another process, or (read-only) absent or not migrated.
        StoreUnavailable: the disk is full or the file cannot be opened now.
    """
    steps = shipped() if migrations is None else migrations
    try:
        async with AsyncExitStack() as opening:
            writer = None
            if read_only:
                _demand(path)
            else:
                conn = await _connect_writer(opening, path, steps, busy_s=busy_s, thorough=quick_check)
                writer = Writer(conn, work_limit_s=work_limit_s)
                opening.push_async_callback(writer.close)
            pool = [await _connect(opening, path, mode="ro", busy_s=busy_s) for _ in range(readers)]
            if read_only:
                await check(pool[0], path, newest=len(steps), thorough=quick_check)
                await _demand_newest(pool[0], path, newest=len(steps))
            return SqliteDatabase(pool, writer, opening.pop_all())
    except StoreUnavailable as error:
        raise StoreUnavailable(f"{path}: {error}") from error


async def _connect_writer(
    opening: AsyncExitStack, path: Path, steps: Sequence[Migration], *, busy_s: float, thorough: bool
) -> aiosqlite.Connection:
    opening.enter_context(WriterLock(path))
    _touch(path)
    conn = await _connect(opening, path, mode="rw", busy_s=busy_s)
    await check(conn, path, newest=len(steps), thorough=thorough)
    await _prepare(conn, path, steps)
    return conn


def _touch(path: Path) -> None:
    """Make the file, readable by its owner alone; SQLite gives its companions the same mode."""
    try:
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"{path}: {error.strerror}") from error
    _demand(path)


def _demand(path: Path) -> None:
    if not path.is_file():
        raise StoreUnusable(f"there is no database file at {path}")


async def _connect(
    opening: AsyncExitStack, path: Path, *, mode: Literal["ro", "rw"], busy_s: float
) -> aiosqlite.Connection:
    conn = await connect(path, mode=mode, busy_s=busy_s)
    opening.push_async_callback(conn.close)
    if mode == "ro":
        await pragma(conn, "query_only = ON")
    return conn


async def _demand_newest(conn: aiosqlite.Connection, path: Path, *, newest: int) -> None:
    if await pragma(conn, "user_version") < newest:
        raise StoreUnusable(f"{path} is of an older version and must be migrated first")


async def _prepare(conn: aiosqlite.Connection, path: Path, steps: Sequence[Migration]) -> None:
    if await pragma(conn, "journal_mode = WAL") != "wal":
        raise StoreUnusable(f"{path}: its file system cannot hold a write-ahead log")
    await pragma(conn, "synchronous = FULL")
    await pragma(conn, "secure_delete = ON")  # what was forgotten lies in no free page; builds of SQLite differ in it
    await pragma(conn, f"application_id = {APPLICATION_ID}")
    await migrate(conn, steps)
    await pragma(conn, "foreign_keys = ON")
