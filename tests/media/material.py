"""Pictures, clips and sounds made on the spot: small, real, and different enough to tell their corners apart."""

import math
import resource
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pillow_heif
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)


def quarters(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red, green above; blue, white below: any turn or mirroring shows."""
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    return picture.convert(mode)


def corners(picture: Image.Image) -> list[str]:
    """The colours of the four quarters, clockwise from the top left."""
    rgb = picture.convert("RGB")
    width, height = rgb.size
    places = [(1, 1), (3, 1), (3, 3), (1, 3)]
    return [_name(rgb.getpixel((width * x // 4, height * y // 4))) for x, y in places]


def _name(pixel: Any) -> str:
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    return min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], pixel, strict=True)))


def picture_file(path: Path, picture: Image.Image, format_: str, **options: Any) -> Path:
    """Write a picture in one of Pillow's formats, HEIF included."""
    pillow_heif.register_heif_opener()
    picture.save(path, format_, **options)
    return path


@contextmanager
def full_disk(after_bytes: int) -> Iterator[None]:
    """No file may grow beyond this: the system then refuses the write, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def clip_file(
    path: Path,
    *,
    format_: str = "mp4",
    codec: str = "libx264",
    width: int = 64,
    height: int = 48,
    seconds: float = 1.0,
    rate: int = 12,
    sound: bool = True,
    turned: int = 0,
    noisy: bool = False,
    tags: dict[str, str] | None = None,
) -> Path:
    """A clip whose corners are those of `quarters`; `noisy` makes it hard to compress."""
    with av.open(str(path), "w", format=format_) as container:
        container.metadata.update(tags or {})
        video = container.add_stream(codec, rate=rate)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        if noisy:
            video.options = {"crf": "4", "preset": "ultrafast"}
        if turned:
            video.set_display_rotation(turned)
        audio = _sound_stream(container, "libopus" if format_ == "webm" else "aac") if sound else None
        for index in range(round(seconds * rate)):
            still = quarters(width, height)
            if noisy:
                still = Image.blend(still, Image.effect_noise((width, height), 90).convert("RGB"), 0.5)
            frame = VideoFrame.from_image(still)  # type: ignore[no-untyped-call]  # PyAV leaves Pillow untyped
            frame.pts, frame.time_base = index, Fraction(1, rate)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            _hum(container, audio, seconds)
    return path


def sound_file(path: Path, *, format_: str = "wav", codec: str = "pcm_s16le", seconds: float = 1.0) -> Path:
    """A hum."""
    with av.open(str(path), "w", format=format_) as container:
        _hum(container, _sound_stream(container, codec), seconds)
    return path


def _sound_stream(container: OutputContainer, codec: str) -> AudioStream:
    stream = container.add_stream(codec, rate=48_000, layout="mono")
    assert isinstance(stream, AudioStream)
    return stream


def _hum(container: OutputContainer, stream: AudioStream, seconds: float) -> None:
    samples = array("h", (round(8000 * math.sin(at / 20)) for at in range(round(48_000 * seconds))))
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
