"""A sandbox on a real loopback socket, with a clock that tests own."""

import asyncio
import heapq
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from PIL import Image
from starlette.types import ASGIApp

from bot.domain.catalogue import Catalogue
from bot.fal.document import document_from_endpoint
from bot.sandbox.app import build
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import load_catalogue

ROOT = Path(__file__).parents[2]
KEY = {"Authorization": "Key made-up:secret"}
EFFECT = "fal-ai/pixverse/v4.5/effects"
WORDS = "fal-ai/pixverse/v4.5/text-to-video"
APP = "fal-ai/pixverse"


@cache
def catalogue() -> Catalogue:
    """The shipped endpoints."""
    return load_catalogue(ROOT / "config" / "endpoints")


async def turn() -> None:
    """Let everything that is ready run once."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon(done.set_result, None)
    await done


class EagerClock:
    """Time that passes as soon as somebody waits for it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        await turn()


class ManualClock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.moment + timedelta(seconds=seconds), next(self._count), woken))
        await woken

    async def pass_time(self, seconds: float) -> None:
        """Go on by so much, waking everybody in order."""
        target = self.moment + timedelta(seconds=seconds)
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            self.moment, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await self._settle()
        self.moment = target

    @staticmethod
    async def _settle() -> None:
        for _ in range(20):
            await turn()


@dataclass(frozen=True, slots=True)
class Local:
    """A running sandbox, a client with a key, and its address."""

    sandbox: Sandbox
    http: httpx.AsyncClient
    url: str

    async def submit(self, endpoint: str, arguments: Any, **headers: str) -> dict[str, Any]:
        """Submit and expect to be taken."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self.http.post(f"/{endpoint}", json=arguments, headers=named)
        assert response.status_code == 200, response.text
        taken: dict[str, Any] = response.json()
        return taken

    async def result(self, taken: dict[str, Any]) -> httpx.Response:
        """Wait until it has ended, then get the result."""
        submission = self.sandbox.queue.get(taken["request_id"])
        assert submission is not None
        while submission.answer is None:
            await self.sandbox.changes.wait()
        return await self.http.get(taken["response_url"])

    async def run(self, endpoint: str, arguments: Any, **headers: str) -> httpx.Response:
        """Submit, wait, get the result."""
        return await self.result(await self.submit(endpoint, arguments, **headers))

    async def upload(self, content: bytes, content_type: str = "image/png", name: str = "picture.png") -> str:
        """Put a file into the storage as the Python client does; its URL."""
        token = (await self.http.post("/storage/auth/token?storage_type=fal-cdn-v3", json={})).json()["token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type, "X-Fal-File-Name": name}
        response = await self.http.post("/files/upload", content=content, headers=headers)
        url: str = response.json()["access_url"]
        return url


def ids() -> Callable[[], str]:
    """Ids like fal's, in order."""
    count = itertools.count(1)
    return lambda: f"{next(count):08x}-0000-4000-8000-000000000000"


def png(width: int = 640, height: int = 480, colour: str = "teal") -> bytes:
    """A picture."""
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "png")
    return written.getvalue()


def a_sandbox(
    settings: SandboxSettings,
    *,
    clock: EagerClock | ManualClock | None = None,
    pool: Executor | None = None,
    draws: Callable[[], float] = lambda: 0.5,
) -> Sandbox:
    """A sandbox over the shipped endpoints."""
    watch = clock or EagerClock()
    return Sandbox(
        catalogue(),
        settings,
        documents=document_from_endpoint,
        now=watch.now,
        sleep=watch.sleep,
        new_id=ids(),
        draw=draws,
        pool=pool,
    )


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port; its address.

    uvicorn is started and shut down by hand: its own loop looks only ten times a second whether it should end.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for _ in range(3):
            await turn()
        await server.shutdown(sockets=[listener])


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Local]:
    """Serve a sandbox, start it, stop it."""
    await sandbox.start()
    try:
        # There is no TLS on loopback, and no time to be spent on it.
        plain = httpx.AsyncHTTPTransport(verify=False)
        async with (
            listening(build(sandbox)) as url,
            httpx.AsyncClient(base_url=url, headers=KEY, timeout=30, transport=plain) as http,
        ):
            try:
                yield Local(sandbox, http, url)
            finally:
                await sandbox.stop()
    finally:
        await sandbox.stop()
