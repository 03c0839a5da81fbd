"""The gateway by hand: one socket, unpacked as it was asked to be packed."""

import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import zstandard

from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.events import Intent

Json = dict[str, Any]


class Line:
    """One socket, unpacked as `compress` says."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, compress: str) -> None:
        self.socket = socket
        unpackers: dict[str, Callable[[bytes], bytes]] = {
            "zlib-stream": zlib.decompressobj().decompress,
            "zstd-stream": zstandard.ZstdDecompressor().decompressobj().decompress,
        }
        self._unpack = unpackers.get(compress)

    async def next(self) -> Json:
        """The next message, or the close code as `{"closed": …}`."""
        message = await self.socket.receive(timeout=5)
        if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}:
            return {"closed": self.socket.close_code}
        if self._unpack is None:
            assert message.type is aiohttp.WSMsgType.TEXT
            text: str | bytes = message.data
        else:
            assert message.type is aiohttp.WSMsgType.BINARY
            text = self._unpack(message.data)
        parsed: Json = json.loads(text)
        return parsed

    async def until(self, name: str) -> list[Json]:
        """Everything up to an event."""
        heard = [await self.next()]
        while heard[-1].get("t") != name:
            assert "closed" not in heard[-1], heard
            heard.append(await self.next())
        return heard

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, discord: Discord, *, intents: int = Intent.GUILDS, **more: Any) -> None:
        properties = {"os": "linux", "browser": "by hand", "device": "by hand"}
        await self.send(2, {"token": discord.token, "properties": properties, "intents": intents, **more})


@asynccontextmanager
async def line(discord: Discord, compress: str = "", version: int = 10) -> AsyncIterator[Line]:
    query = {"v": str(version), "encoding": "json", **({"compress": compress} if compress else {})}
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(discord.gateway_url, params=query, autoclose=False) as socket,
    ):
        yield Line(socket, compress)


async def closed(one: Line) -> int:
    """The code it ends with."""
    while "closed" not in (heard := await one.next()):
        pass
    code: int = heard["closed"]
    return code
