"""Migrations: forward, once, whole or not at all."""

from pathlib import Path

import pytest

from bot.domain.errors import StoreUnusable
from bot.store.database import open_database
from bot.store.migrate import Migration, load, shipped
from tests.store.files import NOTES, notes, texts, write


def _second(sql: str) -> Migration:
    return Migration(number=2, name="0002_second.sql", sql=sql)


async def test_each_migration_is_applied_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with notes(path) as database:
        await write(database, "one")
    second = _second("ALTER TABLE notes ADD COLUMN loud TEXT; UPDATE notes SET loud = upper(text);")
    for _ in range(2):
        async with notes(path, migrations=[NOTES, second]) as database:
            assert await database.read("SELECT loud FROM notes") == [{"loud": "ONE"}]
            assert await database.read("PRAGMA user_version") == [{"user_version": 2}]


async def test_a_migration_may_hold_triggers_comments_and_quotes(tmp_path: Path) -> None:
    second = _second("""
    -- a ; in a comment
    CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN
        SELECT raise(ABORT, 'notes stay; all of them');
    END;
    INSERT INTO notes (text) VALUES ('a ; in a text')""")
    async with notes(tmp_path / "notes.db", migrations=[NOTES, second]) as database:
        assert await texts(database) == ["a ; in a text"]
        with pytest.raises(Exception, match="notes stay; all of them"):
            await database.transact(lambda tx: tx.run("DELETE FROM notes"))


async def test_a_table_can_be_rebuilt_under_those_that_refer_to_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with notes(path) as database:
        await write(database, "one")
        await database.transact(lambda tx: tx.run("INSERT INTO replies (note) VALUES (1)"))
    second = _second("""
    CREATE TABLE notes_new (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL DEFAULT 0) STRICT;
    INSERT INTO notes_new (id, text) SELECT id, text FROM notes;
    DROP TABLE notes;
    ALTER TABLE notes_new RENAME TO notes;
    """)
    async with notes(path, migrations=[NOTES, second]) as database:
        assert await database.read("SELECT n.at FROM replies r JOIN notes n ON n.id = r.note") == [{"at": 0}]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("INSERT INTO notes (text) VALUES ('half'); CREATE TABEL oops (id);", 'near "TABEL"'),
        ("INSERT INTO notes (text) VALUES ('half'); INSERT INTO replies (note) VALUES (404);", "does not exist"),
        ("INSERT INTO notes (text) VALUES ('half'); INSERT INTO notes (text) VALUES (NULL);", "NOT NULL"),
        ("INSERT INTO notes (text) VALUES ('half'); ROLLBACK;", "ends its own transaction"),
    ],
)
async def test_a_migration_that_fails_is_named_and_leaves_what_was_before(
    tmp_path: Path, sql: str, reason: str
) -> None:
    path = tmp_path / "notes.db"
    third = Migration(number=3, name="0003_third.sql", sql="CREATE TABLE third (id INTEGER PRIMARY KEY)")
    with pytest.raises(StoreUnusable, match=f"0002_second.sql failed: .*{reason}"):
        await open_database(path, migrations=[NOTES, _second(sql), third])
    async with notes(path) as database:
        assert await texts(database) == []
        assert await database.read("PRAGMA user_version") == [{"user_version": 1}]


async def test_those_shipped_make_a_store(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "reelroom.db")
    assert await database.read("PRAGMA user_version") == [{"user_version": len(shipped())}]
    assert await database.read("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    await database.close()


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("0002_b.sql", "0001_a.sql", "0003_c_d.sql", "README.md"):
        (tmp_path / name).write_text(f"-- {name}", encoding="utf-8")
    assert [(step.number, step.name, step.sql) for step in load(tmp_path)] == [
        (1, "0001_a.sql", "-- 0001_a.sql"),
        (2, "0002_b.sql", "-- 0002_b.sql"),
        (3, "0003_c_d.sql", "-- 0003_c_d.sql"),
    ]


@pytest.mark.parametrize("names", [["0002_b.sql"], ["0001_a.sql", "0001_b.sql"], ["1_a.sql"], ["0001-a.sql"]])
def test_a_gap_a_double_or_a_misnamed_file_is_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="migration"):
        load(tmp_path)
