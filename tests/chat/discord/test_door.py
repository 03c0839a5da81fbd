"""Whatever goes wrong behind an interaction, its author reads one sentence and the log has the rest."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.errors import StoreUnavailable
from bot.store.database import Database, Row, Tx, open_database
from tests.chat.discord.harness import fal, photo, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Sent

T = TypeVar("T")


class Failing:
    """A store whose changes fail with `error`, once there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.error: Exception | None = None

    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        if self.error is not None:
            raise self.error
        return await self._database.transact(work)

    async def read(self, sql: str, *args: object) -> list[Row]:
        return await self._database.read(sql, *args)

    async def close(self) -> None:
        await self._database.close()


SECRET = "row 17 of /data/reelroom.db"


def ask(ada: Person) -> Sent:
    return ada.slash("effect", effect="Kiss Me AI", image=photo())


def keep(ada: Person) -> Sent:
    return ada.slash("settings", command="effect", resolution="360p")


@pytest.mark.parametrize("do", [ask, keep])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable(SECRET), "I can't write anything down just now"),
        (ZeroDivisionError(SECRET), "Something went wrong on my side"),
    ],
    ids=["the store is away", "our own mistake"],
)
async def test_one_sentence_is_said_privately_and_the_log_has_the_rest(
    discord: Discord,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
    do: Callable[[Person], Sent],
) -> None:
    ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
    stores: list[Failing] = []

    async def failing(path: Path) -> Database:
        stores.append(Failing(await open_database(path)))
        return stores[0]

    async with fal() as url, running(discord, tmp_path, url, open_store=failing):
        await discord.connected()
        stores[0].error = error
        told = await do(ada)
        stores[0].error = None
        assert told.private
        assert said in told.text
        assert len(told.messages) == 1
        assert SECRET not in told.text
        assert SECRET in caplog.text
        assert "Traceback" not in told.text
        assert (await ada.slash("help")).private  # and it lives on
