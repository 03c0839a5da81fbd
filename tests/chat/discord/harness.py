"""The whole program on real sockets: its own Discord client, the emulated Discord, and the sandbox in fal's place."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.parts import OpenStore, Plan
from bot.app.program import Program, started
from bot.domain.moderation import Faces
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings, load_settings
from bot.store.database import open_database
from tests.chat.room_harness import picture
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.things import Channel, Guild, Message
from tests.rendering import shared
from tests.source import ROOT

CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")
SPEED = 60.0
GUILD_READY_S = 0.05
EDIT_EVERY_S = 0.2
REEL_S = 50.0
"""How long a test waits for a reel before it calls it lost; one takes a few seconds."""

OPEN = {"quota": {"unknown": "welcome"}, "moderation": {"faces": Faces.OFF}}
"""A bot that asks no questions, for the tests that are about something else."""


def settings(discord: Discord, *, token: str | None = None, overrides: dict[str, Any] | None = None) -> Settings:
    """The shipped settings, pointed at this Discord."""
    where = {
        "api_url": discord.api_url,
        "gateway_url": discord.gateway_url,
        "cdn_url": discord.cdn_url,
        "guild_ready_s": GUILD_READY_S,
        "edit_every_s": EDIT_EVERY_S,
    }
    changed: dict[str, Any] = {**OPEN, "web": {"port": 0}, **(overrides or {})}
    changed["discord"] = {**where, **changed.get("discord", {})}
    read = load_settings(ROOT / "config")
    sections = {name: getattr(read, name).model_copy(update=keys) for name, keys in changed.items()}
    return read.model_copy(update={**sections, "discord_token": SecretStr(token or discord.token)})


@asynccontextmanager
async def fal(speed: float = SPEED) -> AsyncIterator[str]:
    """A sandbox's address."""
    async with local_fal(CATALOGUE, SandboxSettings(speed=speed), pool=shared()) as url:
        yield url


@asynccontextmanager
async def running(
    discord: Discord,
    data: Path,
    fal_url: str,
    *,
    token: str | None = None,
    overrides: dict[str, Any] | None = None,
    open_store: OpenStore = open_database,
) -> AsyncIterator[Program]:
    """The program in a data folder, which a second one may take up where the first was stopped."""
    plan = Plan(
        settings=at_sandbox(settings(discord, token=token, overrides=overrides), fal_url),
        catalogue=quickened(CATALOGUE, SPEED),
        data=data,
        open_store=open_store,
    )
    async with started(plan) as program:
        yield program


@asynccontextmanager
async def playing(discord: Discord, data: Path, **more: Any) -> AsyncIterator[Program]:
    """The program with a sandbox of its own, connected."""
    async with fal() as url, running(discord, data, url, **more) as program:
        await discord.connected()
        yield program


def photo() -> bytes:
    """A picture every effect takes."""
    data = io.BytesIO()
    picture((640, 480)).save(data, "JPEG")
    return data.getvalue()


def reels(channel: Channel) -> list[Message]:
    """The reels that stand in a channel or thread."""
    return [
        one
        for one in channel.messages.values()
        if not one.deleted and any(_is_reel(file.filename) for file in one.attachments)
    ]


def _is_reel(name: str) -> bool:
    return name.removeprefix("SPOILER_").startswith("reel-") and name.endswith(".mp4")


@dataclass(slots=True, kw_only=True)
class Scene:
    """A server with a channel, somebody in it, and the program connected."""

    discord: Discord
    guild: Guild
    channel: Channel
    ada: Person
    program: Program

    async def reel(self, where: Channel, number: int = 1) -> Message:
        """The n-th reel that stands there."""
        return (await self.discord.until(lambda: reels(where)[number - 1 : number], REEL_S, "a reel"))[0]

    async def thread(self, exchange_message: Message) -> Channel:
        """The thread on a status message."""
        return await self.discord.until(lambda: exchange_message.thread, REEL_S, "a thread")

    async def says(self, message: Message, words: str) -> None:
        """Wait until a message says this."""
        await self.discord.until(lambda: words in message.content, REEL_S, words)

    async def asked(self) -> Message:
        """The status message of an effect Ada asked for."""
        exchange = await self.ada.slash("effect", effect="Kiss Me AI", image=photo())
        assert exchange.original is not None
        return exchange.original


def everywhere(discord: Discord) -> list[Message]:
    """Every reel there is."""
    return [one for channel in discord.world.channels.values() for one in reels(channel)]
