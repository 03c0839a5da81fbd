"""Discord, Telegram and the Room in one process: one queue, one ledger, one fairness, and no platform minds another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.app import clock
from bot.app.local_fal import at_sandbox, quickened
from bot.app.parts import Plan
from bot.app.program import Program, started
from bot.domain.job import State
from bot.store.audit import audit
from bot.store.database import Row
from tests.chat.discord.harness import CATALOGUE, REEL_S, SPEED, everywhere, fal, photo
from tests.chat.discord.harness import settings as discord_settings
from tests.chat.telegram.harness import reels
from tests.chat.telegram.harness import settings as telegram_settings
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.emulator import emulated as discord_emulated
from tests.emulators.discord.faults import Drop
from tests.emulators.discord.people import Person as DiscordPerson
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.emulator import emulated as telegram_emulated
from tests.emulators.telegram.people import Person as TelegramPerson

SLOWLY = 30.0
"""Of the sandbox: the first reels are not there before everybody has asked."""

WORDS = "/video {} --model pixverse-4.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One program, Ada on Discord, Ben on Telegram, and the owner in the Room."""

    program: Program
    discord: Discord
    telegram: Telegram
    ada: DiscordPerson
    ben: TelegramPerson

    async def ask_in_the_room(self, text: str) -> None:
        """As the owner, by the program's own door."""
        transport = httpx.AsyncHTTPTransport(uds=str(self.program.door))
        async with httpx.AsyncClient(transport=transport, base_url="http://room") as room:
            answer = await room.post("/api/asks", json={"id": "event-0001", "text": WORDS.format(text)})
            assert answer.status_code == httpx.codes.ACCEPTED, answer.text

    async def admitted(self, many: int) -> None:
        """Wait until there are so many Jobs."""
        async with asyncio.timeout(REEL_S):
            while len(await self.program.kept.database.read("SELECT id FROM jobs")) < many:
                await self.program.kept.database.read("SELECT 1")

    async def ended(self, many: int) -> list[Row]:
        """So many Jobs, once each has its reel, in the order in which fal was given them."""
        sql = "SELECT * FROM jobs ORDER BY submitted_at, id"
        found: list[Row] = []
        try:
            async with asyncio.timeout(2 * REEL_S):
                while [row["state"] for row in found] != [State.DELIVERED.value] * many:
                    found = await self.program.kept.database.read(sql)
        except TimeoutError:
            raise AssertionError([(row["place"], row["state"], row["reason"]) for row in found]) from None
        return found


@asynccontextmanager
async def playing(
    discord: Discord, telegram: Telegram, data: Path, *, speed: float = SPEED, **fal_settings: int
) -> AsyncIterator[Together]:
    """All of it in one process."""
    one, other = discord_settings(discord), telegram_settings(telegram)
    settings = one.model_copy(update={"telegram": other.telegram, "telegram_token": other.telegram_token})
    ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
    ben = telegram.person("Ben", at=telegram.group("Reel makers"))
    async with fal(speed) as url:
        at_fal = at_sandbox(settings, url)
        at_fal = at_fal.model_copy(update={"fal": at_fal.fal.model_copy(update=fal_settings)})
        plan = Plan(settings=at_fal, catalogue=quickened(CATALOGUE, SPEED), data=data)
        async with started(plan) as program:
            yield Together(program=program, discord=discord, telegram=telegram, ada=ada, ben=ben)


@pytest.fixture
async def networks() -> AsyncIterator[tuple[Discord, Telegram]]:
    async with discord_emulated(clock.now) as discord, telegram_emulated(clock.now) as telegram:
        yield discord, telegram


@pytest.mark.timeout(150)
async def test_they_share_one_queue_one_fairness_and_one_ledger(
    networks: tuple[Discord, Telegram], tmp_path: Path
) -> None:
    async with playing(*networks, tmp_path, speed=SLOWLY, concurrency=1) as together:
        await together.discord.connected()
        await together.telegram.polled()
        for number in range(3):
            together.ben.type(WORDS.format(f"boat {number}").replace("/video", "/video@reelroom_bot"))
        await together.admitted(3)
        await together.ada.slash("video", prompt="a kite")
        await together.ask_in_the_room("a lamp")
        jobs = await together.ended(5)
        turns = [job["place"].partition('"platform":"')[2].partition('"')[0] for job in jobs]
        assert sorted(turns) == ["discord", "room", *["telegram"] * 3]
        assert turns[-1] == "telegram", "who asked for one reel does not wait for another's last"
        assert len(reels(together.telegram, together.ben.chat)) == 3
        assert len(everywhere(together.discord)) == 1
        spent = await together.program.kept.database.read("SELECT account FROM ledger WHERE kind = 'settle'")
        assert [row["account"] for row in spent].count("bot") == 5
        assert (await audit(together.program.kept.database)).findings == ()


async def test_while_discord_is_down_from_the_beginning_telegram_and_the_room_do_not_notice(
    networks: tuple[Discord, Telegram], tmp_path: Path
) -> None:
    discord, telegram = networks
    discord.gateway.down = True
    unreached = discord.faults.add("*", "/**", Drop(), times=0)
    async with playing(discord, telegram, tmp_path) as together:
        await telegram.polled()
        asked = together.ben.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
        await together.ask_in_the_room("a lamp")
        found = await telegram.until(lambda: [one for one in telegram.replies(asked) if one.media], REEL_S, "a reel")
        await telegram.until(lambda: "Here it is" in (telegram.replies(asked)[0].text or ""), REEL_S, "the last word")
        await together.ended(2)
        assert len(found) == 1
        assert unreached.struck
        assert len(telegram.calls("sendVideo")) == 1
        assert telegram.updates.pending == []


async def test_while_telegram_is_down_from_the_beginning_discord_and_the_room_do_not_notice(
    networks: tuple[Discord, Telegram], tmp_path: Path
) -> None:
    discord, telegram = networks
    telegram.go_down()
    async with playing(discord, telegram, tmp_path) as together:
        await discord.connected()
        await together.ada.slash("effect", effect="Kiss Me AI", image=photo())
        await together.ask_in_the_room("a lamp")
        await together.ended(2)
        assert len(everywhere(discord)) == 1
        assert telegram.calls("sendMessage", "sendVideo") == []
