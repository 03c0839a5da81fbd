"""A reported reel from the first report to a moderator's last word, killed in between, and where nobody can be told."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.after import Exposure, Hiding
from bot.domain.ask import Account
from bot.domain.catalogue import Catalogue
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import ChatUnavailable, DeliveryUncertain, PlaceGone, StoreUnavailable
from bot.domain.group_rules import Edit, edited
from bot.domain.job import Job, State
from bot.domain.notice import Action
from tests.pipeline.example import EXAMPLE
from tests.pipeline.fal import Fal
from tests.pipeline.world import HandClock, Setting, World, world

MOD = Account(platform=EXAMPLE, id="mod", name="Mod", is_moderator=True)
BEN, CORA = (Account(platform=EXAMPLE, id=name, name=name) for name in ("ben", "cora"))


@pytest.fixture
def setting(catalogue: Catalogue, told: Fal, clock: HandClock) -> Setting:
    """Two reports cover a reel, three take it away."""
    return Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, hiding=Hiding(hide_after=2, remove_after=3))


async def posted(here: World, told: Fal) -> Job:
    """A reel that stands in its thread, in a group whose moderators have a place."""
    decision = Decision(who=MOD.key, what=Ruling.RULES_CHANGED, at=here.now(), platform=EXAMPLE, group="club")
    await here.groups.change_rules(
        EXAMPLE, "club", lambda old: edited(old, "moderators_place", Edit.SET, ["den"]), decision
    )
    job = await here.at_fal("/video a paper boat", group="club")
    assert job.ticket is not None
    told.phase[job.ticket.request_id] = "COMPLETED"
    job = await here.delivered(await here.watched(job))
    assert job.state is State.DELIVERED
    return job


async def press(here: World, action: Action, job: Job, *accounts: Account) -> None:
    for account in accounts:
        await here.buttons.press(action, job.id, account, group="club")


def cards(here: World) -> list[str]:
    return [notice.text for where, _, notice in here.example.heard if where == "moderators:club:den"]


def stands(here: World, job: Job) -> bool:
    return f"reel-{job.id}.mp4" in here.example.thread


def on_disk(here: World, job: Job) -> bool:
    assert job.reel is not None
    return here.files.reel_path(job.reel.sha256).exists()


async def test_reports_cover_it_then_take_it_away_and_moderators_see_one_card(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        for number, account in enumerate((BEN, CORA, replace(BEN, id="dora")), 1):
            await press(here, Action.REPORT, job, account)
            assert await here.expose.advance(job.id) is None
            assert len(cards(here)) == number
        first, second, third = cards(here)
        assert first.splitlines() == [
            "ann's reel was reported.",
            "Prompt: a paper boat",
            "It still stands there.",
            "example:message-0",
        ]
        assert second.splitlines()[0::2] == [
            "ann's reel was reported by 2 people.",
            "It is behind a spoiler until one of you decides.",
        ]
        assert third.splitlines()[-1] == "I've taken it away until one of you decides."
        assert here.example.exposed == [
            (Exposure.COVERED, Exposure.OPEN, True),
            (Exposure.GONE, Exposure.COVERED, False),
        ]
        assert {key for _, key, _ in here.example.heard} == {f"after-{job.id}"}
        assert on_disk(here, job), "a moderator may still let it stay"
        assert await here.expose.advance(job.id) is None
        assert len(cards(here)) == 3, "nothing happened, nothing is said"


async def test_what_may_stay_comes_back_with_its_file(tmp_path: Path, told: Fal, setting: Setting) -> None:
    async with world(tmp_path, replace(setting, hiding=Hiding(remove_after=1))) as here:
        job = await posted(here, told)
        await press(here, Action.REPORT, job, BEN)
        await here.expose.advance(job.id)
        assert not stands(here, job)
        await press(here, Action.KEEP, job, MOD)
        here.restart()
        await here.expose.advance(job.id)
        assert stands(here, job)
        assert here.example.exposed[-1] == (Exposure.OPEN, Exposure.GONE, True)
        assert "said it may stay" in cards(here)[-1]


async def test_taken_down_nothing_of_it_is_left_and_its_asker_is_told(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        await here.aftercare.take_down(job.id, MOD, group="club", why="not theirs")
        await here.expose.advance(job.id)
        assert not stands(here, job)
        assert not on_disk(here, job)
        now = await here.job(job.id)
        assert (now.reel, now.result, now.reel_receipt) == (None, None, "")
        await here.announce.advance(job.id)
        assert here.example.last(job.id).text == "A moderator took this reel down: Not theirs."
        await here.aftercare.give_back(job.id, MOD, group="club")
        await here.expose.advance(job.id)
        await here.announce.advance(job.id)
        said = here.example.last(job.id)
        assert said.text == "A moderator took this reel down: Not theirs. What you paid for it is yours again."
        assert said.buttons == ()
        assert [text.splitlines()[-1] for text in cards(here)] == [
            "Somebody took it down.",
            "Somebody took it down. The money was given back.",
        ]


@pytest.mark.parametrize("refused", [1, 2])
async def test_killed_between_the_message_and_its_record_it_is_done_again_to_the_same_end(
    tmp_path: Path, told: Fal, setting: Setting, refused: int
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        await here.aftercare.take_down(job.id, MOD, group="club")
        for _ in range(refused):
            here.database.refuses = 1
            with pytest.raises(StoreUnavailable):
                await here.expose.advance(job.id)
            assert not stands(here, job)
            assert (await here.job(job.id)).reel_receipt, "until it is written down, all that is needed is kept"
            here.restart()
            assert await here.afters.unsettled_ids() == [job.id]
        await here.expose.advance(job.id)
        assert here.example.exposed == [(Exposure.GONE, Exposure.OPEN, False)] * (refused + 1)
        assert not on_disk(here, job)
        assert (await here.job(job.id)).reel_receipt == ""
        assert await here.afters.unsettled_ids() == []
        assert len(cards(here)) == 1


@pytest.mark.parametrize("error", [ChatUnavailable("away", retry_after_s=3.0), DeliveryUncertain("lost")])
async def test_a_platform_that_is_away_is_asked_again_and_nothing_is_forgotten(
    tmp_path: Path, told: Fal, setting: Setting, error: Exception
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        await here.aftercare.take_down(job.id, MOD, group="club")
        here.example.fails = [error]
        assert await here.expose.advance(job.id) in {3.0, 5.0}
        assert on_disk(here, job)
        assert await here.expose.advance(job.id) is None
        assert not on_disk(here, job)


async def test_a_message_that_cannot_be_reached_is_told_to_moderators_with_where_it_is(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        await here.aftercare.take_down(job.id, MOD, group="club")
        here.example.fails = [PlaceGone("no access")]
        assert await here.expose.advance(job.id) is None
        assert cards(here)[-1].splitlines()[-2:] == [
            "I can't reach its message any more, so it may still be seen there.",
            "example:message-0",
        ]
        assert not on_disk(here, job)
        assert await here.afters.unsettled_ids() == []


async def test_a_reel_that_is_not_kept_any_more_is_covered_without_it(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        assert job.reel is not None
        here.files.reel_path(job.reel.sha256).unlink()
        await press(here, Action.REPORT, job, BEN, CORA)
        await here.expose.advance(job.id)
        assert here.example.exposed == [(Exposure.COVERED, Exposure.OPEN, False)]


async def test_a_decision_while_the_message_is_changed_is_done_next(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, setting) as here:
        job = await posted(here, told)
        await press(here, Action.REPORT, job, BEN, CORA)

        async def taken_down() -> None:
            here.example.meanwhile = None
            await here.aftercare.take_down(job.id, MOD, group="club")

        here.example.meanwhile = taken_down
        await here.expose.advance(job.id)
        after = await here.afters.get(job.id)
        assert after is not None
        assert (after.wanted, after.stands) == (Exposure.GONE, Exposure.COVERED)
        await here.expose.advance(job.id)
        assert not stands(here, job)
        assert not on_disk(here, job)


async def test_owners_are_told_of_the_first_report_and_of_what_hides_it_and_no_more(
    tmp_path: Path, told: Fal, setting: Setting
) -> None:
    async with world(tmp_path, replace(setting, hiding=Hiding(hide_after=3))) as here:
        job = await here.at_fal("/video a paper boat", group="club")
        assert job.ticket is not None
        told.phase[job.ticket.request_id] = "COMPLETED"
        job = await here.delivered(await here.watched(job))
        for account in (BEN, CORA, replace(BEN, id="dora")):
            await press(here, Action.REPORT, job, account)
            await here.expose.advance(job.id)
        await press(here, Action.TAKE_DOWN, job, MOD)
        await here.expose.advance(job.id)
        told_owners = [notice.text.splitlines()[0] for where, _, notice in here.example.heard if where == "owners"]
        assert told_owners == ["ann's reel was reported.", "ann's reel was reported by 3 people."]
