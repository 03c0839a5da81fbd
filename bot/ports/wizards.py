"""Requests that are being put together step by step, kept so that a restart loses none."""

from typing import Protocol

from bot.domain.ask import Account
from bot.domain.wizard import Wizard


class Wizards(Protocol):
    """One for each person in each group (and one in private). Raises of every method: StoreUnavailable."""

    async def begin(self, wizard: Wizard) -> None:
        """Keep a new one; what the person had begun in this group is forgotten."""

    async def get(self, wizard_id: str) -> Wizard | None:
        """The one of this id, None when it has ended."""

    async def of(self, account: Account, group: str) -> Wizard | None:
        """What a person has begun in a group."""

    async def turn(self, before: Wizard, after: Wizard) -> bool:
        """One step by compare-and-set on the version; False when somebody was faster."""

    async def end(self, wizard_id: str) -> None:
        """It has become an Ask, or was dropped."""
