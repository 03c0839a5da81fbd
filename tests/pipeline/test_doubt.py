"""Rule 3: an unanswered submit is matched by what fal's history says, or given up after a day; never repeated."""

import asyncio
from typing import Any

from bot.domain.job import Job, Reason, State
from bot.store.database import Tx
from tests.pipeline.fal import REFUSED_KEY, Break, Fal, answer, nginx
from tests.pipeline.world import World

NOTHING = answer({"items": [], "next_cursor": None, "has_more": False})


async def in_doubt(here: World, told: Fal, text: str = "/video a paper boat", who: str = "ann", **more: Any) -> Job:
    """A Job that fal took, and whose ticket was lost on the way."""
    told.once["submit"].append(Break.TAKEN)
    job = await here.admitted(text, who=who, **more)
    await here.submit.advance(job)
    job = await here.job(job.id)
    assert job.state is State.UNCERTAIN
    return job


async def test_the_request_with_equal_input_is_the_one(here: World, told: Fal) -> None:
    other = await here.at_fal("/video another boat", who="ben")
    job = await here.watched(await in_doubt(here, told))

    assert job.state is State.SUBMITTED
    assert job.ticket is not None
    assert (job.ticket.request_id, told.calls["submit"]) == ("r-2", 2)
    assert other.ticket is not None
    assert other.ticket.request_id == "r-1"
    told.phase["r-2"] = "COMPLETED"
    assert (await here.watched(job)).state is State.COMPLETED


async def test_two_equal_prompts_get_different_requests(here: World, told: Fal) -> None:
    first, second = await in_doubt(here, told, who="ann"), await in_doubt(here, told, who="ben")
    assert first.sent == second.sent
    first, second = await here.watched(first), await here.watched(second)

    assert first.ticket is not None
    assert second.ticket is not None
    assert {first.ticket.request_id, second.ticket.request_id} == {"r-1", "r-2"}


async def test_a_request_that_is_bound_is_nobody_elses(here: World, told: Fal) -> None:
    bound = await here.at_fal(who="ann")
    told.once["submit"].append(Break.UNTAKEN)
    job = await here.admitted(who="ben")
    await here.submit.advance(job)
    job = await here.watched(await here.job(job.id))

    assert bound.sent == job.sent
    assert job.state is State.UNCERTAIN


async def test_two_who_find_the_same_request_at_once_do_not_share_it(here: World, told: Fal) -> None:
    first, second = await in_doubt(here, told, who="ann"), await in_doubt(here, told, who="ben")
    await asyncio.gather(here.watch.advance(first), here.watch.advance(second))
    first, second = await here.watched(first), await here.watched(second)

    assert first.ticket is not None
    assert second.ticket is not None
    assert {first.ticket.request_id, second.ticket.request_id} == {"r-1", "r-2"}


async def test_equal_pictures_of_two_jobs_are_told_apart_by_their_uploads(here: World, told: Fal) -> None:
    text, files = '/effect "Kiss Me AI"', [here.picture()]
    first = await in_doubt(here, told, text, who="ann", files=files)
    second = await in_doubt(here, told, text, who="ben", files=files)
    second = await here.watched(second)

    assert first.sent != second.sent
    assert second.ticket is not None
    assert second.ticket.request_id == "r-2"


async def test_after_a_long_absence_a_cut_off_submit_is_still_found(here: World, told: Fal) -> None:
    """Killed between the POST and its answer, started again the next morning."""
    job = await here.admitted()
    await here.submit.advance(job)
    cut = await _as_it_was_before_the_answer(here, job)
    here.clock.go_on(hours=9)
    here.restart()
    await here.submit.advance(cut)
    doubtful = await here.job(job.id)
    assert doubtful.state is State.UNCERTAIN

    assert (await here.watched(doubtful)).state is State.SUBMITTED


async def test_without_a_match_it_is_given_up_after_a_day_and_the_person_is_released(here: World, told: Fal) -> None:
    job = await in_doubt(here, told, group="club")
    told.always["history"] = NOTHING
    here.clock.go_on(hours=23, minutes=59)
    job = await here.watched(job)
    assert job.state is State.UNCERTAIN
    assert await here.money(job) == set()
    here.clock.go_on(minutes=1)
    job = await here.watched(job)

    hold = job.hold_microusd
    assert (job.state, job.reason, told.calls["submit"]) == (State.FAILED, Reason.UNKNOWN, 1)
    assert await here.money(job) == {
        ("person", "release", hold),
        ("member", "release", hold),
        ("group", "loss", hold),
        ("bot", "loss", hold),
    }
    await here.announce.advance(job.id)
    assert "It cost you nothing" in here.example.last(job.id).text


async def test_a_history_that_never_answers_is_no_match_either(here: World, told: Fal) -> None:
    """A key without the platform's scope is answered 403 for ever."""
    job = await in_doubt(here, told)
    told.always["history"] = answer({"error": {"type": "forbidden"}}, 403)
    here.clock.go_on(hours=24)

    assert (await here.watched(job)).reason is Reason.UNKNOWN


async def test_a_history_that_refuses_the_key_neither_shuts_nor_opens_anything(here: World, told: Fal) -> None:
    job = await in_doubt(here, told, who="ann")
    waiting = await here.admitted(who="ben")
    told.always |= {"submit": REFUSED_KEY, "history": REFUSED_KEY}
    await here.watched(job)
    assert not here.is_shut()
    await here.submit.advance(waiting)
    here.clock.go_on(seconds=30)
    await here.watched(job)
    await here.submit.advance(await here.job(waiting.id))

    assert here.is_shut()
    assert (told.calls["submit"], len(here.alerts)) == (2, 1)


async def test_looks_at_the_history_become_seldom(here: World, told: Fal) -> None:
    job = await in_doubt(here, told)
    told.always["history"] = NOTHING
    waits = []
    for _ in range(40):
        wait_s = await here.watch.advance(await here.job(job.id))
        assert wait_s is not None
        waits.append(wait_s)
        here.clock.go_on(seconds=wait_s)

    assert (waits[0], waits[-1]) == (2.0, 300.0)
    assert waits == sorted(waits)


async def test_the_person_is_told_after_ten_minutes(here: World, told: Fal) -> None:
    job = await in_doubt(here, told)
    await here.announce.advance(job.id)
    assert "won't ask twice" not in here.example.last(job.id).text
    here.clock.go_on(minutes=10)
    await here.announce.advance(job.id)

    assert "won't ask twice" in here.example.last(job.id).text


async def test_a_wish_to_cancel_is_passed_on_once_the_request_is_found(here: World, told: Fal) -> None:
    job = await in_doubt(here, told)
    told.once["history"].append(nginx(502))
    await here.jobs.note(job.id, cancel_wanted_at=here.now())
    job = await here.watched(job)
    assert (job.state, told.calls["cancel"]) == (State.UNCERTAIN, 0)
    job = await here.watched(job)
    await here.watched(job)

    assert told.calls["cancel"] == 1


async def _as_it_was_before_the_answer(here: World, job: Job) -> Job:
    """Take back what the answer wrote, as if the process had died before it came."""

    async def work(tx: Tx) -> None:
        await tx.run(
            "UPDATE jobs SET state = 'submitting', ticket = NULL, request_id = NULL, submitted_at = NULL WHERE id = $1",
            job.id,
        )

    await here.database.transact(work)
    return await here.job(job.id)
