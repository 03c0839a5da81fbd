"""What a file is by its first bytes; its name and what its sender claims are never looked at.

This comes before any decoder: it is what keeps a playlist or a script from reaching libraries that would follow it.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.domain.errors import Problem, Refused, Slug

PICTURES = frozenset({"jpeg", "png", "webp", "heic", "avif", "gif", "bmp", "tiff"})

HEAD_BYTES = 512

_STARTS = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"OggS": "ogg",
    b"fLaC": "flac",
    b"ID3": "mp3",
}
_RIFF_FORMS = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_OLD_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"pnot"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_STILL_BRANDS = frozenset({b"mif1", b"msf1"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})
_BMP_HEADER_BYTES = frozenset({12, 40, 52, 56, 64, 108, 124})

_STRANGERS: Mapping[bytes, str] = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP or office document",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"<svg": "an SVG drawing",
    b"<?xml": "an XML document",
    b"<!DOCTYPE": "a web page",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"#EXTM3U": "a playlist",
}


def format_of(path: Path) -> str:
    """The format, a key of `CONTENT_TYPES`.

    Raises:
        Refused: EMPTY_FILE; FILE_GONE; WRONG_FILE_KIND (the fact `given` says what it is, as far as we know).
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise Refused([Problem(slug=Slug.FILE_GONE)]) from error
    if not head:
        raise Refused([Problem(slug=Slug.EMPTY_FILE)])
    found = sniff(head)
    if not found:
        given = next((words for start, words in _STRANGERS.items() if head.startswith(start)), "nothing I can read")
        raise Refused([Problem(slug=Slug.WRONG_FILE_KIND, facts={"given": given})])
    return found


def sniff(head: bytes) -> str:
    """The format of a file that starts with `head`, "" when it is none we read."""
    plain = next((name for start, name in _STARTS.items() if head.startswith(start)), "")
    return plain or _by_form(head) or _mpeg_audio(head)


def _by_form(head: bytes) -> str:
    if head[:4] == b"RIFF":
        return _RIFF_FORMS.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _isobmff(head)
    if head[4:8] in _OLD_QUICKTIME_ATOMS:
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv"
    is_bitmap = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES
    return "bmp" if is_bitmap else ""


def _isobmff(head: bytes) -> str:
    end = min(len(head), int.from_bytes(head[:4], "big"))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end, 4))]
    major = brands[0]
    if major in _AVIF_BRANDS or (major in _STILL_BRANDS and _AVIF_BRANDS & set(brands)):
        return "avif"
    if major in _HEIC_BRANDS or major in _STILL_BRANDS:
        return "heic"
    if major in _SOUND_BRANDS:
        return "m4a"
    return "mov" if major == b"qt  " else "mp4"


def _mpeg_audio(head: bytes) -> str:
    """MP3 and ADTS frames start with eleven or twelve set bits; the layer bits tell them apart (0 is ADTS)."""
    sync = int.from_bytes(head[:2], "big")
    if sync & 0xFFF6 == 0xFFF0:  # noqa: PLR2004 - twelve sync bits, layer 0
        return "aac"
    layer_3 = sync & 0xFFE6 == 0xFFE2  # noqa: PLR2004 - eleven sync bits, layer 3
    return "mp3" if layer_3 and sync & 0x18 != 0x08 else ""  # noqa: PLR2004 - version 01 is reserved
