"""Clips and sounds written anew: copied into another container where that is enough, encoded where it is not.

What is written has no metadata, plays from its first bytes, and comes out the same for the same input.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from bot.media import clips

MUXERS = {"mp4": "mp4", "mov": "mov", "m4a": "ipod", "mkv": "matroska", "webm": "webm"} | {
    name: name for name in ("mp3", "wav", "ogg", "flac", "avi")
}
SOUND_CODECS = {"mp3": "libmp3lame", "wav": "pcm_s16le", "m4a": "aac", "ogg": "libopus", "flac": "flac"}

_OPTIONS = {"movflags": "+faststart", "fflags": "+bitexact"}
_SAMPLE_RATE = 48_000
_FALLBACK_RATE = Fraction(25)
_HIGHEST_RATE = 120
_THREADS = 2  # a fixed number: x264's output depends on it
_TURNS = {90: ("transpose", "cclock"), 270: ("transpose", "clock"), 180: ("rotate", "PI")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to encode a clip: sides as shown (even), and bit rates; `video_bps` None encodes to a quality instead."""

    width_px: int
    height_px: int
    video_bps: int | None = None
    audio_bps: int = 128_000


def encode(path: Path, format_: str, out: Path, plan: Plan, *, container: str = "mp4") -> None:
    """Write the clip as H.264 with AAC, turned upright, its pixels square. Raises what `clips.opened` raises."""
    with (
        clips.opened(path, format_) as clip,
        av.open(str(out), "w", format=MUXERS[container], options=_OPTIONS) as target,
    ):
        if clip.video is None:
            raise EOFError
        video = _video_stream(target, clip.video, plan)
        audio = None if clip.audio is None else _audio_stream(target, clip.audio, "aac", plan.audio_bps)
        painter = _Painter(clip.video, plan)
        for packet in clip.container.demux([one for one in (clip.video, clip.audio) if one is not None]):
            if packet.stream.index == clip.video.index:
                for frame in clip.video.decode(packet):
                    target.mux(_encoded(video, painter.painted(frame)))
            elif audio is not None and clip.audio is not None:
                for sound in clip.audio.decode(packet):
                    target.mux(audio.encode(sound))
        target.mux(_encoded(video, painter.rest()))
        target.mux(video.encode(None))
        if audio is not None:
            target.mux(audio.encode(None))


def encode_sound(path: Path, format_: str, out: Path, target_format: str, *, audio_bps: int = 192_000) -> None:
    """Write the sound as MP3, WAV, M4A, Ogg or FLAC. Raises what `clips.opened` raises."""
    with (
        clips.opened(path, format_) as clip,
        av.open(str(out), "w", format=MUXERS[target_format], options=_OPTIONS) as target,
    ):
        if clip.audio is None:
            raise EOFError
        audio = _audio_stream(target, clip.audio, SOUND_CODECS[target_format], audio_bps)
        for sound in clip.container.decode(clip.audio):
            target.mux(audio.encode(sound))
        target.mux(audio.encode(None))


def copy(path: Path, format_: str, out: Path, *, container: str) -> None:
    """Write the same packets into a new container, without tags, chapters, covers and further streams.

    Raises what `clips.opened` raises; UNREADABLE_FILE here means that it has to be encoded instead.
    """
    with (
        clips.opened(path, format_) as clip,
        av.open(str(out), "w", format=MUXERS[container], options=_OPTIONS) as target,
    ):
        copies: dict[int, Stream] = {}
        kept: list[Stream] = [one for one in (clip.video, clip.audio) if one is not None]
        for stream in kept:
            fresh = target.add_stream_from_template(stream)
            fresh.metadata.clear()
            copies[stream.index] = fresh
        for packet in clip.container.demux(kept):
            if packet.size == 0:
                continue  # the demuxer's way to say "flush"
            if packet.dts is None:
                raise EOFError  # Matroska with B-frames: the order of decoding would have to be guessed
            packet.stream = copies[packet.stream.index]
            target.mux(packet)


class _Painter:
    """Frames on their way to the encoder: turned, scaled, and strictly one after the other."""

    def __init__(self, video: VideoStream, plan: Plan) -> None:
        self._video = video
        self._plan = plan
        self._graph: Graph | None = None
        self._last_pts = -1

    def painted(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """The frames that come out for one that goes in."""
        if frame.pts is None:
            return
        if self._graph is None:
            self._graph = self._built(frame)
        self._graph.vpush(frame)
        yield from self._pulled(self._graph)

    def rest(self) -> Iterator[VideoFrame]:
        """What the filters still hold."""
        if self._graph is None:
            raise EOFError
        self._graph.vpush(None)
        yield from self._pulled(self._graph)

    def _pulled(self, graph: Graph) -> Iterator[VideoFrame]:
        while True:
            try:
                frame = graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            if frame.pts is not None and frame.pts > self._last_pts:
                self._last_pts = frame.pts
                yield frame

    def _built(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        steps = [graph.add_buffer(template=self._video)]
        turn = _TURNS.get(frame.rotation % 360)
        if turn is not None:
            steps.append(graph.add(*turn))
        steps.append(graph.add("scale", f"{self._plan.width_px}:{self._plan.height_px}:flags=bicubic"))
        steps.append(graph.add("setsar", "1"))
        steps.append(graph.add("format", "yuv420p"))
        steps.append(graph.add("buffersink"))
        graph.link_nodes(*steps).configure()
        return graph


def _encoded(video: VideoStream, frames: Iterable[VideoFrame]) -> "list[Packet[VideoStream]]":
    return [packet for frame in frames for packet in video.encode(frame)]


def _video_stream(target: OutputContainer, source: VideoStream, plan: Plan) -> VideoStream:
    rate = source.average_rate or source.guessed_rate or _FALLBACK_RATE
    options = {"preset": "veryfast", "threads": str(_THREADS)}
    if plan.video_bps is None:
        options["crf"] = "20"
    else:
        options |= {"maxrate": str(plan.video_bps), "bufsize": str(plan.video_bps)}
    video = target.add_stream("libx264", rate=min(rate, Fraction(_HIGHEST_RATE)), options=options)
    video.width, video.height, video.pix_fmt = plan.width_px, plan.height_px, "yuv420p"
    if plan.video_bps is not None:
        video.codec_context.bit_rate = plan.video_bps
    # The source's own clock: a clip of varying rate keeps its rhythm.
    video.codec_context.time_base = source.time_base or Fraction(1, 90_000)
    return video


def _audio_stream(target: OutputContainer, source: AudioStream, codec: str, audio_bps: int) -> AudioStream:
    layout = "mono" if source.codec_context.channels == 1 else "stereo"
    audio = target.add_stream(codec, rate=_SAMPLE_RATE, layout=layout)
    if not isinstance(audio, AudioStream):
        raise TypeError(codec)
    if codec not in {"pcm_s16le", "flac"}:
        audio.codec_context.bit_rate = audio_bps
    return audio
