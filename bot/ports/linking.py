"""Which accounts are one Person, and how they come to be and cease to be."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.ask import Account
from bot.domain.linking import Redeemed

AreOne = Callable[[Account, Account], Awaitable[bool]]
"""Whether two accounts are one Person's."""

Others = Callable[[Account], Awaitable[Sequence[Account]]]
"""The other accounts of the Person behind an account."""


class Links(Protocol):
    """Accounts joined by codes. Raises of every method: StoreUnavailable."""

    async def offer(self, account: Account, digest: str) -> Sequence[Account]:
        """Keep the hash of a code this account made, instead of an older one; all accounts of its Person so far."""

    async def redeem(self, account: Account, digest: str) -> Redeemed:
        """Join the account, and those it is one with, to whoever made the code; one use, and few wrong ones."""

    async def separate(self, account: Account) -> Sequence[Account]:
        """Make the account a Person by itself; those it leaves, none when it was by itself."""

    async def others(self, account: Account) -> Sequence[Account]:
        """The other accounts of its Person."""

    async def are_one(self, one: Account, other: Account) -> bool:
        """Whether both are the same Person's."""
