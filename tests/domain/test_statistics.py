"""Figures for plots: every day has a row, a month is projected by its pace, and nothing is counted twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import Balance
from bot.domain.statistics import (
    DAYS,
    EDGES_S,
    Day,
    Made,
    Month,
    Waits,
    class_names,
    last_days,
    money_of_days,
    projected,
    ranked,
    waits_of,
)
from tests.builders import NOON, UTC_ZONE

AUCKLAND = ZoneInfo("Pacific/Auckland")


def test_the_last_days_end_today_by_the_owners_clock() -> None:
    days = last_days(NOON, UTC_ZONE)
    assert (len(days), days[0], days[-1]) == (DAYS, date(2026, 10, 22), date(2026, 11, 20))
    assert last_days(NOON, AUCKLAND)[-1] == date(2026, 11, 21)


def test_a_day_on_which_nothing_happened_has_a_row_too() -> None:
    days = last_days(NOON, UTC_ZONE, 3)
    rows = money_of_days(days, {"2026-11-19": Balance(spent=5, held=2), "2026-11-01": Balance(spent=9)})
    assert rows == (
        Day(day=date(2026, 11, 18)),
        Day(day=date(2026, 11, 19), spent_microusd=5, held_microusd=2),
        Day(day=date(2026, 11, 20)),
    )


@pytest.mark.parametrize(
    ("now", "used", "ends"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), 15, 30),
        (datetime(2026, 11, 16, tzinfo=UTC), 0, 0),
        (datetime(2026, 11, 1, 23, 59, tzinfo=UTC), 15, None),
        (datetime(2026, 11, 2, tzinfo=UTC), 1, 30),
        (datetime(2026, 11, 30, 12, tzinfo=UTC), 59, 60),
        (datetime(2028, 2, 15, 12, tzinfo=UTC), 29, 58),
    ],
)
def test_a_month_goes_on_as_it_began_once_there_is_a_day_of_it(now: datetime, used: int, ends: int | None) -> None:
    assert projected(Balance(spent=used - used // 3, held=used // 3), now, UTC_ZONE, 7) == Month(
        used_microusd=used, projected_microusd=ends, limit_microusd=7
    )


@given(used=st.integers(min_value=0, max_value=10**12), hours=st.integers(min_value=24, max_value=30 * 24 - 1))
def test_a_month_never_ends_below_what_is_used(used: int, hours: int) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours)
    ends = projected(Balance(spent=used), now, UTC_ZONE, None).projected_microusd
    assert ends is not None
    assert ends >= used


def test_models_stand_by_their_reels_and_the_rest_together() -> None:
    made = [Made(name=f"m{n}", made=n, failed=1) for n in range(10)]
    found = ranked([*made, Made(name="unused", made=0)], shown=4)
    assert [(one.name, one.made) for one in found] == [("m9", 9), ("m8", 8), ("m7", 7), ("7 others", 21)]
    assert sum(one.failed for one in found) == 10
    assert [one.name for one in ranked(made[:4], shown=4)] == ["m3", "m2", "m1", "m0"]


@given(
    st.lists(st.builds(Made, name=st.text(max_size=3), made=st.integers(0, 9), failed=st.integers(0, 9)), max_size=20),
    st.integers(min_value=1, max_value=9),
)
def test_ranking_loses_no_reel(made: list[Made], shown: int) -> None:
    found = ranked(made, shown)
    assert len(found) <= shown
    assert sum(one.made for one in found) == sum(one.made for one in made)
    assert sum(one.failed for one in found) == sum(one.failed for one in made)


def test_waits_are_classed_up_to_and_with_their_edge() -> None:
    found = waits_of([15, 15.1, 3, 4000, 3600])
    assert found.classes == (2, 1, 0, 0, 0, 0, 1, 1)
    assert (found.count, found.median_s, found.p90_s) == (5, 15.1, 4000)
    assert waits_of([]) == Waits()


@given(st.lists(st.floats(min_value=0, max_value=10**6), max_size=50))
def test_everybody_who_waited_is_in_one_class(seconds: list[float]) -> None:
    assert sum(waits_of(seconds).classes) == len(seconds)


def test_classes_are_named_as_people_say_times() -> None:
    assert class_names() == (
        "up to 15 s",
        "up to 30 s",
        "up to 1 min",
        "up to 2 min",
        "up to 5 min",
        "up to 15 min",
        "up to 1 h",
        "longer",
    )
    assert len(class_names()) == len(EDGES_S) + 1 == len(Waits().classes)
