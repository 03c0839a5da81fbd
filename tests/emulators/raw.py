"""A client without manners: any request to the emulator, by hand, so that every refusal can be seen."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp

from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.interactions import Interaction
from tests.emulators.discord.people import Person
from tests.emulators.discord.things import Channel, Guild

COMMAND = {"name": "effect", "description": "Makes a picture move"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> int | None:
        """The error's code; none when all is well."""
        return self.body.get("code") if isinstance(self.body, dict) and self.status >= 400 else None

    @property
    def error(self) -> tuple[int, int | None]:
        """Status and code."""
        return self.status, self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A server with a channel, Ada in it, and a session with the bot's token."""

    discord: Discord
    http: aiohttp.ClientSession
    guild: Guild
    channel: Channel
    ada: Person

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: Mapping[str, bytes] | None = None,
        token: str | None = None,
    ) -> Reply:
        """One request; `files` by name make it multipart."""
        given: dict[str, Any] = {} if body is None else {"json": body}
        if files is not None:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(body or {}), content_type="application/json")
            for number, (name, data) in enumerate(files.items()):
                form.add_field(
                    f"files[{number}]", BytesIO(data), filename=name, content_type="application/octet-stream"
                )
            given = {"data": form}
        headers = {"Authorization": f"Bot {token or self.discord.token}"}
        async with self.http.request(method, self.discord.api_url + path, headers=headers, **given) as response:
            raw = await response.read()
            plain = response.headers.get("Content-Type", "").startswith("application/json")
            return Reply(status=response.status, body=json.loads(raw) if plain else raw, headers=response.headers)

    async def post(self, body: Any, *, to: Channel | None = None, files: Mapping[str, bytes] | None = None) -> Reply:
        """A message by the bot's token."""
        return await self.call("POST", f"/channels/{(to or self.channel).id}/messages", body, files=files)

    async def register(self, *commands: Any) -> Reply:
        """All global commands at once."""
        return await self.call("PUT", f"/applications/{self.discord.application.id}/commands", list(commands))

    def asked(self, name: str = "effect", **options: Any) -> Interaction:
        """A slash command of Ada's, on its way."""
        return self.ada.slash(name, **options).interaction

    async def answer(self, one: Interaction, kind: int, data: Any = None, **more: Any) -> Reply:
        """The first answer."""
        body = {"type": kind} | ({} if data is None else {"data": data})
        return await self.call("POST", f"/interactions/{one.id}/{one.token}/callback", body, **more)

    async def follow(self, one: Interaction, body: Any, **more: Any) -> Reply:
        """A follow-up."""
        return await self.call("POST", self.hook(one), body, **more)

    async def edit(self, one: Interaction, body: Any, **more: Any) -> Reply:
        """The original, changed."""
        return await self.call("PATCH", f"{self.hook(one)}/messages/@original", body, **more)

    def hook(self, one: Interaction) -> str:
        """Where an interaction's own messages are."""
        return f"/webhooks/{self.discord.application.id}/{one.token}"


@asynccontextmanager
async def raw(*, strict: bool = True) -> AsyncIterator[Raw]:
    """Without a gateway: what is asked is merely noted. `strict` as in `emulated`."""
    async with emulated(strict=strict) as discord, aiohttp.ClientSession() as http:
        guild = discord.guild("Reel lovers")
        channel = discord.text(guild, "general")
        one = Raw(discord=discord, http=http, guild=guild, channel=channel, ada=discord.person("Ada", at=channel))
        await one.register(COMMAND)
        yield one
