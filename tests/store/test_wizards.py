"""A request that is being put together survives a restart; two presses at once are one step."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.store.wizards import WizardStore, forget_wizards
from tests.domain.wizards import a_file, a_wizard
from tests.store.shop import Shop


async def test_one_is_kept_for_each_person_and_group_and_comes_back_as_it_was(kept: Shop) -> None:
    store = WizardStore(kept.database, now=kept.clock)
    first = a_wizard("effect", a_file("photo"), effect="Kiss Me AI")
    await store.begin(first)
    assert await store.get("w1") == first
    assert await store.of(first.account, "") == first
    assert await store.of(first.account, "elsewhere") is None
    second = replace(first, id="w2")
    await store.begin(second)
    assert await store.get("w1") is None
    assert await store.of(first.account, "") == second


async def test_two_steps_from_one_place_are_one(kept: Shop) -> None:
    store = WizardStore(kept.database, now=kept.clock)
    before = a_wizard("effect", a_file("photo"))
    await store.begin(before)
    after = [replace(before, page=page, version=1) for page in (1, 2)]
    assert sorted(await asyncio.gather(*(store.turn(before, one) for one in after))) == [False, True]


async def test_what_has_ended_is_gone_and_takes_no_step(kept: Shop) -> None:
    store = WizardStore(kept.database, now=kept.clock)
    before = a_wizard("effect")
    await store.begin(before)
    await store.end(before.id)
    assert await store.of(before.account, "") is None
    assert not await store.turn(before, replace(before, version=1))


async def test_what_nobody_goes_on_with_is_forgotten(kept: Shop) -> None:
    store = WizardStore(kept.database, now=kept.clock)
    await store.begin(a_wizard("effect"))
    await forget_wizards(kept.database, before=kept.clock() - timedelta(seconds=1))
    assert await store.get("w1") is not None
    await forget_wizards(kept.database, before=kept.clock.forward(1))
    assert await store.get("w1") is None
