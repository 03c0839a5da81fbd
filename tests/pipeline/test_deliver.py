"""Rule 8: a delivery never doubles a message and never loses a reel."""

import dataclasses

import pytest

from bot.chat.room.chat import OWNER, ROOM
from bot.domain.ask import Ask, Place
from bot.domain.errors import (
    ChatUnavailable,
    DeliveryUncertain,
    FalMissing,
    FalUnavailable,
    PlaceGone,
    ReelMayStand,
    ReelTooLarge,
    StoreUnavailable,
)
from bot.domain.job import Job, Reason, State
from bot.domain.notice import Action
from bot.domain.phrases import Standing, status_notice
from bot.store.database import Tx
from tests.pipeline.example import REEL_BYTES
from tests.pipeline.fal import Fal
from tests.pipeline.world import World


async def completed(here: World, told: Fal, **more: str) -> Job:
    """A Job whose video is ready at fal."""
    job = await here.at_fal(**more)
    assert job.ticket is not None
    told.phase[job.ticket.request_id] = "COMPLETED"
    job = await here.watched(job)
    assert job.state is State.COMPLETED
    return job


async def test_a_reel_is_posted_as_a_new_message_with_its_file_name(here: World, told: Fal) -> None:
    job = await here.delivered(await completed(here, told))

    assert (job.state, job.attempts, job.reel_receipt) == (State.DELIVERED, 1, "message-0")
    assert here.example.thread == [f"reel-{job.id}.mp4"]
    delivery = here.example.deliveries[0]
    assert not delivery.in_doubt
    assert delivery.parcel.path.read_bytes() == b"reel"
    assert delivery.parcel.notice.text == "a paper boat"


async def test_delivered_twice_it_is_one_line_in_the_room(here: World, told: Fal) -> None:
    opening = await here.rows.open_ask("event-in-the-room", here.new_id(), "", "a boat", "{}")
    assert opening is not None
    ask = here.ask("/video a paper boat")
    job = await here.taken_in(_in_the_room(ask, opening.thread))
    await here.submit.advance(job)
    told.phase["r-1"] = "COMPLETED"
    job = await here.watched(job)
    job = await here.delivered(job)
    assert job.state is State.DELIVERED
    await _set_back(here, job)
    here.restart()
    await here.delivered(job)

    assert [line.kind for line in await here.rows.lines_of(opening.thread)].count("reel") == 1
    assert (await here.job(job.id)).state is State.DELIVERED


async def test_a_room_thread_that_is_gone_leaves_the_reel_undelivered(here: World, told: Fal) -> None:
    job = await here.taken_in(_in_the_room(here.ask("/video a paper boat"), "no-such-thread"))
    await here.submit.advance(job)
    told.phase["r-1"] = "COMPLETED"

    assert (await here.delivered(await here.watched(job))).state is State.UNDELIVERED


async def test_an_uncertain_delivery_is_tried_again_in_doubt(here: World, told: Fal) -> None:
    here.example.delivering = [DeliveryUncertain("the answer was lost")]
    here.example.posts_all_the_same = True
    job = await completed(here, told)
    wait_s = await here.deliver.advance(job)
    job = await here.job(job.id)
    assert (job.state, wait_s) == (State.DELIVERING, 1.0)
    job = await here.delivered(job)

    assert [one.in_doubt for one in here.example.deliveries] == [False, True]
    assert (job.state, here.example.thread) == (State.DELIVERED, [f"reel-{job.id}.mp4"])


async def test_doubt_stays_until_the_platform_has_cleared_it(here: World, told: Fal) -> None:
    here.example.delivering = [DeliveryUncertain("lost"), ChatUnavailable("away"), DeliveryUncertain("lost")]
    job = await completed(here, told)
    for _ in range(4):
        job = await here.delivered(job)

    assert [one.in_doubt for one in here.example.deliveries] == [False, True, True, True]
    assert here.example.thread == [f"reel-{job.id}.mp4"]


