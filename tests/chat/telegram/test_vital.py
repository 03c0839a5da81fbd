"""What the program tells of Telegram: polled or not, since when, and what was wrong."""

import asyncio

from bot.app.program import Program
from bot.domain.health import Condition, Health
from tests.chat.telegram.harness import Scene
from tests.emulators.telegram.faults import Drop


def one_of(program: Program) -> Health:
    """How Telegram is said to be."""
    return next(one for one in program.kept.vitals.all() if one.part == "Telegram")


async def until(program: Program, condition: Condition) -> Health:
    """Wait until Telegram is said to be so."""
    async with asyncio.timeout(20):
        while (health := one_of(program)).condition is not condition:
            await asyncio.to_thread(lambda: None)
    return health


async def test_it_works_once_it_is_polled_and_is_away_while_it_cannot_be_reached(scene: Scene) -> None:
    assert (await until(scene.program, Condition.WORKS)).last_at is None
    scene.telegram.faults.add("getUpdates", Drop(), times=2)
    scene.ada.start()
    away = await until(scene.program, Condition.AWAY)
    assert "cannot be reached" in away.why
    scene.ada.start()  # a poll that is answered, and not only held
    back = await until(scene.program, Condition.WORKS)
    assert back.last_why == away.why
    assert scene.telegram.token not in away.why
