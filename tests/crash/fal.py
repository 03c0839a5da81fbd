"""fal as the sandbox plays it, with the executioner at its door.

It outlives the programs that call it, and its own account of what it took is what they are judged by.
"""

from collections.abc import AsyncIterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.types import Message, Receive, Scope, Send

from bot.app import clock
from bot.domain.catalogue import Catalogue
from bot.fal.document import document_from_endpoint
from bot.sandbox.app import build
from bot.sandbox.routes.gate import Dropped
from bot.sandbox.runs import Changes
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.settings import SandboxSettings
from bot.web.listener import Listener, Opening, open_port
from tests.crash.child import SPEED
from tests.crash.doom import When
from tests.crash.executioner import Executioner


class Fal:
    """An ASGI application over the sandbox's. `ticks` are announced after every answer."""

    def __init__(self, sandbox: Sandbox, executioner: Executioner, ticks: Changes) -> None:
        self.url = ""
        self.executioner = executioner
        self._sandbox = sandbox
        self._app = build(sandbox)
        self._ticks = ticks

    def requests(self) -> frozenset[str]:
        """The ids of everything taken so far."""
        return frozenset(one.id for one in self._sandbox.queue.everything())

    async def account(self) -> list[dict[str, Any]]:
        """fal's own account of it, as anybody can ask for it."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            requests: list[dict[str, Any]] = (await http.get("/sandbox/requests")).json()["requests"]
        return requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or kill the caller."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path.startswith("/sandbox/"):
            await self._app(scope, receive, send)
            return
        name = call_name(scope["method"], path)
        if await self.executioner.strikes(When.UNHEARD, name):
            await Dropped()(scope, receive, send)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        if await self.executioner.strikes(When.UNANSWERED, name):
            await Dropped()(scope, receive, send)
            return
        for message in answer:
            await send(message)
        await self.executioner.strikes(When.ANSWERED, name)
        self._ticks.announce()


def call_name(method: str, path: str) -> str:
    """What a call is about, in one word."""
    end = path.rpartition("/")[2]
    if "/requests/" in path:
        return end if end in {"status", "cancel", "by-endpoint"} else "result"
    if path.startswith("/storage/"):
        return "token"
    if path.startswith("/files/"):
        return "upload" if method == "POST" else "video"
    return "submit" if method == "POST" else "other"


@asynccontextmanager
async def serving(catalogue: Catalogue, pool: Executor, executioner: Executioner, ticks: Changes) -> AsyncIterator[Fal]:
    """A sandbox of its own on a free port."""
    sandbox = Sandbox(
        catalogue,
        SandboxSettings(speed=SPEED),
        documents=document_from_endpoint,
        now=clock.now,
        sleep=clock.sleep,
        new_id=clock.new_id,
        draw=lambda: 0.5,
        pool=pool,
    )
    fal = Fal(sandbox, executioner, ticks)
    listening = open_port("127.0.0.1", 0)
    fal.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    listener = Listener([Opening(socket=listening, app=fal)], before_stop=lambda: None, grace_s=1)
    await sandbox.start()
    await listener.start()
    try:
        yield fal
    finally:
        await sandbox.stop()
        await listener.stop()
