"""A pipeline that fal calls."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.app.hooked import Hooked, hooked


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
async def scene(tmp_path: Path, pool: ThreadPoolExecutor) -> AsyncIterator[Hooked]:
    async with hooked(tmp_path, pool) as made:
        yield made
