"""Files kept under the hash of their content: written beside, made durable, then renamed into place.

A name is therefore either absent or whole, whenever the power goes.
"""

import contextlib
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.media.sink import off_loop, pour

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SCRATCH = ".incoming-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A file in its place."""

    sha256: str
    size_bytes: int
    path: Path


class Staging:
    """A folder of files named by the hash of their content, with `suffix` behind it; made when first needed."""

    def __init__(self, folder: Path, *, suffix: str = "") -> None:
        self._folder = folder
        self._suffix = suffix
        # Threads come here from `off_loop`: a sweep must not remove what is being put into place.
        self._settling = threading.Lock()

    async def stage(self, stream: AsyncIterator[bytes], *, limit_bytes: int) -> Staged:
        """Keep what the stream brings. The same content twice is one file.

        Raises:
            Refused: EMPTY_FILE, TOO_MANY_BYTES; nothing is left behind.
            StoreUnavailable: the disk is full or cannot be written.
        """
        async with self.scratch() as path:
            await pour(stream, path, limit_bytes=limit_bytes)
            return await self.adopt(path)

    @contextlib.asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        """An empty file in the same folder to write to; removed on the way out unless it was adopted.

        Raises:
            StoreUnavailable: the folder cannot be written.
        """
        path = await off_loop(self._new_scratch)
        try:
            yield path
        finally:
            await off_loop(path.unlink, missing_ok=True)

    async def adopt(self, path: Path) -> Staged:
        """Put a scratch file into its place under its hash.

        Raises:
            StoreUnavailable: the disk is full or cannot be written.
        """
        return await off_loop(self._adopt, path)

    def path_of(self, sha256: str, suffix: str | None = None) -> Path:
        """Where the file of this hash lies, or would (it may be gone); another suffix names what lies beside it.

        Raises:
            ValueError: this is no hash. (Hashes come from the store, and through links from outside.)
        """
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self._folder / f"{sha256}{self._suffix if suffix is None else suffix}"

    async def place_beside(self, path: Path, sha256: str, suffix: str) -> None:
        """Move a scratch file to lie beside the file of this hash, so that both are swept together.

        Raises:
            StoreUnavailable: the disk is full or cannot be written.
        """
        await off_loop(self._settle, path, self.path_of(sha256, suffix))

    async def forget(self, sha256: str) -> None:
        """Remove the file of this hash and what lies beside it, if they are there.

        Raises:
            ValueError: this is no hash.
            StoreUnavailable: the folder cannot be written.
        """
        await off_loop(self._forget, self.path_of(sha256).parent, sha256)

    async def sweep(self, keep: Collection[str], *, before: datetime) -> int:
        """Remove files whose hash is not in `keep` and that were last written before `before`; how many.

        `before` leaves alone what was staged and has no row yet; it also removes what a crash left half-written.

        Raises:
            StoreUnavailable: the folder cannot be written.
        """
        return await off_loop(self._sweep, frozenset(keep), before.timestamp())

    def _new_scratch(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=_SCRATCH)
        os.close(descriptor)
        return Path(name)

    def _adopt(self, path: Path) -> Staged:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size_bytes = os.fstat(file.fileno()).st_size
        target = self.path_of(sha256)
        self._settle(path, target)
        return Staged(sha256=sha256, size_bytes=size_bytes, path=target)

    def _settle(self, path: Path, target: Path) -> None:
        _sync(path)
        os.utime(path)
        with self._settling:
            path.replace(target)
        _sync(self._folder)

    def _forget(self, folder: Path, sha256: str) -> None:
        with self._settling:
            for path in folder.glob(f"{sha256}*"):
                path.unlink(missing_ok=True)
        if folder.is_dir():
            _sync(folder)

    def _sweep(self, keep: frozenset[str], before_s: float) -> int:
        if not self._folder.is_dir():
            return 0
        removed = 0
        for path in self._folder.iterdir():
            if path.name.partition(".")[0] in keep:
                continue
            with self._settling, contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before_s:
                    path.unlink()
                    removed += 1
        return removed


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
