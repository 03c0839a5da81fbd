"""Pictures as H.264 wants them: luma, and two chroma planes of half the size.

A frame is scaled and drawn on in these planes, so that nothing is converted per frame: that makes 720p several
times faster than working in RGB. BT.709, limited range.
"""

from dataclasses import dataclass

import av
from PIL import Image

_BT709 = (
    *(0.1826, 0.6142, 0.0620, 16.0),
    *(-0.1006, -0.3386, 0.4392, 128.0),
    *(0.4392, -0.3989, -0.0403, 128.0),
)
BLACK = (16, 128, 128)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Planes:
    """One picture; all three are "L" images."""

    y: Image.Image
    u: Image.Image
    v: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the luma, in pixels."""
        return self.y.size

    def cut(self, box: Box, size: tuple[int, int]) -> "Planes":
        """The part in `box`, which may lie between pixels, scaled to `size`."""
        left, top, right, bottom = box
        half: Box = (left / 2, top / 2, right / 2, bottom / 2)
        small = (size[0] // 2, size[1] // 2)
        how = Image.Resampling.BILINEAR
        return Planes(
            self.y.resize(size, how, box=box),
            self.u.resize(small, how, box=half),
            self.v.resize(small, how, box=half),
        )

    def melted(self, other: "Planes", share: float) -> "Planes":
        """A blend: `share` is how much is of the other."""
        return Planes(
            Image.blend(self.y, other.y, share),
            Image.blend(self.u, other.u, share),
            Image.blend(self.v, other.v, share),
        )

    def paste(self, other: "Planes", at: tuple[int, int]) -> None:
        """Put another picture here; the place is even."""
        half = (at[0] // 2, at[1] // 2)
        self.y.paste(other.y, at)
        self.u.paste(other.u, half)
        self.v.paste(other.v, half)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something translucent to be drawn on frames, at an even place."""

    planes: Planes
    alpha: Image.Image
    alpha_half: Image.Image
    at: tuple[int, int]

    def draw(self, frame: Planes, *, opacity: float = 1.0, down_px: int = 0) -> None:
        """Draw it with this opacity, moved down by a number of pixels."""
        if opacity <= 0:
            return
        x, y = self.at[0], self.at[1] + 2 * (down_px // 2)
        full, half = self.alpha, self.alpha_half
        if opacity < 1:
            table = [round(level * opacity) for level in range(256)]
            full, half = full.point(table), half.point(table)
        frame.y.paste(self.planes.y, (x, y), full)
        frame.u.paste(self.planes.u, (x // 2, y // 2), half)
        frame.v.paste(self.planes.v, (x // 2, y // 2), half)


def of_image(image: Image.Image) -> Planes:
    """The planes of an RGB picture with even sides."""
    y, u, v = image.convert("RGB", _BT709).split()
    half = (image.width // 2, image.height // 2)
    return Planes(y, u.resize(half, Image.Resampling.BOX), v.resize(half, Image.Resampling.BOX))


def stamp_of(image: Image.Image, at: tuple[int, int]) -> Stamp:
    """A stamp from an RGBA picture with even sides."""
    alpha = image.getchannel("A")
    half = alpha.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    return Stamp(of_image(image.convert("RGB")), alpha, half, at)


def blank(size: tuple[int, int]) -> Planes:
    """A black picture."""
    half = (size[0] // 2, size[1] // 2)
    return Planes(*(Image.new("L", size if index == 0 else half, level) for index, level in enumerate(BLACK)))


def of_frame(frame: av.VideoFrame, size: tuple[int, int]) -> Planes:
    """A decoded frame, scaled to `size` (even)."""
    scaled = frame.reformat(width=size[0], height=size[1], format="yuv420p")
    images = []
    for plane in scaled.planes:
        whole = Image.frombytes("L", (plane.line_size, plane.height), bytes(plane))
        images.append(whole.crop((0, 0, plane.width, plane.height)))
    return Planes(*images)


def to_frame(planes: Planes) -> av.VideoFrame:
    """A frame for the encoder."""
    frame = av.VideoFrame(planes.y.width, planes.y.height, "yuv420p")
    for plane, image in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
        row = image
        if plane.line_size != image.width:
            row = Image.new("L", (plane.line_size, image.height))
            row.paste(image)
        plane.update(row.tobytes())
    return frame
