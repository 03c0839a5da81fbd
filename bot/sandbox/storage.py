"""Files as fal's storage keeps them: uploads in one piece or many, and the videos that were made.

Bytes lie on disk, what is known about them in memory. Nothing is read whole: uploads arrive as streams, and reading
is the web server's. Lifecycles are those of `X-Fal-Object-Lifecycle` (https://docs.fal.ai/model-apis/media-expiration).
"""

import hashlib
import json
import mimetypes
import re
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from bot.domain.errors import ReelroomError

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
OCTETS = "application/octet-stream"


class BadUpload(ReelroomError):
    """An upload that does not fit together; the message is what the caller is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How long a file lives and who may read it ("allow", "forbid" and "hide" are fal's words)."""

    expires_at: datetime | None = None
    access: str = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file. `path` is where its bytes lie, `route` where it is served."""

    id: str
    name: str
    content_type: str
    path: Path
    lifecycle: Lifecycle = Lifecycle()

    @property
    def route(self) -> str:
        """The path of its URL."""
        return f"/files/b/{self.id}/{self.name}"


def parse_lifecycle(header: str, now: datetime) -> Lifecycle:
    """What a lifecycle header asks for; one that cannot be read asks for nothing."""
    try:
        wanted = json.loads(header) if header else {}
        seconds = wanted.get("expiration_duration_seconds")
        access = (wanted.get("initial_acl") or {}).get("default") or "allow"
        expires_at = now + timedelta(seconds=float(seconds)) if seconds else None
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Lifecycle()
    return Lifecycle(expires_at=expires_at, access=str(access))


class Storage:
    """All files under one folder."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._folder = folder
        self._now = now
        self._new_id = new_id
        self._files: dict[str, StoredFile] = {}
        self._announced: dict[str, StoredFile] = {}

    def announce(self, name: str, content_type: str, lifecycle: str = "") -> StoredFile:
        """A place for a file that is still to come; it can be written, and is not served before."""
        file_id = self._new_id()
        clean = _NOT_IN_NAMES.sub("_", Path(name).name).strip("._") or "upload.bin"
        if "." not in clean:
            clean += mimetypes.guess_extension(content_type) or ""
        stored = StoredFile(
            id=file_id,
            name=clean,
            content_type=content_type or mimetypes.guess_type(clean)[0] or OCTETS,
            path=self._folder / "files" / file_id / clean,
            lifecycle=parse_lifecycle(lifecycle, self._now()),
        )
        stored.path.parent.mkdir(parents=True, exist_ok=True)
        self._announced[file_id] = stored
        return stored

    def announced(self, file_id: str) -> StoredFile | None:
        """The place of this id, whether or not its bytes have come."""
        return self._announced.get(file_id)

    def publish(self, stored: StoredFile) -> StoredFile:
        """Its bytes are there: serve it."""
        self._files[stored.id] = stored
        return stored

    async def write(self, stored: StoredFile, chunks: AsyncIterator[bytes]) -> StoredFile:
        """Take the bytes of an announced file and serve it."""
        await _pour(chunks, stored.path)
        return self.publish(stored)

    async def write_part(self, stored: StoredFile, number: int, chunks: AsyncIterator[bytes]) -> str:
        """Take one part, and give its ETag. A part sent again replaces the first.

        Raises:
            BadUpload: part numbers count from 1 to 10,000.
        """
        if not 1 <= number <= 10_000:  # noqa: PLR2004 (S3's own limit, which fal's storage inherits)
            raise BadUpload("partNumber must be between 1 and 10000")
        return await _pour(chunks, _part(stored, number))

    async def join_parts(self, stored: StoredFile, parts: Sequence[Mapping[str, Any]]) -> StoredFile:
        """Put the named parts together by their numbers, in whatever order they are named.

        Raises:
            BadUpload: a part is named twice, was never sent, or has another ETag.
        """
        try:
            wanted = {int(part["partNumber"]): str(part["etag"]) for part in parts}
        except (KeyError, TypeError, ValueError):
            raise BadUpload("parts must be a list of {partNumber, etag}") from None
        if not wanted or len(wanted) != len(parts):
            raise BadUpload("every part must be named once")
        await anyio.to_thread.run_sync(_join, stored, sorted(wanted.items()))
        return self.publish(stored)

    def get(self, file_id: str, name: str) -> StoredFile | None:
        """The file, or None when there is none or its time is over. One of an earlier sandbox is found on disk."""
        stored = self._files.get(file_id) or self._on_disk(file_id, name)
        if stored is None or stored.name != name:
            return None
        expires_at = stored.lifecycle.expires_at
        return stored if expires_at is None or self._now() < expires_at else None

    def by_route(self, route: str) -> StoredFile | None:
        """The file served at this path, or None."""
        parts = route.strip("/").split("/")
        return self.get(parts[2], parts[3]) if len(parts) == 4 and parts[:2] == ["files", "b"] else None  # noqa: PLR2004 (files, b, id, name)

    def delete(self, stored: StoredFile) -> None:
        """Forget a file and its bytes; one that is gone already is no error."""
        self._files.pop(stored.id, None)
        self._announced.pop(stored.id, None)
        shutil.rmtree(stored.path.parent, ignore_errors=True)

    def _on_disk(self, file_id: str, name: str) -> StoredFile | None:
        if _NOT_IN_NAMES.search(file_id + name) or file_id in self._announced or ".." in {file_id, name}:
            return None
        path = self._folder / "files" / file_id / name
        if not path.is_file():
            return None
        return StoredFile(id=file_id, name=name, content_type=mimetypes.guess_type(name)[0] or OCTETS, path=path)


def _part(stored: StoredFile, number: int) -> Path:
    return stored.path.with_name(f"{number:05d}.part")


async def _pour(chunks: AsyncIterator[bytes], path: Path) -> str:
    """Write a stream to a file beside its place, then move it there; gives the MD5 as S3's ETags are."""
    digest = hashlib.md5(usedforsecurity=False)
    partial = path.with_name(path.name + ".partial")
    async with await anyio.open_file(partial, "wb") as file:
        async for chunk in chunks:
            digest.update(chunk)
            await file.write(chunk)
    partial.replace(path)
    return f'"{digest.hexdigest()}"'


def _join(stored: StoredFile, parts: Sequence[tuple[int, str]]) -> None:
    for number, etag in parts:
        path = _part(stored, number)
        if not path.is_file():
            raise BadUpload(f"part {number} was never sent")
        with path.open("rb") as file:
            if hashlib.file_digest(file, _md5).hexdigest() != etag.strip('"'):
                raise BadUpload(f"part {number} has another ETag")
    with stored.path.open("wb") as whole:
        for number, _ in parts:
            with _part(stored, number).open("rb") as file:
                shutil.copyfileobj(file, whole)
    for number, _ in parts:
        _part(stored, number).unlink()


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)
