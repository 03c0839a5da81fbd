"""What the program tells of Discord: connected or not, since when, and what was wrong."""

import asyncio
from pathlib import Path

from bot.app.program import Program
from bot.domain.health import Condition, Health
from tests.chat.discord.harness import Scene, fal, running
from tests.emulators.discord.emulator import Discord


def one_of(program: Program) -> Health:
    """How Discord is said to be."""
    return next(one for one in program.kept.vitals.all() if one.part == "Discord")


async def until(program: Program, condition: Condition) -> Health:
    """Wait until Discord is said to be so."""
    async with asyncio.timeout(20):
        while (health := one_of(program)).condition is not condition:
            await asyncio.to_thread(lambda: None)
    return health


async def test_it_works_once_it_is_connected_and_is_away_until_it_is_again(scene: Scene) -> None:
    began = await until(scene.program, Condition.WORKS)
    scene.discord.gateway.drop()
    away = await until(scene.program, Condition.AWAY)
    assert away.since >= began.since
    assert "taken up again" in away.why
    back = await until(scene.program, Condition.WORKS)
    assert (back.why, back.last_why) == ("", away.why)


async def test_a_refused_token_is_told_with_what_to_do(discord: Discord, tmp_path: Path) -> None:
    async with fal() as url, running(discord, tmp_path, url, token="bm8.such.token") as program:
        assert "get a new one" in (await until(program, Condition.OFF)).why


async def test_parts_that_are_not_asked_for_are_off_and_say_why(scene: Scene) -> None:
    parts = {one.part: one for one in scene.program.kept.vitals.all()}
    assert list(parts) == ["The store", "fal", "Discord", "Telegram"]
    assert (parts["Telegram"].condition, parts["Telegram"].why) == (Condition.OFF, "TELEGRAM_TOKEN is not set")
