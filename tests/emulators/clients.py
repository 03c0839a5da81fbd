"""Real clients of Discord, pointed at the emulator: discord.py as a small bot of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import discord as library
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from tests.emulators.discord.emulator import Discord

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


class Bot(library.AutoShardedClient):
    """A bot with a tree. Identifies without a pause and is ready at once; `heard` keeps what befell it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("shard_count", 1)
        options.setdefault("intents", library.Intents(guilds=True))
        options.setdefault("guild_ready_timeout", 0.01)
        super().__init__(allowed_mentions=library.AllowedMentions.none(), **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No pause between shards."""

    async def on_socket_event_type(self, event: str) -> None:
        self.heard.append(event)


@asynccontextmanager
async def logged_in(discord: Discord, bot: Bot, *, shards: int = 1, sync: bool = True) -> AsyncIterator[Bot]:
    """The bot, connected to the emulator; whatever ends it early fails the test."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = discord.api_url, yarl.URL(discord.gateway_url)
    try:
        await bot.login(discord.token)
        if sync:
            await bot.tree.sync()
        running = asyncio.create_task(bot.connect())
        connecting = asyncio.create_task(discord.connected(shards))
        await asyncio.wait({running, connecting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            connecting.cancel()
            running.result()
        await connecting
        await bot.wait_until_ready()
        yield bot
        await bot.close()
        await running
    finally:
        await bot.close()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def picture(name: str = "me.png") -> library.File:
    """A file to send."""
    return library.File(BytesIO(PNG), name)
