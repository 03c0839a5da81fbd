"""Backups: whole, taken beside a running bot, and put back only over a store nobody writes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
import pytest

from bot.domain.errors import StoreUnusable
from bot.store.backup import backup, restore
from bot.store.database import Database, Tx, open_database
from tests.store.files import python


@asynccontextmanager
async def _store(path: Path, *words: str) -> AsyncIterator[Database]:
    """An open store with the shipped schema and a table of our own, holding `words`."""

    async def work(tx: Tx) -> None:
        await tx.run("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        for word in words:
            await tx.run("INSERT INTO words (word) VALUES ($1)", word)

    database = await open_database(path)
    try:
        await database.transact(work)
        yield database
    finally:
        await database.close()


async def _closed_store(path: Path, *words: str) -> None:
    async with _store(path, *words):
        pass


async def _words(path: Path) -> list[str]:
    database = await open_database(path, read_only=True)
    try:
        return [row["word"] for row in await database.read("SELECT word FROM words")]
    finally:
        await database.close()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_running_store_is_copied_whole_and_as_of_one_moment(tmp_path: Path) -> None:
    half: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    copied: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def slowly(tx: Tx) -> None:
        await tx.run("INSERT INTO words (word) VALUES ('not yet')")
        half.set_result(None)
        while not copied.done():
            await tx.fetch("SELECT 1")

    async with _store(tmp_path / "reelroom.db", "a", "b") as database:
        writing = asyncio.create_task(database.transact(slowly))
        await half
        await backup(tmp_path / "reelroom.db", tmp_path / "copy.db")
        copied.set_result(None)
        await writing
    assert await _words(tmp_path / "copy.db") == ["a", "b"]
    assert await _words(tmp_path / "reelroom.db") == ["a", "b", "not yet"]


async def test_a_backup_is_one_file_for_its_owner_alone_and_nothing_else_stays(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "reelroom.db", "a")
    await backup(tmp_path / "reelroom.db", tmp_path / "backups" / "copy.db")
    assert _names(tmp_path / "backups") == {"copy.db"}
    assert (tmp_path / "backups" / "copy.db").stat().st_mode & 0o077 == 0


async def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "reelroom.db", "a")
    (tmp_path / "copy.db").write_text("precious", encoding="utf-8")
    with pytest.raises(StoreUnusable, match="exists already"):
        await backup(tmp_path / "reelroom.db", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "precious"


async def test_a_restore_keeps_what_it_replaces(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "reelroom.db", "old")
    await backup(tmp_path / "reelroom.db", tmp_path / "copy.db")
    await _closed_store(tmp_path / "reelroom.db", "new")
    await restore(tmp_path / "copy.db", tmp_path / "reelroom.db")
    assert await _words(tmp_path / "reelroom.db") == ["old"]
    assert await _words(tmp_path / "reelroom.db.replaced") == ["old", "new"]
    await _closed_store(tmp_path / "reelroom.db", "goes on")
    assert await _words(tmp_path / "reelroom.db") == ["old", "goes on"]


async def test_a_restore_brings_a_store_to_a_new_machine(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "reelroom.db", "a")
    await restore(tmp_path / "reelroom.db", tmp_path / "elsewhere" / "reelroom.db")
    assert await _words(tmp_path / "elsewhere" / "reelroom.db") == ["a"]
    assert _names(tmp_path / "elsewhere") == {"reelroom.db", "reelroom.db.lock"}


async def test_a_log_left_by_a_killed_bot_is_kept_with_what_is_replaced(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "copy.db", "from the backup")
    async with _store(tmp_path / "live.db", "committed"):
        for suffix in ("", "-wal"):  # as kill -9 leaves them: the commit is in the log only
            (tmp_path / f"killed.db{suffix}").write_bytes((tmp_path / f"live.db{suffix}").read_bytes())
    await restore(tmp_path / "copy.db", tmp_path / "killed.db")
    assert await _words(tmp_path / "killed.db") == ["from the backup"]
    assert await _words(tmp_path / "killed.db.replaced") == ["committed"]


async def test_a_damaged_store_can_be_replaced(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "copy.db", "from the backup")
    (tmp_path / "reelroom.db").write_bytes(b"\x00 not a database" * 1000)
    (tmp_path / "reelroom.db-wal").write_bytes(b"nor is this its log")
    await restore(tmp_path / "copy.db", tmp_path / "reelroom.db")
    assert await _words(tmp_path / "reelroom.db") == ["from the backup"]
    assert (tmp_path / "reelroom.db.replaced").read_bytes() == b"\x00 not a database" * 1000


async def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    await _closed_store(tmp_path / "copy.db", "from the backup")
    async with _store(tmp_path / "reelroom.db", "in use"):
        with pytest.raises(StoreUnusable, match="in use"):
            await restore(tmp_path / "copy.db", tmp_path / "reelroom.db")
    assert await _words(tmp_path / "reelroom.db") == ["in use"]


@pytest.mark.parametrize("what", ["absent", "foreign", "newer", "damaged", "empty"])
async def test_a_file_that_is_no_backup_of_ours_replaces_nothing(tmp_path: Path, what: str) -> None:
    source = tmp_path / "source.db"
    await _unfit(source, what)
    await _closed_store(tmp_path / "reelroom.db", "kept")
    with pytest.raises(StoreUnusable, match=re.escape(str(source))):
        await restore(source, tmp_path / "reelroom.db")
    assert {name for name in _names(tmp_path) if name.startswith("reelroom")} == {"reelroom.db", "reelroom.db.lock"}
    assert await _words(tmp_path / "reelroom.db") == ["kept"]


async def _unfit(source: Path, what: str) -> None:
    if what == "foreign":
        async with aiosqlite.connect(source) as conn:
            await conn.execute("CREATE TABLE bookmarks (url TEXT)")
    elif what == "empty":
        _damage(source, b"")
    elif what != "absent":
        async with _store(source, *(str(n) * 100 for n in range(500))) as database:
            if what == "newer":
                await database.transact(lambda tx: tx.run("PRAGMA user_version = 9999"))
        if what == "damaged":
            _damage(source, _bytes(source)[:-8192] + b"\xff" * 8192)


def _bytes(source: Path) -> bytes:
    return source.read_bytes()


def _damage(source: Path, to: bytes) -> None:
    source.write_bytes(to)


@pytest.mark.parametrize("what", ["backup", "restore"])
async def test_on_a_full_disk_nothing_is_left_and_nothing_is_lost(tmp_path: Path, what: str) -> None:
    """A process that may write no file of more than a few pages: what a full disk does, without filling one."""
    await _closed_store(tmp_path / "source.db", *(str(n) * 100 for n in range(500)))
    await _closed_store(tmp_path / "here.db", "kept")
    target = tmp_path / ("here.db" if what == "restore" else "copy.db")
    program = f"""
import asyncio, resource
from pathlib import Path
from bot.domain.errors import StoreUnavailable
from bot.store.backup import backup, restore
resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
try:
    asyncio.run({what}(Path({str(tmp_path / "source.db")!r}), Path({str(target)!r})))
except StoreUnavailable as error:
    print("refused:", error)
"""
    process = await python("-c", program)
    assert process.stdout is not None
    said, _ = await process.communicate()
    assert said.startswith(b"refused:"), said
    assert await _words(tmp_path / "here.db") == ["kept"]
    left = {name for name in _names(tmp_path) if not name.endswith((".lock", "-wal", "-shm"))}
    assert left == {"source.db", "here.db"}
