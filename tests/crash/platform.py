"""What the crash tests ask of a chat platform, beside which the program dies. Each is one module, named in `platforms`.

A platform outlives the programs that serve it, its people remember what they were answered, and what stands on it in
the end is counted from its own books and not from the program's.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.sandbox.runs import Changes
from bot.store.database import Row
from tests.crash.doom import Doom
from tests.crash.executioner import Executioner
from tests.crash.rest import Onlooker
from tests.crash.scenario import Scenario


class Gone(Exception):
    """The program went away in the middle of an exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands on the platform: Job → reels, Job → status messages; `amiss` is all that should not be, in words."""

    reels: Counter[str]
    statuses: Counter[str]
    amiss: tuple[str, ...] = ()


class Platform(Protocol):
    """One platform with one person on it, who wants what the scenario says."""

    @property
    def told(self) -> Mapping[str, object]:
        """The fields of Settings a program is started with to serve it; they are sent to another process."""

    @property
    def decisive(self) -> frozenset[str]:
        """The calls at which even a small sample strikes."""

    @property
    def posted(self) -> Doom:
        """The death that leaves a reel posted and nobody knowing it."""

    def wants(self, scenario: Scenario) -> None:
        """From now on the person wants what this says; it begins with all that was wanted before."""

    async def ask(self, number: int) -> None:
        """Ask the n-th of all that is wanted (from 0), whether or not it was asked before.

        Raises:
            Gone: the program went away before it had answered.
        """

    async def live_with(self, onlooker: Onlooker) -> None:
        """A program has started: ask for whatever was not heard yet, press what is to be pressed, wait for the rest.

        Raises:
            Gone: the program is.
        """

    def after_death(self) -> None:
        """A program was killed: time passes until the next one comes."""

    async def seen(self, jobs: Sequence[Row], /) -> Seen:
        """Everything on it, now that all is at rest; `jobs` are the rows of the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a platform is built in. `ticks` are announced after whatever changes."""

    scenario: Scenario
    data: Path
    executioner: Executioner
    ticks: Changes


Opening = Callable[[Setting], AbstractAsyncContextManager[Platform]]
"""Builds a platform that stands as long as the block lasts."""


def unless(right: object, wrong: str) -> tuple[str, ...]:
    """What is wrong, in words, unless it is right."""
    return () if right else (wrong,)
