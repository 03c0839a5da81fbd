"""Files made to hurt: small ones that become large, two things in one, and what claims more than there is.

All are opened in a worker, as in the program, within less memory than they ask for and less time than they would take.
"""

import errno
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.catalogue import MediaLimits
from bot.domain.errors import Refused, Slug
from bot.media import clips
from bot.media.inspect import inspect
from bot.media.normalise import normalise
from bot.media.worker import MediaWorker
from tests.media.material import clip_file, picture_file, quarters, sound_file

GIB = 1 << 30
LIMIT_S = 20.0


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return picture_file(tmp_path_factory.mktemp("seed") / "a.png", quarters(), "PNG")


@pytest.fixture
async def worker() -> AsyncIterator[MediaWorker]:
    worker = MediaWorker(time_limit_s=LIMIT_S, memory_bytes=3 * GIB)
    yield worker
    await worker.close()


def swallow() -> int:
    return len(bytearray(8 * GIB))


def write_on(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)


async def test_work_that_wants_all_the_memory_gets_none_and_harms_nobody(worker: MediaWorker) -> None:
    with pytest.raises(Refused) as caught:
        await worker.call(swallow)
    assert caught.value.problems[0].facts == {"reason": "it takes too much memory to read"}
    assert await worker.call(abs, -3) == 3


async def test_work_that_writes_without_end_is_stopped(tmp_path: Path) -> None:
    worker = MediaWorker(file_bytes=2_000_000)
    with pytest.raises(OSError, match="too large") as caught:
        await worker.call(write_on, tmp_path / "endless")
    assert caught.value.errno == errno.EFBIG
    assert (tmp_path / "endless").stat().st_size <= 2_000_000
    await worker.close()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(name: bytes, data: bytes) -> Callable[[bytes], bytes]:
    """A PNG with one more chunk behind its header."""
    return lambda png: png[:33] + chunk(name, data) + png[33:]


ZEROS = zlib.compress(bytes(200_000_000), 9)
BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "text of 200 MB": with_chunk(b"zTXt", b"Comment\0\0" + ZEROS),
    "international text of 200 MB": with_chunk(b"iTXt", b"Comment\0\1\0\0\0" + ZEROS),
    "a colour profile of 200 MB": with_chunk(b"iCCP", b"icc\0\0" + ZEROS),
    "pixels of 200 MB in a small picture": lambda png: png[:33] + chunk(b"IDAT", ZEROS) + chunk(b"IEND", b""),
    "a chunk that says it has 2 GB": lambda png: png[:33] + b"\x7f\xff\xff\xff" + b"IDAT" + b"x" * 99,
    "a chunk below nothing": lambda png: png[:33] + b"\xff\xff\xff\xff" + b"IDAT" + b"x" * 99,
    "many empty chunks": lambda png: png[:33] + chunk(b"teXt", b"") * 50_000 + png[33:],
    "no pixels": lambda png: png[:16] + bytes(8) + png[24:],
    "a WebP of 268 megapixels": lambda _: b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\x3f\0\xff\x3f\0",
    "a GIF of 4,294 megapixels": lambda _: (
        b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b"\x2c" + bytes(4) + b"\xff\xff\xff\xff\0\x02\0;"
    ),
    "a BMP of negative height": lambda _: (
        b"BM" + bytes(12) + struct.pack("<IiiHHIIiiII", 40, 30_000, -30_000, 1, 24, 0, 0, 0, 0, 0, 0)
    ),
    "a TIFF that leads to itself": lambda _: b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
    "an MP4 of boxes in boxes": lambda _: (
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
        + b"".join(struct.pack(">I", 80_000 - 8 * n) + b"moov" for n in range(9_999))
    ),
    "a Matroska of endless length": lambda _: (
        b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff"
        + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 2_000
    ),
    "an Ogg of empty pages": lambda _: (b"OggS\0\0" + bytes(20) + b"\0") * 30_000,
    "an ID3 tag of 256 MB": lambda _: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(2_000),
    "a WAV of 4 GB": lambda _: (
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\xff\xff\xff\xff\xff\xff"
        + bytes(8)
        + b"data\xff\xff\xff\xff"
        + bytes(64)
    ),
    "a FLAC of a trillion samples": lambda _: b"fLaC\x80\0\0\x22" + b"\xff" * 34 + bytes(64),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
async def test_a_bomb_is_refused_in_time_and_in_little_memory(
    worker: MediaWorker, seed: Path, tmp_path: Path, make: Callable[[bytes], bytes]
) -> None:
    path = written(tmp_path / "a.png", seed, make)
    refused = await refusal(worker, path)
    if refused is not None:
        assert refused in {Slug.UNREADABLE_FILE, Slug.TOO_MANY_PIXELS, Slug.WRONG_FILE_KIND}
    else:  # what was hidden is not looked at, and does not come along
        facts = await worker.call(inspect, path)
        assert (facts.width_px, facts.height_px) == (64, 48)
        kept = await worker.call(normalise, path, facts, MediaLimits(), tmp_path / "out")
        assert kept.size_bytes < 100_000
    assert await worker.call(abs, -3) == 3


def written(path: Path, seed: Path, make: Callable[[bytes], bytes]) -> Path:
    path.write_bytes(make(seed.read_bytes()))
    return path


async def refusal(worker: MediaWorker, path: Path) -> Slug | None:
    try:
        await worker.call(inspect, path)
    except Refused as refused:
        return refused.problems[0].slug
    return None


PAYLOADS = {
    "a script": b"<script>alert(1)</script>",
    "a page": b"<!doctype html><body onload=alert(1)>",
    "an archive": b"PK\x03\x04" + b"payload" * 9 + b"PK\x05\x06" + bytes(18),
    "a program": b"\x7fELF payload",
    "PHP": b"<?php system($_GET['c']); ?>",
}


@pytest.mark.parametrize("pillow", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_of_a_picture_that_is_something_else_too_only_the_picture_is_kept(
    tmp_path: Path, pillow: str, payload: bytes
) -> None:
    exif = Image.Exif()
    exif[0x010E] = payload.decode("latin-1")
    path = picture_file(
        tmp_path / "a", quarters(), pillow, **({"exif": exif} if pillow in {"PNG", "JPEG", "WEBP"} else {})
    )
    path.write_bytes(path.read_bytes() + payload)
    facts = inspect(path)
    normalise(path, facts, MediaLimits(), tmp_path / "out")
    assert payload[:12] in path.read_bytes()
    assert payload[:12] not in (tmp_path / "out").read_bytes()


@pytest.mark.parametrize("first", list(PAYLOADS.values()), ids=PAYLOADS)
def test_what_begins_as_something_else_is_that(tmp_path: Path, first: bytes) -> None:
    path = picture_file(tmp_path / "a", quarters(), "PNG")
    path.write_bytes(first + path.read_bytes())
    with pytest.raises(Refused, match="wrong_file_kind"):
        inspect(path)


@pytest.mark.parametrize("kind", ["clip", "sound"])
def test_a_clip_of_more_packets_than_anybody_films_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    if kind == "clip":
        clip_file(path)
    else:
        sound_file(path, format_="mp3", codec="libmp3lame")
    format_ = "mp4" if kind == "clip" else "mp3"
    assert clips.facts_of(path, format_).seconds > 0
    with pytest.raises(Refused, match="unreadable_file"):
        clips.facts_of(path, format_, max_packets=10)
