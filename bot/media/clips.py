"""The one way a clip or a sound is opened: by a demuxer we name, so that no file makes ffmpeg open another.

Everything here is synchronous and runs in the worker process, since decoding takes time and decoders can crash.
"""

import contextlib
import errno
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.media import MediaFacts, MediaKind
from bot.media.pictures import MAX_PIXELS, too_many_pixels

_DEMUXERS = {
    "mp4": "mov",
    "mov": "mov",
    "m4a": "mov",
    "webm": "matroska",
    "mkv": "matroska",
    "avi": "avi",
    "mp3": "mp3",
    "wav": "wav",
    "ogg": "ogg",
    "aac": "aac",
    "flac": "flac",
}
_TECHNICAL_TAGS = frozenset(
    {"major_brand", "minor_version", "compatible_brands", "encoder", "language", "handler_name", "vendor_id"}
    | {"duration", "title_language"}
)
_TRUNCATED_BELOW = 0.9
_SLACK_S = 0.5
MAX_PACKETS = 1_000_000
"""Two hours at 120 frames a second; a file of a hundred megabytes can hold a hundred million."""

BROKEN = (av.FFmpegError, ValueError, OSError, EOFError, LookupError, ArithmeticError)
"""What PyAV raises on damaged files."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room for what we write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """An open file with its first picture and sound stream; either may be None, not both."""

    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None


@contextlib.contextmanager
def opened(path: Path, format_: str) -> Iterator[Clip]:
    """The file, opened as the format that was found in it.

    Raises:
        Refused: UNREADABLE_FILE; also for whatever goes wrong while the caller decodes.
        StoreUnavailable: the caller wrote to a full disk.
    """
    try:
        with av.open(
            str(path), "r", format=_DEMUXERS[format_], metadata_errors="replace", options={"protocol_whitelist": "file"}
        ) as container:
            moving = (one for one in container.streams.video if not one.disposition & Disposition.attached_pic)
            video, audio = next(moving, None), next(iter(container.streams.audio), None)
            if video is None and audio is None:
                raise Refused([Problem(slug=Slug.UNREADABLE_FILE)])
            yield Clip(container=container, video=video, audio=audio)
    except BROKEN as error:
        if getattr(error, "errno", 0) in FULL:
            raise StoreUnavailable("no room to write media") from error
        raise Refused([Problem(slug=Slug.UNREADABLE_FILE)]) from error


def facts_of(path: Path, format_: str, *, max_pixels: int = MAX_PIXELS, max_packets: int = MAX_PACKETS) -> MediaFacts:
    """What the clip or sound is: its first frame decoded, its running time counted from its packets.

    Raises:
        Refused: TOO_MANY_PIXELS; UNREADABLE_FILE, also for a file that ends long before it says it does.
    """
    with opened(path, format_) as clip:
        tagged = _is_tagged(clip)
        size_bytes = path.stat().st_size
        if clip.video is None:
            _first_sound(clip)
            seconds = _seconds(clip, max_packets)
            name = "m4a" if format_ in {"mp4", "mov"} else format_
            return MediaFacts(
                kind=MediaKind.AUDIO, format=name, size_bytes=size_bytes, seconds=seconds, has_audio=True, tagged=tagged
            )
        if clip.video.width * clip.video.height > max_pixels:
            raise too_many_pixels(clip.video.width, clip.video.height, max_pixels)
        frame = first_frame(clip)
        width, height = shown_sides(clip.video, frame)
        return MediaFacts(
            kind=MediaKind.VIDEO,
            format=format_,
            size_bytes=size_bytes,
            width_px=width,
            height_px=height,
            seconds=_seconds(clip, max_packets),
            has_audio=clip.audio is not None,
            turned=frame.rotation % 360 != 0,
            tagged=tagged,
        )


def first_frame(clip: Clip) -> VideoFrame:
    """The first frame, as stored. Raises EOFError when there is none."""
    frame = next(clip.container.decode(clip.video), None) if clip.video is not None else None
    clip.container.seek(0)
    if frame is None:
        raise EOFError
    return frame


def frame_at(clip: Clip, seconds: float) -> VideoFrame:
    """The first frame from a moment on, or the last there is. Raises EOFError when there is none."""
    if clip.video is None:
        raise EOFError
    clip.container.seek(int(seconds * av.time_base))  # to the key frame before it
    found: VideoFrame | None = None
    for frame in clip.container.decode(clip.video):
        found = frame
        if frame.time >= seconds:
            break
    if found is None:
        raise EOFError
    return found


def shown_sides(video: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """The sides a player shows: pixels made square, then turned."""
    aspect = video.sample_aspect_ratio or Fraction(1)
    width, height = (round(frame.width * aspect) if aspect > 0 else frame.width), frame.height
    return (height, width) if frame.rotation % 180 else (width, height)


def _first_sound(clip: Clip) -> None:
    if next(clip.container.decode(audio=0), None) is None:
        raise EOFError
    clip.container.seek(0)


def _seconds(clip: Clip, max_packets: int) -> float:
    """The running time by the packets that are there; a header may say anything, and prices depend on it."""
    streams = [stream for stream in (clip.video, clip.audio) if stream is not None]
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for number, packet in enumerate(clip.container.demux(streams)):
        if number > max_packets:
            raise EOFError
        if packet.pts is None or packet.time_base is None:
            continue
        start = float(packet.pts * packet.time_base)
        end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
        index = packet.stream.index
        starts[index] = min(starts.get(index, start), start)
        ends[index] = max(ends.get(index, end), end)
    clip.container.seek(0)
    for stream in streams:
        claimed = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
        there = ends.get(stream.index, 0.0) - starts.get(stream.index, 0.0)
        if there < claimed * _TRUNCATED_BELOW - _SLACK_S:
            raise EOFError
    seconds = max(ends.values(), default=0.0) - max(0.0, min(starts.values(), default=0.0))
    if seconds <= 0:
        raise EOFError
    return round(seconds, 3)


def _is_tagged(clip: Clip) -> bool:
    tags = [clip.container.metadata, *(stream.metadata for stream in clip.container.streams)]
    return any(key.lower() not in _TECHNICAL_TAGS for key in itertools.chain.from_iterable(tags))
