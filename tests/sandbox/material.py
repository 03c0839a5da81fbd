"""Inputs for every endpoint of the catalogue, and the files they name."""

import math
from array import array
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from bot.domain.catalogue import Endpoint, FileCount, Kind, OneOf, Option
from bot.sandbox.planes import of_image, to_frame


def clip(path: Path, *, seconds: float = 2.0, size: tuple[int, int] = (320, 240), sound: bool = False) -> Path:
    """A video whose colour changes."""
    with av.open(path, "w") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        heard = container.add_stream("aac", rate=44_100, layout="mono") if sound else None
        for index in range(round(seconds * 24)):
            picture = Image.new("RGB", size, (index * 3 % 256, 90, 255 - index * 3 % 256))
            frame = to_frame(of_image(picture))
            frame.pts, frame.time_base = index, Fraction(1, 24)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if heard is not None:
            container.mux(heard.encode(_sound(round(seconds * 44_100))))
            container.mux(heard.encode(None))
    return path


def tone(path: Path, *, seconds: float = 3.0) -> Path:
    """A WAV file."""
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=44_100, layout="mono")
        container.mux(stream.encode(_sound(round(seconds * 44_100))))
        container.mux(stream.encode(None))
    return path


def _sound(count: int) -> av.AudioFrame:
    samples = array("h", (round(8000 * math.sin(index / 16)) for index in range(count)))
    frame = av.AudioFrame(format="s16", layout="mono", samples=count)
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate = 44_100
    frame.pts, frame.time_base = 0, Fraction(1, 44_100)
    return frame


def arguments_for(endpoint: Endpoint, files: Mapping[Kind, str]) -> dict[str, Any]:
    """The smallest input the endpoint takes, with a URL for every kind of file."""
    needed = {option.name for option in endpoint.options if option.required}
    for rule in endpoint.rules:
        if isinstance(rule, OneOf):
            needed.add(rule.options[0])
    arguments = {option.field: _value(option, files) for option in endpoint.options if option.name in needed}
    for rule in endpoint.rules:
        if isinstance(rule, FileCount):
            option = endpoint.option(rule.option)
            first = next(iter(rule.when.items()), ("", ("",)))
            condition = endpoint.option(first[0])
            if option and condition and arguments.get(condition.field) in first[1]:
                arguments[option.field] = [files[Kind.IMAGE]] * rule.count
    return arguments


def _value(option: Option, files: Mapping[Kind, str]) -> Any:
    match option.kind:
        case Kind.TEXT:
            return "a paper boat crosses a puddle"
        case Kind.CHOICE:
            return option.choices[0]
        case Kind.INTEGER | Kind.NUMBER:
            return option.minimum or 1
        case Kind.FLAG:
            return True
        case Kind.IMAGES:
            return [files[Kind.IMAGE]] * max(1, option.min_files)
        case _:
            return files[option.kind]
