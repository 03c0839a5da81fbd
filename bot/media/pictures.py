"""The one way a picture is opened: restricted formats, its pixels counted before any is decoded, then all decoded.

Everything here is synchronous and runs in the worker process, since decoding takes time and decoders can crash.
"""

import contextlib
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from PIL import ExifTags, Image, ImageFile, ImageOps

from bot.domain.errors import Problem, Refused, Slug
from bot.domain.media import MediaFacts, MediaKind

MAX_PIXELS = 40_000_000
_MEGA = 1_000_000

_NAMES = {
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "PNG": "png",
    "WEBP": "webp",
    "HEIF": "heic",
    "AVIF": "avif",
    "GIF": "gif",
    "BMP": "bmp",
    "TIFF": "tiff",
}
"""Pillow's names of what we read and ours; MPO is a JPEG with further JPEGs behind it, as many phones write it."""

_SIDEWAYS = frozenset({5, 6, 7, 8})
_UPRIGHT = 1

_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
"""What Pillow's readers raise on damaged files, besides what they say."""


@contextlib.contextmanager
def opened(path: Path, *, max_pixels: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """The picture, completely decoded, in its first frame.

    Raises:
        Refused: TOO_MANY_PIXELS (by its header, before anything is decoded); UNREADABLE_FILE.
    """
    with warnings.catch_warnings():
        # Pillow warns of odd metadata and of its own pixel limit; we look at neither, ours is checked below.
        warnings.simplefilter("ignore")
        try:
            picture = _open(path)
        except _BROKEN as error:
            raise Refused([Problem(slug=Slug.UNREADABLE_FILE)]) from error
        with picture:
            if picture.width * picture.height > max_pixels:
                raise too_many_pixels(*picture.size, max_pixels)
            try:
                picture.load()
            except _BROKEN as error:
                raise Refused([Problem(slug=Slug.UNREADABLE_FILE)]) from error
            yield picture


def facts_of(path: Path, *, max_pixels: int = MAX_PIXELS) -> MediaFacts:
    """What the picture is. Raises what `opened` raises."""
    with opened(path, max_pixels=max_pixels) as picture:
        orientation = _orientation(picture)
        width, height = picture.size
        if orientation in _SIDEWAYS:
            width, height = height, width
        return MediaFacts(
            kind=MediaKind.IMAGE,
            format=_NAMES[picture.format or ""],
            size_bytes=path.stat().st_size,
            width_px=width,
            height_px=height,
            has_alpha=picture.has_transparency_data,
            turned=orientation != _UPRIGHT,
            tagged=any(name in picture.info for name in ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop")),
        )


def upright(picture: Image.Image) -> Image.Image:
    """The picture as a person sees it. Damaged orientation data is ignored, as every viewer does."""
    try:
        return ImageOps.exif_transpose(picture)
    except _BROKEN:
        return picture


def too_many_pixels(width_px: int, height_px: int, max_pixels: int) -> Refused:
    """What a picture or clip is told that is too large to decode."""
    given, limit = f"{width_px:,} x {height_px:,} px", f"{max_pixels / _MEGA:g} megapixels"
    return Refused([Problem(slug=Slug.TOO_MANY_PIXELS, facts={"given": given, "limit": limit})])


def _open(path: Path) -> Image.Image:
    Image.init()
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # `opened` has a stricter check of its own
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(path, formats=[name for name in _NAMES if name != "MPO"])  # opened as JPEG


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, _UPRIGHT))
    except _BROKEN:
        return _UPRIGHT
