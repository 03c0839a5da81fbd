"""When the store is slow: "busy" after a second, and what lands all the same is asked about."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.store.database import Database, Row, Tx, open_database
from tests.chat.discord.harness import fal, photo, running
from tests.emulators.discord.emulator import Discord

T = TypeVar("T")


class Gated:
    """A store whose changes wait at a gate. `knocked`: one of them does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.knocked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        if not self.gate.is_set():
            self.knocked.set()
        await self.gate.wait()
        return await self._database.transact(work)

    async def read(self, sql: str, *args: object) -> list[Row]:
        return await self._database.read(sql, *args)

    async def close(self) -> None:
        await self._database.close()


async def test_what_lands_after_busy_was_said_is_asked_about_and_spends_nothing(
    discord: Discord, tmp_path: Path
) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada = discord.person("Ada", at=channel)
    stores: list[Gated] = []

    async def slow(path: Path) -> Database:
        stores.append(Gated(await open_database(path)))
        return stores[0]

    async with fal() as url, running(discord, tmp_path, url, open_store=slow):
        await discord.connected()
        stores[0].gate.clear()
        asked = await ada.slash("effect", effect="Kiss Me AI", image=photo())
        assert asked.private
        assert "very busy" in asked.text
        stores[0].gate.set()
        question = await discord.until(
            lambda: next((one for one in ada.sees() if "I was away" in one.content), None), what="the question"
        )
        assert list(question.buttons) == ["Yes, please", "No, leave it"]
