"""A picture made into what an endpoint takes: upright, sRGB, no metadata, within its sides and bytes.

The same picture and limits always give the same bytes, so that equal uploads are stored once.
"""

import errno
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms

from bot.domain.catalogue import MediaLimits
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.media import MediaFacts, bytes_text, shrunk
from bot.media import pictures

_WRITERS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_SEE_THROUGH = frozenset({"png", "webp"})
_QUALITIES = {"jpeg": (95, 88, 80, 70), "webp": (92, 85, 75), "png": (0,)}
_DEFAULT_FORMATS = ("jpeg", "png")
_LONGEST_PX = 16_383  # WebP's bound; JPEG's is four times that
_SMALLEST_PX = 64
_STEP = 0.8
_WHITE = (255, 255, 255)
_BYTE_MAX = 255
_WORD_MAX = 65_535


def repaint(path: Path, facts: MediaFacts, limits: MediaLimits, out: Path) -> MediaFacts:
    """Write the picture to `out` as one of `limits.formats` (none named: JPEG, or PNG when it is see-through).

    Raises:
        Refused: TOO_MANY_BYTES when no shrinking helps; WRONG_FILE_KIND when the endpoint takes no format we write;
            what `pictures.opened` raises.
        StoreUnavailable: `out` cannot be written.
    """
    formats = _targets(facts, limits.formats or _DEFAULT_FORMATS)
    with pictures.opened(path, max_pixels=facts.width_px * facts.height_px) as picture:
        painted = _plain(pictures.upright(picture))
    longest = min(limits.max_side_px or _LONGEST_PX, _LONGEST_PX)
    painted = _resized(painted, shrunk(*painted.size, longest))
    for candidate in _smaller(painted, limits.min_side_px or _SMALLEST_PX):
        for name in formats:
            for quality in _QUALITIES[name]:
                data = _encoded(candidate, name, quality)
                if limits.max_bytes is None or len(data) <= limits.max_bytes:
                    _write(out, data)
                    return pictures.facts_of(out)
    given, limit = bytes_text(facts.size_bytes), bytes_text(limits.max_bytes or 0)
    raise Refused([Problem(slug=Slug.TOO_MANY_BYTES, facts={"given": given, "limit": limit})])


def flat(picture: Image.Image) -> Image.Image:
    """The picture as RGB, on white where it was see-through."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, _WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _targets(facts: MediaFacts, accepted: tuple[str, ...]) -> tuple[str, ...]:
    """The formats to try, best first: what it is, else what keeps it see-through, else the endpoint's first."""
    writable = [name for name in accepted if name in _WRITERS]
    if not writable:
        wanted = ", ".join(accepted)
        raise Refused([Problem(slug=Slug.WRONG_FILE_KIND, facts={"given": facts.format, "wanted": wanted})])
    fit = [name for name in writable if name in _SEE_THROUGH or not facts.has_alpha]
    first = facts.format if facts.format in writable else next(iter(fit), writable[0])
    is_second_best = first == "png" and "jpeg" in writable and not facts.has_alpha
    return (first, "jpeg") if is_second_best else (first,)


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where it is see-through, in sRGB."""
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    rgb = _srgb(_eight_bit(picture), picture.info.get("icc_profile"))
    if alpha is None:
        return rgb
    rgb.putalpha(alpha)
    return rgb


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Pillow cuts off, rather than scales, what is deeper than eight bits."""
    if picture.mode.startswith("I;16"):
        picture = picture.convert("I")
    if picture.mode not in {"I", "F"}:
        return picture
    extrema = picture.getextrema()
    highest = float(max(value for value in extrema if isinstance(value, int | float)))
    if highest <= 1 and picture.mode == "F":
        scale = float(_BYTE_MAX)
    elif highest <= _BYTE_MAX:
        scale = 1.0
    else:
        scale = _BYTE_MAX / max(highest, _WORD_MAX)
    return picture.point(lambda value: value * scale + 0).convert("L")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as they look, since the profile that explains them is dropped with the other metadata."""
    rgb = picture if picture.mode in {"RGB", "CMYK"} else picture.convert("RGB")
    if profile:
        try:
            turned = ImageCms.profileToProfile(
                rgb, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            turned = None  # a broken profile, or one of another colour space: viewers ignore it too
        if turned is not None:
            return turned
    return rgb.convert("RGB")


def _smaller(picture: Image.Image, floor_px: int) -> Iterator[Image.Image]:
    """The picture, and then ever smaller ones, until the short side would fall below the floor."""
    yield picture
    width, height = picture.size
    while min(width * _STEP, height * _STEP) >= floor_px:
        width, height = round(width * _STEP), round(height * _STEP)
        yield _resized(picture, (width, height))


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(picture: Image.Image, name: str, quality: int) -> bytes:
    data = io.BytesIO()
    ready = picture if name in _SEE_THROUGH else flat(picture)
    bare = Image.frombytes(ready.mode, ready.size, ready.tobytes())  # nothing but pixels: no info, no EXIF
    options = {"quality": quality} if quality else {}
    bare.save(data, _WRITERS[name], **options)
    return data.getvalue()


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise StoreUnavailable(
            f"media cannot be written ({errno.errorcode.get(error.errno or 0, 'OSError')})"
        ) from error
