"""Which database files are ours, and fit to use."""

from pathlib import Path

import aiosqlite

from bot.domain.errors import StoreUnusable
from bot.store.connection import pragma, query

APPLICATION_ID = 0x5265656C
"""`PRAGMA application_id` of our files: "Reel"."""


async def check(conn: aiosqlite.Connection, path: Path, *, newest: int, thorough: bool) -> None:
    """Refuse a file that is not ours, before anything is written to it. An empty one may become ours.

    `newest` is the schema version this program knows; `thorough` reads every page.

    Raises:
        StoreUnusable: another program's, newer than this one, or damaged.
        StoreUnavailable: it cannot be read now.
    """
    try:
        owner = await pragma(conn, "application_id")
        version = await pragma(conn, "user_version")
        tables = await query(conn, "SELECT 1 FROM sqlite_schema LIMIT 1")
        found = await pragma(conn, "quick_check(1)") if thorough else "ok"
    except StoreUnusable as error:
        raise StoreUnusable(f"{path}: {error}") from error
    if owner != APPLICATION_ID and (owner or version or tables):
        raise StoreUnusable(f"{path} is a database of another program")
    if version > newest:
        raise StoreUnusable(f"{path} was written by a newer version (schema {version}, this program knows {newest})")
    if found != "ok":
        raise StoreUnusable(f"{path} is damaged: {' '.join(str(found).split())}")
