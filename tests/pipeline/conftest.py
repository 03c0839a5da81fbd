"""A world over a fal that does what it is told, and the shipped catalogue."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue
from bot.settings.endpoints import load_catalogue
from tests.pipeline.fal import Fal, fal
from tests.pipeline.world import HandClock, Setting, World, world

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "config" / "endpoints")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def told(clock: HandClock) -> AsyncIterator[Fal]:
    """fal, doing what it is told."""
    async with fal(clock.now) as served:
        yield served


@pytest.fixture
async def here(tmp_path: Path, told: Fal, clock: HandClock, catalogue: Catalogue) -> AsyncIterator[World]:
    """A world with two places at fal and no limits."""
    async with world(tmp_path, Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock)) as made:
        yield made