async def test_a_crash_after_the_claim_is_in_doubt(here: World, told: Fal) -> None:
    here.example.delivering = [ChatUnavailable("away")]
    job = await here.delivered(await completed(here, told))
    assert job.state is State.DELIVERING
    here.restart()
    await here.delivered(job)

    assert [one.in_doubt for one in here.example.deliveries] == [False, True]


async def test_a_store_that_fails_after_the_post_does_not_double_it(here: World, told: Fal) -> None:
    """The message stands, DELIVERED could not be written: the next attempt has to look first."""
    here.example.delivering = [ChatUnavailable("away")]
    job = await here.delivered(await completed(here, told))
    here.database.refuses = 1
    with pytest.raises(StoreUnavailable):
        await here.deliver.advance(job)
    assert here.example.thread == [f"reel-{job.id}.mp4"]
    job = await here.delivered(job)

    assert (job.state, here.example.deliveries[-1].in_doubt) == (State.DELIVERED, True)
    assert here.example.thread == [f"reel-{job.id}.mp4"]


async def test_a_platform_that_is_away_is_tried_again_without_doubt(here: World, told: Fal) -> None:
    here.example.delivering = [ChatUnavailable("away", retry_after_s=7.0)]
    job = await completed(here, told)
    assert await here.deliver.advance(job) == 7.0
    job = await here.delivered(job)

    assert job.state is State.DELIVERED
    assert [one.in_doubt for one in here.example.deliveries] == [False, False]


async def test_a_platform_that_is_away_for_a_day_leaves_the_reel_undelivered(here: World, told: Fal) -> None:
    job = await completed(here, told)
    here.example.delivering = [ChatUnavailable("away")] * 2
    job = await here.delivered(job)
    here.clock.go_on(hours=24)

    assert (await here.delivered(job)).reason is Reason.NOWHERE


async def test_a_reel_beyond_the_known_limit_is_fitted_and_it_is_said(here: World, told: Fal) -> None:
    here.example.limit = REEL_BYTES // 2
    await here.delivered(await completed(here, told))

    delivery = here.example.deliveries[0]
    assert delivery.parcel.reel.size_bytes == REEL_BYTES // 2
    assert delivery.parcel.notice.text.endswith("(made smaller to fit here)")
    assert delivery.parcel.notice.link.endswith(".mp4")


async def test_a_reel_the_platform_finds_too_large_is_fitted_and_it_is_said(here: World, told: Fal) -> None:
    here.example.delivering = [ReelTooLarge(100)]
    job = await here.delivered(await completed(here, told))

    assert job.state is State.DELIVERED
    assert [one.in_doubt for one in here.example.deliveries] == [False, False]
    assert here.example.deliveries[1].parcel.reel.size_bytes == 100
    assert here.example.deliveries[1].parcel.notice.text.endswith("(made smaller to fit here)")


@pytest.mark.parametrize(
    "errors", [[ReelTooLarge(5)], [ReelTooLarge(500), ReelTooLarge(400)]], ids=["cannot be fitted", "refused again"]
)
async def test_a_reel_that_cannot_be_made_to_fit_is_kept(here: World, told: Fal, errors: list[Exception]) -> None:
    here.example.delivering = list(errors)
    job = await here.delivered(await completed(here, told))

    assert (job.state, job.reason) == (State.UNDELIVERED, Reason.TOO_LARGE)
    assert here.example.thread == []
    await here.announce.advance(job.id)
    said = here.example.last(job.id)
    assert "too large" in said.text
    assert said.link.endswith(".mp4")
    assert [button.action for button in said.buttons] == [Action.DELIVER]


async def test_a_reel_that_fits_has_no_link_to_another(here: World, told: Fal) -> None:
    await here.delivered(await completed(here, told))
    assert here.example.deliveries[0].parcel.notice.link == ""


async def test_a_place_that_is_gone_keeps_the_reel_until_it_is_asked_for_again(here: World, told: Fal) -> None:
    here.example.delivering = [PlaceGone("deleted")]
    job = await here.delivered(await completed(here, told))
    assert (job.state, job.reason) == (State.UNDELIVERED, Reason.NOWHERE)
    await here.announce.advance(job.id)
    button = here.example.last(job.id).buttons[0]
    assert (button.label, button.action) == ("Post it again", Action.DELIVER)

    await here.pressed(button.action, button.subject)
    job = await here.delivered(job)
    assert (job.state, here.example.thread) == (State.DELIVERED, [f"reel-{job.id}.mp4"])
    assert here.files.fetched == 1


