"""Statistics as a picture: of its size, in both schemes, of anything, and without matplotlib until it is asked for."""

import io
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.domain.statistics import Made, Month, Statistics
from bot.domain.summary import month_words
from bot.media.plots import DARK, LIGHT, SIDES_PX, Palette, Plotter, draw
from bot.media.worker import MediaWorker
from tests.domain.test_summary import BUSY, EMPTY
from tests.source import ROOT

MANY = replace(
    BUSY, made=tuple(Made(name=f"A model with a name that goes on {n}", made=n * 99_999, failed=n) for n in range(8))
)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def share(image: Image.Image, colour: str) -> float:
    """How much of a picture has exactly this colour."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    counted: list[tuple[int, Any]] = image.getcolors(maxcolors=1 << 24) or []
    return sum(count for count, found in counted if found == wanted) / (image.width * image.height)


@pytest.mark.parametrize(("dark", "palette"), [(False, LIGHT), (True, DARK)])
@pytest.mark.parametrize("statistics", [BUSY, EMPTY, MANY], ids=["busy", "empty", "many"])
def test_it_is_of_its_size_and_of_its_scheme(statistics: Statistics, dark: bool, palette: Palette) -> None:  # noqa: FBT001
    drawn = picture(draw(statistics, dark=dark))
    assert drawn.size == SIDES_PX
    assert share(drawn, palette.back) > 0.5
    assert share(drawn, palette.ink) > 0
    assert (share(drawn, palette.bar) > 0.02) is (statistics is not EMPTY)


def test_nothing_is_cut_off_at_the_sides() -> None:
    drawn = picture(draw(MANY, dark=False))
    for box in ((0, 0, 20, drawn.height), (drawn.width - 12, 0, drawn.width, drawn.height)):
        assert share(drawn.crop(box), LIGHT.back) == 1


def words_width(month: Month) -> int:
    """How far the line about the month reaches, from its first letter to its last."""
    line = picture(draw(replace(BUSY, month=month), dark=False)).crop((0, 62, SIDES_PX[0], 88))
    back = line.getpixel((2, 2))
    inked = [x for x in range(line.width) if any(line.getpixel((x, y)) != back for y in range(line.height))]
    return max(inked) - min(inked)


def test_money_is_no_formula() -> None:
    """What stands between two dollar signs would be mathematics to matplotlib, and lose its spaces."""
    one, two = Month(), replace(BUSY.month, limit_microusd=None)
    assert (month_words(one).count("$"), month_words(two).count("$")) == (1, 2)
    letters = len(month_words(two)) / len(month_words(one))
    assert words_width(two) / words_width(one) == pytest.approx(letters, rel=0.1)


async def test_it_is_drawn_in_the_worker() -> None:
    worker = MediaWorker()
    assert picture(await Plotter(worker).picture(BUSY, dark=True)).size == SIDES_PX
    await worker.close()


def test_matplotlib_is_imported_only_when_asked_for() -> None:
    code = "import sys, bot.app.program, bot.media.plots; print('matplotlib' in sys.modules)"
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert child.stdout == "False\n"
