"""Whom the bot has met in a group, on a platform where it can look up nobody by their name."""

from typing import Protocol

from bot.domain.ask import Account


class Acquaintances(Protocol):
    """By group and username, in any case of letters. Raises of every method: StoreUnavailable."""

    async def met(self, group: str, username: str, account: Account) -> None:
        """Somebody has spoken to the bot in a group under this name, which is nobody else's from then on."""

    async def find(self, group: str, username: str) -> Account | None:
        """Who goes by a name in a group, None when the bot has not met them there."""
