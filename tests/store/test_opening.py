"""Which files are opened, by whom, and what a killed process leaves."""

import asyncio
from pathlib import Path

import aiosqlite
import pytest

from bot.domain.errors import StoreUnavailable, StoreUnusable
from bot.store.database import open_database
from bot.store.migrate import Migration
from tests.store.files import NOTES, line, notes, python, texts, write

SECOND = Migration(number=2, name="0002_more.sql", sql="CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")


async def _refused(path: Path, *, read_only: bool = False, quick_check: bool = False) -> str:
    with pytest.raises(StoreUnusable) as refused:
        await open_database(path, read_only=read_only, quick_check=quick_check, migrations=[NOTES])
    text = str(refused.value)
    assert "\n" not in text
    return text


async def test_a_store_made_once_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "it's 100% ours?.db"
    async with notes(path) as database:
        await write(database, "kept")
    async with notes(path) as database:
        assert await texts(database) == ["kept"]
    assert path.stat().st_mode & 0o077 == 0


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"Dear diary, " * 1000)
    assert "not a database" in await _refused(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


async def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with aiosqlite.connect(path) as conn:
        await conn.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    assert "another program" in await _refused(path)
    assert "another program" in await _refused(path, read_only=True)
    assert path.read_bytes() == before


async def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    async with notes(tmp_path / "notes.db", migrations=[NOTES, SECOND]):
        pass
    assert "newer version (schema 2, this program knows 1)" in await _refused(tmp_path / "notes.db")


async def test_a_damaged_store_is_refused_when_looked_at_closely(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with notes(path) as database:
        for n in range(200):
            await write(database, str(n) * 200)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    assert "damaged" in await _refused(path, quick_check=True)
    path.write_bytes(whole[:5000])
    assert "damaged" in await _refused(path)


async def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    assert str(tmp_path) in await _refused(tmp_path)


async def test_a_full_disk_at_the_start_names_the_file(tmp_path: Path) -> None:
    hungry = Migration(number=1, name="0001_hungry.sql", sql="PRAGMA max_page_count = 1; CREATE TABLE a (b TEXT);")
    with pytest.raises(StoreUnavailable, match=r"notes\.db: .*full"):
        await open_database(tmp_path / "notes.db", migrations=[hungry])
    async with notes(tmp_path / "notes.db") as database:  # and everything was let go of
        assert await texts(database) == []


async def test_a_second_writer_is_refused_in_the_same_process(tmp_path: Path) -> None:
    async with notes(tmp_path / "notes.db"):
        assert "in use by another process" in await _refused(tmp_path / "notes.db")
    async with notes(tmp_path / "notes.db"):
        pass


async def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    first = await python("-m", "tests.store.another_process", "hold", str(path))
    assert await line(first) == "open"
    second = await python("-m", "tests.store.another_process", "hold", str(path))
    assert f"in use by another process (process {first.pid})" in await line(second)
    await second.communicate()
    assert "in use by another process" in await _refused(path)
    first.kill()
    await first.communicate()
    async with notes(path) as database:
        await write(database, "mine now")


async def test_readers_need_no_lock_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with notes(path) as database:
        await write(database, "one")
        reader = await open_database(path, read_only=True, migrations=[NOTES])
        await write(database, "two")
        assert await texts(reader) == ["one", "two"]
        with pytest.raises(StoreUnavailable, match="reading only"):
            await write(reader, "three")
        await reader.close()
        await write(database, "three")
    reader = await open_database(path, read_only=True, migrations=[NOTES])
    assert await texts(reader) == ["one", "two", "three"]
    async with notes(path) as database:  # nor does a reader keep a writer out
        await write(database, "four")
    assert len(await texts(reader)) == 4
    await reader.close()


async def test_reading_makes_no_store_and_migrates_none(tmp_path: Path) -> None:
    for _ in range(2):
        assert "no database file" in await _refused(tmp_path / "notes.db", read_only=True)
    async with notes(tmp_path / "notes.db"):
        pass
    with pytest.raises(StoreUnusable, match="must be migrated first"):
        await open_database(tmp_path / "notes.db", read_only=True, migrations=[NOTES, SECOND])


@pytest.mark.crash
async def test_what_was_committed_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    told: set[int] = set()
    for _ in range(3):
        writer = await python("-m", "tests.store.another_process", "write", str(path))
        for _ in range(100):
            told.add(int(await line(writer)))
        writer.kill()
        rest, _ = await writer.communicate()
        told.update(int(text) for text in rest.decode().split("\n")[:-1])
    reader = await open_database(path, read_only=True, migrations=[NOTES])
    kept = {row["id"] for row in await reader.read("SELECT id FROM notes")}
    assert told <= kept
    assert len(kept - told) <= 3 * 8  # committed, and killed before it could be said
    assert await reader.read("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    await reader.close()


async def test_opening_that_is_cancelled_lets_go_of_the_file(tmp_path: Path) -> None:
    for turns in range(12):
        opening = asyncio.create_task(open_database(tmp_path / "notes.db", migrations=[NOTES]))
        for _ in range(turns):
            waiting = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(0.0005, waiting.set_result, None)
            await waiting
        opening.cancel()
        [outcome] = await asyncio.gather(opening, return_exceptions=True)
        if not isinstance(outcome, BaseException):
            await outcome.close()
    async with notes(tmp_path / "notes.db") as database:
        await write(database, "kept")


async def test_a_read_only_disk_at_the_start_names_the_file() -> None:
    path = Path("/proc/sys/notes.db")  # nobody makes a file there, not even root
    assert str(path) in await _refused(path)


async def test_a_disk_that_becomes_read_only_takes_nothing_and_still_answers(tmp_path: Path) -> None:
    async with notes(tmp_path / "notes.db") as database:
        await write(database, "one")
        await database.transact(lambda tx: tx.fetch("PRAGMA query_only = ON"))
        with pytest.raises(StoreUnavailable, match="readonly"):
            await write(database, "two")
        assert await texts(database) == ["one"]
