"""The Bot API by hand: one request at a time, its answer as it came."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from PIL import Image

from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Chat, Message

Json = dict[str, Any]


def jpeg(width: int = 90, height: int = 60, colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> Any:
        """What was asked for."""
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def refused(self) -> tuple[int, str]:
        """The code, which is the status too, and the words."""
        assert not self.body["ok"]
        assert self.body["error_code"] == self.status
        return self.status, self.body["description"]


class Hand:
    """A bot without a library, in a supergroup with Ada, who let it write to her in private too."""

    def __init__(self, telegram: Telegram, http: aiohttp.ClientSession) -> None:
        self.telegram = telegram
        self.http = http
        self.group: Chat = telegram.group("Reel lovers")
        self.ada: Person = telegram.person("Ada", at=self.group, username="ada_l", started=True)

    def url(self, method: str) -> str:
        """Where a method is."""
        return f"{self.telegram.api_url}/bot{self.telegram.token}/{method}"

    async def call(self, method: str, files: dict[str, bytes] | None = None, /, **parameters: Any) -> Reply:
        """One request: a form, and multipart with files. What is no text is written as JSON."""
        form = aiohttp.FormData(default_to_multipart=bool(files))
        for name, value in parameters.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, data in (files or {}).items():
            form.add_field(name, BytesIO(data), filename=f"{name}.bin", content_type="application/octet-stream")
        async with self.http.post(self.url(method), data=form) as response:
            return Reply(status=response.status, body=await response.json(), headers=dict(response.headers))

    async def say(self, text: str = "hello", /, to: Chat | Person | None = None, **more: Any) -> Message:
        """A message of the bot's, as it stands; in the group unless told otherwise."""
        where = to or self.group
        result = (await self.call("sendMessage", chat_id=where.id, text=text, **more)).result
        return self.telegram.world.chats[where.id].messages[result["message_id"]]

    async def refused(self, method: str, files: dict[str, bytes] | None = None, /, **parameters: Any) -> str:
        """The words of a no; whether it is the client's fault is no matter."""
        reply = await self.call(method, files, **parameters)
        self.telegram.judge.complaints.clear()
        return reply.refused[1]

    async def updates(self, **parameters: Any) -> list[Json]:
        """What is pending; every update that is taken is confirmed by the next look."""
        found: list[Json] = (await self.call("getUpdates", **{"timeout": 0, **parameters})).result
        return found

    async def news(self) -> list[Json]:
        """What is pending, confirmed at once."""
        found = await self.updates()
        if found:
            await self.updates(offset=found[-1]["update_id"] + 1)
        return found


@asynccontextmanager
async def by_hand(*, strict: bool = True) -> AsyncIterator[Hand]:
    """An emulator with a bot by hand."""
    async with emulated(strict=strict) as telegram, aiohttp.ClientSession() as http:
        yield Hand(telegram, http)
