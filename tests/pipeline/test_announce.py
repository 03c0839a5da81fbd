"""What a person reads of a Job: every state once, edited when something changed and at no other time."""

import pytest

from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.job import Event, State
from bot.domain.notice import Action, Tone
from tests.pipeline.fal import Fal
from tests.pipeline.world import World


async def test_every_state_on_the_way_is_said_in_one_message(here: World, told: Fal) -> None:
    job = await here.admitted()
    await here.announce.advance(job.id)
    await here.submit.advance(job)
    await here.announce.advance(job.id)
    told.phase["r-1"] = "IN_PROGRESS"
    await here.watched(job)
    await here.announce.advance(job.id)
    told.phase["r-1"] = "COMPLETED"
    await here.watched(job)
    await here.announce.advance(job.id)
    await here.delivered(job)
    await here.announce.advance(job.id)
    said = [notice.text for _, notice in here.example.statuses]

    assert said[0] == "You're next."
    assert said[1].startswith("The video service has it")
    assert said[2].startswith("Rendering")
    assert said[3].startswith("Finished")
    assert said[4].startswith("Here it is")
    assert len(said) == 5
    job = await here.job(job.id)
    assert (job.receipt, job.said) == ("status-1", State.DELIVERED.value)
    assert await here.jobs.unsaid_ids() == []


async def test_nothing_new_is_no_edit(here: World, told: Fal) -> None:
    job = await here.at_fal()
    for _ in range(5):
        assert await here.announce.advance(job.id) == here.example.pace_s

    assert len(here.example.statuses) == 1


async def test_a_job_that_stands_still_is_said_and_left_alone(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "COMPLETED"
    await here.watched(job)
    await here.delivered(job)

    assert await here.announce.advance(job.id) is None


async def test_progress_is_told_from_the_endpoints_own_history(here: World, told: Fal) -> None:
    job = await here.at_fal()
    for number in range(10):
        await here.jobs.took((await here.admitted(who=f"person {number}")), 60.0)
    told.phase["r-1"] = "IN_PROGRESS"
    await here.watched(job)
    here.clock.go_on(seconds=20)
    await here.announce.advance(job.id)
    early = here.example.last(job.id)
    here.clock.go_on(seconds=20)
    await here.announce.advance(job.id)
    later = here.example.last(job.id)
    here.clock.go_on(seconds=600)
    await here.announce.advance(job.id)
    late = here.example.last(job.id)

    assert early.text == "Rendering, about 40 s left."
    assert later.text == "Rendering, about 20 s left."
    assert "longer than most" in late.text
    assert early.progress is not None
    assert later.progress is not None
    assert late.progress is not None
    assert 0 < early.progress < later.progress < late.progress < 1


async def test_without_a_history_no_time_is_promised(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    await here.watched(job)
    here.clock.go_on(seconds=5)
    await here.announce.advance(job.id)

    assert here.example.last(job.id).text == "Rendering …"


async def test_the_place_in_line_is_told_and_moves(here: World, told: Fal) -> None:
    jobs = []
    for number in range(3):
        jobs.append(await here.admitted(who=f"person {number}"))
        here.clock.go_on(seconds=1)
    await here.announce.advance(jobs[2].id)
    await here.submit.advance(jobs[0])
    await here.announce.advance(jobs[2].id)

    texts = [notice.text for _, notice in here.example.statuses]
    assert texts == ["You're 3rd in line.", "You're 2nd in line."]


async def test_the_place_in_line_is_the_one_by_fairness_and_not_by_age(here: World) -> None:
    for _ in range(3):
        await here.admitted(who="ann")
        here.clock.go_on(seconds=1)
    late = await here.admitted(who="ben")
    await here.announce.advance(late.id)

    assert here.example.last(late.id).text == "You're 2nd in line."


async def test_far_back_in_the_line_is_told_less_often(here: World) -> None:
    for number in range(29):
        await here.admitted(who=f"person {number}")
    here.clock.go_on(seconds=1)
    last = await here.admitted(who="ann")

    assert await here.announce.advance(last.id) == pytest.approx(2.9)


async def test_a_platform_that_is_away_hears_it_later(here: World) -> None:
    job = await here.admitted()
    here.example.fails = [ChatUnavailable("away", retry_after_s=9.0)]
    assert await here.announce.advance(job.id) == 9.0
    assert await here.jobs.unsaid_ids() == [job.id]
    await here.announce.advance(job.id)

    assert await here.jobs.unsaid_ids() == []


async def test_a_place_that_is_gone_is_not_tried_for_ever(here: World) -> None:
    job = await here.admitted()
    here.example.fails = [PlaceGone("deleted")]

    assert await here.announce.advance(job.id) is None
    assert (await here.jobs.unsaid_ids(), here.example.statuses) == ([], [])


async def test_after_a_restart_the_same_message_goes_on(here: World, told: Fal) -> None:
    job = await here.at_fal()
    await here.announce.advance(job.id)
    here.restart()
    await here.announce.advance(job.id)

    assert (await here.job(job.id)).receipt == "status-1"


@pytest.mark.parametrize("state", [State.ADMITTED, State.SUBMITTED])
async def test_a_job_on_its_way_can_be_cancelled_from_its_message(here: World, told: Fal, state: State) -> None:
    job = await (here.at_fal() if state is State.SUBMITTED else here.admitted())
    await here.announce.advance(job.id)
    assert [button.action for button in here.example.last(job.id).buttons] == [Action.CANCEL]
    await here.pressed(Action.CANCEL, job.id)
    await here.announce.advance(job.id)

    assert here.example.last(job.id).text.startswith("Cancelling")
    assert here.example.last(job.id).buttons == ()


async def test_a_failure_says_why_and_offers_to_try_again(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.forgotten.add("r-1")
    for _ in range(6):
        here.clock.go_on(minutes=20)
        await here.watched(job)
    await here.announce.advance(job.id)
    notice = here.example.last(job.id)

    assert notice.tone is Tone.BAD
    assert [button.action for button in notice.buttons] == [Action.AGAIN, Action.CHANGE]
    assert "cost you nothing" in notice.text


async def test_a_receipt_that_was_taken_away_while_it_was_written_is_not_put_back(here: World, told: Fal) -> None:
    job = await here.at_fal()
    await here.announce.advance(job.id)
    here.example.delivering = [PlaceGone("deleted")]
    told.phase["r-1"] = "COMPLETED"
    job = await here.delivered(await here.watched(job))
    assert (job.state, job.receipt) == (State.UNDELIVERED, "status-1")
    here.example.meanwhile = lambda: here.jobs.record(job, Event.ASKED_AGAIN, receipt="")
    await here.announce.advance(job.id)
    assert (await here.job(job.id)).receipt == ""
