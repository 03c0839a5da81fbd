"""Copies of a store: taken while it runs, checked before they are believed, put back only when nobody writes.

A copy is made by SQLite's own online backup into a file beside its destination, read through once, brought to the
disk and then renamed, so a destination is whole or absent.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from bot.domain.errors import StoreError, StoreUnusable
from bot.store.connection import connect, pragma, translating
from bot.store.identity import APPLICATION_ID, check
from bot.store.lock import WriterLock
from bot.store.migrate import shipped


async def backup(database: Path, target: Path) -> None:
    """Copy a store as it is at one moment to the single file `target`, whether or not a bot is running.

    Raises:
        StoreUnusable: `database` is absent, foreign, newer or damaged; `target` exists or cannot be made.
        StoreUnavailable: the disk is full.
    """
    _refuse_existing(target)
    async with _copied(database, beside=target) as copy:
        _put(copy, target)


async def restore(source: Path, database: Path) -> None:
    """Put the backup `source` in the place of `database`, which is kept as `<database>.replaced`.

    Raises:
        StoreUnusable: a bot is running on `database`; or `source` is absent, foreign, newer or damaged. In either
            case `database` is as it was.
        StoreUnavailable: the disk is full; likewise.
    """
    with WriterLock(database):
        async with _copied(source, beside=database) as copy:
            await _set_aside(database)
            _put(copy, database)


@contextlib.asynccontextmanager
async def _copied(source: Path, *, beside: Path) -> AsyncIterator[Path]:
    """Make a checked copy of `source` in the folder of `beside`; it is gone afterwards unless renamed."""
    copy = beside.with_name(f"{beside.name}.partial")
    try:
        _make_empty(copy)
        await _copy(source, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


async def _copy(source: Path, copy: Path) -> None:
    _demand_ours(source)
    newest = len(shipped())
    async with contextlib.AsyncExitStack() as opened:
        reading = await connect(source, mode="ro")
        opened.push_async_callback(reading.close)
        await check(reading, source, newest=newest, thorough=False)
        writing = await connect(copy, mode="rw")
        opened.push_async_callback(writing.close)
        with translating():
            await reading.backup(writing)
        await pragma(writing, "journal_mode = DELETE")  # one file, readable from a read-only place
        await check(writing, source, newest=newest, thorough=True)
        if await pragma(writing, "application_id") != APPLICATION_ID:
            raise StoreUnusable(f"{source} holds no store")


async def _set_aside(database: Path) -> None:
    """Keep what is replaced, together with what its log still holds. Without a database there is nothing to keep."""
    with contextlib.suppress(StoreError):  # a damaged file is kept as it is, its log beside it
        conn = await connect(database, mode="rw")
        try:
            await pragma(conn, "wal_checkpoint(TRUNCATE)")
        finally:
            await conn.close()
    for suffix in ("-wal", "-shm"):  # a log that stayed would be played into the new file
        _rename_if_there(database, suffix)
    _link_if_there(database)


def _link_if_there(database: Path) -> None:
    kept = database.with_name(f"{database.name}.replaced")
    kept.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.link(database, kept)


def _rename_if_there(database: Path, suffix: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        database.with_name(f"{database.name}{suffix}").replace(database.with_name(f"{database.name}.replaced{suffix}"))


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise StoreUnusable(f"{target} exists already")


def _demand_ours(source: Path) -> None:
    if not source.is_file():
        raise StoreUnusable(f"there is no database file at {source}")


def _make_empty(copy: Path) -> None:
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
    except OSError as error:
        raise StoreUnusable(f"{copy}: {error.strerror}") from error


def _put(copy: Path, target: Path) -> None:
    """Rename, with the bytes on the disk before and the name after."""
    _sync(copy)
    copy.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
