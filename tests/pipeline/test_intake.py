"""Rule 9 and the way from the inbox to a Job: no silent spending, no silent drop, and nothing without a store."""

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import ChatUnavailable, PlaceGone, Refused, Slug, StoreUnavailable
from bot.domain.job import Reason, State
from bot.domain.moderation import Faces, Rules
from bot.domain.notice import Action
from tests.media.material import full_disk
from tests.pipeline.fal import Fal
from tests.pipeline.world import FREE, HandClock, Setting, World, world

AWAY_S = 601
EFFECT = '/effect "Kiss Me AI"'


async def test_an_ask_becomes_a_job_once_however_often_it_is_taken_in(here: World) -> None:
    ask = here.ask("/video a paper boat")
    assert await here.inbox.receive(ask)
    assert not await here.inbox.receive(ask)
    for _ in range(3):
        await here.intake.advance(ask.id)

    assert (await here.count("jobs"), await here.count("ledger")) == (1, 2)
    assert await here.inbox.row(ask.id) is None
    assert not await here.inbox.receive(ask)


async def test_a_hold_is_taken_for_person_member_group_and_bot(here: World) -> None:
    job = await here.admitted(group="club")
    rows = await here.database.read(
        "SELECT account FROM ledger WHERE cause = $1 AND kind = 'hold' ORDER BY seq", job.id
    )

    assert [row["account"].partition(":")[0] for row in rows] == ["person", "member", "group", "bot"]


# --- rule 9 --------------------------------------------------------------------------------------------------------


async def test_an_ask_that_waited_while_we_were_away_is_asked_about_and_spends_nothing(here: World) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    here.clock.go_on(seconds=AWAY_S)
    for _ in range(2):
        await here.intake.advance(ask.id)

    notice = here.example.said[ask.id]
    assert [button.action for button in notice.buttons] == [Action.STILL, Action.DROP]
    assert (await here.count("jobs"), await here.count("ledger")) == (0, 0)
    assert ask.id not in await here.inbox.open_ids()


async def test_it_goes_on_when_it_is_still_wanted(here: World) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    here.clock.go_on(seconds=AWAY_S)
    await here.intake.advance(ask.id)
    here.asks.keys()
    here.clock.go_on(hours=3)
    await here.pressed(Action.STILL, ask.id)
    assert here.asks.keys() == [ask.id]
    await here.intake.advance(ask.id)

    assert (await here.job(ask.id)).state is State.ADMITTED


async def test_it_is_forgotten_when_it_is_not(here: World) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    here.clock.go_on(seconds=AWAY_S)
    await here.intake.advance(ask.id)
    await here.pressed(Action.DROP, ask.id)
    await here.intake.advance(ask.id)

    assert await here.inbox.row(ask.id) is None
    assert (await here.count("jobs"), await here.count("ledger")) == (0, 0)
    with pytest.raises(Refused):
        await here.pressed(Action.STILL, ask.id)


async def test_nobody_else_can_say_yes(here: World) -> None:
    ask = here.ask("/video a paper boat", who="ann")
    await here.inbox.receive(ask)
    here.clock.go_on(seconds=AWAY_S)
    await here.intake.advance(ask.id)
    with pytest.raises(Refused) as refused:
        await here.pressed(Action.STILL, ask.id, who="ben")

    assert refused.value.problems[0].slug is Slug.ASKER_ALONE


async def test_a_short_wait_is_none(here: World) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    here.clock.go_on(seconds=AWAY_S - 1)
    await here.intake.advance(ask.id)

    assert (await here.job(ask.id)).state is State.ADMITTED


# --- what does not come, or cannot be said -------------------------------------------------------------------------


async def test_a_file_that_does_not_come_is_fetched_again_and_then_called_gone(here: World) -> None:
    ask = here.ask(EFFECT, files=[here.picture()])
    await here.inbox.receive(ask)
    here.example.fails = [ChatUnavailable("away")] * 5
    waits = [await here.intake.advance(ask.id) for _ in range(5)]

    assert waits == [3.0, 6.0, 12.0, 24.0, None]
    assert "attach it again" in here.example.said[ask.id].text
    assert (await here.count("jobs"), await here.inbox.row(ask.id)) == (0, None)


async def test_a_file_that_comes_late_is_taken(here: World) -> None:
    ask = here.ask(EFFECT, files=[here.picture()])
    await here.inbox.receive(ask)
    here.example.fails = [ChatUnavailable("away")] * 2
    for _ in range(3):
        await here.intake.advance(ask.id)

    assert (await here.job(ask.id)).state is State.ADMITTED


