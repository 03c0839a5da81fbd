"""Rules 2, 4 and 7 before the POST: submitted once, or provably not at all."""

import asyncio
import socket
from datetime import timedelta

import pytest

from bot.domain.job import Event, Job, Reason, State
from bot.domain.notice import Action
from bot.fal.hosts import FalHosts
from bot.pipeline.gate import PROBE_AFTER
from tests.pipeline.example import Wakes
from tests.pipeline.fal import BUSY, LOCKED, MISSING, REFUSED_KEY, Answer, Break, Fal, answer, model_error, nginx
from tests.pipeline.world import World, client_of


async def submitted(here: World, job: Job) -> Job:
    await here.submit.advance(await here.job(job.id))
    return await here.job(job.id)


async def test_a_submit_that_is_taken_gets_fals_ticket_and_one_post(here: World, told: Fal) -> None:
    job = await submitted(here, await here.admitted("/video a paper boat"))

    assert (job.state, told.calls["submit"]) == (State.SUBMITTED, 1)
    assert job.ticket is not None
    assert job.ticket.request_id == told.taken[0].id
    assert told.taken[0].input == job.sent
    assert job.submitted_at == here.now()


async def test_the_picture_goes_to_fals_storage_before_the_post(here: World, told: Fal) -> None:
    job = await submitted(here, await here.admitted('/effect "Kiss Me AI"', files=[here.picture()]))

    assert job.state is State.SUBMITTED
    assert (told.calls["upload"], told.taken[0].input["image_url"]) == (1, "https://v3.fal.media/files/1")


@pytest.mark.parametrize(
    "refusal",
    [BUSY, nginx(503), MISSING, answer({"detail": "Path /x not found"}, 404)],
    ids=["429", "ingress 503", "404", "404 path"],
)
async def test_what_fal_certainly_did_not_take_goes_back_into_the_line_and_is_sent_later(
    here: World, told: Fal, refusal: Answer
) -> None:
    told.once["submit"].append(refusal)
    job = await submitted(here, await here.admitted())

    assert (job.state, job.attempts, told.taken) == (State.ADMITTED, 1, [])
    assert job.next_at is not None
    assert job.next_at > here.now()
    assert await here.money(job) == set()

    here.clock.go_on(seconds=300)
    job = await submitted(here, job)
    assert (job.state, told.calls["submit"]) == (State.SUBMITTED, 2)


async def test_a_connection_that_never_opened_took_nothing(here: World, told: Fal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    nobody = FalHosts(queue_url=closed, rest_url=closed, cdn_url=closed, api_url=closed, site_url=closed)
    client = client_of(nobody, here.now)
    job = await here.admitted()
    await here.submitting(client).advance(job)
    await client.close()
    job = await here.job(job.id)

    assert (job.state, job.attempts) == (State.ADMITTED, 1)
    here.clock.go_on(seconds=2)
    assert (await submitted(here, job)).state is State.SUBMITTED


async def test_back_off_grows_and_ends_at_five_minutes(here: World, told: Fal) -> None:
    told.always["submit"] = BUSY
    job = await here.admitted()
    waits = []
    for _ in range(12):
        job = await submitted(here, job)
        assert job.next_at is not None
        waits.append((job.next_at - here.now()).total_seconds())
        here.clock.moment = job.next_at

    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert max(waits) == waits[-1] == 300.0


async def test_a_job_in_back_off_that_is_woken_early_says_when_it_wants_to_be_woken(here: World, told: Fal) -> None:
    told.once["submit"].append(BUSY)
    job = await submitted(here, await here.admitted())

    assert await here.submit.advance(job) == 2.0
    assert told.calls["submit"] == 1


@pytest.mark.parametrize(
    "doubt",
    [
        Break.TAKEN,
        Break.UNTAKEN,
        nginx(502),
        nginx(504),
        answer({"detail": "Internal Server Error"}, 500),
        answer({"detail": "busy"}, 503, x_fal_request_id="r"),
        Answer(body=b"<html>"),
        answer({"detail": "Request timed out"}, 408),
    ],
    ids=["dropped", "dropped untaken", "502", "504", "500", "fal's own 503", "no JSON", "408"],
)
async def test_whatever_may_have_been_taken_is_uncertain_and_posted_once(
    here: World, told: Fal, doubt: Answer | Break
) -> None:
    told.once["submit"].append(doubt)
    job = await submitted(here, await here.admitted())

    assert (job.state, told.calls["submit"]) == (State.UNCERTAIN, 1)
    told.always["history"] = answer({"items": []})
    for _ in range(30):
        here.clock.go_on(minutes=30)
        job = await here.watched(job)
    assert (job.state, told.calls["submit"]) == (State.UNCERTAIN, 1)


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_refusal_of_this_very_request_fails_it_and_costs_nothing(here: World, told: Fal, status: int) -> None:
    told.once["submit"].append(model_error("content_policy_violation", status=status))
    job = await submitted(here, await here.admitted())

    assert (job.state, job.reason, job.failure) == (State.FAILED, Reason.FAL_SAID_NO, "content_policy_violation")
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}


async def test_an_endpoint_that_stays_unknown_is_given_up(here: World, told: Fal) -> None:
    told.always["submit"] = answer({"detail": 'Application "x" not found'}, 404)
    job = await here.admitted()
    for _ in range(6):
        job = await submitted(here, job)
        here.clock.go_on(minutes=10)

    assert (job.state, job.failure, told.calls["submit"]) == (State.FAILED, "application_not_found", 4)


