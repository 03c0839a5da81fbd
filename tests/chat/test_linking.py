"""Discord, Telegram and the Room in one process: accounts of one Person, one budget, one list of reels."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from bot.app import clock
from bot.app.local_fal import at_sandbox, quickened
from bot.app.parts import Plan
from bot.app.program import Program, started
from bot.settings.quota import PersonSection
from bot.store.audit import audit
from tests.chat.discord.harness import CATALOGUE, REEL_S, SPEED, fal, photo, reels
from tests.chat.discord.harness import settings as discord_settings
from tests.chat.telegram.harness import settings as telegram_settings
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.emulator import emulated as discord_emulated
from tests.emulators.discord.people import Person as DiscordPerson
from tests.emulators.discord.things import Channel
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.emulator import emulated as telegram_emulated
from tests.emulators.telegram.faults import Status
from tests.emulators.telegram.people import Person as TelegramPerson
from tests.emulators.telegram.things import Message

CODE = re.compile(r"/link ([2-9A-Z]{4}-[2-9A-Z]{4})")
QUOTA = {"unknown": "welcome", "person": PersonSection(day=Decimal("0.50"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Ada on Discord, Ada on Telegram, and one program."""

    program: Program
    discord: Discord
    telegram: Telegram
    channel: Channel
    there: DiscordPerson
    here: TelegramPerson

    async def answered(self, message: Message) -> str:
        """What first answers something said on Telegram."""
        found = await self.telegram.until(lambda: self.telegram.replies(message), REEL_S, "an answer")
        return found[0].text or ""

    async def says(self, text: str) -> str:
        """Ada says something to the bot on Telegram, and it answers."""
        return await self.answered(self.here.type(text))

    async def join(self) -> str:
        """By a code made on Discord and typed on Telegram; what is answered."""
        made = await self.there.slash("link")
        assert made.private
        found = CODE.search(made.text)
        assert found is not None
        return await self.says(f"/link {found[1]}")

    async def reel_on_discord(self) -> None:
        """One reel asked for there, and posted."""
        asked = await self.there.slash("effect", effect="Kiss Me AI", image=photo())
        status = asked.original
        assert status is not None, asked.text
        thread = await self.discord.until(lambda: status.thread, REEL_S, "a thread")
        await self.discord.until(lambda: reels(thread), REEL_S, "a reel")

    async def reel_on_telegram(self) -> None:
        """One reel asked for here, and posted."""
        asked = self.here.photo(photo(), "/effect Kiss Me AI")
        await self.telegram.until(lambda: [one for one in self.telegram.replies(asked) if one.media], REEL_S, "a reel")

    def room(self) -> httpx.AsyncClient:
        """The Room's API, by the program's own door."""
        return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(self.program.door)), base_url="http://room")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with discord_emulated(clock.now) as discord, telegram_emulated(clock.now) as telegram, fal() as url:
        channel = discord.text(discord.guild("Reel lovers"), "general")
        there = discord.person("Ada", at=channel)
        here = telegram.person("Ada L.", started=True)
        one, other = discord_settings(discord), telegram_settings(telegram)
        settings = one.model_copy(
            update={
                "telegram": other.telegram,
                "telegram_token": other.telegram_token,
                "quota": one.quota.model_copy(update=QUOTA),
            }
        )
        plan = Plan(settings=at_sandbox(settings, url), catalogue=quickened(CATALOGUE, SPEED), data=tmp_path)
        async with started(plan) as program:
            await discord.connected()
            await telegram.polled()
            yield Both(program=program, discord=discord, telegram=telegram, channel=channel, there=there, here=here)


async def test_joined_they_spend_from_one_budget_and_see_one_list(both: Both) -> None:
    assert "$0.50 left of your $0.50 per day" in await both.says("/quota")
    joined = await both.join()
    assert joined.startswith("Joined.")
    assert "Joined: Ada on Discord, Ada L. on Telegram" in joined
    await both.reel_on_discord()
    assert "$0.30 left of your $0.50 per day" in await both.says("/quota")
    assert (await both.says("/jobs")).startswith("Done: Kiss Me AI")
    await both.reel_on_discord()

    asked = both.here.photo(photo(), "/effect Kiss Me AI")
    status = await both.telegram.until(lambda: both.telegram.replies(asked), REEL_S, "an answer")
    await both.telegram.until(
        lambda: "This takes $0.20, and $0.10 of your daily budget is left." in (status[0].text or ""), REEL_S
    )
    refused = await both.there.slash("effect", effect="Kiss Me AI", image=photo())
    await refused.until(lambda one: "$0.10 of your daily budget is left" in one.text)
    assert len(both.telegram.calls("sendVideo")) == 0
    assert (await audit(both.program.kept.database)).findings == ()


