"""Plots as geometry: every bar within its drawing, as long as its figure, and everything told in words too."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.console.plots import TICKS, Plot, models, plots, spending, tick_step, waiting
from bot.domain.statistics import Day, Made, Month, Statistics, Waits, waits_of

START = date(2026, 11, 1)


def statistics(
    days: list[tuple[int, int]] | None = None, made: list[Made] | None = None, waits: Waits | None = None
) -> Statistics:
    rows = days if days is not None else [(0, 0)] * 30
    return Statistics(
        group="",
        days=tuple(
            Day(day=START + timedelta(days=number), spent_microusd=spent, held_microusd=held)
            for number, (spent, held) in enumerate(rows)
        ),
        made=tuple(made or ()),
        waits=waits or Waits(),
        month=Month(),
    )


MONEY = st.integers(min_value=0, max_value=10**11)
MODELS = st.builds(
    Made, name=st.text(min_size=1, max_size=40), made=st.integers(0, 10**6), failed=st.integers(0, 10**6)
)


def outside(plot: Plot) -> list[object]:
    """What leaves its drawing."""
    return [
        bar
        for drawing in plot.drawings
        for bar in drawing.bars
        if bar.x < 0
        or bar.y < -1e-6
        or bar.x + bar.width > drawing.width + 1e-6
        or bar.y + bar.height > drawing.height + 1e-6
        or bar.height < 0
        or bar.width < 0
    ]


@given(
    st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=31),
    st.lists(MODELS, max_size=8),
    st.lists(st.floats(0, 10**5), max_size=40),
)
def test_nothing_leaves_its_drawing(days: list[tuple[int, int]], made: list[Made], seconds: list[float]) -> None:
    for plot in plots(statistics(days, made, waits_of(seconds))):
        assert outside(plot) == []
        assert [drawing.name for drawing in plot.drawings] == ["wide", "narrow"]


def test_a_bar_is_as_long_as_its_figure() -> None:
    wide = spending(statistics([(1_000_000, 0), (3_000_000, 1_000_000)])).drawings[0]
    first, second, held = wide.bars
    assert second.height == 3 * first.height
    assert held.height == first.height
    assert (held.kind, held.x) == ("held", second.x)
    assert held.y + held.height == second.y
    rows = models(statistics(made=[Made(name="a", made=8, failed=2), Made(name="b", made=4)])).drawings[0]
    made, failed, other = rows.bars
    assert made.width == 4 * failed.width == 2 * other.width


def test_a_plot_says_what_it_shows_and_has_its_figures() -> None:
    plot = spending(statistics([(1_200_000, 0), (0, 0), (3_000_000, 500_000)]))
    assert plot.says == "$4.20 spent in 3 days, most on 3 November: $3.00."
    assert plot.rows == (("1 Nov", "$1.20", "$0.00"), ("3 Nov", "$3.00", "$0.50"))
    plot = models(statistics(made=[Made(name="Kling", made=3, failed=1)]))
    assert plot.says == "3 videos in 30 days, most of them by Kling."
    assert plot.rows == (("Kling", "3", "1"),)
    plot = waiting(statistics(waits=waits_of([20, 20, 100])))
    assert plot.says == "Half of the last 3 reels came within 20 s, nine in ten within 2 min."
    assert ("up to 30 s", "2") in plot.rows


def test_nothing_yet_is_said_so_and_drawn_without_bars_that_are_seen() -> None:
    for plot in plots(statistics()):
        assert {bar.height for drawing in plot.drawings for bar in drawing.bars} <= {0}
    assert spending(statistics()).says == "$0.00 spent in 30 days."
    assert models(statistics()).says == "0 videos in 30 days."
    assert waiting(statistics()).says == "No reel has been made yet."


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_ticks_reach_the_highest_bar_and_not_far_beyond(most: float) -> None:
    top = tick_step(most) * TICKS
    assert most * (1 - 1e-6) <= top <= most * 10


def test_a_name_too_long_for_its_place_is_cut_and_told_whole() -> None:
    name = "A model whose name goes on for ever and ever"
    plot = models(statistics(made=[Made(name=name, made=1)]))
    for drawing in plot.drawings:
        assert drawing.marks[0].text.endswith("…")
        assert drawing.bars[0].says.startswith(name)
