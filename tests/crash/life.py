"""One life of the program: a real process, from its birth to its death."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from bot.sandbox.runs import Changes
from tests.crash.child import READY, Birth, live


class Life:
    """A running program. `commits` are the names of what it has committed, in order; each announces `ticks`.

    `ready` is set when it serves, or never will. Once `over`, `exit_code` says how it ended; negative: by that signal.
    """

    def __init__(self, process: ForkServerProcess, pipe: Connection, ticks: Changes) -> None:
        self._ticks = ticks
        self.commits: list[str] = []
        self.ready = asyncio.Event()
        self.over = asyncio.Event()
        self.exit_code: int | None = None
        self._process = process
        self._pipe = pipe
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(pipe.fileno(), self._hear)
        self._loop.add_reader(process.sentinel, self._end)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal; one that is gone already gets none."""
        if not self.over.is_set() and self._process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def kill(self) -> None:
        """End it as a power cut would, and wait until it has ended."""
        self.send(signal.SIGKILL)
        await self.over.wait()

    def _hear(self) -> None:
        """Take one word; at its end the pipe is closed."""
        try:
            word = self._pipe.recv()
        except (EOFError, OSError):  # OSError: it died in the middle of a word
            self._loop.remove_reader(self._pipe.fileno())
            self._pipe.close()
            return
        if word == READY:
            self.ready.set()
        else:
            self.commits.append(word)
            self._ticks.announce()

    def _end(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        while not self._pipe.closed:
            self._hear()
        self.exit_code = self._process.exitcode
        self._process.close()
        self.ready.set()
        self.over.set()


@asynccontextmanager
async def living(birth: Birth, ticks: Changes) -> AsyncIterator[Life]:
    """The program, started; it does not outlive the block.

    Processes are forked from one that has imported the program already, so that a life costs no second of imports.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.child"])
    ours, its = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(birth, its), name="reelroom")
    process.start()
    its.close()
    life = Life(process, ours, ticks)
    try:
        yield life
    finally:
        await life.kill()
