"""The whole program on real sockets: its own Telegram bot, the emulated Bot API, and the sandbox in fal's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app.local_fal import at_sandbox, quickened
from bot.app.parts import OpenStore, Plan
from bot.app.program import Program, started
from bot.domain.job import Job
from bot.settings.environment import Settings, load_settings
from bot.store.database import open_database
from tests.chat.discord.harness import CATALOGUE, OPEN, SPEED, fal, photo
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Chat, Message
from tests.source import ROOT

EDIT_EVERY_S = 0.2
REEL_S = 50.0
"""How long a test waits for a reel before it calls it lost; one takes a few seconds."""

__all__ = ["REEL_S", "Scene", "called", "fal", "jobs", "photo", "playing", "reels", "running", "settings", "settled"]


def settings(telegram: Telegram, *, token: str | None = None, overrides: dict[str, Any] | None = None) -> Settings:
    """The shipped settings, pointed at this Telegram."""
    where = {"api_url": telegram.api_url, "file_url": telegram.file_url, "edit_every_s": EDIT_EVERY_S, "poll_s": 30}
    changed: dict[str, Any] = {**OPEN, "web": {"port": 0}, **(overrides or {})}
    changed["telegram"] = {**where, **changed.get("telegram", {})}
    read = load_settings(ROOT / "config")
    sections = {name: getattr(read, name).model_copy(update=keys) for name, keys in changed.items()}
    return read.model_copy(update={**sections, "telegram_token": SecretStr(token or telegram.token)})


@asynccontextmanager
async def running(
    telegram: Telegram,
    data: Path,
    fal_url: str,
    *,
    token: str | None = None,
    overrides: dict[str, Any] | None = None,
    open_store: OpenStore = open_database,
) -> AsyncIterator[Program]:
    """The program in a data folder, which a second one may take up where the first was stopped."""
    plan = Plan(
        settings=at_sandbox(settings(telegram, token=token, overrides=overrides), fal_url),
        catalogue=quickened(CATALOGUE, SPEED),
        data=data,
        open_store=open_store,
    )
    async with started(plan) as program:
        yield program


@asynccontextmanager
async def playing(telegram: Telegram, data: Path, **more: Any) -> AsyncIterator[Program]:
    """The program with a sandbox of its own, polling."""
    async with fal() as url, running(telegram, data, url, **more) as program:
        await telegram.polled()
        yield program


def reels(telegram: Telegram, place: Chat) -> list[Message]:
    """The reels that stand in a chat."""
    return [one for one in telegram.said(place) if one.media is not None and one.media.kind == "video"]


@dataclass(slots=True, kw_only=True)
class Scene:
    """A group, somebody in it, and the program connected."""

    telegram: Telegram
    group: Chat
    ada: Person
    program: Program

    async def reel(self, request: Message, number: int = 1) -> Message:
        """The n-th reel that answers a request."""
        wanted = lambda: [one for one in self.telegram.replies(request) if one.media][number - 1 : number]  # noqa: E731
        return (await self.telegram.until(wanted, REEL_S, "a reel"))[0]

    async def status(self, request: Message) -> Message:
        """The status message that answers a request."""
        found = await self.telegram.until(lambda: self.telegram.replies(request), REEL_S, "a status")
        return found[0]

    async def says(self, message: Message, words: str) -> None:
        """Wait until a message says this."""
        await self.telegram.until(lambda: words in (message.text or message.caption or ""), REEL_S, words)


async def called(scene: Scene, whom: Person, number: int = 1) -> Message:
    """The n-th question somebody was called to."""

    def questions() -> list[Message]:
        asked = [one for one in whom.pings if "make a reel with your picture" in one.words]
        return asked[number - 1 : number]

    return (await scene.telegram.until(questions, REEL_S, "a question"))[0]


async def jobs(scene: Scene) -> list[Job]:
    """Every Job there is, oldest first."""
    rows = await scene.program.kept.database.read("SELECT id FROM jobs ORDER BY id")
    found = [await scene.program.kept.jobs.get(row["id"]) for row in rows]
    return [one for one in found if one is not None]


async def settled(scene: Scene) -> None:
    """Wait until every update there was has been taken as far as it goes."""
    async with asyncio.timeout(REEL_S):
        await scene.telegram.heard()
        while await scene.program.kept.database.read("SELECT id FROM updates WHERE state = 'open'"):
            await scene.telegram.heard()
