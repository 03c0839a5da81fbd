"""One pool of workers for all of the sandbox's tests, and a sandbox in whose world waiting is free."""

import multiprocessing
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from bot.sandbox.render import ready_worker
from bot.sandbox.settings import SandboxSettings
from tests.sandbox.harness import Local, a_sandbox, running


@pytest.fixture(scope="session")
def pool() -> Iterator[ProcessPoolExecutor]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=ready_worker) as workers:
        yield workers


@pytest.fixture
async def local(pool: ProcessPoolExecutor) -> AsyncIterator[Local]:
    async with running(a_sandbox(SandboxSettings(), pool=pool)) as one:
        yield one
