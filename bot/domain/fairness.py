"""Whose turn it is: what judges pictures, then least in flight, least recently served, then age."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A waiting Job. `weight` is the priority of its person's tier: 1 is everybody, 2 counts what is in flight half.

    `judges`: it judges a picture, which takes seconds, and somebody's request or finished reel waits for it.
    """

    job: str
    person: str
    created_at: datetime
    weight: int = 1
    judges: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AtFal:
    """A Job that may occupy a place at fal, since when."""

    job: str
    person: str
    endpoint: str
    since: datetime


def choose(
    candidates: Iterable[Candidate],
    *,
    in_flight: Mapping[str, int],
    last_served: Mapping[str, datetime],
    places: int,
) -> Sequence[str]:
    """The Jobs that go next, at most `places`.

    A person with nothing in flight stands before everyone who has something, whatever the weights, so that
    no priority can starve anybody. What judges pictures goes before: each was asked for by a request that had its own
    place and price, so there are never more than people may have requests.
    """
    flying = dict(in_flight)
    rest = list(candidates)
    chosen: list[str] = []
    while rest and len(chosen) < places:
        best = min(rest, key=lambda one: _rank(one, flying, last_served))
        rest.remove(best)
        flying[best.person] = flying.get(best.person, 0) + 1
        chosen.append(best.job)
    return chosen


def _rank(one: Candidate, flying: Mapping[str, int], last_served: Mapping[str, datetime]) -> tuple[object, ...]:
    share = flying.get(one.person, 0) / max(1, one.weight)
    return not one.judges, share, last_served.get(one.person, LONG_AGO), one.created_at, one.job
