"""What the fault tests stand on: the whole program between an emulated platform and a fal that does as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.app.local_fal import local_fal
from bot.app.program import Program
from bot.domain.job import Job
from bot.sandbox.settings import SandboxSettings
from bot.store.audit import audit
from tests.chat.discord import harness as on_discord
from tests.chat.telegram import harness as on_telegram
from tests.emulators.discord.emulator import Discord
from tests.emulators.telegram.emulator import Telegram
from tests.rendering import shared

VIDEO = "/video a paper boat --model pixverse-4.5 --resolution 360p"
PATIENCE_S = 50.0


@dataclass(frozen=True, slots=True)
class Fal:
    """The sandbox, seen from outside. `url` is where it stands."""

    url: str

    async def account(self) -> dict[str, Any]:
        """Its own account: every request it took, and how often each call was made."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            told: dict[str, Any] = (await http.get("/sandbox/requests")).json()
        return told

    async def calls(self, what: str) -> int:
        """How often a call was made."""
        return int((await self.account())["calls"].get(what, 0))

    async def faults(self, *rules: str) -> None:
        """Make something go wrong from now on; no rule clears them."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            if rules:
                await http.post("/sandbox/faults", json={"rules": rules})
            else:
                await http.delete("/sandbox/faults")

    async def taken(self, count: int = 1) -> list[dict[str, Any]]:
        """The requests, once there are so many."""
        await until(lambda: self._has(count))
        found: list[dict[str, Any]] = (await self.account())["requests"]
        return found

    async def _has(self, count: int) -> bool:
        return int((await self.account())["count"]) >= count


@asynccontextmanager
async def a_fal(speed: float = on_discord.SPEED, **more: Any) -> AsyncIterator[Fal]:
    """A sandbox."""
    settings = SandboxSettings(speed=speed, **more)
    async with local_fal(on_discord.CATALOGUE, settings, pool=shared()) as url:
        yield Fal(url)


@dataclass(slots=True, kw_only=True)
class DiscordScene(on_discord.Scene):
    """A server with the program in it, and its fal."""

    fal: Fal


@asynccontextmanager
async def discord_scene(discord: Discord, data: Path, fal: Fal, **more: Any) -> AsyncIterator[DiscordScene]:
    """The program on Discord."""
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    async with on_discord.running(discord, data, fal.url, **more) as program:
        await discord.connected()
        yield DiscordScene(discord=discord, guild=guild, channel=channel, ada=ada, program=program, fal=fal)


@dataclass(slots=True, kw_only=True)
class TelegramScene(on_telegram.Scene):
    """A group with the program in it, and its fal."""

    fal: Fal


@asynccontextmanager
async def telegram_scene(telegram: Telegram, data: Path, fal: Fal, **more: Any) -> AsyncIterator[TelegramScene]:
    """The program on Telegram."""
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with on_telegram.running(telegram, data, fal.url, **more) as program:
        await telegram.polled()
        yield TelegramScene(telegram=telegram, group=group, ada=ada, program=program, fal=fal)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so; every question goes over a socket or to the store."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            pass


async def jobs(program: Program) -> list[Job]:
    """Every Job there is, oldest first."""
    rows = await program.kept.database.read("SELECT id FROM jobs ORDER BY created_at, id")
    found = [await program.kept.jobs.get(row["id"]) for row in rows]
    return [one for one in found if one is not None]


async def exact(program: Program) -> bool:
    """Whether the ledger is."""
    return not (await audit(program.kept.database)).findings
