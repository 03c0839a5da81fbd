"""An emulated Discord and an emulated Telegram, a fal, and the pipeline alone where no platform matters."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.app import clock
from tests.app.hooked import Hooked, hooked
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.emulator import emulated as a_discord
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.emulator import emulated as a_telegram
from tests.faults.scenes import DiscordScene, Fal, TelegramScene, a_fal, discord_scene, telegram_scene


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
async def line(tmp_path: Path, pool: ThreadPoolExecutor) -> AsyncIterator[Hooked]:
    """The pipeline without a platform, and a fal that calls it."""
    async with hooked(tmp_path, pool) as made:
        yield made


@pytest.fixture
async def fal() -> AsyncIterator[Fal]:
    async with a_fal() as made:
        yield made


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with a_discord(clock.now) as made:
        yield made


@pytest.fixture
async def server(discord: Discord, tmp_path: Path, fal: Fal) -> AsyncIterator[DiscordScene]:
    async with discord_scene(discord, tmp_path / "data", fal) as made:
        yield made


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with a_telegram(clock.now) as made:
        yield made


@pytest.fixture
async def group(telegram: Telegram, tmp_path: Path, fal: Fal) -> AsyncIterator[TelegramScene]:
    async with telegram_scene(telegram, tmp_path / "data", fal) as made:
        yield made
