"""Money: never beyond a budget, never on a guess, and exactly once."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.errors import Slug
from bot.domain.job import State
from bot.domain.moderation import Faces
from bot.store.database import Database, open_database
from tests.app.hooked import VIDEO, Hooked, hooked
from tests.chat.discord.harness import OPEN, photo
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.posting import Upload
from tests.faults.scenes import DiscordScene, Fal, TelegramScene, discord_scene, exact, jobs, until
from tests.pipeline.example import Faulty
from tests.pipeline.world import limited

PRICE = 150_000
"""Of the video that is asked for here, in micro-dollars."""

ALWAYS = 1_000_000


async def test_f12_ten_at_once_do_not_get_past_a_budget_for_three(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    """A quota is raced: ten at once, each seeing the others' money as theirs.

    Every limit is checked, and the Hold taken, in one transaction that goes one at a time.
    """
    async with hooked(tmp_path, pool, policy=limited(day=3 * PRICE + PRICE // 2)) as line:
        asks = [line.here.ask(VIDEO) for _ in range(10)]
        for ask in asks:
            await line.here.inbox.receive(ask)
        await asyncio.gather(*(line.here.intake.advance(ask.id) for ask in asks))
        rows = await line.here.database.read("SELECT sum(amount_microusd) AS held FROM ledger WHERE account = 'bot'")
        assert await line.here.count("jobs") == 3
        assert rows[0]["held"] == 3 * PRICE
        assert len([one for one in line.here.example.said.values() if "budget" in one.text.lower()]) == 7


async def test_f13_a_store_that_cannot_be_written_admits_nothing_and_says_so(
    discord: Discord, tmp_path: Path, fal: Fal
) -> None:
    """The quota is not enforced while the database is down.

    What cannot be written down is not done: nothing is admitted, the person is told, and it goes on by itself.
    """
    stores: list[Faulty] = []

    async def open_store(path: Path) -> Database:
        stores.append(Faulty(await open_database(path)))
        return stores[0]

    async with discord_scene(discord, tmp_path / "data", fal, open_store=open_store) as server:
        stores[0].refuses = ALWAYS
        told = await server.ada.slash("effect", effect="Kiss Me AI", image=photo())
        assert told.private
        assert "nothing was charged" in told.text.lower()
        assert await jobs(server.program) == []
        assert await fal.calls("submit") == 0
        stores[0].refuses = 0
        status = await server.asked()
        await server.says(status, "Here it is")


async def test_f14_a_failure_is_paid_back_once_and_a_habit_of_billed_ones_is_not(line: Hooked) -> None:
    """A refund is missing, made twice, or of the wrong amount; or refunds are made a habit of.

    Every job and account has exactly one ending in an append-only ledger; failures fal bills are the owner's loss
    twice a day, and the person's after that.
    """
    at_fal = await line.sent("/video sandbox:422:content_policy_violation --model pixverse-4.5 --resolution 360p")
    await line.ended()
    free = await line.here.watched(at_fal)
    assert free.state is State.FAILED
    for _ in range(2):
        await line.here.watch.advance(at_fal)
    assert {row for row in await line.here.money(free) if row[0] == "person"} == {("person", "release", PRICE)}

    line.faults("billed-failure")
    paid = []
    for number in range(3):
        job = await line.sent(f"/video boat {number} --model pixverse-4.5 --resolution 360p")
        await line.ended(number + 2)
        job = await line.here.watched(job)
        paid += [kind for whose, kind, _ in await line.here.money(job) if whose == "person"]
    assert paid == ["release", "release", "settle"]


async def test_f15_a_double_click_is_one_job(server: DiscordScene) -> None:
    """A double click, or an interaction delivered twice, is charged twice.

    An event is taken down once by its id, and a button's second press finds what the first made.
    """
    status = await server.asked()
    server.discord.gateway.again()
    reel = await server.reel(await server.thread(status))
    await server.says(status, "Here it is")
    assert len(await jobs(server.program)) == 1
    for answer in await asyncio.gather(*(server.ada.press(reel, "Again").settled() for _ in range(2))):
        assert answer.messages

    async def both_are_answered() -> bool:
        return len(await jobs(server.program)) >= 2

    await until(both_are_answered)
    server.discord.gateway.again()
    assert (await server.ada.slash("help")).private
    assert len(await jobs(server.program)) == 2
    assert await exact(server.program)


async def test_f15_an_update_that_telegram_sends_again_is_one_job(group: TelegramScene) -> None:
    """A redelivered update is charged twice.

    Updates are in the store before they are confirmed, each once by its number; one Ask comes of one message.
    """
    asked = group.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    group.telegram.again()
    reel = await group.reel(asked)
    group.telegram.again()
    await group.telegram.heard()
    assert len(await jobs(group.program)) == 1
    assert [one for one in group.telegram.replies(asked) if one.media] == [reel]
    assert await group.fal.calls("submit") == 1


@pytest.mark.parametrize(
    "prompt", ["a cat in Scunthorpe", "a girl in Essex on a classic bike", "grapes and a therapist"]
)
async def test_f26_an_innocent_word_is_no_bad_one_and_a_refusal_says_why(server: DiscordScene, prompt: str) -> None:
    """A filter finds bad words inside good ones, says nothing, and nobody can overrule it.

    Rules look at whole words in every disguise, with phrases in which they are fine; a refusal names the rule, costs
    nothing, and an owner's file overrules.
    """
    asked = await server.ada.slash("video", prompt=prompt, resolution="360p")
    assert asked.original is not None
    await server.says(asked.original, "Here it is")
    refused = await server.ada.slash("video", prompt="a naked man", resolution="360p")
    await refused.until(lambda one: "naked" in one.text)
    assert len(await jobs(server.program)) == 1


async def test_f26_the_owners_file_overrules(discord: Discord, tmp_path: Path, fal: Fal) -> None:
    """A filter cannot be corrected by those who run the bot.

    Every shipped word is a line of a file; an innocent phrase is one more.
    """
    mine = {"faces": Faces.OFF, "innocent_phrases": ("naked man of wire",)}
    async with discord_scene(discord, tmp_path / "data", fal, overrides={**OPEN, "moderation": mine}) as server:
        allowed = await server.ada.slash("video", prompt="a naked man of wire", resolution="360p")
        assert allowed.original is not None

        async def is_one() -> bool:
            return len(await jobs(server.program)) == 1

        await until(is_one)


async def test_f27_a_picture_that_will_not_do_is_refused_before_any_money(server: DiscordScene) -> None:
    """The model's demands on a picture are discovered after it was paid for.

    Each endpoint's file says what it takes; a picture is looked at, turned and shrunk, or refused with the figures,
    before the Hold and before fal.
    """
    tiny = io.BytesIO()
    Image.new("RGB", (40, 40)).save(tiny, "PNG")
    refused = await server.ada.slash(
        "effect", effect="Kiss Me AI", image=Upload(filename="t.png", data=tiny.getvalue())
    )
    await refused.until(lambda one: "small" in one.text)
    assert await server.program.kept.database.read("SELECT 1 FROM ledger") == []
    assert await server.fal.calls("submit") == 0
    assert Slug.TOO_FEW_PIXELS
