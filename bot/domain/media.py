"""What a file turned out to be, and whether an option can take it.

Only what nobody can mend is a problem: a picture that is too large is shrunk, a foreign format is converted, so
neither is mentioned here. Everything that is wrong is said at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.catalogue import Kind, MediaLimits, Option
from bot.domain.errors import Problem, Slug


class MediaKind(StrEnum):
    """What sort of file it is, by its content."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What was found inside a file.

    `format` is one of the keys of `CONTENT_TYPES`. Sides are those a person sees: `turned` says that the picture or
    clip is stored another way round and is turned when shown. Sides are 0 for sound, `seconds` 0 for a picture.
    `tagged`: the file carries words about its maker, device or place, which leave it before it goes anywhere.
    """

    kind: MediaKind
    format: str
    size_bytes: int
    width_px: int = 0
    height_px: int = 0
    seconds: float = 0.0
    has_audio: bool = False
    has_alpha: bool = False
    turned: bool = False
    tagged: bool = False


CONTENT_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "avif": "image/avif",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
}
"""Every format we can read, and what it is called on the wire."""

_KB, _MB = 1_000, 1_000_000

_WORDS = {MediaKind.IMAGE: "a picture", MediaKind.VIDEO: "a video", MediaKind.AUDIO: "a sound"}


def kind_wanted(kind: Kind) -> MediaKind | None:
    """The kind of file an option of this kind takes, None for one that takes no file."""
    match kind:
        case Kind.IMAGE | Kind.IMAGES:
            return MediaKind.IMAGE
        case Kind.VIDEO:
            return MediaKind.VIDEO
        case Kind.AUDIO:
            return MediaKind.AUDIO
        case Kind.TEXT | Kind.CHOICE | Kind.INTEGER | Kind.NUMBER | Kind.FLAG:
            return None


def check(facts: MediaFacts, option: Option, file_name: str) -> tuple[Problem, ...]:
    """Everything wrong with this file for this option that normalising cannot mend; empty when it may be used.

    Every problem is about `file_name` and has the facts `given` and, where there is a bound, `limit`, both with
    their unit ("120 x 80 px", "300 px"); `option` is the option's common name.
    """
    wanted = kind_wanted(option.kind)
    if wanted is None:
        return (_problem(Slug.FILE_UNUSED, file_name, option, given=_WORDS[facts.kind]),)
    if facts.kind is not wanted:
        return (_problem(Slug.WRONG_FILE_KIND, file_name, option, given=_WORDS[facts.kind], wanted=_WORDS[wanted]),)
    found = {
        MediaKind.IMAGE: _picture_problems,
        MediaKind.VIDEO: _clip_problems,
        MediaKind.AUDIO: _sound_problems,
    }[wanted](facts, option.limits)
    return tuple(_problem(slug, file_name, option, given=given, limit=limit) for slug, given, limit in found)


def words_wanted(option: Option) -> str:
    """What sort of file the option takes, in words ("a picture"); "" when it takes none."""
    wanted = kind_wanted(option.kind)
    return "" if wanted is None else _WORDS[wanted]


def shrunk(width_px: int, height_px: int, max_side_px: int | None) -> tuple[int, int]:
    """The sides after shrinking to `max_side_px`, in proportion and never below one pixel."""
    longest = max(width_px, height_px)
    if max_side_px is None or longest <= max_side_px:
        return width_px, height_px
    scale = max_side_px / longest
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def bytes_text(size_bytes: int) -> str:
    """A size as people write it: "950 bytes", "12 kB", "8 MB", "1.5 MB"."""
    if size_bytes < _KB:
        return f"{size_bytes} bytes"
    if size_bytes < _MB:
        return f"{size_bytes // _KB} kB"
    return f"{size_bytes / _MB:,.1f}".removesuffix(".0") + " MB"


_Finding = tuple[Slug, str, str]


def _picture_problems(facts: MediaFacts, limits: MediaLimits) -> Iterator[_Finding]:
    least = limits.min_side_px
    if least is not None:
        given = _sides_text(facts)
        if min(facts.width_px, facts.height_px) < least:
            yield Slug.TOO_FEW_PIXELS, given, _px_text(least)
        elif min(shrunk(facts.width_px, facts.height_px, limits.max_side_px)) < least:
            # Too slim: by the time the long side fits, the short one no longer does.
            yield Slug.WRONG_RATIO, given, f"sides between {_px_text(least)} and {_px_text(limits.max_side_px or 0)}"
    yield from _ratio_problems(facts, limits)


def _clip_problems(facts: MediaFacts, limits: MediaLimits) -> Iterator[_Finding]:
    shortest, longest = sorted((facts.width_px, facts.height_px))
    if limits.min_side_px is not None and shortest < limits.min_side_px:
        yield Slug.TOO_FEW_PIXELS, _sides_text(facts), _px_text(limits.min_side_px)
    if limits.max_side_px is not None and longest > limits.max_side_px:
        yield Slug.TOO_MANY_PIXELS, _sides_text(facts), _px_text(limits.max_side_px)
    yield from _ratio_problems(facts, limits)
    yield from _sound_problems(facts, limits)


def _sound_problems(facts: MediaFacts, limits: MediaLimits) -> Iterator[_Finding]:
    if limits.max_bytes is not None and facts.size_bytes > limits.max_bytes:
        yield Slug.TOO_MANY_BYTES, bytes_text(facts.size_bytes), bytes_text(limits.max_bytes)
    if limits.min_s is not None and facts.seconds < limits.min_s:
        yield Slug.TOO_SHORT, _seconds_text(facts.seconds), _seconds_text(limits.min_s)
    if limits.max_s is not None and facts.seconds > limits.max_s:
        yield Slug.TOO_LONG_CLIP, _seconds_text(facts.seconds), _seconds_text(limits.max_s)


def _ratio_problems(facts: MediaFacts, limits: MediaLimits) -> Iterator[_Finding]:
    ratio = facts.width_px / facts.height_px
    low, high = limits.min_ratio, limits.max_ratio
    if (low is not None and ratio < low) or (high is not None and ratio > high):
        yield Slug.WRONG_RATIO, f"{_sides_text(facts)} ({_ratio_text(ratio)})", _ratio_limit_text(low, high)


def _problem(slug: Slug, file_name: str, option: Option, **facts: str) -> Problem:
    return Problem(slug=slug, about=file_name, facts={"option": option.name, **facts})


def _ratio_limit_text(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {_ratio_text(high or 0)}"
    return f"at least {_ratio_text(low)}" if high is None else f"{_ratio_text(low)} to {_ratio_text(high)}"


def _ratio_text(ratio: float) -> str:
    return f"{ratio:.2f}:1" if ratio >= 1 else f"1:{1 / ratio:.2f}"


def _sides_text(facts: MediaFacts) -> str:
    return f"{facts.width_px:,} x {facts.height_px:,} px"


def _px_text(side_px: int) -> str:
    return f"{side_px:,} px"


def _seconds_text(seconds: float) -> str:
    return f"{seconds:.2f}".rstrip("0").removesuffix(".") + " s"


HEAD_BYTES = 16
"""As much of a file as `shown_as` looks at."""

_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
)
"""What a browser may show of an upload; everything else is only offered for saving."""


def shown_as(head: bytes) -> str | None:
    """The content type of a file that begins like this, None when no browser should show it."""
    return next((kind for at, mark, kind in _SIGNATURES if head[at:].startswith(mark)), None)
