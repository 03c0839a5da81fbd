"""One SQLite connection, opened as every connection of the store must be; its errors become ours here.

Only aiosqlite's public methods are used. SQL is written once, PostgreSQL style: SQLite reads `$1` as a parameter
*named* "1", so arguments are bound as a mapping.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

import aiosqlite

from bot.domain.errors import Conflict, StoreError, StoreUnavailable, StoreUnusable

BUSY_S = 5.0
"""How long a statement waits for a lock held by a tool outside this program (the `sqlite3` shell, a copy)."""

_PRIMARY = 0xFF  # the low byte of an extended result code, https://www.sqlite.org/rescode.html

_UNUSABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})

_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


Row = Mapping[str, Any]
"""One row of an answer by column name; values are int, float, str, bytes or None."""


def bind(args: Iterable[object]) -> dict[str, object]:
    """Name the arguments of a statement as SQLite names `$1`, `$2`, and so on.

    Raises:
        TypeError: a date or time was given. Python's own conversion to text is deprecated and differs between its
            versions; the statements decide how a time is kept.
    """
    named = {str(place): value for place, value in enumerate(args, 1)}
    for place, value in named.items():
        if isinstance(value, date | time):
            raise TypeError(f"${place} is a {type(value).__name__}: give the store a number or text")
    return named


def translated(error: sqlite3.Error) -> StoreError | None:
    """Our word for a database error; None for a mistake in a statement, which is not the database's fault."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Conflict(str(error))
    if code in _UNUSABLE:
        return StoreUnusable(f"the database is damaged or not a database: {error}")
    if code in _UNAVAILABLE:
        return StoreUnavailable(str(error))
    return None


@contextmanager
def translating() -> Iterator[None]:
    """Turn database errors into `StoreError`s; mistakes in statements pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error


async def connect(path: Path, *, mode: Literal["ro", "rw"], busy_s: float = BUSY_S) -> aiosqlite.Connection:
    """Open a connection in autocommit mode, so that transactions begin and end only where we write so.

    A connection of mode "ro" never writes and never checkpoints, so any number of them may stand beside the writer.
    """
    with translating():
        conn = await aiosqlite.connect(_uri(path, mode), uri=True, isolation_level=None, timeout=busy_s)
    conn.row_factory = sqlite3.Row
    return conn  # at once: a cancellation before the caller has it would leave nobody to close it


def _uri(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


async def query(conn: aiosqlite.Connection, sql: str, args: Iterable[object] = ()) -> list[Row]:
    """Run one statement to its end and give its rows.

    Raises:
        StoreError: as `translated` says.
    """
    with translating():
        return [dict(row) for row in await conn.execute_fetchall(sql, bind(args))]


async def pragma(conn: aiosqlite.Connection, text: str) -> Any:
    """Run `PRAGMA text` and give the first column of its first row, None where it answers nothing."""
    rows = await query(conn, f"PRAGMA {text}")
    return next(iter(rows[0].values())) if rows else None
