"""uvicorn on sockets it is given. It catches no signal, starts no process, and stops within a bound.

The sockets are opened here, before anything is served, so that a port in use is found out at start.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from bot.domain.errors import ConfigInvalid, ConfigProblem

BACKLOG = 128
DOOR_UMASK = 0o177
"""Leaves 0600: only the owner of the data folder comes through the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A listening socket and the app behind it."""

    socket: socket.socket
    app: ASGIApp


def open_port(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one.

    Raises:
        ConfigInvalid: the address is in use or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio knows it for TCP and sends at once: else the body of a small answer waits 40 ms for
    # the acknowledgement of its head (Nagle's algorithm against delayed acknowledgements).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        reason = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise ConfigInvalid([ConfigProblem(file="bot.toml", key="web.port", reason=reason)]) from error
    return listening


def open_door(path: Path) -> socket.socket:
    """The Unix socket in the data folder. A file left behind by a killed process is replaced.

    Whoever calls holds the store's writer lock, so no living process can be behind that file.

    Raises:
        ConfigInvalid: the path is too long for a socket (107 bytes on Linux) or not writable.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(DOOR_UMASK)
    try:
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        reason = f"cannot open the door {path}: {error.strerror or error}"
        raise ConfigInvalid([ConfigProblem(file="--data", key="", reason=reason)]) from error
    finally:
        os.umask(before)
    return listening


class Listener:
    """Serves several openings. `before_stop` ends what would stream for ever, so that stopping is quick."""

    def __init__(self, openings: Sequence[Opening], *, before_stop: Callable[[], None], grace_s: int = 3) -> None:
        self._openings = tuple(openings)
        self._servers = [_Server(_config(opening.app, grace_s)) for opening in openings]
        self._before_stop = before_stop
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to serve; returns when every socket is answered."""
        self._tasks = [
            asyncio.create_task(server.serve([opening.socket]), name=f"web {opening.socket.getsockname()}")
            for server, opening in zip(self._servers, self._openings, strict=True)
        ]
        ready = asyncio.ensure_future(self._ready())
        waiting: list[asyncio.Future[None]] = [ready, *self._tasks]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in self._tasks:
                if task.done():
                    task.result()
        finally:
            ready.cancel()

    async def wait(self) -> None:
        """Until every server has ended; raises what ended one."""
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Take no more connections, let answers under way finish within `grace_s`, then cut them."""
        self._before_stop()
        for server in self._servers:
            server.should_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ready(self) -> None:
        for server in self._servers:
            await server.ready.wait()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals belong to the app."""
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _config(app: ASGIApp, grace_s: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        http="h11",
        ws="none",
        loop="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=grace_s,
    )
