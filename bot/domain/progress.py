"""What to tell about a running Job, and when to look at it next, from the endpoint's own history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import Phase

ENOUGH = 5
"""Runs from which a history is believed."""

QUEUE_LOOK_S = (1.0, 15.0)
"""Least and most time between looks while a request waits in fal's queue: most waiting happens there."""

FIRST_LOOK_S = (1.0, 20.0)
"""Least and most time between looks while an endpoint has no history."""

LATE_LOOK_S = 60.0
"""The slowest look at a run that is overdue; watching goes on for 24 hours."""

EARLY_LOOK_S = 2.0
"""Where fal calls us, the one look that tells people whether it runs comes this long after the submit."""

NET_LOOK_S = (60.0, 300.0)
"""Least and most time between looks where fal calls us: they only catch what a lost call let fall."""

STUCK_WITHOUT_HISTORY_S = 15 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long an endpoint's runs took, from start to finish, in seconds; `count` runs behind the percentiles."""

    count: int = 0
    p2: float = 0.0
    median: float = 0.0
    p90: float = 0.0
    p99: float = 0.0


def durations_of(seconds: Sequence[float]) -> Durations:
    """Percentiles of measured runs."""
    if not seconds:
        return Durations()
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1 if share > 0 else 0)]

    return Durations(count=len(ordered), p2=at(0.02), median=at(0.5), p90=at(0.9), p99=at(0.99))


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was last seen of a Job at fal, in memory only; `queued_at` and `started_at` are when we first saw it."""

    phase: Phase
    position: int | None = None
    queued_at: datetime
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What can honestly be said. `left_s` is None when nothing is known; `late`: longer than nine in ten runs."""

    share: float | None = None
    left_s: float | None = None
    late: bool = False


def estimate(durations: Durations, *, age_s: float, typical_s: float) -> Progress:
    """How far a run of this age is. Without history the endpoint file's guess moves the bar and promises no time."""
    if durations.count < ENOUGH:
        return Progress(share=_approach(age_s, typical_s), late=age_s > 3 * typical_s)
    if age_s > durations.p90:
        return Progress(share=_approach(age_s, durations.median), late=True)
    # Half the way to the slow runs takes over before the typical time is reached, so that what is left only shrinks.
    left_s = max(durations.median - age_s, (durations.p90 - age_s) / 2, 1.0)
    return Progress(share=_approach(age_s, durations.median), left_s=left_s)


def _approach(age_s: float, typical_s: float) -> float:
    """A bar that reaches 90 % at the typical time and never the end before it is true."""
    pace = math.log(10) / max(typical_s, 0.1)
    return round(min(0.99, 1 - math.exp(-pace * max(age_s, 0.0))), 3)


def next_look_s(observation: Observation, durations: Durations, now: datetime) -> float:
    """Seconds until the next status call: seldom in the queue, silent until a run can be done, then close together."""
    if observation.started_at is None:
        return _between(QUEUE_LOOK_S, 0.5 * (now - observation.queued_at).total_seconds())
    age_s = (now - observation.started_at).total_seconds()
    if durations.count < ENOUGH:
        return _between(FIRST_LOOK_S, 0.25 * age_s)
    if age_s < durations.p2:
        return max(0.5, durations.p2 - age_s)
    if age_s <= durations.p90:
        return max(0.5, 0.25 * (durations.p90 - durations.p2))
    return min(LATE_LOOK_S, max(1.0, 0.2 * age_s))


def net_look_s(durations: Durations, *, age_s: float, typical_s: float) -> float:
    """The same where fal calls us when it is done: silent for as long as any run takes, then ever more seldom."""
    longest_s = 2 * durations.p99 if durations.count >= ENOUGH else 3 * typical_s
    return _between(NET_LOOK_S, max(longest_s - age_s, 0.2 * age_s))


def _between(bounds: tuple[float, float], value: float) -> float:
    return min(bounds[1], max(bounds[0], value))


def stuck_after_s(durations: Durations) -> float:
    """The age from which a Job no longer counts against fal's places: two stuck ones must not stop the bot."""
    return 3 * durations.p99 if durations.count >= ENOUGH else STUCK_WITHOUT_HISTORY_S
