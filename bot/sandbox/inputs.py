"""The files an input names: fetched, looked at, and measured against the endpoint's limits, as fal's runners do.

A URL may be one of our own files, a `data:` URI, or http(s) on a host the settings allow; every other one gets
fal's `file_download_error`. Looking at a file (`probe`) runs in a worker process.
"""

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import av
from PIL import Image

from bot.domain.catalogue import Endpoint, Kind, MediaLimits, Option
from bot.sandbox.answers import MODEL_ERRORS, Flaw
from bot.sandbox.calls import Calls, FetchFailed
from bot.sandbox.plan import Media
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.storage import Storage
from bot.sandbox.validate import files_of

LARGEST_DOWNLOAD_BYTES = 100 * 1024 * 1024
LARGEST_PICTURE_BYTES = 50 * 1024 * 1024
"""fal's own cap (`MAX_IMAGE_DOWNLOAD_SIZE` in its server package)."""

_SIDEWAYS = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a look at a file found; `formats` are all names of its container."""

    formats: tuple[str, ...]
    size_bytes: int
    digest: str
    width_px: int = 0
    height_px: int = 0
    seconds: float = 0.0
    has_audio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The files of an input by common name, or what is wrong with them. `digests` are by path."""

    media: Mapping[str, tuple[Media, ...]]
    digests: Mapping[str, str]
    flaws: tuple[Flaw, ...]


def probe(path: str, kind: Kind) -> Facts | None:
    """Look at a file's content; None when it is no whole picture, video or sound."""
    try:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size_bytes = Path(path).stat().st_size
        if kind in {Kind.IMAGE, Kind.IMAGES}:
            return _picture(path, size_bytes, digest)
        return _track(path, kind, size_bytes, digest)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, av.FFmpegError):
        return None


def _picture(path: str, size_bytes: int, digest: str) -> Facts:
    with Image.open(path) as image:
        image.load()
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _SIDEWAYS:
            width, height = height, width
        name = (image.format or "").lower()
    return Facts(formats=(name,), size_bytes=size_bytes, digest=digest, width_px=width, height_px=height)


def _track(path: str, kind: Kind, size_bytes: int, digest: str) -> Facts | None:
    with closing(av.open(path)) as container:
        streams = container.streams.video if kind is Kind.VIDEO else container.streams.audio
        if not streams or next(container.decode(streams[0]), None) is None:
            return None
        picture = container.streams.video[0].codec_context if kind is Kind.VIDEO else None
        return Facts(
            formats=tuple(container.format.name.split(",")),
            size_bytes=size_bytes,
            digest=digest,
            width_px=picture.width if picture else 0,
            height_px=picture.height if picture else 0,
            seconds=(container.duration or 0) / av.time_base,
            has_audio=bool(container.streams.audio),
        )


