"""What moves: a picture under a camera, a clip as it runs, or colours that drift."""

import math
from collections.abc import Iterator
from contextlib import closing
from typing import Protocol

import av
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from bot.sandbox.judge import MAGENTA
from bot.sandbox.lettering import accent
from bot.sandbox.plan import Motion, Shot
from bot.sandbox.planes import Box, Planes, of_frame, of_image

Size = tuple[int, int]

_AFFINE, _BILINEAR = Image.Transform.AFFINE, Image.Resampling.BILINEAR

_ROOM = 1.18
"""How much larger than the frame a picture is laid out: the way its camera can go."""

_TOO_DIFFERENT = 1.5
"""From this factor between two ratios on, a picture is shown whole over its own blur instead of being cropped."""


_SLACK_S = 1e-4
"""Times of frames are rounded to their container's clock."""


class Moving(Protocol):
    """Something that has a frame for every moment."""

    def at(self, seconds: float, progress: float) -> Planes:
        """The frame at this time; `progress` runs from 0 to 1 over the whole shot. Times never go back."""


def ease(progress: float) -> float:
    """From 0 to 1, slow at both ends."""
    return 0.5 - 0.5 * math.cos(math.pi * min(max(progress, 0.0), 1.0))


def camera(motion: Motion, progress: float, size: Size) -> Box:
    """Where the camera looks on a picture laid out `_ROOM` times the frame's size."""
    width, height = size[0] * _ROOM, size[1] * _ROOM
    way = ease(progress)
    zoom = {Motion.ZOOM_IN: 1 + (_ROOM - 1) * way, Motion.ZOOM_OUT: _ROOM - (_ROOM - 1) * way}.get(motion, _ROOM)
    wide, high = width / zoom, height / zoom
    across = {Motion.PAN_LEFT: 1 - way, Motion.PAN_RIGHT: way}.get(motion, 0.5)
    down = {Motion.RISE: 1 - way, Motion.SINK: way}.get(motion, 0.46)
    left, top = (width - wide) * across, (height - high) * down
    return (left, top, min(left + wide, width), min(top + high, height))


class Still:
    """A picture with a slow camera over it."""

    def __init__(self, canvas: Planes, motion: Motion, size: Size) -> None:
        self._canvas = canvas
        self._motion = motion
        self._size = size

    def at(self, seconds: float, progress: float) -> Planes:  # noqa: ARG002 (part of Moving)
        """The camera's view."""
        left, top, right, bottom = camera(self._motion, progress, self._size)
        width, height = self._canvas.size
        return self._canvas.cut((left, top, min(right, width), min(bottom, height)), self._size)


class Clip:
    """A video as it runs; when it is over, a slow zoom into its last frame."""

    def __init__(self, path: str, start_s: float, size: Size) -> None:
        self._size = size
        self._start_s = start_s
        self._frames = _decoded(path)
        self._next = next(self._frames, None)
        self._shown: Planes | None = None
        self._ended_at: float | None = None

    def at(self, seconds: float, progress: float) -> Planes:
        """The last frame that has begun by this time."""
        current = None
        while self._next is not None and (self._is_due(seconds) or (current is None and self._shown is None)):
            current, self._next = self._next, next(self._frames, None)
        if current is not None:
            self._shown = _covering(current, self._size)
        if self._shown is None:
            return of_image(Image.new("RGB", self._size))
        if self._next is not None:
            return self._shown
        self._ended_at = progress if self._ended_at is None else self._ended_at
        return self._held((progress - self._ended_at) / max(1 - self._ended_at, 0.01))

    def _is_due(self, seconds: float) -> bool:
        return self._next is not None and _time(self._next) <= self._start_s + seconds + _SLACK_S

    def _held(self, progress: float) -> Planes:
        shown = self._shown or of_image(Image.new("RGB", self._size))
        if progress <= 0:
            return shown
        width, height = self._size
        inset = 0.07 * ease(progress)
        return shown.cut((width * inset, height * inset, width * (1 - inset), height * (1 - inset)), self._size)


