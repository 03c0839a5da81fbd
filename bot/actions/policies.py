"""The quota as it holds now: what the file says, and what owners and moderators said since."""

from bot.domain.quota import Policy
from bot.ports.budgets import BudgetsRead


class Policies:
    """Reads only. `policy` is the file's."""

    def __init__(self, *, policy: Policy, budgets: BudgetsRead) -> None:
        self._policy = policy
        self._budgets = budgets

    async def of(self, grp: str = "") -> Policy:
        """What holds in a group ("discord:1"); with "" in private and for the whole bot."""
        platform, _, group = grp.partition(":")
        policy = self._policy.of_house(await self._budgets.of_house())
        return policy.of_group(await self._budgets.of_group(platform, group)) if group else policy
