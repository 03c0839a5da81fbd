"""What comes out: measured, given a small picture, made smaller where a platform asks. Runs in the worker process."""

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image

from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.media import MediaFacts, MediaKind, shrunk
from bot.media import clips, recode
from bot.media.inspect import inspect
from bot.media.normalise import even
from bot.media.sniff import format_of

_TRIES = 4
_MARGIN = 0.94  # the container's own tables, and an encoder that is seldom exact
_AUDIO_BPS = (128_000, 64_000, 32_000)
_AUDIO_SHARE = 0.2
_BITS_PER_PIXEL = 0.06  # below this per frame, H.264 looks better with fewer pixels
_RATE = 25
_SMALLEST_SIDE_PX = 96
_LEAST_VIDEO_BPS = 24_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelFacts:
    """What a finished video measures; sides as they are shown."""

    width_px: int
    height_px: int
    seconds: float
    has_audio: bool
    size_bytes: int


def measure(path: Path) -> ReelFacts:
    """Measure a video.

    Raises:
        Refused: WRONG_FILE_KIND when it is none; UNREADABLE_FILE, also when it is cut short; EMPTY_FILE; FILE_GONE.
    """
    facts = inspect(path)
    if facts.kind is not MediaKind.VIDEO:
        raise Refused([Problem(slug=Slug.WRONG_FILE_KIND, facts={"given": facts.format})])
    return _reel_facts(facts)


def thumbnail(path: Path, out: Path, max_side_px: int = 320) -> None:
    """Write the first frame as a JPEG, upright, its long side at most `max_side_px` (Telegram takes 320).

    Raises:
        Refused: UNREADABLE_FILE.
        StoreUnavailable: `out` cannot be written.
    """
    with clips.opened(path, format_of(path)) as clip:
        turned = _upright(clip, clips.first_frame(clip), max_side_px)
    _write(turned, out)


def still(path: Path, out: Path, max_side_px: int = 1024) -> None:
    """Write the frame in the middle as a JPEG, upright: the first one of a reel is often the picture it began with.

    Raises what `thumbnail` raises.
    """
    seconds = inspect(path).seconds or 0.0
    with clips.opened(path, format_of(path)) as clip:
        turned = _upright(clip, clips.frame_at(clip, seconds / 2), max_side_px)
    _write(turned, out)


def _upright(clip: clips.Clip, frame: VideoFrame, max_side_px: int) -> Image.Image:
    size = clips.shown_sides(clip.video, frame) if clip.video is not None else (frame.width, frame.height)
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves Pillow untyped
    return picture.rotate(frame.rotation, expand=True).resize(shrunk(*size, max_side_px), Image.Resampling.LANCZOS)


def _write(picture: Image.Image, out: Path) -> None:
    try:
        picture.save(out, "JPEG", quality=85)
    except OSError as error:
        raise StoreUnavailable("media cannot be written") from error


def fit(path: Path, out: Path, limit_bytes: int) -> ReelFacts | None:
    """Write the video to `out` within `limit_bytes`; None when that would leave nothing worth watching.

    One that fits already is copied as it is. Otherwise it is encoded at the bit rate the limit allows, with fewer
    pixels where that rate would smear, and again at a lower one when the encoder overshot.

    Raises what `measure` raises, and StoreUnavailable.
    """
    facts = inspect(path)
    if facts.size_bytes <= limit_bytes:
        try:
            shutil.copyfile(path, out)
        except OSError as error:
            raise StoreUnavailable("media cannot be written") from error
        return measure(out)
    aim_bytes = limit_bytes * _MARGIN
    for _ in range(_TRIES):
        plan = _plan(facts, aim_bytes)
        if plan is None:
            return None
        recode.encode(path, facts.format, out, plan)
        size_bytes = out.stat().st_size
        if size_bytes <= limit_bytes:
            return measure(out)
        aim_bytes *= limit_bytes / size_bytes * _MARGIN
    return None


def _plan(facts: MediaFacts, aim_bytes: float) -> recode.Plan | None:
    total_bps = aim_bytes * 8 / facts.seconds
    audio_bps = next((bps for bps in _AUDIO_BPS if bps <= total_bps * _AUDIO_SHARE), _AUDIO_BPS[-1])
    video_bps = round(total_bps - (audio_bps if facts.has_audio else 0))
    if video_bps < _LEAST_VIDEO_BPS:
        return None
    pixels = video_bps / (_BITS_PER_PIXEL * _RATE)
    scale = min(1.0, math.sqrt(pixels / (facts.width_px * facts.height_px)))
    # Small clips are never scaled up, and large ones never below what one can recognise a face in.
    scale = min(1.0, max(scale, _SMALLEST_SIDE_PX / min(facts.width_px, facts.height_px)))
    return recode.Plan(
        width_px=even(round(facts.width_px * scale)),
        height_px=even(round(facts.height_px * scale)),
        video_bps=video_bps,
        audio_bps=audio_bps,
    )


def _reel_facts(facts: MediaFacts) -> ReelFacts:
    return ReelFacts(
        width_px=facts.width_px,
        height_px=facts.height_px,
        seconds=facts.seconds,
        has_audio=facts.has_audio,
        size_bytes=facts.size_bytes,
    )
