"""What is said of a run is honest, and fal is asked no more often than it must be."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import Phase
from bot.domain.progress import (
    LATE_LOOK_S,
    NET_LOOK_S,
    STUCK_WITHOUT_HISTORY_S,
    Durations,
    Observation,
    durations_of,
    estimate,
    net_look_s,
    next_look_s,
    stuck_after_s,
)
from tests.builders import NOON

RUNS = st.lists(st.floats(0.5, 3_000), min_size=1, max_size=200)
NO_HISTORY = Durations()


def seen(age_s: float | None, *, queued_s: float = 0) -> Observation:
    """A run of this age as of NOON, or one that still waits in the queue."""
    started = None if age_s is None else NOON - timedelta(seconds=age_s)
    return Observation(
        phase=Phase.IN_QUEUE if started is None else Phase.IN_PROGRESS,
        queued_at=NOON - timedelta(seconds=queued_s),
        started_at=started,
    )


def looks(durations: Durations, *, queue_s: float, run_s: float) -> tuple[int, float]:
    """How often a request is looked at until its end is seen, and how late that is."""
    submitted = NOON
    now, started, count = submitted, None, 0
    begins, ends = submitted + timedelta(seconds=queue_s), submitted + timedelta(seconds=queue_s + run_s)
    while count < 2_000:
        count += 1
        if now >= ends:
            return count, (now - ends).total_seconds()
        started = started or (now if now >= begins else None)
        now += timedelta(seconds=next_look_s(_as_seen(submitted, started), durations, now))
    raise AssertionError("the end was never seen")


def _as_seen(submitted: datetime, started: datetime | None) -> Observation:
    phase = Phase.IN_QUEUE if started is None else Phase.IN_PROGRESS
    return Observation(phase=phase, queued_at=submitted, started_at=started)


@given(RUNS)
def test_percentiles_are_runs_that_were_measured_with_enough_of_them_below(runs: list[float]) -> None:
    found = durations_of(runs)
    assert found.count == len(runs)
    for share, value in ((2, found.p2), (50, found.median), (90, found.p90), (99, found.p99)):
        assert value in runs
        assert Fraction(sum(run <= value for run in runs), len(runs)) >= Fraction(share, 100)
        assert Fraction(sum(run < value for run in runs), len(runs)) < Fraction(share, 100)


def test_percentiles_of_a_hundred_runs_are_what_one_would_count() -> None:
    assert durations_of([float(n) for n in range(100, 0, -1)]) == Durations(count=100, p2=2, median=50, p90=90, p99=99)
    assert durations_of([]) == Durations()


@given(RUNS, st.floats(-100, 100_000) | st.none(), st.floats(-100, 100_000))
def test_the_next_look_is_always_ahead_and_never_out_of_sight(
    runs: list[float], age_s: float | None, queued_s: float
) -> None:
    durations = durations_of(runs)
    wait_s = next_look_s(seen(age_s, queued_s=queued_s), durations, NOON)
    assert 0.5 <= wait_s <= max(LATE_LOOK_S, 0.25 * (durations.p90 - durations.p2), durations.p2 + 100)


@given(RUNS, st.floats(0, 100_000), st.floats(0.1, 600))
def test_the_net_under_fals_calls_is_never_close_and_never_out_of_sight(
    runs: list[float], age_s: float, typical_s: float
) -> None:
    wait_s = net_look_s(durations_of(runs), age_s=age_s, typical_s=typical_s)
    assert NET_LOOK_S[0] <= wait_s <= NET_LOOK_S[1]


def test_the_net_waits_until_a_request_is_overdue() -> None:
    as_ever = durations_of([100.0] * 20)
    assert net_look_s(as_ever, age_s=2, typical_s=10) == 198
    assert net_look_s(NO_HISTORY, age_s=0, typical_s=60) == 180
    assert net_look_s(as_ever, age_s=1_000, typical_s=10) == 200


@pytest.mark.parametrize("queue_s", [0.0, 3.0])
def test_a_run_of_two_minutes_without_history_takes_at_most_25_looks(queue_s: float) -> None:
    count, late_s = looks(NO_HISTORY, queue_s=queue_s, run_s=120)
    assert count <= 25
    assert late_s <= 20


HISTORIES = {
    "as ever": [120.0] * 20,
    "narrow": [110.0 + n for n in range(20)],
    "wide": [60.0 + 6 * n for n in range(20)],
    "a long tail": [100.0] * 18 + [101.0, 200.0],
    "slower before": [150.0 + n for n in range(20)],
}


@pytest.mark.parametrize("queue_s", [0.0, 3.0])
@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
@pytest.mark.parametrize("run_s", [100.0, 110.3, 120.0, 129.9])
def test_a_run_with_a_history_takes_at_most_ten_looks(history: list[float], run_s: float, queue_s: float) -> None:
    count, late_s = looks(durations_of(history), queue_s=queue_s, run_s=run_s)
    assert count <= 10
    assert late_s <= 0.25 * run_s or late_s <= history[0] - run_s + queue_s + 3


@pytest.mark.parametrize("queue_s", [0.0, 3.0])
def test_a_run_twice_as_long_as_any_before_takes_a_few_more(queue_s: float) -> None:
    count, late_s = looks(durations_of([60.0 + n for n in range(20)]), queue_s=queue_s, run_s=120)
    assert count <= 13
    assert late_s <= 0.25 * 120


def test_a_run_like_all_others_is_seen_to_end_within_seconds() -> None:
    count, late_s = looks(durations_of(HISTORIES["narrow"]), queue_s=0, run_s=120)
    assert (count <= 8, late_s <= 4) == (True, True)


def test_a_day_of_a_stuck_request_is_watched_ever_more_slowly() -> None:
    count, _ = looks(durations_of(HISTORIES["narrow"]), queue_s=0, run_s=24 * 3600)
    assert count <= 24 * 60 + 30


@given(RUNS, st.floats(0.1, 600), st.lists(st.floats(0, 100_000), min_size=2, max_size=20))
def test_a_bar_only_grows_and_is_never_full(runs: list[float], typical_s: float, ages: list[float]) -> None:
    shares = [estimate(durations_of(runs), age_s=age, typical_s=typical_s).share for age in sorted(ages)]
    known = [share for share in shares if share is not None]
    assert known == sorted(known)
    assert len(known) == len(shares)
    assert all(0 <= share <= 0.99 for share in known)


@given(RUNS.filter(lambda runs: len(runs) >= 5), st.lists(st.floats(0, 3_000), min_size=2, max_size=20))
def test_what_is_left_only_shrinks_while_a_run_is_on_time(runs: list[float], ages: list[float]) -> None:
    durations = durations_of(runs)
    told = [estimate(durations, age_s=age, typical_s=60) for age in sorted(ages)]
    left = [one.left_s for one in told if one.left_s is not None]
    assert left == sorted(left, reverse=True)
    assert all(seconds >= 1 for seconds in left)
    assert all((one.left_s is None) is one.late for one in told)


def test_no_time_is_promised_without_a_history() -> None:
    for age_s in (0, 30, 500):
        assert estimate(durations_of([60.0] * 4), age_s=age_s, typical_s=60).left_s is None
    assert not estimate(NO_HISTORY, age_s=180, typical_s=60).late
    assert estimate(NO_HISTORY, age_s=181, typical_s=60).late


def test_a_clock_that_was_set_back_leaves_the_bar_empty() -> None:
    assert estimate(NO_HISTORY, age_s=-1e6, typical_s=1).share == 0


def test_the_bar_stands_at_nine_tenths_at_the_usual_time() -> None:
    assert estimate(durations_of([60.0] * 9), age_s=60, typical_s=5).share == 0.9
    assert estimate(NO_HISTORY, age_s=45, typical_s=45).share == 0.9


def test_longer_than_nine_in_ten_is_said_to_be_late() -> None:
    durations = durations_of([float(n) for n in range(1, 101)])
    assert not estimate(durations, age_s=90, typical_s=1).late
    assert estimate(durations, age_s=90.1, typical_s=1).late


def test_a_request_counts_as_stuck_after_three_of_the_slowest_runs() -> None:
    assert stuck_after_s(durations_of([60.0] * 5)) == 180
    assert stuck_after_s(durations_of([60.0] * 4)) == STUCK_WITHOUT_HISTORY_S == 900
