"""The writer's lock: one process writes a database file, and a second one refuses to start.

SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at the same moment
(its "WAL-reset bug", https://www.sqlite.org/wal.html); one process with one writer cannot.
The lock is the operating system's: it ends with the process, however that ends. A process forked from this one
would share it, so worker processes come from a server (`forkserver`) that has no file of ours.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.domain.errors import StoreUnusable


class WriterLock:
    """Holds `<database>.lock` from construction to `release`. The file stays; only the lock on it means anything.

    Raises:
        StoreUnusable: another process (or another `WriterLock` of this one) holds it, or its folder is not writable.
    """

    def __init__(self, database: Path) -> None:
        path = database.with_name(f"{database.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnusable(f"{path}: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            by = f" (process {holder})" if holder else ""
            raise StoreUnusable(f"{database} is in use by another process{by}") from error
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        """Let go of the lock. A second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
