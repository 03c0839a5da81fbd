"""The inbox: one event is one Ask, whatever becomes of it."""

import asyncio
from datetime import timedelta

from tests.builders import NOON, an_ask
from tests.store.shop import Shop


async def test_an_event_is_kept_once_and_wakes_intake_once(kept: Shop) -> None:
    received = await asyncio.gather(*(kept.inbox.receive(an_ask(f"ask-{n}", event_id="same")) for n in range(10)))
    assert received == [True] + [False] * 9
    assert kept.intake.taken() == [("ask-0", None)]
    row = await kept.inbox.row("ask-0")
    assert row is not None
    assert (row.ask, row.attempts, row.away, row.confirmed) == (an_ask("ask-0", event_id="same"), 0, False, False)


async def test_an_event_is_known_even_after_it_was_consumed(kept: Shop) -> None:
    await kept.inbox.receive(an_ask("a", event_id="same"))
    await kept.inbox.consume("a")
    assert await kept.inbox.row("a") is None
    assert not await kept.inbox.receive(an_ask("b", event_id="same"))
    assert await kept.inbox.row("b") is None


async def test_platforms_number_their_events_apart(kept: Shop) -> None:
    assert await kept.inbox.receive(an_ask("a", event_id="7"))
    other = an_ask("b", event_id="7")
    elsewhere = an_ask("b", event_id="7", account=type(other.account)(platform="telegram", id="anna"))
    assert await kept.inbox.receive(elsewhere)


async def test_what_was_asked_is_forgotten_when_it_is_consumed(kept: Shop) -> None:
    await kept.inbox.receive(an_ask())
    await kept.inbox.consume("ask-1")
    assert [row["ask"] for row in await kept.database.read("SELECT ask FROM inbox")] == [""]


async def test_an_ask_that_waited_goes_on_only_after_a_yes(kept: Shop) -> None:
    await kept.inbox.receive(an_ask())
    assert not await kept.inbox.still_wanted("ask-1")
    await kept.inbox.ask_away("ask-1")
    assert await kept.inbox.open_ids() == []
    row = await kept.inbox.row("ask-1")
    assert row is not None
    assert (row.away, row.confirmed) == (True, False)
    kept.intake.taken()
    presses = await asyncio.gather(*(kept.inbox.still_wanted("ask-1") for _ in range(5)))
    assert presses == [True] + [False] * 4
    assert kept.intake.taken() == [("ask-1", None)]
    row = await kept.inbox.row("ask-1")
    assert row is not None
    assert (row.away, row.confirmed) == (False, True)
    await kept.inbox.ask_away("ask-1")
    assert await kept.inbox.open_ids() == ["ask-1"]


async def test_open_rows_are_told_oldest_first(kept: Shop) -> None:
    await kept.inbox.receive(an_ask("late", received_at=NOON + timedelta(seconds=1)))
    await kept.inbox.receive(an_ask("early"))
    await kept.inbox.receive(an_ask("done"))
    await kept.inbox.consume("done")
    assert await kept.inbox.open_ids() == ["early", "late"]


async def test_attempts_are_counted(kept: Shop) -> None:
    await kept.inbox.receive(an_ask())
    for _ in range(3):
        await kept.inbox.tried("ask-1")
    row = await kept.inbox.row("ask-1")
    assert row is not None
    assert row.attempts == 3
