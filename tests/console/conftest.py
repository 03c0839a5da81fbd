"""A console of its own for every test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.harness import Harness, console


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Harness]:
    """A running console."""
    async with console(tmp_path) as running:
        yield running