async def test_separating_refills_nothing(both: Both) -> None:
    await both.join()
    await both.reel_on_discord()
    await both.reel_on_discord()
    assert "by itself again" in await both.says("/link off")
    assert "$0.10 left of your shared $0.50 per day" in await both.says("/quota")
    assert "$0.10 left of your shared $0.50 per day" in (await both.there.slash("quota")).text
    assert "not asked for anything yet" in await both.says("/jobs")
    assert (await both.there.slash("link", code="off")).text == "This account is joined with no other."


async def test_a_code_made_on_telegram_is_good_on_discord_and_by_nobody_seen(both: Both) -> None:
    found = CODE.search(await both.says("/link"))
    assert found is not None
    wrong = await both.there.slash("link", code="ZZZZ-ZZZZ")
    assert wrong.private
    assert "I don't know that code" in wrong.text
    joined = await both.there.slash("link", code=found[1].lower())
    assert joined.private
    assert "Joined." in joined.text
    assert "Joined: Ada on Discord, Ada L. on Telegram" in joined.text.replace("\\", "")


async def test_what_was_asked_for_there_is_stopped_and_repeated_from_here(both: Both) -> None:
    await both.join()
    asked = await both.there.slash("video", prompt="sandbox:slow a paper boat")
    status = asked.original
    assert status is not None
    await both.discord.until(lambda: "Cancel" in status.buttons, REEL_S)
    assert "I'm cancelling it" in await both.says("/cancel")
    await both.discord.until(lambda: "Cancelled, as you wished" in status.content, REEL_S)
    await both.reel_on_discord()
    again = both.here.type("/again")
    await both.telegram.until(lambda: [one for one in both.telegram.replies(again) if one.media], REEL_S, "a reel")


async def test_a_reel_that_could_not_be_posted_here_is_had_there(both: Both) -> None:
    await both.join()
    blocked = Status(status=403, description="Forbidden: bot was blocked by the user")
    fault = both.telegram.faults.add("sendVideo", blocked, times=0)
    both.here.type("/video a paper boat")
    await both.telegram.until(lambda: fault.struck, REEL_S, "a try to post it")
    kept = await both.there.slash("jobs")
    while not kept.messages[0].buttons:
        kept = await both.there.slash("jobs")
    await both.there.press(kept.messages[0], next(iter(kept.messages[0].buttons)))
    await both.discord.until(lambda: reels(both.channel), REEL_S, "the reel")


async def test_the_room_joins_too_and_writes_no_code_down(both: Both) -> None:
    async with both.room() as client:
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/link"})
        found = CODE.search(answer.json()["notice"]["text"])
        assert found is not None
        assert (await client.get("/api/threads")).json()["threads"] == []
        assert (await both.says(f"/link {found[1]}")).startswith("Joined.")
        await both.reel_on_telegram()
        again = await client.post("/api/asks", json={"id": "event-0002", "text": "/again"})
        assert again.status_code == 202
        events = f"/api/events?after={again.json()['after']}&thread={again.json()['thread']}"
        async with client.stream("GET", events) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:") and json.loads(line.removeprefix("data:"))["kind"] == "reel":
                    break
    assert len(both.telegram.calls("sendVideo")) == 1
    rows = await both.program.kept.database.read("SELECT body FROM room_lines")
    assert all(found[1] not in row["body"] for row in rows)


async def test_the_room_hands_over_and_forgets_what_was_asked_elsewhere(both: Both) -> None:
    await both.reel_on_telegram()
    while await both.program.kept.database.read("SELECT 1 FROM jobs WHERE state <> 'delivered' OR said <> state"):
        await both.telegram.heard()
    async with both.room() as client:
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/link"})
        found = CODE.search(answer.json()["notice"]["text"])
        assert found is not None
        await both.says(f"/link {found[1]}")
        sent = await client.post("/api/asks", json={"id": "event-0002", "text": "/privacy export"})
        held = json.loads(sent.json()["notice"]["document"]["text"])
        assert [one["ask"]["account"]["platform"] for one in held["requests"]] == ["telegram"]
        asked = await client.post("/api/asks", json={"id": "event-0003", "text": "/privacy erase"})
        (button,) = asked.json()["notice"]["buttons"]
        told = await client.post("/api/press", json={"action": button["action"], "subject": button["subject"]})
        assert told.json()["notice"]["text"].startswith("Forgotten.")
        assert (await client.get("/api/threads")).json()["threads"] == []
    assert await both.says("/privacy") == "I keep nothing about you."
    assert (await audit(both.program.kept.database)).findings == ()
