import asyncio
import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.errors import Refused, Slug, StoreUnavailable
from bot.media.staging import Staging
from tests.media.material import full_disk

CHUNK = b"x" * 64_000


class Upload:
    """A stream of so many chunks that counts what was taken of it."""

    def __init__(self, chunks: int, chunk: bytes = CHUNK) -> None:
        self._chunks = chunks
        self._chunk = chunk
        self.taken_bytes = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._chunks):
            self.taken_bytes += len(self._chunk)
            yield self._chunk


def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    async def one_by_one() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return one_by_one()


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def age(path: Path, moment: dt.datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


async def test_a_stream_is_kept_under_its_hash(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "deep" / "media")
    staged = await staging.stage(stream(b"one", b"", b"two"), limit_bytes=6)
    assert staged.sha256 == hashlib.sha256(b"onetwo").hexdigest()
    assert staged.path == staging.path_of(staged.sha256)
    assert (staged.size_bytes, staged.path.read_bytes()) == (6, b"onetwo")


async def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    staged = await asyncio.gather(*(staging.stage(stream(b"one"), limit_bytes=6) for _ in range(8)))
    assert len({one.path for one in staged}) == 1
    assert files(tmp_path) == {staged[0].sha256}


async def test_what_is_larger_than_a_block_arrives_whole(tmp_path: Path) -> None:
    upload = Upload(60)
    staged = await Staging(tmp_path).stage(aiter(upload), limit_bytes=10_000_000)
    assert staged.path.read_bytes() == CHUNK * 60


async def test_two_hundred_megabytes_are_refused_after_the_first_few(tmp_path: Path) -> None:
    upload = Upload(200_000_000 // len(CHUNK))
    with pytest.raises(Refused) as caught:
        await Staging(tmp_path).stage(aiter(upload), limit_bytes=5_000_000)
    assert caught.value.problems[0].slug is Slug.TOO_MANY_BYTES
    assert caught.value.problems[0].facts == {"given": "more than 5 MB", "limit": "5 MB"}
    assert upload.taken_bytes <= 5_000_000 + len(CHUNK)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]])
async def test_an_empty_stream_is_refused(tmp_path: Path, chunks: list[bytes]) -> None:
    with pytest.raises(Refused) as caught:
        await Staging(tmp_path).stage(stream(*chunks), limit_bytes=5)
    assert caught.value.problems[0].slug is Slug.EMPTY_FILE
    assert files(tmp_path) == set()


async def test_a_full_disk_is_said_to_be_ours_and_leaves_nothing(tmp_path: Path) -> None:
    with full_disk(100_000), pytest.raises(StoreUnavailable):
        await Staging(tmp_path).stage(aiter(Upload(10)), limit_bytes=5_000_000)
    assert files(tmp_path) == set()


async def test_a_folder_that_cannot_be_made_is_ours_too(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"in the way")
    with pytest.raises(StoreUnavailable):
        await Staging(tmp_path / "media").stage(stream(b"one"), limit_bytes=5)


async def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"one"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await Staging(tmp_path).stage(breaks(), limit_bytes=5)
    assert files(tmp_path) == set()


async def test_a_cancelled_upload_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"one"
        begun.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(Staging(tmp_path).stage(slow(), limit_bytes=5))
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files(tmp_path) == set()


async def test_a_sweep_removes_what_is_old_and_named_by_nobody(tmp_path: Path) -> None:
    staging = Staging(tmp_path, suffix=".mp4")
    kept, old, fresh = [await staging.stage(stream(content), limit_bytes=9) for content in (b"kept", b"old", b"fresh")]
    async with staging.scratch() as beside:
        await staging.place_beside(beside, old.sha256, ".jpg")
    (tmp_path / ".incoming-left-by-a-crash").write_bytes(b"half")
    for name in files(tmp_path) - {fresh.path.name}:
        age(tmp_path / name, LONG_AGO)

    assert await staging.sweep({kept.sha256}, before=LATER) == 3
    assert files(tmp_path) == {kept.path.name, fresh.path.name}


async def test_staging_again_protects_an_old_file_from_the_sweep(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    staged = await staging.stage(stream(b"one"), limit_bytes=9)
    age(staged.path, LONG_AGO)
    await staging.stage(stream(b"one"), limit_bytes=9)
    assert await staging.sweep(set(), before=LATER) == 0


async def test_a_folder_that_is_not_there_yet_is_swept_in_no_time(tmp_path: Path) -> None:
    assert await Staging(tmp_path / "nowhere").sweep(set(), before=LATER) == 0


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Staging(tmp_path).path_of(name)
