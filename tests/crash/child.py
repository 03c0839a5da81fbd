"""The program as a process of its own, over a store that kills it at a chosen commit.

It is `bot.app.program.run` and nothing less; only the store it opens is wrapped. It tells its parent through a pipe
what it commits, and the pipe's end is its death.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.resource_tracker import ResourceTracker
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from bot.app.local_fal import at_sandbox, quickened
from bot.app.parts import Plan, open_whole
from bot.app.program import Program, run
from bot.domain.moderation import Faces
from bot.domain.screening import Missing, Scrutiny
from bot.log import set_up_logging
from bot.settings.bot import PipelineSection, WebSection
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings
from bot.settings.moderation import ModerationSection
from bot.settings.quota import PersonSection, QuotaSection
from bot.store.database import Database, Row, Tx, open_database
from tests.crash.doom import Counting, Doom, When

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
KILLED = 137
SPEED = 600.0
"""Of the sandbox: a run that takes a minute takes a tenth of a second."""

READY = "ready"

PATIENCE_S = 3.0
"""With the classifier, where it was killed with its question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What a program is started with. `day_dollars` is what a person may spend, `told` what its platform needs.

    `counted`: it tells of every commit by name, which costs it a look at all Jobs, and more the more there are.
    """

    data: Path
    log: Path
    fal_url: str
    day_dollars: str
    told: Mapping[str, object]
    doom: Doom | None
    counted: bool = True
    judged: Scrutiny = Scrutiny.OFF


class MortalStore(Database):
    """A Database that ends the process where its doom says, as `kill -9` would: nothing is flushed or undone.

    Before a commit: the work has run its last statement. After: the commit is on the disk, and neither the actions
    that wait for it nor its caller know.
    """

    def __init__(self, store: Database, doom: Doom | None, tell: Callable[[str], None]) -> None:
        self._store = store
        self._doom = Counting(doom)
        self._tell = tell

    @override
    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        async def mortal(tx: Tx) -> T:
            names: list[str] = []
            tx.after_commit(lambda: self._committed(names[-1]))
            before = await _states(tx)
            result = await work(tx)
            names.append(_name(work, before, await _states(tx)))
            self._die_if(When.BEFORE_COMMIT, names[-1])
            return result

        return await self._store.transact(mortal)

    @override
    async def read(self, sql: str, *args: object) -> list[Row]:
        return await self._store.read(sql, *args)

    @override
    async def close(self) -> None:
        await self._store.close()

    def _committed(self, name: str) -> None:
        self._die_if(When.AFTER_COMMIT, name)
        self._tell(name)

    def _die_if(self, when: When, name: str) -> None:
        if self._doom.strikes(when, name):
            os._exit(KILLED)


async def _states(tx: Tx) -> dict[str, str]:
    return {row["id"]: row["state"] for row in await tx.fetch("SELECT id, state FROM jobs")}


def _name(work: Callable[[Tx], Awaitable[T]], before: dict[str, str], after: dict[str, str]) -> str:
    """Which method's work it is, and the state it brought a Job to: `Jobs.record submitting`."""
    method = getattr(work, "__qualname__", "").partition(".<locals>")[0]
    return " ".join([method, *(state for job, state in after.items() if before.get(job) != state)])


def live(birth: Birth, pipe: Connection) -> None:
    """The whole life of the program: until its doom, or SIGTERM."""
    _on_its_own()
    with birth.log.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    set_up_logging(level="INFO", secrets=())

    async def open_store(path: Path) -> Database:
        store = await open_whole(path)
        return MortalStore(store, birth.doom, pipe.send) if birth.counted else store

    async def greet(_: Program) -> None:
        pipe.send(READY)

    asyncio.run(run(plan(birth, open_store), greet=greet))


def _on_its_own() -> None:
    """A process that is forked shares its parent's tracker of semaphores; one that is started has its own.

    With its own, what a killed program leaves behind is cleared at once, and not told about at the end of the tests.
    """
    ResourceTracker.__init__(resource_tracker.register.__self__)  # type: ignore[attr-defined]  # a bound method


def plan(birth: Birth, open_store: Callable[[Path], Awaitable[Database]] = open_database) -> Plan:
    """What `reelroom run` would run, against the sandbox, with waits as short as the sandbox's."""
    settings = Settings(
        web=WebSection(port=0),
        pipeline=PipelineSection(shutdown_s=5.0),
        quota=QuotaSection(person=PersonSection(day=Decimal(birth.day_dollars)), unknown="welcome"),
        moderation=ModerationSection(
            faces=Faces.OFF,
            screening=birth.judged,
            screening_missing=Missing.ALLOW,
            screening_patience_s=PATIENCE_S,
        ),
    )
    return Plan(
        settings=at_sandbox(settings.model_copy(update=dict(birth.told)), birth.fal_url),
        catalogue=quickened(load_catalogue(ROOT / "config" / "endpoints"), SPEED),
        data=birth.data,
        open_store=open_store,
    )
