"""Steps: compare-and-set, with their money, and with wake-ups that are never lost."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Conflict, IllegalTransition
from bot.domain.job import ENDS_MONEY, TRANSITIONS, Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.moderation import Verdict
from tests.builders import BEN, NOON, PRICE, a_job, a_reel, a_ticket, an_order
from tests.store.shop import RELEASED, Shop

PAID = Closing(ending=Ending.PAID, cost_microusd=PRICE)


async def in_review(kept: Shop, *what: Waiting) -> Job:
    job = (await kept.admit(verdict=Verdict(waiting_for=frozenset(what)))).job
    assert job is not None
    return job


async def test_a_step_is_made_once_and_moves_money_once(kept: Shop) -> None:
    job = await kept.submitted()
    steps = (kept.jobs.record(job, Event.COMPLETED, closing=PAID, cost_microusd=PRICE) for _ in range(10))
    made = [one for one in await asyncio.gather(*steps) if one is not None]
    assert [(one.state, one.cost_microusd, one.version) for one in made] == [(State.COMPLETED, PRICE, job.version + 1)]
    assert [kind for _, kind, _ in await kept.ledger()] == ["hold", "hold", "settle", "settle"]
    found = await kept.audit()
    assert (found.findings, found.held, found.spent) == ((), 0, PRICE)


async def test_two_different_steps_from_one_state_cannot_both_happen(kept: Shop) -> None:
    job = await kept.submitted()
    outcomes = await asyncio.gather(
        kept.jobs.record(job, Event.COMPLETED, closing=PAID),
        kept.jobs.record(job, Event.LOST, closing=Closing(ending=Ending.LOST)),
    )
    assert [outcome is None for outcome in outcomes] == [False, True]
    assert [kind for _, kind, _ in await kept.ledger()] == ["hold", "hold", "settle", "settle"]


@pytest.mark.parametrize(("state", "event"), [(s, e) for s, row in TRANSITIONS.items() for e in row])
async def test_money_ends_with_the_steps_that_end_it_and_with_no_other(kept: Shop, state: State, event: Event) -> None:
    wrong = None if (state, event) in ENDS_MONEY else RELEASED
    await kept.admitted()
    before = await kept.jobs.get("ask-1")
    with pytest.raises(IllegalTransition):
        await kept.jobs.record(a_job(state, reason=Reason.LOST), event, closing=wrong)
    assert await kept.jobs.get("ask-1") == before
    assert [kind for _, kind, _ in await kept.ledger()] == ["hold", "hold"]


async def test_an_illegal_event_raises_and_changes_nothing(kept: Shop) -> None:
    job = await kept.submitted()
    kept.work.taken()
    for event in set(Event) - TRANSITIONS[State.SUBMITTED].keys():
        for closing in (None, RELEASED):
            with pytest.raises(IllegalTransition):
                await kept.jobs.record(job, event, closing=closing, failure="x")
    assert await kept.jobs.get(job.id) == job
    assert kept.work.taken() == []


async def test_a_hint_wakes_the_work_and_disturbs_the_rest_of_a_job_given_up(kept: Shop) -> None:
    lost = await kept.step(await kept.submitted(), Event.LOST, closing=Closing(ending=Ending.LOST), reason=Reason.LOST)
    kept.work.taken()
    assert await kept.jobs.open_ids() == []
    await kept.jobs.note(lost.id, hinted="r-9")
    assert kept.work.taken() == [(lost.id, None)]
    assert [one for one, *_ in await kept.jobs.open_ids()] == [lost.id]
    await kept.jobs.note(lost.id, hinted="")
    assert kept.work.taken() == []
    assert await kept.jobs.open_ids() == []


async def test_a_job_that_fal_refused_is_never_completed_and_one_given_up_may_be(kept: Shop) -> None:
    refused = await kept.step(
        await kept.submitted("refused"), Event.FAILED, closing=RELEASED, reason=Reason.FAL_SAID_NO
    )
    with pytest.raises(IllegalTransition):
        await kept.jobs.record(refused, Event.COMPLETED)
    lost = await kept.step(
        await kept.submitted("lost"), Event.LOST, closing=Closing(ending=Ending.LOST), reason=Reason.LOST
    )
    late = await kept.step(lost, Event.COMPLETED)
    assert (late.state, late.cost_microusd) == (State.COMPLETED, None)
    assert [kind for _, kind, _ in await kept.ledger("lost")] == ["hold", "hold", "release", "loss"]
    found = await kept.audit()
    assert (found.findings, found.losses) == ((), PRICE)


async def test_a_failure_billed_to_the_owner_costs_the_person_nothing(kept: Shop) -> None:
    billed = Closing(ending=Ending.BILLED_FAILURE, cost_microusd=PRICE - 1)
    await kept.step(await kept.submitted(group="club"), Event.FAILED, closing=billed, cost_microusd=PRICE - 1)
    assert [(kind, amount) for _, kind, amount in await kept.ledger()][4:] == [
        ("release", PRICE),
        ("release", PRICE),
        ("settle", PRICE - 1),
        ("settle", PRICE - 1),
    ]


async def test_what_exceeds_the_hold_is_the_bots_overrun_alone(kept: Shop) -> None:
    await kept.completed(cost=PRICE + 7, group="club")
    rows = (await kept.ledger())[4:]
    assert [amount for _, kind, amount in rows if kind == "settle"] == [PRICE] * 4
    assert [(account, amount) for account, kind, amount in rows if kind == "overrun"] == [("bot", 7)]
    found = await kept.audit()
    assert (found.findings, found.overruns, found.spent) == ((), 7, PRICE + 7)


async def test_a_settle_counts_in_the_period_of_its_hold(kept: Shop) -> None:
    job = await kept.submitted()
    kept.clock.forward(86_400)
    await kept.step(job, Event.COMPLETED, closing=PAID)
    rows = await kept.database.read("SELECT period, held, spent FROM balances WHERE account = 'bot' ORDER BY period")
    assert [(row["period"], row["held"], row["spent"]) for row in rows] == [
        ("day:2026-11-20", 0, PRICE),
        ("month:2026-11", 0, PRICE),
        ("week:2026-W47", 0, PRICE),
    ]


async def test_a_review_with_two_reasons_goes_on_when_both_are_given(kept: Shop) -> None:
    job = await in_review(kept, Waiting.CONFIRMATION, Waiting.MODERATOR)
    kept.clock.forward(5)
    assert await kept.jobs.approve(job, Waiting.CONSENT) is None
    first = await kept.jobs.approve(job, Waiting.MODERATOR)
    assert first is not None
    assert (first.state, first.waiting_for) == (State.IN_REVIEW, frozenset({Waiting.CONFIRMATION}))
    assert (first.next_at, first.state_at) == (NOON + timedelta(minutes=15), NOON)
    assert await kept.jobs.approve(job, Waiting.MODERATOR) is None
    last = await kept.jobs.approve(job, Waiting.CONFIRMATION)
    assert last is not None
    assert (last.state, last.waiting_for, last.next_at) == (State.ADMITTED, frozenset(), None)
    assert last.state_at == kept.clock.at
    assert await kept.jobs.approve(job, Waiting.CONFIRMATION) is None
    assert (await kept.audit()).held == PRICE


async def test_two_approvals_at_once_admit_once(kept: Shop) -> None:
    job = await in_review(kept, Waiting.CONFIRMATION, Waiting.MODERATOR)
    both = await asyncio.gather(*(kept.jobs.approve(job, what) for what in job.waiting_for))
    assert sorted(one.state for one in both if one) == [State.ADMITTED, State.IN_REVIEW]


async def test_fields_of_a_step_cannot_be_noted(kept: Shop) -> None:
    job = await kept.admitted()
    for field in ("state", "reason", "waiting_for", "hold_microusd", "cost_microusd"):
        with pytest.raises(IllegalTransition, match=field):
            await kept.jobs.note(job.id, **{field: "delivered"})
    assert await kept.jobs.get(job.id) == job


async def test_a_note_is_kept_and_a_wish_to_cancel_wakes_the_work(kept: Shop) -> None:
    job = await kept.submitted()
    kept.work.taken()
    await kept.jobs.note(job.id, receipt="line-1", said="submitted", reel=a_reel(), started_at=NOON)
    assert kept.work.taken() == []
    await kept.jobs.note(job.id, cancel_wanted_at=NOON)
    assert kept.work.taken() == [(job.id, None)]
    noted = await kept.jobs.get(job.id)
    assert noted is not None
    assert (noted.receipt, noted.said, noted.reel, noted.started_at) == ("line-1", "submitted", a_reel(), NOON)
    assert (noted.cancel_wanted_at, noted.state, noted.version) == (NOON, State.SUBMITTED, job.version + 2)


async def test_a_place_at_fal_is_asked_for_inside_the_transaction(kept: Shop) -> None:
    jobs = [await kept.admitted(f"ask-{number}") for number in range(6)]
    steps = (kept.jobs.record(job, Event.PICKED, places=lambda found: len(found) < 2) for job in jobs)
    assert sum(one is not None for one in await asyncio.gather(*steps)) == 2
    assert len(await kept.jobs.at_fal()) == 2


async def test_leaving_fal_wakes_the_oldest_that_may_go_now(kept: Shop) -> None:
    done = await kept.submitted("done")
    backing_off = await kept.step(await kept.admitted("later"), Event.PICKED)
    await kept.step(backing_off, Event.NOT_TAKEN, next_at=NOON + timedelta(minutes=5))
    await kept.admitted("first")
    await kept.admitted("second")
    kept.work.taken()
    await kept.step(done, Event.COMPLETED, closing=PAID)
    assert kept.work.taken() == [("done", None), ("first", None)]


async def test_a_job_that_fal_did_not_take_is_woken_at_its_time_and_not_before(kept: Shop) -> None:
    at = NOON + timedelta(seconds=30)
    picked = await kept.step(await kept.admitted(), Event.PICKED)
    kept.work.taken()
    await kept.step(picked, Event.NOT_TAKEN, next_at=at)
    assert kept.work.taken() == [("ask-1", at)]


async def test_a_cancelled_job_passes_on_the_turn_it_was_woken_for(kept: Shop) -> None:
    cancelled = await kept.admitted("cancelled")
    await kept.admitted("next")
    kept.work.taken()
    await kept.step(cancelled, Event.CANCELLED, closing=RELEASED, reason=Reason.BY_PERSON)
    assert ("next", None) in kept.work.taken()


async def test_who_backs_off_is_offered_when_its_time_has_come(kept: Shop) -> None:
    picked = await kept.step(await kept.admitted(), Event.PICKED)
    await kept.step(picked, Event.NOT_TAKEN, next_at=NOON + timedelta(seconds=30))
    assert await kept.jobs.waiting(NOON + timedelta(seconds=29), each=2) == []
    assert [one.job for one in await kept.jobs.waiting(NOON + timedelta(seconds=30), each=2)] == ["ask-1"]


async def test_the_oldest_of_every_person_are_offered_and_no_crowd_of_one(kept: Shop) -> None:
    for number in range(5):
        kept.clock.forward(1)
        await kept.admitted(f"anna-{number}")
    kept.clock.forward(1)
    await kept.admitted("ben-0", account=BEN)
    offered = [one.job for one in await kept.jobs.waiting(kept.clock.at, each=2)]
    assert offered == ["anna-0", "anna-1", "ben-0"]
    ben = await kept.jobs.get("ben-0")
    assert ben is not None
    assert await kept.jobs.ahead(ben) == 5


async def test_last_served_is_the_latest_time_each_waiting_person_went_to_fal(kept: Shop) -> None:
    await kept.submitted("anna-1")
    kept.clock.forward(60)
    await kept.submitted("anna-2")
    served = kept.clock.at
    kept.clock.forward(60)
    await kept.submitted("ben-1", account=BEN)
    assert await kept.jobs.last_served() == {}
    waiting = await kept.admitted("anna-3")
    assert await kept.jobs.last_served() == {waiting.person: served}


async def test_one_request_at_fal_belongs_to_one_job(kept: Shop) -> None:
    first = await kept.step(await kept.admitted("a"), Event.PICKED)
    second = await kept.step(await kept.admitted("b"), Event.PICKED)
    await kept.step(first, Event.ACCEPTED, ticket=a_ticket("same"))
    with pytest.raises(Conflict):
        await kept.jobs.record(second, Event.ACCEPTED, ticket=a_ticket("same"))
    assert await kept.jobs.get("b") == second
    assert await kept.jobs.request_ids(an_order().endpoint) == frozenset({"same"})


async def test_submitted_at_is_when_fal_took_it_and_stays(kept: Shop) -> None:
    kept.clock.forward(10)
    job = await kept.submitted()
    assert job.submitted_at == kept.clock.at
    kept.clock.forward(10)
    done = await kept.step(job, Event.COMPLETED, closing=PAID)
    assert (done.submitted_at, done.state_at) == (job.submitted_at, kept.clock.at)


async def test_a_run_is_remembered_once_and_its_endpoint_has_a_history(kept: Shop) -> None:
    job = await kept.submitted()
    assert (await kept.jobs.durations(job.order.endpoint)).count == 0
    await kept.jobs.took(job, 40.0)
    await kept.jobs.took(job, 99.0)
    history = await kept.jobs.durations(job.order.endpoint)
    assert (history.count, history.median) == (1, 40.0)


async def test_billed_failures_are_a_persons_own_since_a_time(kept: Shop) -> None:
    billed = Closing(ending=Ending.BILLED_FAILURE, cost_microusd=PRICE)
    job = await kept.submitted("billed")
    await kept.step(job, Event.FAILED, closing=billed, cost_microusd=PRICE)
    await kept.step(await kept.submitted("free"), Event.FAILED, closing=RELEASED, cost_microusd=0)
    await kept.step(await kept.submitted("ben", account=BEN), Event.FAILED, closing=billed, cost_microusd=PRICE)
    assert await kept.jobs.billed_failures(job.person, NOON - timedelta(days=1)) == 1
    assert await kept.jobs.billed_failures(job.person, NOON + timedelta(seconds=1)) == 0


async def test_after_a_start_the_store_says_what_is_under_way_and_unsaid(kept: Shop) -> None:
    await kept.submitted("under-way")
    await kept.in_state(State.DELIVERED, "at-rest")
    await kept.jobs.note("at-rest", said="delivered")
    assert [job for job, _, _ in await kept.jobs.open_ids()] == ["under-way"]
    assert await kept.jobs.unsaid_ids() == ["under-way"]


async def test_a_job_nobody_knows_is_none(kept: Shop) -> None:
    assert await kept.jobs.get("nobody") is None
    assert await kept.jobs.record(a_job(), Event.PICKED) is None
    assert await kept.jobs.approve(a_job(State.IN_REVIEW), Waiting.MODERATOR) is None
    assert await kept.ledger() == []


async def test_a_reel_asked_for_again_is_delivered_again(kept: Shop) -> None:
    job = await kept.in_state(State.UNDELIVERED)
    again = await kept.step(job, Event.ASKED_AGAIN)
    assert (again.state, again.reason) == (State.DELIVERING, Reason.NONE)
    assert (await kept.step(again, Event.POSTED, reel_receipt="line-9")).state is State.DELIVERED
