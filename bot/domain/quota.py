"""Whether an Order fits: decided purely, inside the transaction that takes the Hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Problem, Slug
from bot.domain.ledger import Balance, Layer, Period
from bot.domain.price import dollars


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Limits beside money; None: no limit."""

    jobs_at_once: int | None = None
    jobs_per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is true inside the transaction. `balances` is by (account, period)."""

    balances: Mapping[tuple[str, Period], Balance]
    running: int = 0
    last_hour: int = 0


def decide(
    hold_microusd: int,
    *,
    layers: Sequence[Layer],
    counts: Counts,
    usage: Usage,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Problem, ...]:
    """Everything that forbids this Hold now; empty when it fits every layer. The earliest layer's shortage is named.

    One shortage per layer is said (the period that refills last), since a person can only wait for that one.
    """
    problems = [*_count_problems(counts, usage)]
    for layer in layers:
        short = [period for period in Period if _left(layer, period, usage) < hold_microusd]
        if short:
            period = short[-1]
            problems.append(
                Problem(
                    slug=Slug.OVER_BUDGET,
                    facts={
                        "whose": layer.whose,
                        "period": period.value,
                        "left": dollars(max(0, int(_left(layer, period, usage)))),
                        "needs": dollars(hold_microusd),
                        "refills": refill_words(now, period, zone),
                    },
                )
            )
    return tuple(problems)


def _left(layer: Layer, period: Period, usage: Usage) -> float:
    limit = layer.limits.of(period)
    if limit is None:
        return float("inf")
    return limit - usage.balances.get((layer.account, period), Balance()).used


def _count_problems(counts: Counts, usage: Usage) -> list[Problem]:
    problems = []
    if counts.jobs_at_once is not None and usage.running >= counts.jobs_at_once:
        problems.append(Problem(slug=Slug.JOBS_AT_ONCE, facts={"most": str(counts.jobs_at_once)}))
    if counts.jobs_per_hour is not None and usage.last_hour >= counts.jobs_per_hour:
        problems.append(Problem(slug=Slug.JOBS_PER_HOUR, facts={"most": str(counts.jobs_per_hour)}))
    return problems


def refill_time(now: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """When the next day, week (Monday) or month begins in `zone`."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.DAY:
            return midnight + timedelta(days=1)
        case Period.WEEK:
            return midnight + timedelta(days=7 - local.weekday())
        case Period.MONTH:
            return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def refill_words(now: datetime, period: Period, zone: ZoneInfo) -> str:
    """When a budget refills, as a person says it: "tomorrow at 00:00 (UTC)", "on Monday, 23 November"."""
    at = refill_time(now, period, zone)
    match period:
        case Period.DAY:
            return f"tomorrow at 00:00 ({zone.key})"
        case Period.WEEK:
            return f"on Monday, {at.day} {at:%B}"
        case Period.MONTH:
            return f"on {at.day} {at:%B}"