class Inputs:
    """Loads the files of inputs. `look` is `probe`, wherever it runs."""

    def __init__(
        self,
        storage: Storage,
        settings: SandboxSettings,
        calls: Calls,
        *,
        look: Callable[[str, Kind], Awaitable[Facts | None]],
        new_id: Callable[[], str],
        folder: Path,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._calls = calls
        self._look = look
        self._new_id = new_id
        self._folder = folder

    async def load(self, endpoint: Endpoint, arguments: Mapping[str, Any]) -> Loaded:
        """Every file the input names, and every flaw of them."""
        media: dict[str, tuple[Media, ...]] = {}
        digests: dict[str, str] = {}
        flaws: list[Flaw] = []
        for option in endpoint.options:
            if not option.is_media:
                continue
            found = []
            for index, url in enumerate(files_of(option, arguments)):
                loc = ("body", option.field, index) if option.kind is Kind.IMAGES else ("body", option.field)
                got = await self._one(option, loc, url)
                if isinstance(got, Flaw):
                    flaws.append(got)
                    continue
                one, digest = got
                digests[one.path] = digest
                found.append(one)
            if found:
                media[option.name] = tuple(found)
        return Loaded(media=media, digests=digests, flaws=tuple(flaws))

    async def _one(self, option: Option, loc: tuple[str | int, ...], url: str) -> tuple[Media, str] | Flaw:
        path = await self._fetched(url)
        if path is None:
            return flaw("file_download_error", loc, url)
        facts = await self._look(str(path), option.kind)
        if facts is None:
            return flaw(_UNREADABLE[option.kind], loc, url)
        wrong = next(limit_flaws(option, loc, url, facts), None)
        if wrong is not None:
            return wrong
        kind = Kind.IMAGE if option.kind is Kind.IMAGES else option.kind
        media = Media(
            path=str(path),
            kind=kind,
            width_px=facts.width_px,
            height_px=facts.height_px,
            seconds=facts.seconds,
            has_audio=facts.has_audio,
        )
        return media, facts.digest

    async def _fetched(self, url: str) -> Path | None:
        """Where the file's bytes lie now, or None when they cannot be had."""
        target = self._folder / self._new_id()
        content = of_data_uri(url) if url.startswith("data:") else None
        if content is not None:
            target.write_bytes(content)
            return target
        try:
            parts = urlsplit(url)
            own = self._storage.by_route(parts.path)
            if own is not None:
                return own.path
            if parts.scheme in {"http", "https"} and parts.hostname in self._settings.hosts:
                await self._calls.fetch(url, target, max_bytes=LARGEST_DOWNLOAD_BYTES)
                return target
        except (ValueError, FetchFailed):
            target.unlink(missing_ok=True)
        return None


_UNREADABLE: Mapping[Kind, str] = {
    Kind.IMAGE: "image_load_error",
    Kind.IMAGES: "image_load_error",
    Kind.VIDEO: "unsupported_video_format",
    Kind.AUDIO: "unsupported_audio_format",
}


def of_data_uri(uri: str) -> bytes | None:
    """The bytes in a `data:` URI, None when it is none."""
    head, comma, tail = uri.removeprefix("data:").partition(",")
    if not comma:
        return None
    if not head.endswith(";base64"):
        return unquote_to_bytes(tail)
    try:
        return base64.b64decode(tail, validate=True)
    except binascii.Error:
        return None


def flaw(kind: str, loc: tuple[str | int, ...], url: str, **ctx: Any) -> Flaw:
    """A documented error about one file."""
    return Flaw(loc=loc, msg=MODEL_ERRORS[kind].msg, type=kind, ctx=ctx, input=url[:500])


def limit_flaws(option: Option, loc: tuple[str | int, ...], url: str, facts: Facts) -> Iterator[Flaw]:
    """Every limit of the option that the file breaks, the most telling first."""
    limits = option.limits
    largest = limits.max_bytes or (LARGEST_PICTURE_BYTES if facts.width_px and not facts.seconds else None)
    if largest is not None and facts.size_bytes > largest:
        yield flaw("file_too_large", loc, url, max_size=largest)
    word = "image" if option.kind is Kind.IMAGES else option.kind.value
    if limits.formats and not set(limits.formats) & set(facts.formats):
        yield flaw(f"unsupported_{word}_format", loc, url, supported_formats=list(limits.formats))
    if facts.seconds:
        yield from _length_flaws(limits, word, loc, url, facts.seconds)
    if facts.width_px:
        yield from _size_flaws(limits, loc, url, facts)


def _length_flaws(
    limits: MediaLimits, word: str, loc: tuple[str | int, ...], url: str, seconds: float
) -> Iterator[Flaw]:
    if limits.min_s is not None and seconds < limits.min_s:
        yield flaw(f"{word}_duration_too_short", loc, url, min_duration=limits.min_s, provided_duration=seconds)
    if limits.max_s is not None and seconds > limits.max_s:
        yield flaw(f"{word}_duration_too_long", loc, url, max_duration=limits.max_s, provided_duration=seconds)


def _size_flaws(limits: MediaLimits, loc: tuple[str | int, ...], url: str, facts: Facts) -> Iterator[Flaw]:
    sides = (facts.width_px, facts.height_px)
    if limits.min_side_px is not None and min(sides) < limits.min_side_px:
        yield flaw("image_too_small", loc, url, min_height=limits.min_side_px, min_width=limits.min_side_px)
    if limits.max_side_px is not None and max(sides) > limits.max_side_px:
        yield flaw("image_too_large", loc, url, max_height=limits.max_side_px, max_width=limits.max_side_px)
    ratio = facts.width_px / facts.height_px
    low, high = limits.min_ratio or 0, limits.max_ratio or ratio
    if not low <= ratio <= high:
        yield flaw("input_value_error", loc, url, min_ratio=limits.min_ratio, max_ratio=limits.max_ratio)
