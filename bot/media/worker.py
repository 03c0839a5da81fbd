"""One process beside ours for work on media: it may take its time, hang, or crash in C, and nobody else notices."""

import asyncio
import contextlib
import functools
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import Synchronized
from typing import ParamSpec, TypeVar

from bot.domain.errors import Problem, Refused, Slug

P = ParamSpec("P")
T = TypeVar("T")

_NICENESS = 5  # answering people goes before encoding
_GIB = 1 << 30
MEMORY_BYTES = 6 * _GIB
"""Address space of a worker, far above what 40 megapixels take, and below what brings a machine down."""

FILE_BYTES = 4 * _GIB
"""The largest file a worker may write: a clip of noise can be a thousand times as large as what describes it."""


class MediaWorker:
    """Calls functions in a worker process, one at a time; started with the first call.

    The process has bounds of its own on memory and on the files it writes, and leaves no core behind.
    The process is replaced after `calls_per_process` calls (decoders leak), when a call takes longer than its limit,
    and when it dies. Functions and arguments are pickled, so functions must be importable by name.
    """

    def __init__(
        self,
        *,
        time_limit_s: float = 60.0,
        calls_per_process: int = 100,
        memory_bytes: int = MEMORY_BYTES,
        file_bytes: int = FILE_BYTES,
    ) -> None:
        self._time_limit_s = time_limit_s
        self._calls_per_process = calls_per_process
        self._bounds = {resource.RLIMIT_AS: memory_bytes, resource.RLIMIT_FSIZE: file_bytes, resource.RLIMIT_CORE: 0}
        self._turn = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._pid: Synchronized[int] | None = None
        self._calls = 0

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(*args, **kwargs)` returns or raises, within the usual time limit.

        Raises:
            Refused: UNREADABLE_FILE (without `about`), when the work took too long, wanted too much memory or killed
                the process twice.
        """
        return await self.call_within(self._time_limit_s, work, *args, **kwargs)

    async def call_within(self, time_limit_s: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same with a time limit of its own, counted from when the work has its turn."""
        async with self._turn:
            bound = functools.partial(work, *args, **kwargs)
            with contextlib.suppress(BrokenProcessPool):
                return await self._once(bound, time_limit_s)
            try:
                return await self._once(bound, time_limit_s)
            except BrokenProcessPool as error:
                raise _beyond_us("it breaks what reads it") from error

    async def close(self) -> None:
        """End the process, also in the middle of a call (which then fails); a later call starts a new one."""
        self._drop()

    async def _once(self, work: Callable[[], T], time_limit_s: float) -> T:
        if self._calls >= self._calls_per_process:
            self._drop()
        pool = self._pool or self._start()
        self._calls += 1
        try:
            async with asyncio.timeout(time_limit_s):
                return await asyncio.wrap_future(pool.submit(work))
        except TimeoutError as error:
            self._drop()
            raise _beyond_us("it takes too long to read") from error
        except MemoryError as error:
            self._drop()
            raise _beyond_us("it takes too much memory to read") from error
        except (asyncio.CancelledError, BrokenProcessPool):
            # Cancelled: nobody waits for the answer, and the next caller should not wait for it either.
            self._drop()
            raise

    def _start(self) -> ProcessPoolExecutor:
        # A fork of ours would inherit sockets and locks; one of a server that has nothing but the libraries does not,
        # and a process that had to be replaced is there again in milliseconds.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "bot.media.fit", "bot.media.recode", "bot.media.repaint"])
        self._pid = context.Value("i", 0)
        self._pool = ProcessPoolExecutor(
            max_workers=1, mp_context=context, initializer=_settle_in, initargs=(self._pid, self._bounds)
        )
        self._calls = 0
        return self._pool

    def _drop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None or self._pid is None:
            return
        pid = self._pid.value
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        pool.shutdown(wait=False, cancel_futures=True)


def _settle_in(pid: "Synchronized[int]", bounds: Mapping[int, int]) -> None:
    """First thing in the new process: say who we are, leave signals to our parent, die with it, and stay in bounds."""
    for kind, most in bounds.items():
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS has no bound on address space
            resource.setrlimit(kind, (bound, bound))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    os.nice(_NICENESS)
    pid.value = os.getpid()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _beyond_us(reason: str) -> Refused:
    return Refused([Problem(slug=Slug.UNREADABLE_FILE, facts={"reason": reason})])
