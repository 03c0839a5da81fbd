"""Plots as geometry: where every bar and every word stands, in two widths. Templates draw them as SVG.

A plot says in words what it shows, and has its figures as a table for those who cannot see it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.price import MICRO, dollars
from bot.domain.statistics import Statistics, class_names
from bot.domain.summary import made_words, spending_words, waits_words

WIDE, NARROW = 640, 340
"""Widths in the plot's own units; letters are as large on a phone as on a desk."""

HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 10, 24
ROW = 28
LABEL_WIDE, LABEL_NARROW = 190, 130
TICKS = 4
GAP = 0.24
"""The share of a bar's place that is left empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle, of the kind "" or "held", "failed", and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A word, and for a `line` the rule across at its height. `anchor` is where of the word (x, y) is."""

    x: float
    y: float
    text: str
    anchor: str = "end"
    line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One width of a plot."""

    name: str
    width: int
    height: int
    left: float
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What it is called and says, its drawings, and its figures."""

    name: str
    title: str
    says: str
    drawings: tuple[Drawing, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[str, str], ...] = ()


def plots(statistics: Statistics) -> tuple[Plot, ...]:
    """Spending per day, videos per model, and waiting times."""
    return spending(statistics), models(statistics), waiting(statistics)


def spending(statistics: Statistics) -> Plot:
    """A bar for every day: spent, and on top of it what is still held."""
    days = statistics.days
    values = [(day.spent_microusd / MICRO, day.held_microusd / MICRO) for day in days]
    labels = [f"{day.day.day} {day.day:%b}" for day in days]
    told = [f"{label}: {dollars(day.spent_microusd)}" for label, day in zip(labels, days, strict=True)]
    return Plot(
        name="spending",
        title="Spending per day",
        says=spending_words(statistics),
        drawings=tuple(_columns(values, labels, told, width, unit="$") for width in (WIDE, NARROW)),
        heads=("Day", "Spent", "Held"),
        rows=tuple(
            (label, dollars(day.spent_microusd), dollars(day.held_microusd))
            for label, day in zip(labels, days, strict=True)
            if day.spent_microusd or day.held_microusd
        ),
        keys=(("", "spent"), ("held", "set aside")),
    )


def models(statistics: Statistics) -> Plot:
    """A bar for every model: its reels, and behind them its failures."""
    made = statistics.made
    return Plot(
        name="models",
        title="Videos per model",
        says=made_words(statistics),
        drawings=tuple(_rows([(one.name, one.made, one.failed) for one in made], width) for width in (WIDE, NARROW)),
        heads=("Model", "Made", "Failed"),
        rows=tuple((one.name, str(one.made), str(one.failed)) for one in made),
        keys=(("", "made"), ("failed", "failed")),
    )


def waiting(statistics: Statistics) -> Plot:
    """A bar for every class of waiting times."""
    waits = statistics.waits
    values = [(float(count), 0.0) for count in waits.classes]
    names = list(class_names())
    told = [f"{name}: {count}" for name, count in zip(names, waits.classes, strict=True)]
    short = [name.removeprefix("up to ") for name in names]
    return Plot(
        name="waiting",
        title="From asking to the reel",
        says=waits_words(statistics),
        drawings=tuple(_columns(values, short, told, width, unit="") for width in (WIDE, NARROW)),
        heads=("Waited", "Reels"),
        rows=tuple((name, str(count)) for name, count in zip(names, waits.classes, strict=True)),
    )


def _columns(
    values: Sequence[tuple[float, float]], labels: Sequence[str], told: Sequence[str], width: int, *, unit: str
) -> Drawing:
    """Standing bars, each of two parts, over as many labels as have room."""
    step = tick_step(max((first + second for first, second in values), default=0))
    top = step * TICKS
    inner, tall = width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    place = inner / len(values)
    bars, floor = [], float(HEIGHT - BOTTOM)
    for number, ((first, second), says) in enumerate(zip(values, told, strict=True)):
        x, wide = LEFT + place * (number + GAP / 2), place * (1 - GAP)
        low = tall * first / top
        bars.append(Bar(x=x, y=floor - low, width=wide, height=low, says=says))
        if second:
            high = tall * second / top
            bars.append(Bar(x=x, y=floor - low - high, width=wide, height=high, kind="held", says=says))
    marks = [
        Mark(x=LEFT - 8, y=floor - tall * tick / TICKS, text=_tick(step * tick, unit), line=True)
        for tick in range(TICKS + 1)
    ]
    every = math.ceil(len(labels) / (inner // 52))
    marks += [
        Mark(x=LEFT + place * (number + 0.5), y=HEIGHT - 6, text=label, anchor="middle")
        for number, label in enumerate(labels)
        if (len(labels) - 1 - number) % every == 0
    ]
    name = "wide" if width == WIDE else "narrow"
    return Drawing(name=name, width=width, height=HEIGHT, left=LEFT, bars=tuple(bars), marks=tuple(marks))


def _rows(values: Sequence[tuple[str, int, int]], width: int) -> Drawing:
    """Lying bars, one below the other, each with its name before it and its number behind."""
    left = LABEL_WIDE if width == WIDE else LABEL_NARROW
    room = width - left - 44
    most = max((made + failed for _, made, failed in values), default=0) or 1
    bars, marks = [], []
    for number, (name, made, failed) in enumerate(values):
        y, length = ROW * number + 4.0, room * made / most
        bars.append(Bar(x=left, y=y, width=length, height=ROW - 8, says=f"{name}: {made} made, {failed} failed"))
        if failed:
            behind = room * failed / most
            bars.append(Bar(x=left + length, y=y, width=behind, height=ROW - 8, kind="failed", says=f"{failed} failed"))
            length += behind
        marks.append(Mark(x=left - 8, y=y + ROW / 2, text=_cut(name, left)))
        marks.append(Mark(x=left + length + 6, y=y + ROW / 2, text=str(made), anchor="start"))
    height = ROW * max(1, len(values))
    name = "wide" if width == WIDE else "narrow"
    return Drawing(name=name, width=width, height=height, left=left, bars=tuple(bars), marks=tuple(marks))


def tick_step(most: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten of which TICKS reach `most`."""
    if most <= 0:
        return 1.0
    rough = most / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))


def _tick(value: float, unit: str) -> str:
    return f"{unit}{value:,.2f}" if unit and value != int(value) else f"{unit}{value:g}"


def _cut(name: str, room: int) -> str:
    """As much of a name as fits: a letter takes about seven units."""
    most = (room - 12) // 7
    return name if len(name) <= most else f"{name[: most - 1]}…"
