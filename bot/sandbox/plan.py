"""From a valid input to what is to be rendered: size, length, shots, words and sound. Pure.

Every difference between endpoints comes out of the catalogue and the input; nothing is decided by an endpoint's id.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.catalogue import Endpoint, Kind, Value

FRAME_RATE = 24
DEFAULT_SECONDS = 5.0
TAIL_S = 1.0
"""How much of a sent clip stands before its extension."""

_MARK = "sandbox:marked"
"""In a text: what is made is to be refused by whoever judges it."""

_MAGIC = re.compile(r"\bsandbox:\S+\s*")
_FRAME_FIELDS = ("num_frames",)
_RATE_FIELDS = ("frames_per_second", "fps")
_TITLE_FIELDS = ("effect", "effect_scene", "prompt", "text")
_LONGEST_RATIO = 21 / 9


class Motion(StrEnum):
    """How the camera moves over a still picture."""

    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    RISE = "rise"
    SINK = "sink"


class Sound(StrEnum):
    """What is heard."""

    NONE = "none"
    TONE = "tone"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A loaded input file. Sides are 0 for audio, seconds 0 for pictures."""

    path: str
    kind: Kind
    width_px: int = 0
    height_px: int = 0
    seconds: float = 0.0
    has_audio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One stretch of the video: a picture in motion, a clip from `start_s`, or colours alone (no path).

    `marked`: the one colour instead by which the sandbox judges pictures.
    """

    path: str = ""
    is_clip: bool = False
    motion: Motion = Motion.ZOOM_IN
    start_s: float = 0.0
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the renderer needs to know; equal plans make equal videos.

    Shots share the time evenly and melt into each other, or stand beside each other with `side_by_side`.
    `hue` (0 to 359) colours it. `sound_path` is the file heard with `Sound.FILE`.
    """

    width_px: int
    height_px: int
    frames: int
    rate: int
    shots: tuple[Shot, ...]
    side_by_side: bool = False
    title: str = ""
    subtitle: str = ""
    hue: int = 0
    sound: Sound = Sound.NONE
    sound_path: str = ""

    @property
    def seconds(self) -> float:
        """Its running time."""
        return self.frames / self.rate


def plan_of(
    endpoint: Endpoint, values: Mapping[str, Value], media: Mapping[str, tuple[Media, ...]], *, longest_s: float
) -> Plan:
    """The plan for these values and files, both by common name."""
    fields = {option.field: values[option.name] for option in endpoint.options if option.name in values}
    seen = [one for files in media.values() for one in files]
    clips = [one for one in seen if one.kind is Kind.VIDEO]
    pictures = [one for one in seen if one.kind is Kind.IMAGE]
    frames, rate = _length(endpoint, fields, clips, longest_s)
    width, height = _size(endpoint, fields, [*clips, *pictures])
    title = _title(endpoint, fields)
    sound, sound_path = _sound(endpoint, fields, seen)
    motion = _motion(str(fields.get("camera_movement", "")), endpoint.id + title)
    marked = any(_MARK in str(value) for value in fields.values())
    return Plan(
        width_px=width,
        height_px=height,
        frames=frames,
        rate=rate,
        shots=tuple(replace(shot, marked=marked) for shot in _shots(endpoint, clips, pictures, motion)),
        side_by_side="effect_scene" in fields and len(pictures) > 1,
        title=title,
        subtitle=f"{endpoint.title} · {min(width, height)}p · {frames / rate:.3g} s",
        hue=zlib.crc32((endpoint.id + title).encode()) % 360,
        sound=sound,
        sound_path=sound_path,
    )


def _length(endpoint: Endpoint, fields: Mapping[str, Value], clips: list[Media], longest_s: float) -> tuple[int, int]:
    rate = next((int(float(fields[name])) for name in _RATE_FIELDS if name in fields), FRAME_RATE)
    for name in _FRAME_FIELDS:
        if name in fields:
            return int(float(fields[name])), rate
    duration = re.match(r"\d+(\.\d+)?", str(fields.get("duration", "")))
    seconds = float(duration.group()) if duration else endpoint.fixed_seconds
    if seconds is None:
        seconds = min(clips[0].seconds, longest_s) if clips else DEFAULT_SECONDS
    return max(1, round(seconds * rate)), rate


def _size(endpoint: Endpoint, fields: Mapping[str, Value], seen: list[Media]) -> tuple[int, int]:
    """Width and height, both even: the asked resolution is the shorter side."""
    asked = re.match(r"(\d+)[pP]", str(fields.get("resolution", endpoint.fixed_resolution)))
    if asked:
        short = int(asked.group(1))
    else:
        clip = next((one for one in seen if one.kind is Kind.VIDEO), None)
        short = min(clip.width_px, clip.height_px, 1080) if clip else 720
    ratio = _ratio(str(fields.get("aspect_ratio", "")), seen)
    ratio = min(max(ratio, 1 / _LONGEST_RATIO), _LONGEST_RATIO)
    long = _even(short * max(ratio, 1 / ratio))
    return (long, _even(short)) if ratio >= 1 else (_even(short), long)


def _ratio(asked: str, seen: list[Media]) -> float:
    named = re.fullmatch(r"(\d+):(\d+)", asked)
    if named:
        return int(named.group(1)) / int(named.group(2))
    first = next(iter(seen), None)
    return first.width_px / first.height_px if first and first.height_px else 16 / 9


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))


def _title(endpoint: Endpoint, fields: Mapping[str, Value]) -> str:
    texts = (_MAGIC.sub("", str(fields.get(name, ""))).strip() for name in _TITLE_FIELDS)
    return next((text for text in texts if text), endpoint.title)


def _sound(endpoint: Endpoint, fields: Mapping[str, Value], seen: list[Media]) -> tuple[Sound, str]:
    sent = next((one for one in seen if one.kind is Kind.AUDIO), None)
    if sent is not None:
        return Sound.FILE, sent.path
    asked = any(value is True for name, value in fields.items() if "audio" in name)
    if asked or endpoint.command in {"sound", "lipsync"}:
        return Sound.TONE, ""
    clip = next((one for one in seen if one.kind is Kind.VIDEO and one.has_audio), None)
    return (Sound.FILE, clip.path) if clip else (Sound.NONE, "")


def _shots(endpoint: Endpoint, clips: list[Media], pictures: list[Media], motion: Motion) -> Iterable[Shot]:
    for clip in clips:
        start_s = max(0.0, clip.seconds - TAIL_S) if endpoint.command == "extend" else 0.0
        yield Shot(path=clip.path, is_clip=True, start_s=start_s, motion=motion)
    for picture in pictures:
        yield Shot(path=picture.path, motion=motion)
    if not clips and not pictures:
        yield Shot(motion=motion)


def _motion(asked: str, seed: str) -> Motion:
    """The named camera movement where we have one like it, else one that the seed decides."""
    likes = {
        "zoom_in": Motion.ZOOM_IN,
        "zoom_out": Motion.ZOOM_OUT,
        "dolly": Motion.ZOOM_OUT,
        "left": Motion.PAN_LEFT,
        "right": Motion.PAN_RIGHT,
        "up": Motion.RISE,
        "down": Motion.SINK,
    }
    named = next((motion for word, motion in likes.items() if word in asked), None)
    usual = (Motion.ZOOM_IN, Motion.ZOOM_OUT, Motion.PAN_LEFT, Motion.PAN_RIGHT)
    return named or usual[zlib.crc32(seed.encode()) % len(usual)]
