"""Whose turn it is, one choice at a time and over a long day."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fairness import Candidate, choose
from tests.builders import NOON


def waits(job: str, person: str, *, minute: int = 0, weight: int = 1) -> Candidate:
    return Candidate(job=job, person=person, created_at=NOON + timedelta(minutes=minute), weight=weight)


def chosen(
    *waiting: Candidate,
    places: int = 1,
    flying: dict[str, int] | None = None,
    served: dict[str, int] | None = None,
) -> list[str]:
    last = {person: NOON + timedelta(minutes=minute) for person, minute in (served or {}).items()}
    return list(choose(waiting, in_flight=flying or {}, last_served=last, places=places))


def test_whoever_has_least_in_flight_goes_first() -> None:
    assert chosen(waits("a", "anna"), waits("b", "ben", minute=9), flying={"anna": 1}) == ["b"]


def test_what_judges_a_picture_goes_before_whoever_asked_for_it() -> None:
    judging = replace(waits("judging", "ben", minute=9), judges=True)
    assert chosen(waits("a", "anna"), judging, flying={"ben": 2}, served={"ben": 5}) == ["judging"]


def test_then_whoever_was_served_longest_ago_or_never() -> None:
    waiting = (waits("a", "anna"), waits("b", "ben"), waits("c", "cleo", minute=9))
    assert chosen(*waiting, served={"anna": 2, "ben": 1}, places=3) == ["c", "b", "a"]


def test_then_whoever_asked_first() -> None:
    assert chosen(waits("late", "anna", minute=1), waits("early", "ben")) == ["early"]


def test_a_crowd_of_one_takes_turns_with_the_others() -> None:
    crowd = [waits(f"a{number}", "anna") for number in range(5)]
    assert chosen(*crowd, waits("b", "ben", minute=9), places=3) == ["a0", "b", "a1"]


def test_a_priority_counts_what_is_in_flight_less() -> None:
    waiting = (waits("friend", "anna", weight=2), waits("b", "ben"))
    assert chosen(*waiting, flying={"anna": 1, "ben": 1}) == ["friend"]
    assert chosen(*waiting, flying={"anna": 2, "ben": 1}, served={"anna": 1}) == ["b"]


@pytest.mark.parametrize("weight", [1, 2, 100, 10**9])
def test_no_priority_goes_before_somebody_with_nothing_in_flight(weight: int) -> None:
    assert chosen(waits("vip", "anna", weight=weight), waits("b", "ben", minute=9), flying={"anna": 1}) == ["b"]


PEOPLE = ("anna", "ben", "cleo", "dan")


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 9), st.integers(0, 5)), max_size=12),
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)),
    st.integers(0, 6),
)
def test_places_are_filled_from_those_who_wait_and_each_job_once(
    rows: list[tuple[str, int, int]], flying: dict[str, int], places: int
) -> None:
    waiting = [waits(str(n), who, minute=minute, weight=weight) for n, (who, minute, weight) in enumerate(rows)]
    found = chosen(*waiting, flying=flying, places=places)
    assert len(found) == len(set(found)) == min(places, len(waiting))
    assert set(found) <= {one.job for one in waiting}


@given(
    st.lists(st.integers(1, 1_000), min_size=4, max_size=4),
    st.integers(1, 3),
    st.lists(st.integers(1, 7), min_size=4, max_size=4),
)
def test_nobody_starves_whatever_the_priorities(weights: list[int], places: int, minutes: list[int]) -> None:
    """Four people who always want more, `places` at fal: each is served at least once in a long enough day.

    `minutes` is how long each person's Jobs take. A round is over when everybody could have had a turn.
    """
    at_fal: list[tuple[int, str]] = []
    served: dict[str, datetime] = {}
    turns: Counter[str] = Counter()
    longest_wait = Counter[str]()
    for minute in range(120):
        at_fal = [(ends, who) for ends, who in at_fal if ends > minute]
        waiting = [
            Candidate(job=f"{who}-{turns[who] + n}", person=who, created_at=NOON, weight=weight)
            for who, weight in zip(PEOPLE, weights, strict=True)
            for n in range(2)
        ]
        flying = Counter(who for _, who in at_fal)
        free = places - len(at_fal)
        for job in choose(waiting, in_flight=flying, last_served=served, places=free):
            who = job.split("-")[0]
            turns[who] += 1
            served[who] = NOON + timedelta(minutes=minute)
            at_fal.append((minute + minutes[PEOPLE.index(who)], who))
        for who in PEOPLE:
            waited = minute - int((served.get(who, NOON) - NOON).total_seconds() // 60)
            longest_wait[who] = max(longest_wait[who], waited)
    assert all(turns[who] for who in PEOPLE)
    assert max(longest_wait.values()) <= 4 * 7 + 7
