"""Makes the video of a plan: H.264 in MP4, playable while it loads. Runs in a worker process.

Everything here is called with picklable values and gives them back; errors of the libraries become `RenderFailed`.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from fractions import Fraction
from multiprocessing.process import BaseProcess
from pathlib import Path

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from bot.domain.errors import ReelroomError
from bot.sandbox import lettering, sound
from bot.sandbox.plan import Plan, Sound
from bot.sandbox.planes import Planes, blank, to_frame
from bot.sandbox.shots import Moving, ease, moving

MELT_S = 0.8
"""How long one shot takes to melt into the next."""

_ARRIVES_S, _ARRIVED_S = 0.25, 0.95
_OPTIONS = {"preset": "veryfast", "crf": "23", "profile": "high"}


class RenderFailed(ReelroomError):
    """A file of the plan could not be read or the video not be written; the message is for the log."""


def ready_worker() -> None:
    """Let an interrupt end the server and not its workers, which it ends itself; and end with a server that died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def render(plan: Plan, target: str) -> int:
    """Write the video to `target` and give its size in bytes.

    Raises:
        RenderFailed: see there; nothing is left at `target`.
    """
    partial = Path(target + ".partial")
    try:
        with av.open(partial, "w", format="mp4", options={"movflags": "+faststart"}) as container:
            _write(container, plan)
        partial.replace(target)
    except (OSError, ValueError, av.FFmpegError) as error:
        partial.unlink(missing_ok=True)
        raise RenderFailed(f"{type(error).__name__}: {error}") from error
    return Path(target).stat().st_size


def _write(container: av.container.OutputContainer, plan: Plan) -> None:
    video = container.add_stream("libx264", rate=plan.rate, options=_OPTIONS)
    video.width, video.height, video.pix_fmt = plan.width_px, plan.height_px, "yuv420p"
    context = video.codec_context
    context.time_base = Fraction(1, plan.rate)
    context.gop_size = 2 * plan.rate
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    heard = sound.add_stream(container) if plan.sound is not Sound.NONE else None
    for index, planes in enumerate(frames_of(plan)):
        frame = to_frame(planes)
        frame.pts, frame.time_base = index, Fraction(1, plan.rate)
        container.mux(video.encode(frame))
    container.mux(video.encode(None))
    if heard is not None:
        track = sound.tone(plan.seconds)
        if plan.sound is Sound.FILE:
            track = sound.of_file(plan.sound_path, plan.seconds)
        sound.encode(container, heard, track)


def frames_of(plan: Plan) -> Iterator[Planes]:
    """The frames, one after another, words included."""
    size = (plan.width_px, plan.height_px)
    words = lettering.lower_third(size, plan.title, plan.subtitle, plan.hue)
    mark = lettering.mark(size)
    picture = _beside(plan) if plan.side_by_side else _in_turn(plan)
    slide_px = round(min(size) * 0.03)
    for index, frame in enumerate(picture):
        seconds = index / plan.rate
        shown = ease((seconds - _ARRIVES_S) / (_ARRIVED_S - _ARRIVES_S))
        words.draw(frame, opacity=shown, down_px=round(slide_px * (1 - shown)))
        mark.draw(frame)
        yield frame


def _in_turn(plan: Plan) -> Iterator[Planes]:
    """One shot after the other, each melting into the next."""
    size = (plan.width_px, plan.height_px)
    each_s = plan.seconds / len(plan.shots)
    melt_s = min(MELT_S, each_s / 2)
    shots: dict[int, Moving] = {}

    def frame(number: int, seconds: float) -> Planes:
        if number not in shots:
            shots[number] = moving(plan.shots[number], size, plan.hue)
        return shots[number].at(seconds - number * each_s, (seconds - number * each_s) / (each_s + melt_s))

    for index in range(plan.frames):
        seconds = index / plan.rate
        number = min(int(seconds / each_s), len(plan.shots) - 1)
        into = seconds - number * each_s
        picture = frame(number, seconds)
        if number and into < melt_s:
            picture = frame(number - 1, seconds).melted(picture, ease(into / melt_s))
        yield _own(picture)


def _beside(plan: Plan) -> Iterator[Planes]:
    """The first two shots side by side."""
    half = (plan.width_px // 4 * 2, plan.height_px)
    other = (plan.width_px - half[0], plan.height_px)
    left, right = moving(plan.shots[0], half, plan.hue), moving(plan.shots[1], other, plan.hue)
    for index in range(plan.frames):
        seconds, progress = index / plan.rate, index / plan.frames
        picture = blank((plan.width_px, plan.height_px))
        for shot, x in ((left, 0), (right, half[0])):
            picture.paste(shot.at(seconds, progress), (x, 0))
        yield picture


def _own(planes: Planes) -> Planes:
    """A copy that may be drawn on; a clip shows the same frame more than once."""
    return Planes(planes.y.copy(), planes.u.copy(), planes.v.copy())
