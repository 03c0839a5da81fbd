"""The words on a video: a lower third with title and facts, and a small mark that says where it comes from.

Letters are Pillow's own font, which knows Latin; what it has no shape for is left out.
"""

import colorsys
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from bot.sandbox.planes import Stamp, stamp_of

_PANEL = (13, 15, 23, 168)
_MARK_GROUND = (13, 15, 23, 110)
_WHITE = (255, 255, 255, 255)
_SOFT = (255, 255, 255, 190)
_LINES = 2
_LATIN_END = 0x250

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def accent(hue: int, lightness: float = 0.62) -> tuple[int, int, int]:
    """A friendly colour of this hue."""
    red, green, blue = colorsys.hls_to_rgb((hue % 360) / 360, lightness, 0.78)
    return round(red * 255), round(green * 255), round(blue * 255)


def drawable(text: str) -> str:
    """The text without what the font cannot draw; accents and dashes stay."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(letter for letter in plain if ord(letter) < _LATIN_END or "\u2010" <= letter <= "\u2026")
    return " ".join(kept.split())


def wrap(text: str, font: Font, width_px: float) -> list[str]:
    """At most two lines that fit, the last one shortened with an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < _LINES:
        line = words.pop(0)
        while words and font.getlength(f"{line} {words[0]}") <= width_px:
            line += " " + words.pop(0)
        lines.append(line)
    if words:
        lines[-1] += " …"
    return [_fitted(line, font, width_px) for line in lines]


def _fitted(line: str, font: Font, width_px: float) -> str:
    if font.getlength(line) <= width_px:
        return line
    while line and font.getlength(line + "…") > width_px:
        line = line[:-1]
    return line.rstrip(" …") + "…"


def lower_third(size: tuple[int, int], title: str, subtitle: str, hue: int) -> Stamp:
    """A translucent panel at the lower left with the title, and the facts under it."""
    width, height = size
    unit = min(size) / 100
    big = ImageFont.load_default(size=5.2 * unit)
    small = ImageFont.load_default(size=2.9 * unit)
    room = width - 24 * unit
    lines = wrap(drawable(title) or drawable(subtitle), big, room)
    facts = _fitted(drawable(subtitle), small, room)
    widest = max([big.getlength(line) for line in lines] + [small.getlength(facts)])
    panel = (_even(widest + 10 * unit), _even(len(lines) * 6.4 * unit + 9.2 * unit))
    image, draw = _canvas(panel)
    draw.rounded_rectangle((0, 0, 2 * panel[0] - 1, 2 * panel[1] - 1), radius=4.4 * unit, fill=_PANEL)
    bar = (5 * unit, 5.6 * unit, 6.2 * unit, 2 * panel[1] - 5.6 * unit)
    draw.rounded_rectangle(bar, radius=0.6 * unit, fill=(*accent(hue), 255))
    image = image.resize(panel, Image.Resampling.BOX)
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        draw.text((5.4 * unit, (2.4 + 6.4 * index) * unit), line, font=big, fill=_WHITE, stroke_width=0)
    draw.text((5.5 * unit, panel[1] - 5.9 * unit), facts, font=small, fill=_SOFT)
    return stamp_of(image, (_even(4 * unit), _even(height - panel[1] - 4.5 * unit)))


def mark(size: tuple[int, int]) -> Stamp:
    """The small "sandbox" at the upper right."""
    unit = min(size) / 100
    font = ImageFont.load_default(size=2.5 * unit)
    word = "sandbox"
    panel = (_even(font.getlength(word) + 4.6 * unit), _even(4.6 * unit))
    image, draw = _canvas(panel)
    draw.rounded_rectangle((0, 0, 2 * panel[0] - 1, 2 * panel[1] - 1), radius=panel[1], fill=_MARK_GROUND)
    image = image.resize(panel, Image.Resampling.BOX)
    ImageDraw.Draw(image).text((panel[0] / 2, panel[1] / 2), word, font=font, fill=_SOFT, anchor="mm")
    return stamp_of(image, (_even(size[0] - panel[0] - 3.5 * unit), _even(3.5 * unit)))


def _canvas(panel: tuple[int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Twice the size, so that round corners are smooth when it is scaled down."""
    image = Image.new("RGBA", (2 * panel[0], 2 * panel[1]), (*_PANEL[:3], 0))
    return image, ImageDraw.Draw(image)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
