"""A file made into what an endpoint takes. Runs in the worker process.

What can be mended is mended; what cannot is refused, before any money is spent.
"""

import shutil
from pathlib import Path

from bot.domain.catalogue import MediaLimits
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.media import MediaFacts, MediaKind, bytes_text
from bot.media import clips, recode
from bot.media.inspect import inspect
from bot.media.repaint import repaint

_DEFAULT_CLIPS = ("mp4",)
_DEFAULT_SOUNDS = ("mp3", "wav")
_ENCODED_CLIPS = frozenset({"mp4", "mov"})
_COPIED_VIDEO = frozenset({"h264"})
_COPIED_AUDIO = frozenset({"aac"})


def normalise(path: Path, facts: MediaFacts, limits: MediaLimits, out: Path) -> MediaFacts:
    """Write the file to `out` as the endpoint takes it, without metadata, and return the facts of what was written.

    `facts` are those `inspect(path)` gave, already found good by `domain.media.check`. The same input gives the same
    bytes. Pictures: see `repaint`. Clips and sounds in an accepted format (none named: MP4; MP3 and WAV) are passed
    as they are, or copied without their tags; others become the first accepted one.

    Raises:
        Refused: TOO_MANY_BYTES, WRONG_FILE_KIND, UNREADABLE_FILE, TOO_MANY_PIXELS.
        StoreUnavailable: no room to write.
    """
    match facts.kind:
        case MediaKind.IMAGE:
            return repaint(path, facts, limits, out)
        case MediaKind.VIDEO:
            _clip(path, facts, limits.formats or _DEFAULT_CLIPS, out)
        case MediaKind.AUDIO:
            _sound(path, facts, limits.formats or _DEFAULT_SOUNDS, out)
    result = inspect(out)
    if limits.max_bytes is not None and result.size_bytes > limits.max_bytes:
        given, limit = bytes_text(result.size_bytes), bytes_text(limits.max_bytes)
        raise Refused([Problem(slug=Slug.TOO_MANY_BYTES, facts={"given": given, "limit": limit})])
    return result


def _clip(path: Path, facts: MediaFacts, accepted: tuple[str, ...], out: Path) -> None:
    if facts.format in accepted and not facts.tagged:
        _passed(path, out)
        return
    target = next((name for name in (facts.format, *accepted) if name in accepted and name in _ENCODED_CLIPS), None)
    if target is None and facts.format not in accepted:
        raise _no_way(facts, accepted)
    if _can_be_copied(path, facts, target):
        recode.copy(path, facts.format, out, container=target or facts.format)
    else:
        plan = recode.Plan(width_px=even(facts.width_px), height_px=even(facts.height_px))
        recode.encode(path, facts.format, out, plan, container=target or facts.format)


def _sound(path: Path, facts: MediaFacts, accepted: tuple[str, ...], out: Path) -> None:
    if facts.format in accepted:
        if facts.tagged:
            recode.copy(path, facts.format, out, container=facts.format)
        else:
            _passed(path, out)
        return
    target = next((name for name in accepted if name in recode.SOUND_CODECS), None)
    if target is None:
        raise _no_way(facts, accepted)
    recode.encode_sound(path, facts.format, out, target)


def even(side_px: int) -> int:
    """The side as H.264 wants it: even, and at least 2."""
    return max(2, side_px // 2 * 2)


def _passed(path: Path, out: Path) -> None:
    try:
        shutil.copyfile(path, out)
    except OSError as error:
        raise StoreUnavailable("media cannot be written") from error


def _can_be_copied(path: Path, facts: MediaFacts, target: str | None) -> bool:
    """Whether the packets may go over as they are: within the MP4 family, or into a container we do not encode for."""
    if target is None or target == facts.format:
        return True
    if facts.format not in _ENCODED_CLIPS:
        return False
    with clips.opened(path, facts.format) as clip:
        video = clip.video is not None and clip.video.codec_context.name in _COPIED_VIDEO
        return video and (clip.audio is None or clip.audio.codec_context.name in _COPIED_AUDIO)


def _no_way(facts: MediaFacts, accepted: tuple[str, ...]) -> Refused:
    wanted = ", ".join(accepted)
    return Refused([Problem(slug=Slug.WRONG_FILE_KIND, facts={"given": facts.format, "wanted": wanted})])
