"""Statistics as one picture for chat: readable on a phone, in the dark and in the light.

matplotlib is imported when a picture is asked for and not before; it takes a second and a hundred megabytes, so
this runs in the worker process. No part of it is global: a figure is made, written and forgotten.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.price import MICRO
from bot.domain.statistics import Statistics, class_names
from bot.domain.summary import made_words, month_words, spending_words, waits_words
from bot.media.worker import MediaWorker

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES_PX = (1080, 1500)
DPI = 160
MARGIN = 0.06
"""Where words begin, as a share of the width."""

NAME_LENGTH = 22
TITLE_LENGTH = 46
LABELS = 6
"""As many days are named below the bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one scheme; those of the console."""

    back: str
    ink: str
    soft: str
    line: str
    bar: str
    held: str
    failed: str


LIGHT = Palette(
    back="#f7f5f1", ink="#211c17", soft="#675e54", line="#e3ddd3", bar="#d8432b", held="#c9a86f", failed="#b3a99c"
)
DARK = Palette(
    back="#1b1816", ink="#f4eee7", soft="#ada398", line="#38312b", bar="#ff7d5e", held="#8a6d3d", failed="#5d544c"
)


class Plotter:
    """Draws in the worker."""

    def __init__(self, worker: MediaWorker) -> None:
        self._worker = worker

    async def picture(self, statistics: Statistics, *, dark: bool) -> bytes:
        """A PNG of SIDES_PX. Raises Refused(UNREADABLE_FILE) when the worker fails."""
        return await self._worker.call(draw, statistics, dark=dark)


def draw(statistics: Statistics, *, dark: bool) -> bytes:
    """A PNG of SIDES_PX: spending per day, videos per model, waiting times, one below the other."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells where it keeps its fonts
    palette = DARK if dark else LIGHT
    with mpl.rc_context({"text.parse_math": False}):  # two dollar signs are money and no formula
        figure = Figure(figsize=(SIDES_PX[0] / DPI, SIDES_PX[1] / DPI), dpi=DPI, facecolor=palette.back)
        upper, middle, lower = figure.subplots(3, 1, height_ratios=(5, max(2, len(statistics.made)) * 0.75, 4.4))
        figure.subplots_adjust(left=0.12, right=0.95, top=0.86, bottom=0.05, hspace=0.5)
        _spending(upper, statistics, palette)
        _models(middle, statistics, palette)
        _waiting(lower, statistics, palette)
        title = _cut(f"Reelroom, {statistics.whose or 'altogether'}", TITLE_LENGTH)
        _say(figure, 0.955, title, month_words(statistics.month), palette, size=14)
        _say(figure, _above(upper), "Spending per day", spending_words(statistics), palette)
        _say(figure, _above(middle), "Videos per model", made_words(statistics), palette)
        _say(figure, _above(lower), "From asking to the reel", waits_words(statistics), palette)
        written = io.BytesIO()
        figure.savefig(written, format="png", facecolor=palette.back)
    return written.getvalue()


def _say(figure: "Figure", y: float, title: str, says: str, palette: Palette, *, size: float = 11) -> None:
    """A title and what it says below it, at a height of the figure."""
    figure.text(MARGIN, y + 0.014, title, color=palette.ink, fontsize=size, fontweight="bold")
    figure.text(MARGIN, y - 0.006, says, color=palette.soft, fontsize=8.5)


def _above(axes: "Axes") -> float:
    return float(axes.get_position().y1) + 0.018


def _spending(axes: "Axes", statistics: Statistics, palette: Palette) -> None:
    places = range(len(statistics.days))
    spent = [day.spent_microusd / MICRO for day in statistics.days]
    held = [day.held_microusd / MICRO for day in statistics.days]
    axes.bar(places, spent, color=palette.bar, width=0.75)
    axes.bar(places, held, bottom=spent, color=palette.held, width=0.75)
    axes.yaxis.set_major_formatter(lambda value, _: f"${value:g}")
    every = max(1, len(statistics.days) // LABELS)
    named = [place for place in places if (len(statistics.days) - 1 - place) % every == 0]
    axes.set_xticks(named, [f"{statistics.days[place].day:%-d %b}" for place in named])
    axes.set_ylim(0, max(1.0, *(one + two for one, two in zip(spent, held, strict=True))) * 1.1)
    _furnish(axes, palette, grid=True)


def _models(axes: "Axes", statistics: Statistics, palette: Palette) -> None:
    names = [_cut(one.name) for one in statistics.made]
    places = range(len(names))
    made, failed = [one.made for one in statistics.made], [one.failed for one in statistics.made]
    axes.barh(places, made, color=palette.bar, height=0.7)
    axes.barh(places, failed, left=made, color=palette.failed, height=0.7)
    for place, one in zip(places, statistics.made, strict=True):
        told = f" {one.made}" + (f" ({one.failed} failed)" if one.failed else "")
        axes.text(one.made + one.failed, place, told, color=palette.soft, fontsize=8, va="center")
    axes.set_yticks(places, names)
    axes.set_xticks([])
    axes.set_xlim(0, max((one + two for one, two in zip(made, failed, strict=True)), default=1) * 1.28)
    axes.set_ylim(len(names) - 0.5 if names else 0.5, -0.5)
    _furnish(axes, palette)
    _make_room_for_names(axes, names)


def _waiting(axes: "Axes", statistics: Statistics, palette: Palette) -> None:
    from matplotlib.ticker import MaxNLocator

    names = [name.removeprefix("up to ") for name in class_names()]
    axes.bar(range(len(names)), statistics.waits.classes, color=palette.bar, width=0.75)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(0, max(4, *statistics.waits.classes) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    _furnish(axes, palette, grid=True)


def _furnish(axes: "Axes", palette: Palette, *, grid: bool = False) -> None:
    """Colours and lines of the scheme."""
    axes.set_facecolor(palette.back)
    axes.tick_params(colors=palette.soft, labelsize=8, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    if grid:
        axes.grid(axis="y", color=palette.line, linewidth=0.8)
        axes.set_axisbelow(True)


def _make_room_for_names(axes: "Axes", names: Sequence[str]) -> None:
    """The names of models stand where the others have their numbers: their bars begin further to the right."""
    box = axes.get_position()
    left = MARGIN + 0.0142 * max((len(name) for name in names), default=0)
    axes.set_position((left, box.y0, box.x1 - left, box.height))


def _cut(name: str, most: int = NAME_LENGTH) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
