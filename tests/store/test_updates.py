"""Updates are kept once, in order, until they are done; an Ask and the updates it came of are one transaction."""

import asyncio
from datetime import timedelta

from bot.ports.updates import Arrived, lane_and_number, update_key
from bot.store.updates import KNOWN_FOR, ReceiptStore, UpdateStore, forget_updates
from tests.builders import an_ask
from tests.store.shop import Shop


def updates(kept: Shop) -> UpdateStore:
    return UpdateStore(kept.database, "telegram", work=kept.work, intake=kept.intake, now=kept.clock)


def arrived(number: int, gathers: str = "") -> Arrived:
    return Arrived(id=number, lane="7:1", gathers=gathers, body=f'{{"update_id": {number}}}')


async def test_a_batch_is_kept_and_each_update_is_woken_once(kept: Shop) -> None:
    store = updates(kept)
    batches = await asyncio.gather(*(store.receive([arrived(1), arrived(2)]) for _ in range(5)))
    assert sorted(batches) == [0, 0, 0, 0, 2]
    assert [key for key, _ in kept.work.taken()] == ["7:1/1", "7:1/2"]
    assert await store.open_keys() == ["7:1/1", "7:1/2"]
    found = await store.open(1)
    assert found is not None
    assert found.body == '{"update_id": 1}'


async def test_an_update_that_is_done_never_comes_back_and_its_text_is_gone(kept: Shop) -> None:
    store = updates(kept)
    await store.receive([arrived(1)])
    await store.done([1])
    assert await store.receive([arrived(1)]) == 0
    assert await store.open(1) is None
    assert await store.open_keys() == []
    assert [row["body"] for row in await kept.database.read("SELECT body FROM updates")] == [""]


async def test_an_ask_and_the_updates_it_came_of_are_one_step(kept: Shop) -> None:
    store = updates(kept)
    await store.receive([arrived(1, "album"), arrived(2, "album")])
    assert await store.ask(an_ask("a", event_id="same"), [1, 2], hold_s=60)
    assert await store.gathered("album") == []
    assert kept.intake.taken() == [("a", kept.clock() + timedelta(seconds=60))]
    await store.receive([arrived(3)])
    assert not await store.ask(an_ask("b", event_id="same"), [3], hold_s=60)
    assert await store.open(3) is None
    assert kept.intake.taken() == []
    assert await kept.inbox.open_ids() == ["a"]


async def test_what_belongs_together_is_gathered_in_order_and_known_when_it_is_over(kept: Shop) -> None:
    store = updates(kept)
    await store.receive([arrived(5, "album"), arrived(4, "album"), arrived(6, "another"), arrived(7)])
    assert [one.id for one in await store.gathered("album")] == [4, 5]
    assert await store.gathered("") == []
    assert not await store.is_over("album")
    await store.done([4, 7])
    assert await store.is_over("album")
    assert not await store.is_over("another")
    assert not await store.is_over("")


async def test_platforms_number_their_updates_apart(kept: Shop) -> None:
    other = UpdateStore(kept.database, "elsewhere", work=kept.work, intake=kept.intake, now=kept.clock)
    assert await updates(kept).receive([arrived(1)]) == 1
    assert await other.receive([arrived(1)]) == 1
    await other.done([1])
    assert await updates(kept).open(1) is not None


async def test_what_is_done_is_known_for_two_days_and_what_is_open_for_ever(kept: Shop) -> None:
    store, receipts = updates(kept), ReceiptStore(kept.database, "telegram", now=kept.clock)
    await store.receive([arrived(1), arrived(2)])
    await store.done([1])
    await receipts.keep_receipt("job", "7/1")
    await forget_updates(kept.database, before=kept.clock() - KNOWN_FOR)
    assert await store.receive([arrived(1)]) == 0
    assert await receipts.receipt("job") == "7/1"
    await forget_updates(kept.database, before=kept.clock.forward(1))
    assert await store.open(2) is not None
    assert await store.receive([arrived(1)]) == 1
    assert await receipts.receipt("job") == ""


async def test_a_receipt_is_replaced_by_a_newer_one(kept: Shop) -> None:
    receipts = ReceiptStore(kept.database, "telegram", now=kept.clock)
    assert await receipts.receipt("job") == ""
    await receipts.keep_receipt("job", "7/1")
    await receipts.keep_receipt("job", "7/2")
    assert await receipts.receipt("job") == "7/2"


def test_a_key_names_its_lane_and_its_number() -> None:
    assert lane_and_number(update_key("-100:42", 9)) == ("-100:42", 9)