async def test_a_reel_that_does_not_come_is_fetched_again(here: World, told: Fal) -> None:
    here.files.reels = [FalUnavailable("no_answer"), FalMissing("not_found"), StoreUnavailable("disk full")]
    job = await completed(here, told)
    for _ in range(3):
        assert await here.deliver.advance(await here.job(job.id)) == 1.0
    job = await here.delivered(job)

    assert (job.state, here.files.fetched) == (State.DELIVERED, 4)


async def test_a_reel_that_does_not_come_for_a_day_says_so_without_a_lie(here: World, told: Fal) -> None:
    job = await completed(here, told)
    here.files.reels = [FalMissing("not_found")]
    here.clock.go_on(hours=24)
    job = await here.delivered(job)
    await here.announce.advance(job.id)

    assert (job.state, job.reason) == (State.UNDELIVERED, Reason.NOT_FETCHED)
    assert job.cost_microusd
    assert "cost you nothing" not in here.example.last(job.id).text
    await here.pressed(Action.DELIVER, job.id)
    assert (await here.delivered(job)).state is State.DELIVERED


async def test_a_reel_swept_from_the_disk_is_fetched_anew(here: World, told: Fal) -> None:
    here.example.delivering = [PlaceGone("deleted")]
    job = await here.delivered(await completed(here, told))
    assert job.reel is not None
    here.files.reel_path(job.reel.sha256).unlink()
    await here.pressed(Action.DELIVER, job.id)

    assert (await here.delivered(job)).state is State.DELIVERED
    assert here.files.fetched == 2


async def test_a_platform_that_is_not_running_is_waited_for(here: World, told: Fal) -> None:
    job = await completed(here, told)
    await here.jobs.note(job.id, place=Place(platform="elsewhere", address="x"))
    job = await here.job(job.id)

    assert await here.deliver.advance(job) == 300.0
    assert (await here.job(job.id)).state is State.COMPLETED


def _in_the_room(ask: Ask, thread: str) -> Ask:
    return dataclasses.replace(ask, account=OWNER, place=Place(platform=ROOM, address=thread))


async def _set_back(here: World, job: Job) -> None:
    """As if the process had died between the post and its commit."""

    async def work(tx: Tx) -> None:
        await tx.run("UPDATE jobs SET state = 'delivering', reel_receipt = '' WHERE id = $1", job.id)

    await here.database.transact(work)


async def test_where_only_the_person_can_tell_they_are_asked_and_nothing_is_posted(here: World, told: Fal) -> None:
    job = await completed(here, told)
    here.example.delivering = [DeliveryUncertain("the answer was lost"), ReelMayStand("it cannot look")]
    job = await here.delivered(job)
    job = await here.delivered(job)
    assert (job.state, job.reason) == (State.UNDELIVERED, Reason.DOUBT)
    notice = status_notice(job, here.setting.catalogue, Standing(), here.clock.now())
    assert notice.text == "Your reel was on its way when I stumbled. Not there?"
    assert [(button.action, button.label) for button in notice.buttons] == [(Action.DELIVER, "Show it here")]
    assert here.example.thread == []


async def test_a_reel_asked_for_again_still_says_why_it_was_kept(here: World, told: Fal) -> None:
    job = await completed(here, told)
    here.example.delivering = [ReelMayStand("it cannot look")]
    job = await here.delivered(job)
    await here.presses.press(Action.DELIVER, job.id, job.ask.account)
    job = await here.job(job.id)
    assert (job.state, job.reason) == (State.DELIVERING, Reason.DOUBT)
    job = await here.delivered(job)
    assert (job.state, job.reason) == (State.DELIVERED, Reason.NONE)
    assert [one.in_doubt for one in here.example.deliveries] == [False, True]