class Colours:
    """A gradient of four soft lights that drift; drawn small, scaled up."""

    _SMALL = 8

    def __init__(self, hue: int, size: Size) -> None:
        self._size = size
        self._small = (max(16, size[0] // self._SMALL // 2 * 2), max(16, size[1] // self._SMALL // 2 * 2))
        radius = round(0.85 * max(self._small))
        self._light = Image.radial_gradient("L").resize((2 * radius, 2 * radius))
        edge = 76  # the gradient is black in its corners only; what lies outside its circle is cut away
        falloff = [round(215 * (max(0, level - edge) / (255 - edge)) ** 1.6) for level in range(256)]
        self._light = ImageOps.invert(self._light).point(falloff)
        self._ground = accent(hue + 15, 0.13)
        self._lights = [accent(hue + 70, 0.34), accent(hue - 45, 0.44), accent(hue + 30, 0.52), accent(hue, 0.66)]

    def at(self, seconds: float, progress: float) -> Planes:  # noqa: ARG002 (part of Moving)
        """The lights where they are now."""
        image = Image.new("RGB", self._small, self._ground)
        for index, colour in enumerate(self._lights):
            angle = 0.42 * seconds * (1 if index % 2 else -0.8) + 1.7 * index
            x = self._small[0] * (0.5 + 0.42 * math.cos(angle)) - self._light.width / 2
            y = self._small[1] * (0.5 + 0.40 * math.sin(1.3 * angle)) - self._light.height / 2
            image.paste(colour, mask=self._light.transform(self._small, _AFFINE, (1, 0, -x, 0, 1, -y), _BILINEAR))
        small = of_image(image)
        return small.cut((0, 0, *self._small), self._size)


class Marked:
    """Nothing but the colour by which the sandbox judges pictures."""

    def __init__(self, size: Size) -> None:
        self._planes = of_image(Image.new("RGB", size, MAGENTA))

    def at(self, seconds: float, progress: float) -> Planes:  # noqa: ARG002 (part of Moving)
        """Always the same."""
        return self._planes


def moving(shot: Shot, size: Size, hue: int) -> Moving:
    """The shot at this frame size.

    Raises:
        OSError: its file cannot be read.
        av.FFmpegError: its clip cannot be decoded.
    """
    if shot.marked:
        return Marked(size)
    if not shot.path:
        return Colours(hue, size)
    if shot.is_clip:
        return Clip(shot.path, shot.start_s, size)
    with Image.open(shot.path) as image:
        return Still(of_image(laid_out(image, size)), shot.motion, size)


def laid_out(image: Image.Image, size: Size) -> Image.Image:
    """A picture upright on a canvas with room for the camera; whole over its own blur when the ratios differ much."""
    canvas = (2 * round(size[0] * _ROOM / 2), 2 * round(size[1] * _ROOM / 2))
    image.draft("RGB", canvas)
    upright = ImageOps.exif_transpose(image)
    upright = upright.convert("RGBA") if "A" in upright.getbands() else upright.convert("RGB")
    if upright.mode == "RGBA":
        ground = Image.new("RGBA", upright.size, (24, 26, 34, 255))
        upright = Image.alpha_composite(ground, upright).convert("RGB")
    whole = ImageOps.fit(upright, canvas, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    ratio = (upright.width / upright.height) / (canvas[0] / canvas[1])
    if 1 / _TOO_DIFFERENT < ratio < _TOO_DIFFERENT:
        return whole
    small = whole.resize((max(2, canvas[0] // 8), max(2, canvas[1] // 8)))
    backdrop = small.filter(ImageFilter.GaussianBlur(max(small.size) / 28)).resize(canvas, Image.Resampling.BICUBIC)
    backdrop = Image.blend(backdrop, Image.new("RGB", canvas, (10, 11, 16)), 0.35)
    front = ImageOps.contain(upright, (round(canvas[0] * 0.86), round(canvas[1] * 0.86)), Image.Resampling.LANCZOS)
    backdrop.paste(front, ((canvas[0] - front.width) // 2, (canvas[1] - front.height) // 2), _rounded(front.size))
    return backdrop


def _rounded(size: Size) -> Image.Image:
    mask = Image.new("L", (2 * size[0], 2 * size[1]))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 2 * size[0] - 1, 2 * size[1] - 1), radius=min(size) // 20, fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def _decoded(path: str) -> Iterator[av.VideoFrame]:
    with closing(av.open(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        yield from container.decode(stream)


def _time(frame: av.VideoFrame) -> float:
    return frame.time or 0.0


def _covering(frame: av.VideoFrame, size: Size) -> Planes:
    """The frame scaled until it covers `size`, cut around the middle."""
    factor = max(size[0] / frame.width, size[1] / frame.height)
    scaled = tuple(
        max(side, 2 * math.ceil(round(length * factor, 3) / 2))
        for side, length in zip(size, (frame.width, frame.height), strict=True)
    )
    planes = of_frame(frame, (scaled[0], scaled[1]))
    if scaled == size:
        return planes
    left, top = (scaled[0] - size[0]) // 4 * 2, (scaled[1] - size[1]) // 4 * 2
    return planes.cut((left, top, left + size[0], top + size[1]), size)
