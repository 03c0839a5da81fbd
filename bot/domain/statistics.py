"""What was spent, made and waited for lately, of one group or of everything: figures for plots, and nothing drawn.

The console and a picture in chat show the same. Money in micro-dollars, times in seconds, days by the owner's clock.
"""

import calendar
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ledger import Balance

DAYS = 30
"""As many days are shown."""

SHOWN_MODELS = 8
"""Models with a bar of their own; the others share one."""

EDGES_S = (15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
"""Where one class of waiting times ends and the next begins."""

ENOUGH_OF_A_MONTH = timedelta(days=1)
"""A month younger than that says nothing about its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's money: what was spent, and what is still held for what is under way."""

    day: date
    spent_microusd: int = 0
    held_microusd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How many reels a model made, and how many of its runs failed. `name` is what people call it."""

    name: str
    made: int
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long people waited from asking to the reel in their thread.

    `classes` are how many waited up to each of EDGES_S, the last how many waited longer.
    """

    count: int = 0
    median_s: float = 0.0
    p90_s: float = 0.0
    classes: tuple[int, ...] = (0,) * (len(EDGES_S) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """This month's money. `projected_microusd` is where it leads if it goes on so, None while that is a guess."""

    used_microusd: int = 0
    projected_microusd: int | None = None
    limit_microusd: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Everything that plots show. `group` is "discord:123", "" for the whole bot; `whose` is that for a title."""

    group: str
    whose: str = ""
    days: tuple[Day, ...]
    made: tuple[Made, ...]
    waits: Waits
    month: Month


def last_days(now: datetime, zone: ZoneInfo, count: int = DAYS) -> tuple[date, ...]:
    """The last days up to today, oldest first."""
    today = now.astimezone(zone).date()
    return tuple(today - timedelta(days=back) for back in reversed(range(count)))


def money_of_days(days: Sequence[date], balances: Mapping[str, Balance]) -> tuple[Day, ...]:
    """A row for every day, also for those on which nothing happened. `balances` are by the ledger's name of a day."""
    found = {day: balances.get(day.isoformat(), Balance()) for day in days}
    return tuple(Day(day=day, spent_microusd=one.spent, held_microusd=one.held) for day, one in found.items())


def projected(balance: Balance, now: datetime, zone: ZoneInfo, limit_microusd: int | None) -> Month:
    """Where this month's spending leads, by the pace it has had so far; what is held counts as spent."""
    local = now.astimezone(zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days = calendar.monthrange(local.year, local.month)[1]
    gone = local - first
    used = balance.spent + balance.held
    pace = None if gone < ENOUGH_OF_A_MONTH else math.ceil(used * (timedelta(days=days) / gone))
    return Month(used_microusd=used, projected_microusd=pace, limit_microusd=limit_microusd)


def ranked(made: Sequence[Made], shown: int = SHOWN_MODELS) -> tuple[Made, ...]:
    """Those with most reels first; beyond `shown`, the rest together. Models that made nothing are left out."""
    order = sorted((one for one in made if one.made or one.failed), key=lambda one: (-one.made, -one.failed, one.name))
    if len(order) <= shown:
        return tuple(order)
    rest = order[shown - 1 :]
    others = Made(
        name=f"{len(rest)} others", made=sum(one.made for one in rest), failed=sum(one.failed for one in rest)
    )
    return (*order[: shown - 1], others)


def waits_of(seconds: Sequence[float]) -> Waits:
    """Waiting times as classes and percentiles."""
    if not seconds:
        return Waits()
    ordered = sorted(seconds)
    classes = [0] * (len(EDGES_S) + 1)
    for one in ordered:
        classes[sum(one > edge for edge in EDGES_S)] += 1
    return Waits(
        count=len(ordered),
        median_s=ordered[math.ceil(0.5 * len(ordered)) - 1],
        p90_s=ordered[math.ceil(0.9 * len(ordered)) - 1],
        classes=tuple(classes),
    )


def class_names() -> tuple[str, ...]:
    """What each class of waiting times is called: "up to 15 s", …, "longer"."""
    return (*(f"up to {_span(edge)}" for edge in EDGES_S), "longer")


def _span(seconds: float) -> str:
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 3600 else f"{seconds / 3600:g} h"  # noqa: PLR2004  an hour
