import contextlib
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.errors import Problem, Refused, Slug
from bot.domain.media import CONTENT_TYPES, MediaKind
from bot.media.inspect import inspect
from bot.media.sniff import sniff
from tests.media.material import clip_file, picture_file, quarters, sound_file


def refusal(path: Path) -> Problem:
    with pytest.raises(Refused) as caught:
        inspect(path)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def huge_png(path: Path, width: int, height: int) -> Path:
    """A PNG of a few hundred bytes whose header promises many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize(
    ("pillow", "ours"),
    [
        ("JPEG", "jpeg"),
        ("MPO", "jpeg"),
        ("PNG", "png"),
        ("WEBP", "webp"),
        ("HEIF", "heic"),
        ("AVIF", "avif"),
        ("GIF", "gif"),
        ("BMP", "bmp"),
        ("TIFF", "tiff"),
    ],
)
def test_a_picture_is_known_by_its_content_whatever_its_name(tmp_path: Path, pillow: str, ours: str) -> None:
    facts = inspect(picture_file(tmp_path / "clip.mp4", quarters(), pillow))
    assert (facts.kind, facts.format, facts.width_px, facts.height_px) == (MediaKind.IMAGE, ours, 64, 48)


@pytest.mark.parametrize(
    ("muxer", "codec", "ours"),
    [
        ("mp4", "libx264", "mp4"),
        ("mov", "libx264", "mov"),
        ("matroska", "libx264", "mkv"),
        ("webm", "libvpx-vp9", "webm"),
        ("avi", "mpeg4", "avi"),
    ],
)
def test_a_clip_is_known_by_its_content_whatever_its_name(tmp_path: Path, muxer: str, codec: str, ours: str) -> None:
    facts = inspect(clip_file(tmp_path / "photo.png", format_=muxer, codec=codec))
    assert (facts.kind, facts.format, facts.has_audio) == (MediaKind.VIDEO, ours, True)
    assert (facts.width_px, facts.height_px) == (64, 48)
    assert facts.seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("muxer", "codec", "ours"),
    [
        ("wav", "pcm_s16le", "wav"),
        ("mp3", "libmp3lame", "mp3"),
        ("ogg", "libopus", "ogg"),
        ("ipod", "aac", "m4a"),
        ("mp4", "aac", "m4a"),
        ("adts", "aac", "aac"),
        ("flac", "flac", "flac"),
    ],
)
def test_a_sound_is_known_by_its_content(tmp_path: Path, muxer: str, codec: str, ours: str) -> None:
    facts = inspect(sound_file(tmp_path / "photo.jpg", format_=muxer, codec=codec))
    assert (facts.kind, facts.format, facts.width_px) == (MediaKind.AUDIO, ours, 0)
    assert facts.seconds == pytest.approx(1.0, abs=0.1)
    assert ours in CONTENT_TYPES


def test_a_silent_clip_is_said_to_be_silent(tmp_path: Path) -> None:
    assert not inspect(clip_file(tmp_path / "a", sound=False)).has_audio


def test_a_clip_that_is_turned_has_the_sides_a_person_sees(tmp_path: Path) -> None:
    facts = inspect(clip_file(tmp_path / "a", turned=90))
    assert (facts.turned, facts.width_px, facts.height_px) == (True, 48, 64)


def test_a_picture_that_is_turned_has_the_sides_a_person_sees(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    facts = inspect(picture_file(tmp_path / "a", quarters(), "JPEG", exif=exif))
    assert (facts.turned, facts.tagged, facts.width_px, facts.height_px) == (True, True, 48, 64)


def test_see_through_pictures_are_known(tmp_path: Path) -> None:
    assert inspect(picture_file(tmp_path / "a", quarters(mode="RGBA"), "PNG")).has_alpha
    assert not inspect(picture_file(tmp_path / "b", quarters(), "PNG")).has_alpha


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    assert refusal(tmp_path / "a.jpg").slug is Slug.EMPTY_FILE


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.jpg").slug is Slug.FILE_GONE


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF"])
def test_a_truncated_picture_is_refused(tmp_path: Path, pillow: str) -> None:
    whole = picture_file(tmp_path / "whole", Image.effect_noise((200, 160), 90).convert("RGB"), pillow).read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "half").slug is Slug.UNREADABLE_FILE


@pytest.mark.parametrize("kept", [0.2, 0.6])
def test_a_truncated_clip_is_refused(tmp_path: Path, kept: float) -> None:
    whole = clip_file(tmp_path / "whole", noisy=True, seconds=3).read_bytes()
    (tmp_path / "part").write_bytes(whole[: round(len(whole) * kept)])
    assert refusal(tmp_path / "part").slug is Slug.UNREADABLE_FILE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n" + b"x" * 900, "a PDF"),
        (b"PK\x03\x04" + b"x" * 900, "a ZIP or office document"),
        (b"<!DOCTYPE html><p>not found</p>", "a web page"),
        (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/secret.ts\n", "a playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "nothing I can read"),
        (b"just words", "nothing I can read"),
        (b"x", "nothing I can read"),
    ],
)
def test_what_is_no_media_is_refused_by_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "photo.jpg").write_bytes(content)
    problem = refusal(tmp_path / "photo.jpg")
    assert (problem.slug, problem.facts["given"]) == (Slug.WRONG_FILE_KIND, words)


@pytest.mark.parametrize(("width", "height"), [(10_000, 6_000), (30_000, 30_000), (2_000_000_000, 2_000_000_000)])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    path = huge_png(tmp_path / "a.png", width, height)
    assert path.stat().st_size < 300
    problem = refusal(path)
    assert problem.slug is Slug.TOO_MANY_PIXELS
    assert problem.facts == {"given": f"{width:,} x {height:,} px", "limit": "40 megapixels"}


def test_a_real_sixty_megapixel_picture_is_refused(tmp_path: Path) -> None:
    assert refusal(picture_file(tmp_path / "a", Image.new("L", (10_000, 6_000)), "PNG")).slug is Slug.TOO_MANY_PIXELS


def test_the_cap_on_pixels_holds_for_clips_too(tmp_path: Path) -> None:
    path = clip_file(tmp_path / "a")
    with pytest.raises(Refused, match="too_many_pixels"):
        inspect(path, max_pixels=1_000)


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"II*\0", b"BM" + bytes(12) + b"\x28\0\0\0"]
)
def test_a_picture_that_is_only_a_beginning_is_unreadable(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "a").write_bytes(start + b"\x01" * 40)
    assert refusal(tmp_path / "a").slug is Slug.UNREADABLE_FILE


@pytest.mark.parametrize(
    "start", [b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"fLaC", b"RIFF\0\0\0\0WAVE"]
)
def test_a_clip_that_is_only_a_beginning_is_unreadable(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "a").write_bytes(start + b"\x01" * 40)
    assert refusal(tmp_path / "a").slug is Slug.UNREADABLE_FILE


@given(st.binary(max_size=64))
def test_any_bytes_are_some_format_or_none(head: bytes) -> None:
    assert sniff(head) in {"", *CONTENT_TYPES}


@given(data=st.data())
def test_damage_anywhere_is_an_answer_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    pillow = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]))
    content = bytearray(picture_file(folder / "a", quarters(), pillow).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    (folder / "a").write_bytes(content)
    with contextlib.suppress(Refused):
        assert inspect(folder / "a").format in CONTENT_TYPES
