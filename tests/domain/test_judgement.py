"""What follows from a judgement, for everything a request may wait for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import BY_ITSELF, Ruling
from bot.domain.job import Waiting
from bot.domain.judgement import concluded, decision_of
from bot.domain.screening import Bounds, Missing, Outcome, Part
from tests.builders import NOON, a_job, an_ask

S, M, C = Waiting.SCREENING, Waiting.MODERATOR, Waiting.CONFIRMATION
waits = st.frozensets(st.sampled_from(Waiting))
shares = st.floats(0, 1)


@given(st.tuples(shares, shares).map(sorted), shares)
def test_a_probability_is_refused_from_one_bound_on_and_doubted_from_the_other(
    bounds: list[float], probability: float
) -> None:
    doubt, refuse = bounds
    found = Bounds(doubt_from=doubt, refuse_from=refuse, missing=Missing.REVIEW, review_s=1).outcome(probability)
    assert (found is Outcome.REFUSED) == (probability >= refuse)
    assert (found is Outcome.ALLOWED) == (probability < doubt)
    assert found is not Outcome.MISSING


def test_no_probability_is_no_judgement() -> None:
    bounds = Bounds(doubt_from=0.1, refuse_from=0.2, missing=Missing.ALLOW, review_s=1)
    assert bounds.outcome(None) is Outcome.MISSING


@pytest.mark.parametrize(
    ("outcome", "missing", "asks"),
    [
        (Outcome.ALLOWED, Missing.REVIEW, False),
        (Outcome.ALLOWED, Missing.ALLOW, False),
        (Outcome.DOUBTFUL, Missing.REVIEW, True),
        (Outcome.DOUBTFUL, Missing.ALLOW, True),
        (Outcome.MISSING, Missing.REVIEW, True),
        (Outcome.MISSING, Missing.ALLOW, False),
    ],
)
@given(waiting=waits, others_open=st.booleans())
def test_a_moderator_is_asked_in_doubt_and_without_judgement_where_the_setting_says_so(
    outcome: Outcome, missing: Missing, *, asks: bool, waiting: frozenset[Waiting], others_open: bool
) -> None:
    found = concluded(waiting, outcome, missing, others_open=others_open)
    assert not found.refused
    assert (M in found.waiting_for) == (asks or M in waiting)
    assert (S in found.waiting_for) == (others_open and S in waiting)
    assert found.waiting_for - {M, S} == waiting - {M, S}


@given(waits, st.sampled_from(Missing), st.booleans())
def test_a_refusal_waits_for_nothing_else(waiting: frozenset[Waiting], missing: Missing, others_open: bool) -> None:  # noqa: FBT001
    assert concluded(waiting, Outcome.REFUSED, missing, others_open=others_open).refused


def test_what_was_decided_says_about_what_and_how_sure_it_was() -> None:
    job = a_job(ask=replace(an_ask(), group="club"))
    decision = decision_of(job, Part.PICTURE, Outcome.DOUBTFUL, probability=0.618, at=NOON)
    assert decision is not None
    assert (decision.who, decision.what, decision.detail) == (
        BY_ITSELF,
        Ruling.DOUBTED,
        "picture: 62% likely not safe for work",
    )
    assert (decision.platform, decision.group, decision.whom, decision.job) == ("room", "club", "room:anna", "ask-1")
    missing = decision_of(job, Part.FRAME, Outcome.MISSING, detail="late", at=NOON)
    assert missing is not None
    assert (missing.what, missing.detail) == (Ruling.UNSCREENED, "frame: late")
    assert decision_of(job, Part.PICTURE, Outcome.ALLOWED, probability=0.1, at=NOON) is None