async def test_a_job_found_in_submitting_was_cut_off_and_is_never_posted_again(here: World, told: Fal) -> None:
    job = await here.admitted()
    cut = await here.jobs.record(job, Event.PICKED, sent={"prompt": "a paper boat"})
    assert cut is not None
    here.restart()
    job = await submitted(here, cut)

    assert (job.state, told.calls["submit"]) == (State.UNCERTAIN, 0)


@pytest.mark.parametrize("refusal", [LOCKED, REFUSED_KEY], ids=["locked", "key refused"])
async def test_a_shut_gate_holds_every_job_alerts_once_and_opens_by_a_probe(
    here: World, told: Fal, refusal: Answer
) -> None:
    told.always["submit"] = refusal
    first, second = await here.admitted(who="ann"), await here.admitted(who="ben")
    first = await submitted(here, first)
    second = await submitted(here, second)

    assert (first.state, second.state, told.calls["submit"]) == (State.ADMITTED, State.ADMITTED, 1)
    assert here.is_shut()
    assert len(here.alerts) == 1
    await here.announce.advance(second.id)
    assert "doesn't let us in" in here.example.last(second.id).text

    for _ in range(5):  # a probe a minute, not a post a job
        here.clock.moment += PROBE_AFTER
        first, second = await submitted(here, first), await submitted(here, second)
    assert (told.calls["submit"], len(here.alerts)) == (6, 1)
    assert await here.money(first) == await here.money(second) == set()

    told.obey()
    here.clock.moment += PROBE_AFTER + timedelta(seconds=1)
    first = await submitted(here, first)
    assert first.state is State.SUBMITTED
    assert not here.is_shut()
    assert (await submitted(here, second)).state is State.SUBMITTED
    assert len(here.alerts) == 1


async def test_only_one_of_many_becomes_the_probe(here: World, told: Fal) -> None:
    told.always["submit"] = LOCKED
    jobs = [await here.admitted(who=who) for who in ("ann", "ben")]
    await submitted(here, jobs[0])
    here.clock.moment += PROBE_AFTER
    jobs = [await here.job(job.id) for job in jobs]
    await asyncio.gather(*[here.submit.advance(job) for job in jobs])

    assert told.calls["submit"] == 2


async def test_the_gate_shuts_at_the_storage_too(here: World, told: Fal) -> None:
    told.always["token"] = LOCKED
    job = await submitted(here, await here.admitted('/effect "Kiss Me AI"', files=[here.picture()]))

    assert (job.state, told.calls["submit"], len(here.alerts)) == (State.ADMITTED, 0, 1)
    told.obey()
    here.clock.moment += PROBE_AFTER
    assert (await submitted(here, job)).state is State.SUBMITTED


async def test_a_probe_is_not_spent_on_a_job_whose_turn_it_is_not(here: World, told: Fal) -> None:
    here.setting.concurrency = 1
    here.restart()
    told.always["submit"] = LOCKED
    first, *others = [await here.admitted(who="ann") for _ in range(3)]
    await submitted(here, first)
    told.obey()
    here.clock.moment += PROBE_AFTER
    for job in reversed(others):
        await here.submit.advance(await here.job(job.id))

    assert (await submitted(here, first)).state is State.SUBMITTED


async def test_a_storage_that_is_away_keeps_the_job_in_the_line(here: World, told: Fal) -> None:
    told.once["token"].append(nginx(502))
    job = await here.admitted('/effect "Kiss Me AI"', files=[here.picture()])
    wait_s = await here.submit.advance(job)

    job = await here.job(job.id)
    assert (job.state, job.attempts, wait_s) == (State.ADMITTED, 1, 2.0)
    here.clock.go_on(seconds=2)
    assert (await submitted(here, job)).state is State.SUBMITTED


async def test_a_picture_that_is_gone_fails_the_job_and_says_so(here: World, told: Fal) -> None:
    job = await here.admitted('/effect "Kiss Me AI"', files=[here.picture()])
    here.files.path(job.order.media["image"][0]).unlink()
    job = await submitted(here, job)
    await here.announce.advance(job.id)

    assert (job.state, job.reason, told.calls["submit"]) == (State.FAILED, Reason.MEDIA_LOST, 0)
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}
    assert here.example.last(job.id).text == ("The file you gave is gone. Please attach it again. Nothing was charged.")


async def test_cancelled_before_the_post_nothing_is_posted(here: World, told: Fal) -> None:
    job = await here.admitted()
    await here.pressed(Action.CANCEL, job.id)
    job = await submitted(here, job)

    assert (job.state, job.reason, told.calls["submit"]) == (State.CANCELLED, Reason.BY_PERSON, 0)
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}


async def test_cancelled_during_the_upload_nothing_is_posted(here: World, told: Fal) -> None:
    job = await here.admitted('/effect "Kiss Me AI"', files=[here.picture()])
    stale = await here.job(job.id)
    await here.pressed(Action.CANCEL, job.id)  # the stage holds the Job as it was before
    await here.submit.advance(stale)
    job = await submitted(here, job)

    assert (job.state, told.calls["submit"]) == (State.CANCELLED, 0)


async def test_cancelled_in_back_off_is_cancelled_at_once(here: World, told: Fal) -> None:
    told.once["submit"].append(BUSY)
    job = await submitted(here, await here.admitted())
    assert isinstance(here.work, Wakes)
    here.work.keys()
    await here.pressed(Action.CANCEL, job.id)

    assert (job.id, None) in here.work.asked
    assert (await submitted(here, job)).state is State.CANCELLED
