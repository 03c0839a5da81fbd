"""Every state with every event: the legal steps as the design names them, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import IllegalTransition
from bot.domain.job import AT_FAL, ENDS_MONEY, SETTLED, TRANSITIONS, Event, Reason, State, advance, step
from tests.builders import a_job

LEGAL = """
in_review   approved         admitted
in_review   refused          refused      money
in_review   expired          refused      money
in_review   cancelled        cancelled    money
admitted    picked           submitting
admitted    cancelled        cancelled    money
admitted    media_lost       failed       money
submitting  accepted         submitted
submitting  not_taken        admitted
submitting  rejected         failed       money
submitting  in_doubt         uncertain
uncertain   accepted         submitted
uncertain   lost             failed       money
submitted   completed        completed    money
submitted   failed           failed       money
submitted   fal_cancelled    cancelled    money
submitted   lost             failed       money
completed   claimed          delivering
completed   withheld         undelivered
delivering  posted           delivered
delivering  nowhere_to_post  undelivered
undelivered asked_again      delivering
failed      completed        completed
"""
"""The table of the design, written down a second time: state, event, next state, and whether the Holds end."""

ROWS = [line.split() for line in LEGAL.strip().splitlines()]
NEXT = {(row[0], row[1]): row[2] for row in ROWS}
PAYS = {(row[0], row[1]) for row in ROWS if row[-1] == "money"}
HOLDS = {"in_review", "admitted", "submitting", "uncertain", "submitted"}
"""States in which the Hold stands."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_state_answers_every_event_as_the_design_says(state: State, event: Event) -> None:
    if (state, event) in NEXT:
        assert advance(state, event) == NEXT[state, event]
    else:
        with pytest.raises(IllegalTransition, match=f"{state} has no way out by {event}"):
            advance(state, event)


def test_the_holds_end_with_exactly_the_steps_that_leave_the_states_that_hold() -> None:
    assert set(ENDS_MONEY) == PAYS
    assert {(state, event) for (state, event), then in NEXT.items() if state in HOLDS and then not in HOLDS} == PAYS


def test_every_state_can_be_reached_and_every_event_is_used() -> None:
    reached = {State.IN_REVIEW}
    for _ in State:
        reached |= {then for state in reached for then in TRANSITIONS[state].values()}
    assert reached == set(State)
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)
    assert set(TRANSITIONS) == set(State)


def test_the_sets_of_states_follow_from_the_table() -> None:
    assert {"submitting", "uncertain", "submitted"} == AT_FAL
    assert {"delivered", "undelivered", "failed", "cancelled", "refused"} == SETTLED


@given(st.sampled_from(State), st.lists(st.sampled_from(Event), max_size=30))
def test_no_sequence_of_events_leaves_an_end_but_a_late_result(state: State, events: list[Event]) -> None:
    ended = {State.DELIVERED, State.FAILED, State.CANCELLED, State.REFUSED}
    for event in events:
        try:
            then = advance(state, event)
        except IllegalTransition:
            continue
        assert state not in ended or (state, event, then) == (State.FAILED, Event.COMPLETED, State.COMPLETED)
        state = then


@given(st.lists(st.sampled_from(Event), max_size=40), st.sampled_from([State.IN_REVIEW, State.ADMITTED]))
def test_no_sequence_of_events_ends_the_holds_twice(events: list[Event], state: State) -> None:
    endings = 0
    for event in events:
        try:
            then = advance(state, event)
        except IllegalTransition:
            continue
        endings += (state, event) in ENDS_MONEY
        assert endings == (then not in HOLDS)
        state = then


@pytest.mark.parametrize("reason", Reason)
def test_only_a_job_we_gave_up_is_completed_after_its_failure(reason: Reason) -> None:
    job = a_job(State.FAILED, reason=reason)
    if reason in {Reason.UNKNOWN, Reason.LOST}:
        assert step(job, Event.COMPLETED) is State.COMPLETED
    else:
        with pytest.raises(IllegalTransition):
            step(job, Event.COMPLETED)


@pytest.mark.parametrize(("state", "event"), list(NEXT))
def test_a_jobs_step_is_the_tables(state: str, event: str) -> None:
    assert step(a_job(State(state), reason=Reason.LOST), Event(event)) == NEXT[state, event]
