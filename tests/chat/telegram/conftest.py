"""A Telegram, and the program in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import clock
from tests.chat.telegram.harness import Scene, playing
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.store.shop import Shop, shop


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with emulated(clock.now) as made:
        yield made


@pytest.fixture
async def scene(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Scene]:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with playing(telegram, tmp_path) as program:
        yield Scene(telegram=telegram, group=group, ada=ada, program=program)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Shop]:
    """An open store."""
    async with shop(tmp_path / "reelroom.db") as opened:
        yield opened
