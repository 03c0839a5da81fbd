"""A Discord, and the program in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import clock
from tests.chat.discord.harness import Scene, playing
from tests.emulators.discord.emulator import Discord, emulated


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with emulated(clock.now) as made:
        yield made


@pytest.fixture
async def scene(discord: Discord, tmp_path: Path) -> AsyncIterator[Scene]:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    async with playing(discord, tmp_path) as program:
        yield Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)
