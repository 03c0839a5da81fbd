"""What owners and moderators set about money while the bot runs; what writes raises StoreUnavailable."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.ask import Account
from bot.domain.budget import Budget, House
from bot.domain.decision import Decision
from bot.domain.ledger import Balance, Period, Periods
from bot.domain.quota import Policy


class BudgetsRead(Protocol):
    """What stands instead of what the file says."""

    async def of_group(self, platform: str, group: str) -> Budget:
        """Of a group; in private ("") nothing."""

    async def of_house(self) -> House:
        """Of the whole bot."""


class Budgets(BudgetsRead, Protocol):
    """The same, changed: each change is one transaction with its decision, and sees what it changes."""

    async def change(self, platform: str, group: str, change: Callable[[Budget], Budget], decision: Decision) -> Budget:
        """Change a group's; what it is then. Raises what `change` raises."""

    async def change_house(self, change: Callable[[House], House], decision: Decision) -> House:
        """Change the whole bot's; what it is then. Raises what `change` raises."""

    async def grant(
        self, cause: str, whom: Account, group: str, amount_microusd: int, policy: Policy, decision: Decision
    ) -> bool:
        """Give a Person so much more room in the periods of now; once for a cause, False when it was given before."""


class Balances(Protocol):
    """What was spent."""

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""
