"""What is heard: a soft chord, or the sound of a file that was sent. AAC, one channel."""

import math
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing

import av

RATE_HZ = 44_100
_CHUNK = 1024
_CHORD_HZ = (220.0, 277.18, 329.63, 440.0)
_LOUDNESS = 0.11
_FADE_S = 0.6
_PEAK = 32_767


def tone(seconds: float) -> Iterator[av.AudioFrame]:
    """A chord that swells and fades, as long as asked."""
    total = round(seconds * RATE_HZ)
    steps = [2 * math.pi * hertz / RATE_HZ for hertz in _CHORD_HZ]
    for start in range(0, total, _CHUNK):
        count = min(_CHUNK, total - start)
        samples = array("h", (round(_loudness(index, total) * _wave(steps, index)) for index in _span(start, count)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=count)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = RATE_HZ
        yield frame


def of_file(path: str, seconds: float) -> Iterator[av.AudioFrame]:
    """The sound of a file, cut to this length; nothing where it has none."""
    left = round(seconds * RATE_HZ)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ, frame_size=_CHUNK)
    with closing(av.open(path)) as container:
        if not container.streams.audio:
            return
        for decoded in container.decode(container.streams.audio[0]):
            decoded.pts = None
            for frame in resampler.resample(decoded):
                if frame.samples > left:
                    return
                left -= frame.samples
                yield frame


def add_stream(container: av.container.OutputContainer) -> av.AudioStream:
    """The sound's place in the file; must be made before the first packet is written."""
    stream = container.add_stream("aac", rate=RATE_HZ, layout="mono")
    stream.bit_rate = 96_000
    return stream


def encode(container: av.container.OutputContainer, stream: av.AudioStream, frames: Iterable[av.AudioFrame]) -> None:
    """Write the sound."""
    written = 0
    for frame in frames:
        frame.pts = written
        frame.time_base = stream.codec_context.time_base
        written += frame.samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _span(start: int, count: int) -> range:
    return range(start, start + count)


def _wave(steps: list[float], index: int) -> float:
    swell = 0.8 + 0.2 * math.sin(index * 4.2 / RATE_HZ)
    return swell * sum(math.sin(step * index) for step in steps) / len(steps)


def _loudness(index: int, total: int) -> float:
    fade = _FADE_S * RATE_HZ
    return _PEAK * _LOUDNESS * min(1.0, index / fade, (total - index) / fade)
