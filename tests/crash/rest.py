"""Whether everything has come to its end: looked up beside the running program, in its store and at fal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.job import SETTLED, State
from bot.sandbox.runs import Changes
from bot.store.database import Database, open_database
from tests.crash.fal import Fal

STORE = "reelroom.db"


class Onlooker:
    """Looks on. `asks` is how many there will be in the end."""

    def __init__(self, store: Database, fal: Fal, ticks: Changes, *, asks: int) -> None:
        self._store = store
        self._fal = fal
        self._ticks = ticks
        self._asks = asks

    async def heard(self, event_id: str) -> bool:
        """Whether the program has written this event down."""
        return bool(await self._store.read("SELECT id FROM inbox WHERE event_id = $1", event_id))

    async def unfinished(self) -> int:
        """How many asks were heard and have no end yet."""
        asks = await self._store.read("SELECT count(*) AS many FROM inbox WHERE state <> 'done'")
        ends = ", ".join(f"'{state.value}'" for state in sorted(SETTLED))
        jobs = await self._store.read(
            f"SELECT count(*) AS many FROM jobs WHERE state NOT IN ({ends}) AND parent = ''"  # noqa: S608
        )
        return int(asks[0]["many"] + jobs[0]["many"])

    def is_at_fal(self) -> bool:
        """Whether fal has been asked how far it is, and so has something to cancel."""
        return bool(self._fal.executioner.answered["status"])

    async def until(self, seen: Callable[[], bool] = lambda: False) -> None:
        """Until something was seen, or everything is at rest."""
        while True:
            changed = asyncio.ensure_future(self._ticks.wait())
            try:
                if seen() or await self._is_at_rest():
                    return
                await changed
            finally:
                changed.cancel()

    async def _is_at_rest(self) -> bool:
        """Whether every ask has been dealt with and every Job has its end, or waits in honest doubt.

        Doubt is honest when this program has asked fal for its history, and fal has no request that is nobody's.
        """
        inbox = await self._store.read("SELECT state FROM inbox")
        if len(inbox) < self._asks or any(row["state"] != "done" for row in inbox):
            return False
        jobs = await self._store.read("SELECT state, said, request_id, parent FROM jobs")
        nobodys = self._fal.requests() - {row["request_id"] for row in jobs}
        doubt_is_honest = bool(self._fal.executioner.answered["by-endpoint"]) and not nobodys
        for row in jobs:
            state = State(row["state"])
            in_doubt = state is State.UNCERTAIN and doubt_is_honest
            judged = row["parent"] and (state in SETTLED or state is State.COMPLETED)  # and nobody is told
            if not in_doubt and not judged and (state not in SETTLED or row["said"] != state.value):
                return False
        return True


@asynccontextmanager
async def looking_on(data: Path, fal: Fal, ticks: Changes, *, asks: int) -> AsyncIterator[Onlooker]:
    """An onlooker with the store open for reading."""
    store = await open_database(data / STORE, read_only=True, readers=1)
    try:
        yield Onlooker(store, fal, ticks, asks=asks)
    finally:
        await store.close()
