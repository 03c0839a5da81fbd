"""Numbered SQL files, applied forward only, each in one transaction; `PRAGMA user_version` counts them.

A migration is never edited once released. Its text may hold anything SQLite takes inside a transaction (triggers
included) and must not begin or end one.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import aiosqlite

from bot.domain.errors import StoreUnavailable, StoreUnusable
from bot.store.connection import pragma, translated

_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema: from version `number - 1` to `number`."""

    number: int
    name: str
    sql: str


def shipped() -> tuple[Migration, ...]:
    """Read the migrations that came with this program."""
    return load(files("bot.store").joinpath("migrations"))


def load(folder: Traversable) -> tuple[Migration, ...]:
    """Read the files `NNNN_name.sql` of `folder`, in order.

    Raises:
        ValueError: a file is misnamed, or the numbers are not 1, 2, 3 and so on.
    """
    found = []
    for file in folder.iterdir():
        if not file.name.endswith(".sql"):
            continue
        match = _FILE.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file.name}: a migration is named like 0001_jobs.sql")
        found.append(Migration(number=int(match[1]), name=file.name, sql=file.read_text(encoding="utf-8")))
    found.sort(key=lambda migration: migration.number)
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"migrations must be numbered without gaps from 1, found {numbers}")
    return tuple(found)


async def migrate(conn: aiosqlite.Connection, migrations: Sequence[Migration]) -> None:
    """Bring the database to the newest version. What was applied before stays when a later one fails.

    `conn` must have `foreign_keys` off, so that a migration can rebuild a table; references are checked before
    each commit instead.

    Raises:
        StoreUnusable: a migration failed; nothing of it was kept.
        StoreUnavailable: the disk is full or the file cannot be written.
    """
    version: int = await pragma(conn, "user_version")
    for migration in migrations[version:]:
        try:
            await _apply(conn, migration)
        except sqlite3.Error as error:
            known = translated(error)
            if isinstance(known, StoreUnavailable):
                raise known from error
            raise StoreUnusable(f"{migration.name} failed: {error}") from error
        finally:
            if conn.in_transaction:
                await conn.rollback()


async def _apply(conn: aiosqlite.Connection, migration: Migration) -> None:
    await conn.executescript(f"BEGIN IMMEDIATE;\n{migration.sql}")
    if not conn.in_transaction:
        raise StoreUnusable(f"{migration.name} failed: it ends its own transaction")
    if await pragma(conn, "foreign_key_check") is not None:
        raise StoreUnusable(f"{migration.name} failed: it leaves a reference to a row that does not exist")
    await conn.execute(f"PRAGMA user_version = {migration.number}")
    await conn.execute("COMMIT")
