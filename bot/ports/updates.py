"""Updates as a platform sent them, and the messages something was said with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ask import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An update as it came. `body` is the platform's JSON; `lane` whose turn it is (no "/" in it).

    `gathers` names what several updates belong to together (an album), "" for what stands alone.
    """

    id: int
    lane: str
    body: str
    gathers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An update that is not done yet."""

    id: int
    body: str
    gathers: str
    received_at: datetime


class Updates(Protocol):
    """What was received and not yet done. Raises of every method: StoreUnavailable."""

    async def receive(self, arrived: Sequence[Arrived]) -> int:
        """Keep a batch in one transaction, each update once, and wake its key; how many were new."""

    async def open(self, number: int) -> Kept | None:
        """The update, None when it is done."""

    async def gathered(self, gathers: str) -> Sequence[Kept]:
        """The open updates that belong together, in the order of their ids."""

    async def is_over(self, gathers: str) -> bool:
        """Whether something that gathers is done already: what comes now comes too late."""

    async def done(self, numbers: Sequence[int]) -> None:
        """These are done; their text is dropped."""

    async def ask(self, ask: Ask, numbers: Sequence[int], *, hold_s: float) -> bool:
        """Keep the Ask that came of these updates, and they are done, in one transaction.

        False when the Ask's event is here already. Intake begins after `hold_s`, or at `Inbox.begin`.
        """

    async def open_keys(self) -> Sequence[str]:
        """The keys of all that is not done, oldest first."""


class Receipts(Protocol):
    """Which message something was said with, by its key."""

    async def receipt(self, key: str) -> str:
        """The receipt, "" when nothing was said."""

    async def keep_receipt(self, key: str, receipt: str) -> None:
        """Keep or replace it."""


def update_key(lane: str, number: int) -> str:
    """What is woken for an update: its lane goes first, so that turns can be kept before anything is read."""
    return f"{lane}/{number}"


def lane_and_number(key: str) -> tuple[str, int]:
    """The parts of a key."""
    lane, _, number = key.rpartition("/")
    return lane, int(number)
