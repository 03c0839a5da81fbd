"""Whom the bot has met: by the name they go by in one group, until they take another or stay away for long."""

from datetime import timedelta

from bot.domain.ask import Account
from bot.store.acquaintances import KNOWN_FOR, AcquaintanceStore, forget_acquaintances
from tests.store.shop import Shop

BEN = Account(platform="telegram", id="1", name="Ben")
EVE = Account(platform="telegram", id="2", name="Eve")


async def test_a_name_is_known_in_its_group_alone_however_it_is_written(kept: Shop) -> None:
    store = AcquaintanceStore(kept.database, "telegram", now=kept.clock)
    await store.met("-1", "Ben_Example", BEN)
    assert await store.find("-1", "ben_EXAMPLE") == BEN
    assert await store.find("-2", "ben_example") is None
    assert await AcquaintanceStore(kept.database, "discord", now=kept.clock).find("-1", "ben_example") is None


async def test_a_name_belongs_to_who_spoke_under_it_last_and_an_older_one_to_nobody(kept: Shop) -> None:
    store = AcquaintanceStore(kept.database, "telegram", now=kept.clock)
    await store.met("-1", "ben", BEN)
    await store.met("-1", "ben", EVE)
    assert await store.find("-1", "ben") == EVE
    await store.met("-1", "benjamin", BEN)
    await store.met("-1", "bennie", BEN)
    assert (await store.find("-1", "benjamin"), await store.find("-1", "bennie")) == (None, BEN)


async def test_who_stays_away_is_forgotten_and_who_comes_back_is_not(kept: Shop) -> None:
    store = AcquaintanceStore(kept.database, "telegram", now=kept.clock)
    for name, one in (("ben", BEN), ("eve", EVE)):
        await store.met("-1", name, one)
    kept.clock.forward(KNOWN_FOR.total_seconds())
    await store.met("-1", "eve", EVE)
    await forget_acquaintances(kept.database, before=kept.clock() - KNOWN_FOR + timedelta(seconds=1))
    assert (await store.find("-1", "ben"), await store.find("-1", "eve")) == (None, EVE)
