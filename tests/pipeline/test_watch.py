"""Rules 1, 5, 6, 7 and late results: only a last word of fal's ends a Job, and it is paid as billed."""

import pytest

from bot.domain.errors import Problem, Slug
from bot.domain.job import Reason, State
from bot.domain.notice import Action
from bot.domain.phrases import refusal_notice
from bot.domain.price import settle_amount
from tests.pipeline.fal import LOCKED, MISSING, VIDEO, Answer, Fal, answer, model_error, nginx
from tests.pipeline.world import World

UNIT_PRICED = "/animate a boat --model wan-i2v"


# --- rule 1: no deadline of ours before 24 hours -------------------------------------------------------------------


async def test_hours_of_rendering_fail_nothing_before_a_day_is_over(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    for _ in range(47):
        here.clock.go_on(minutes=30)
        job = await here.watched(job)
        assert job.state is State.SUBMITTED
    await here.announce.advance(job.id)

    assert "Still rendering" in here.example.last(job.id).text
    assert await here.money(job) == set()
    assert told.calls["cancel"] == 0


async def test_after_a_day_it_is_cancelled_looked_at_once_more_and_given_up(here: World, told: Fal) -> None:
    job = await here.at_fal(group="club")
    told.phase["r-1"] = "IN_PROGRESS"
    told.always["result"] = answer({"detail": "Request is still in progress"}, 400)
    here.clock.go_on(hours=24)
    job = await here.watched(job)

    hold = job.hold_microusd
    assert (job.state, job.reason, told.calls["cancel"], told.calls["result"]) == (State.FAILED, Reason.LOST, 1, 1)
    assert await here.money(job) == {
        ("person", "release", hold),
        ("member", "release", hold),
        ("group", "loss", hold),
        ("bot", "loss", hold),
    }


async def test_the_last_look_may_find_the_video(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    here.clock.go_on(hours=24)

    assert (await here.watched(job)).state is State.COMPLETED


async def test_the_last_look_may_find_that_our_cancel_was_heard(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    told.always["result"] = answer({"detail": "cancelled", "error_type": "client_cancelled"}, 499, x_fal_request_id="r")
    here.clock.go_on(hours=24)
    job = await here.watched(job)

    assert (job.state, job.reason) == (State.FAILED, Reason.LOST)
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}


async def test_a_fal_that_does_not_answer_for_a_day_loses_the_job(here: World, told: Fal) -> None:
    job = await here.at_fal()
    for kind in ("status", "cancel", "result"):
        told.always[kind] = nginx(502)
    here.clock.go_on(hours=23)
    job = await here.watched(job)
    assert job.state is State.SUBMITTED
    here.clock.go_on(hours=1)

    assert (await here.watched(job)).reason is Reason.LOST


async def test_404_on_a_status_loses_a_job_only_after_several_looks_over_an_hour(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.forgotten.add("r-1")
    for _ in range(5):
        assert (await here.watched(job)).state is State.SUBMITTED  # five looks, but no hour
    waits = [await here.watch.advance(await here.job(job.id))]
    assert waits == [15 * 60.0]
    here.clock.go_on(minutes=59)
    assert (await here.watched(job)).state is State.SUBMITTED
    here.clock.go_on(minutes=1)
    job = await here.watched(job)

    assert (job.state, job.reason) == (State.FAILED, Reason.LOST)


async def test_a_request_that_is_known_again_was_not_missing(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.forgotten.add("r-1")
    for _ in range(4):
        await here.watched(job)
    here.clock.go_on(hours=2)
    told.forgotten.clear()
    await here.watched(job)
    told.forgotten.add("r-1")

    assert (await here.watched(job)).state is State.SUBMITTED


async def test_a_result_that_is_gone_loses_the_job_after_several_looks_over_an_hour(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "COMPLETED"
    told.always["result"] = MISSING
    for _ in range(4):
        assert (await here.watched(job)).state is State.SUBMITTED
        here.clock.go_on(minutes=20)

    assert (await here.watched(job)).reason is Reason.LOST


async def test_403_never_loses_a_job_and_alerts_once(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.always["status"] = LOCKED
    for _ in range(60):
        here.clock.go_on(hours=1)
        job = await here.watched(job)

    assert (job.state, len(here.alerts)) == (State.SUBMITTED, 1)
    assert await here.money(job) == set()


async def test_a_shut_door_lets_one_look_a_minute_through(here: World, told: Fal) -> None:
    jobs = [await here.at_fal(who=who) for who in ("ann", "ben")]
    told.always["status"] = LOCKED
    for _ in range(3):
        for job in jobs:
            await here.watched(job)
    assert told.calls["status"] == 1

    told.obey()
    here.clock.go_on(minutes=1)
    await here.watched(jobs[0])
    assert not here.is_shut()


async def test_a_submit_that_is_taken_opens_every_door(here: World, told: Fal) -> None:
    job = await here.at_fal(who="ann")
    told.once["status"].append(LOCKED)
    await here.watched(job)
    assert here.is_shut()
    await here.at_fal(who="ben")

    assert not here.is_shut()


async def test_being_shown_a_request_does_not_open_the_door_for_submits(here: World, told: Fal) -> None:
    running = await here.at_fal(who="ann")
    waiting = await here.admitted(who="ben")
    told.always["submit"] = LOCKED
    await here.submit.advance(waiting)
    for _ in range(10):
        here.clock.go_on(seconds=5)
        await here.watched(running)
        await here.submit.advance(await here.job(waiting.id))

    assert (told.calls["submit"], len(here.alerts)) == (2, 1)
    assert told.calls["status"] == 10


# --- rule 5: COMPLETED is not success ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "failure"),
    [
        (model_error("content_policy_violation"), "content_policy_violation"),
        (model_error("internal_server_error", status=500), "internal_server_error"),
        (
            answer({"detail": "gone", "error_type": "runner_disconnected"}, 503, x_fal_request_id="r"),
            "runner_disconnected",
        ),
        (answer({"images": []}, x_fal_request_id="r"), "no_media_generated"),
    ],
    ids=["422", "500", "infra", "no video"],
)
async def test_completed_with_an_error_fails_the_job_and_costs_nothing(
    here: World, told: Fal, result: Answer, failure: str
) -> None:
    job = await here.at_fal(group="club")
    told.phase["r-1"] = "COMPLETED"
    told.always["result"] = result
    job = await here.watched(job)
    await here.announce.advance(job.id)

    assert (job.state, job.reason, job.failure, job.cost_microusd) == (State.FAILED, Reason.FAL_SAID_NO, failure, 0)
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}
    assert here.example.last(job.id).text.endswith("Nothing was charged.")


async def test_a_result_without_a_usable_answer_is_asked_for_again(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "COMPLETED"
    told.once["result"].extend([nginx(502), nginx(504), LOCKED])
    for _ in range(3):
        assert (await here.watched(job)).state is State.SUBMITTED
    here.clock.go_on(minutes=1)

    assert (await here.watched(job)).state is State.COMPLETED


async def test_the_first_two_billed_failures_of_a_day_are_the_owners_loss(here: World, told: Fal) -> None:
    told.always["result"] = model_error("content_policy_violation", units="1")
    ends = []
    for number in range(1, 4):
        job = await here.at_fal(group="club")
        told.phase[f"r-{number}"] = "COMPLETED"
        job = await here.watched(job)
        assert job.cost_microusd
        assert job.cost_microusd <= job.hold_microusd
        ends.append({(whose, kind) for whose, kind, _ in await here.money(job)})
    owners = {("group", "settle"), ("bot", "settle")}

    assert ends[0] == ends[1] == owners | {("person", "release"), ("member", "release")}
    assert ends[2] == owners | {("person", "settle"), ("member", "settle")}

    here.clock.go_on(hours=25)
    job = await here.at_fal(group="club")
    told.phase["r-4"] = "COMPLETED"
    job = await here.watched(job)
    assert ("person", "release", job.hold_microusd) in await here.money(job)
    await here.announce.advance(job.id)
    assert here.example.last(job.id).text.endswith("It was billed all the same.")


# --- rule 6: settled at what fal billed ----------------------------------------------------------------------------


async def test_a_reel_is_settled_at_the_billed_units_times_the_unit_price(here: World, told: Fal) -> None:
    job = await here.at_fal(UNIT_PRICED, files=[here.picture()])
    endpoint = here.setting.catalogue.endpoint(job.order.endpoint)
    assert endpoint is not None
    assert endpoint.price is not None
    assert endpoint.price.unit_price_microusd
    told.phase["r-1"] = "COMPLETED"
    told.always["result"] = Answer(body=VIDEO.body, headers={"x-fal-billable-units": "0.625", "x-fal-request-id": "r"})
    job = await here.watched(job)

    cost = settle_amount(endpoint, job.order.quote, "0.625")
    assert cost == endpoint.price.unit_price_microusd * 5 // 8
    assert (job.state, job.cost_microusd) == (State.COMPLETED, cost)
    assert await here.money(job) == {("person", "settle", cost), ("bot", "settle", cost)}


async def test_a_reel_without_a_bill_is_settled_at_its_price(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "COMPLETED"
    job = await here.watched(job)

    assert job.cost_microusd == job.order.quote.cost_microusd
    assert ("bot", "settle", job.order.quote.cost_microusd) in await here.money(job)


@pytest.mark.parametrize("fails", [False, True], ids=["a reel", "a billed failure"])
async def test_what_exceeds_the_hold_is_the_bots_overrun_and_pauses_the_endpoint(
    here: World, told: Fal, *, fails: bool
) -> None:
    job = await here.at_fal(UNIT_PRICED, files=[here.picture()])
    told.phase["r-1"] = "COMPLETED"
    result = model_error("content_policy_violation", units="100") if fails else VIDEO
    told.always["result"] = Answer(
        status=result.status, body=result.body, headers={**result.headers, "x-fal-billable-units": "100"}
    )
    job = await here.watched(job)

    assert job.cost_microusd is not None
    assert ("bot", "overrun", job.cost_microusd - job.hold_microusd) in await here.money(job)
    assert ("bot", "settle", job.hold_microusd) in await here.money(job)

    ask = here.ask(UNIT_PRICED, who="ben", files=[here.picture()])
    await here.inbox.receive(ask)
    await here.intake.advance(ask.id)
    endpoint = here.setting.catalogue.endpoint(job.order.endpoint)
    assert endpoint is not None
    paused = Problem(slug=Slug.ENDPOINT_PAUSED, facts={"name": endpoint.title})
    assert here.example.said[ask.id] == refusal_notice([paused])
    assert endpoint.title in here.example.said[ask.id].text
    assert await here.jobs.get(ask.id) is None


# --- rule 7: cancel is a wish --------------------------------------------------------------------------------------


async def test_a_cancel_at_fal_is_sent_once(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    await here.pressed(Action.CANCEL, job.id)
    for _ in range(5):
        job = await here.watched(job)

    assert (job.state, told.calls["cancel"]) == (State.SUBMITTED, 1)
    await here.announce.advance(job.id)
    assert here.example.last(job.id).text.startswith("Cancelling")


async def test_a_cancel_that_was_not_heard_is_sent_again(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.once["cancel"].append(nginx(502))
    await here.pressed(Action.CANCEL, job.id)
    for _ in range(3):
        await here.watched(job)

    assert told.calls["cancel"] == 2


async def test_cancelled_by_fal_costs_nothing(here: World, told: Fal) -> None:
    job = await here.at_fal()
    await here.pressed(Action.CANCEL, job.id)
    told.phase["r-1"] = "COMPLETED"
    told.always["result"] = answer({"detail": "cancelled", "error_type": "client_cancelled"}, 499, x_fal_request_id="r")
    job = await here.watched(job)

    assert (job.state, job.reason) == (State.CANCELLED, Reason.BY_PERSON)
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}


async def test_completed_after_a_cancel_is_paid_and_delivered(here: World, told: Fal) -> None:
    job = await here.at_fal()
    await here.pressed(Action.CANCEL, job.id)
    await here.watched(job)
    told.phase["r-1"] = "COMPLETED"
    job = await here.watched(job)
    assert job.state is State.COMPLETED
    assert ("bot", "settle", job.order.quote.cost_microusd) in await here.money(job)

    assert (await here.delivered(job)).state is State.DELIVERED
    assert here.example.thread == [f"reel-{job.id}.mp4"]


# --- late results --------------------------------------------------------------------------------------------------


async def test_a_late_result_of_a_lost_job_is_delivered_and_moves_no_money(here: World, told: Fal) -> None:
    job = await here.at_fal(group="club")
    told.forgotten.add("r-1")
    for _ in range(6):
        here.clock.go_on(minutes=20)
        await here.watched(job)
    job = await here.job(job.id)
    assert job.reason is Reason.LOST
    before = await here.money(job)
    told.forgotten.clear()
    await here.watch.late(job)
    job = await here.job(job.id)

    assert (job.state, job.cost_microusd) == (State.COMPLETED, None)
    assert await here.money(job) == before
    assert (await here.delivered(job)).state is State.DELIVERED


async def test_a_late_look_that_finds_nothing_changes_nothing(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.forgotten.add("r-1")
    for _ in range(6):
        here.clock.go_on(minutes=20)
        await here.watched(job)
    job = await here.job(job.id)
    assert await here.watch.late(job) is None

    assert (await here.job(job.id)) == job


async def test_a_job_that_fal_refused_is_not_looked_at_again(here: World, told: Fal) -> None:
    told.once["submit"].append(model_error("content_policy_violation"))
    job = await here.admitted()
    await here.submit.advance(job)
    await here.watch.late(await here.job(job.id))

    assert told.calls["result"] == 0


# --- what is learnt ------------------------------------------------------------------------------------------------


async def test_a_run_teaches_how_long_its_endpoint_takes(here: World, told: Fal) -> None:
    job = await here.at_fal()
    told.phase["r-1"] = "IN_PROGRESS"
    await here.watched(job)
    here.clock.go_on(seconds=42)
    told.phase["r-1"] = "COMPLETED"
    await here.watched(job)

    assert (await here.jobs.durations(job.order.endpoint)).median == 42.0


async def test_a_run_nobody_saw_is_not_called_quick(here: World, told: Fal) -> None:
    job = await here.at_fal()
    here.clock.go_on(hours=3)
    told.phase["r-1"] = "COMPLETED"
    job = await here.watched(job)
    await here.delivered(job)
    await here.announce.advance(job.id)

    assert here.example.last(job.id).text == "Here it is, 3 h after you asked."
    assert (await here.jobs.durations(job.order.endpoint)).count == 0
