"""How every part is, as the parts themselves tell it."""

from pathlib import Path

import pytest

from bot.app.vitals import Vitals, WatchedDatabase
from bot.domain.errors import Conflict, StoreUnavailable
from bot.domain.health import Condition
from bot.store.database import open_database
from bot.store.people import People
from tests.builders import Clock
from tests.store.shop import shop


async def test_parts_stand_in_the_order_they_asked_and_nothing_is_known_of_them() -> None:
    vitals = Vitals(now=Clock())
    for part in ("The store", "fal", "Discord"):
        vitals.of(part)
    assert [(one.part, one.condition) for one in vitals.all()] == [
        ("The store", Condition.UNHEARD),
        ("fal", Condition.UNHEARD),
        ("Discord", Condition.UNHEARD),
    ]


async def test_the_store_tells_after_every_commit_how_it_is(tmp_path: Path) -> None:
    clock = Clock()
    vitals = Vitals(now=clock)
    vital = vitals.of("The store")
    async with shop(tmp_path / "reelroom.db"):
        reading = await open_database(tmp_path / "reelroom.db", read_only=True)
        with pytest.raises(StoreUnavailable):
            await People(WatchedDatabase(reading, vital), now=clock).keep_setting("bot", "a", "b")
        await reading.close()
    (shut,) = vitals.all()
    assert (shut.condition, shut.why) == (Condition.AWAY, "the store is open for reading only")
    clock.forward(5)
    async with shop(tmp_path / "reelroom.db") as kept:
        watched = WatchedDatabase(kept.database, vital)
        await People(watched, now=clock).keep_setting("bot", "a", "b")
        assert await watched.read("SELECT value FROM settings") == [{"value": "b"}]
        (works,) = vitals.all()
        assert (works.condition, works.since, works.last_why) == (Condition.WORKS, clock.at, shut.why)
        with pytest.raises(Conflict):
            await watched.transact(lambda tx: tx.run("INSERT INTO settings SELECT * FROM settings"))
        assert vitals.all()[0].condition is Condition.WORKS, "a statement that was refused is no trouble of the store's"
