"""A store of its own for every test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.shop import Shop, shop


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Shop]:
    """An open store."""
    async with shop(tmp_path / "reelroom.db") as opened:
        yield opened