async def test_a_refusal_that_cannot_be_said_now_is_said_later(here: World) -> None:
    ask = here.ask(EFFECT, files=[here.picture()])
    del here.example.files["me.jpg"]
    await here.inbox.receive(ask)
    here.example.fails = [None, ChatUnavailable("away", retry_after_s=7.0)]
    assert await here.intake.advance(ask.id) == 7.0
    assert await here.inbox.row(ask.id) is not None
    await here.intake.advance(ask.id)

    assert ask.id in here.example.said
    assert await here.inbox.row(ask.id) is None


async def test_a_refusal_nobody_can_read_is_done_with(here: World) -> None:
    ask = here.ask(EFFECT, files=[here.picture()])
    del here.example.files["me.jpg"]
    await here.inbox.receive(ask)
    here.example.fails = [None, PlaceGone("deleted")]
    await here.intake.advance(ask.id)

    assert await here.inbox.row(ask.id) is None


# --- without a store nothing is admitted ---------------------------------------------------------------------------


async def test_a_full_disk_admits_nothing_says_so_and_asks_again_afterwards(here: World, tmp_path: Path) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    with full_disk(1):
        assert await here.intake.advance(ask.id) == 30.0
        told = here.example.said[ask.id].text
        assert await here.intake.advance(ask.id) == 30.0
        with pytest.raises(StoreUnavailable):
            await here.inbox.receive(here.ask("/video another"))

    assert "Nothing was charged" in told
    assert here.example.said[ask.id].text == told
    assert (await here.count("jobs"), await here.count("ledger"), await here.count("people")) == (0, 0, 0)

    await here.intake.advance(ask.id)
    assert [button.action for button in here.example.said[ask.id].buttons] == [Action.STILL, Action.DROP]
    assert await here.count("jobs") == 0
    await here.pressed(Action.STILL, ask.id)
    await here.intake.advance(ask.id)
    assert (await here.job(ask.id)).state is State.ADMITTED


async def test_a_locked_database_admits_nothing_and_says_so(here: World, tmp_path: Path) -> None:
    ask = here.ask("/video a paper boat")
    await here.inbox.receive(ask)
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await here.intake.advance(ask.id)
    other.execute("ROLLBACK")
    other.close()

    assert "Nothing was charged" in here.example.said[ask.id].text
    assert (await here.count("jobs"), await here.count("ledger")) == (0, 0)


# --- review --------------------------------------------------------------------------------------------------------


@pytest.fixture
def careful(catalogue: Catalogue, told: Fal, clock: HandClock) -> Setting:
    """A price that needs a yes, and faces that need a word."""
    return Setting(
        catalogue=catalogue,
        hosts=told.hosts(),
        clock=clock,
        policy=dataclasses.replace(FREE, confirm_above_microusd=1),
        rules=Rules(faces=Faces.DECLARE),
    )


async def test_a_price_above_the_limit_waits_for_a_yes_with_its_hold_taken(tmp_path: Path, careful: Setting) -> None:
    async with world(tmp_path, careful) as here:
        job = await here.admitted()
        await here.announce.advance(job.id)
        assert (job.state, await here.count("ledger")) == (State.IN_REVIEW, 2)
        buttons = here.example.last(job.id).buttons
        assert [button.action for button in buttons] == [Action.CONFIRM, Action.DECLINE]
        await here.pressed(Action.CONFIRM, job.id)

        assert (await here.job(job.id)).state is State.ADMITTED


async def test_a_yes_that_does_not_come_lets_the_hold_go(tmp_path: Path, careful: Setting) -> None:
    async with world(tmp_path, careful) as here:
        job = await here.admitted()
        assert await here.review.advance(job) == 900.0
        here.clock.go_on(seconds=900)
        await here.review.advance(job)
        job = await here.job(job.id)

        assert (job.state, job.reason) == (State.REFUSED, Reason.EXPIRED)
        assert {kind for _, kind, _ in await here.money(job)} == {"release"}


@pytest.mark.parametrize("action", [Action.CANCEL, Action.DECLINE])
async def test_cancelled_in_review_nothing_is_posted_or_paid(
    tmp_path: Path, careful: Setting, told: Fal, action: Action
) -> None:
    async with world(tmp_path, careful) as here:
        job = await here.admitted()
        await here.pressed(action, job.id)
        job = await here.job(job.id)

        assert (job.state, told.calls["submit"]) == (State.CANCELLED, 0)
        assert {kind for _, kind, _ in await here.money(job)} == {"release"}
