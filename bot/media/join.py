"""Two pictures made into one, for an effect that takes one and was given two. Runs in the worker process."""

from pathlib import Path

from PIL import Image

from bot.domain.errors import StoreUnavailable
from bot.media import pictures
from bot.media.repaint import flat

_TALLEST_PX = 2_160


def side_by_side(left: Path, right: Path, out: Path) -> None:
    """Write a JPEG with both pictures next to each other, each as tall as the smaller one (at most 2,160 px).

    Raises:
        Refused: UNREADABLE_FILE, TOO_MANY_PIXELS.
        StoreUnavailable: `out` cannot be written.
    """
    with pictures.opened(left) as one, pictures.opened(right) as other:
        height = min(one.height, other.height, _TALLEST_PX)
        pair = [_as_tall(flat(pictures.upright(picture).convert("RGBA")), height) for picture in (one, other)]
    joined = Image.new("RGB", (sum(picture.width for picture in pair), height))
    joined.paste(pair[0], (0, 0))
    joined.paste(pair[1], (pair[0].width, 0))
    try:
        joined.save(out, "JPEG", quality=95)
    except OSError as error:
        raise StoreUnavailable("media cannot be written") from error


def _as_tall(picture: Image.Image, height: int) -> Image.Image:
    width = max(1, round(picture.width * height / picture.height))
    return picture.resize((width, height), Image.Resampling.LANCZOS)
