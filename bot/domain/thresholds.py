"""How far the bot's own budgets are: what owners are told on the way, and where nothing more is admitted. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alerts import Alert
from bot.domain.budget import Budget, House
from bot.domain.errors import Problem, Slug
from bot.domain.ledger import BOT, Balance, Period, Periods
from bot.domain.notice import Action, Button, Notice, Tone
from bot.domain.price import dollars
from bot.domain.quota import EACH, Policy, refill_words
from bot.domain.statistics import projected

ALL = 100
"""Percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """The bot's balances as one admission finds them. `house` is what its owner has said about them."""

    policy: Policy
    house: House
    balances: Mapping[tuple[str, Period], Balance]
    periods: Periods
    now: datetime

    def used(self, period: Period) -> int:
        """What is spent and set aside of a budget."""
        return self.balances.get((BOT, period), Balance()).used

    def name(self, period: Period) -> str:
        """What a period is called where it is kept: "day-2026-11-20"."""
        return f"{period.value}-{self.periods.name(period)}"

    @property
    def shut(self) -> tuple[Period, ...]:
        """The budgets that have come to where it pauses by itself, the one that refills last at the end."""
        return tuple(period for period in Period if self.used(period) >= self.pauses_at(period))

    def pauses_at(self, period: Period) -> float:
        """The amount at which it pauses by itself in this period."""
        limit, at = self.policy.bot.of(period), self.policy.pause_at
        if limit is None or at is None or self.name(period) in self.house.let_go_on:
            return float("inf")
        return limit * at / ALL


def pauses(gauge: Gauge, budget: Budget) -> tuple[Problem, ...]:
    """What stops admission whatever is asked for: an owner's word, a moderator's, or a budget that is nearly spent."""
    if gauge.house.paused:
        return (Problem(slug=Slug.ALL_PAUSED),)
    if budget.paused:
        return (Problem(slug=Slug.GROUP_PAUSED),)
    shut = gauge.shut
    if not shut:
        return ()
    last = shut[-1]
    facts = {"period": EACH[last], "refills": refill_words(gauge.now, last, gauge.policy.zone)}
    return (Problem(slug=Slug.BUDGET_PAUSED, facts=facts),)


def admitted_alerts(gauge: Gauge, hold_microusd: int) -> Iterator[Alert]:
    """What owners are told when this Hold is taken: the highest percent that each budget comes to by it."""
    for period in Period:
        limit, used = gauge.policy.bot.of(period), gauge.used(period)
        if not limit:
            continue
        marks = {*gauge.policy.alert_at, *([gauge.policy.pause_at] if gauge.policy.pause_at else [])}
        crossed = [mark for mark in marks if used * ALL < mark * limit <= (used + hold_microusd) * ALL]
        if crossed:
            yield _alert(gauge, period, max(crossed), limit, used + hold_microusd)


def refused_alerts(gauge: Gauge, hold_microusd: int) -> Iterator[Alert]:
    """What they are told when it was refused for want of room: that a budget is used up, where all of it would do."""
    for period in Period:
        limit, used = gauge.policy.bot.of(period), gauge.used(period)
        if limit and ALL in gauge.policy.alert_at and hold_microusd <= limit < used + hold_microusd:
            yield _alert(gauge, period, ALL, limit, used, refused=True)


def _alert(gauge: Gauge, period: Period, percent: int, limit: int, used: int, *, refused: bool = False) -> Alert:
    name, zone = gauge.name(period), gauge.policy.zone
    is_paused = gauge.pauses_at(period) <= used
    spent = (
        f"{dollars(used)} of everybody's {EACH[period]} budget of {dollars(limit)} is spent or set aside"
        + (", and somebody was turned away" if refused else "")
        + f". It refills {refill_words(gauge.now, period, zone)}."
    )
    month = gauge.balances.get((BOT, Period.MONTH), Balance())
    pace = projected(month, gauge.now, zone, gauge.policy.bot.month).projected_microusd
    lines = [spent]
    if pace is not None:
        lines.append(f"If it goes on so, this month comes to about {dollars(pace)}.")
    if is_paused:
        lines.append("Until then I begin nothing more, unless you let me go on.")
    buttons = (Button(action=Action.GO_ON, subject=name, label="Go on"),) if is_paused else ()
    tone = Tone.BAD if percent == ALL or is_paused else Tone.WAITING
    notice = Notice(text="\n".join(lines), tone=tone, buttons=buttons)
    return Alert(key=f"budget:{name}:{percent}", notice=notice)
