"""The program's only door to time and randomness; everybody else takes them as arguments."""

import asyncio
import contextlib
import random
import secrets
from datetime import UTC, datetime

from bot.domain.identifier import ENTROPY_BYTES, identifier


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


async def sleep(seconds: float) -> None:
    """Let time pass."""
    await asyncio.sleep(seconds)


async def wait(event: asyncio.Event, timeout_s: float | None) -> None:
    """Until `event` is set or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await event.wait()


def new_id() -> str:
    """A new id, unguessable and sorted by time."""
    return identifier(now(), entropy(ENTROPY_BYTES))


def entropy(count: int) -> bytes:
    """Unguessable bytes."""
    return secrets.token_bytes(count)


def draw() -> float:
    """A number from 0 up to 1, good for jitter and for nothing that must be unguessable."""
    return random.random()  # noqa: S311  jitter
