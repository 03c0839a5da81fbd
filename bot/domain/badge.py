"""Who somebody is on the console: an account, a rank, and the group the rank holds in.

A rank of one group is nothing in another. Somebody who only looks changes nothing, not even what they asked for.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ask import Account, Ask
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Notice

EVERYWHERE = ""
"""The group of a badge that holds in all of them, and where nobody's group is meant."""


class Rank(StrEnum):
    """What a badge is good for."""

    OWNER = "owner"
    MODERATOR = "moderator"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """`group` is "discord:123", or EVERYWHERE. `account` is whom the console writes down for what is done with it."""

    account: Account
    rank: Rank
    group: str = EVERYWHERE

    @property
    def is_owner(self) -> bool:
        """Whether it is an owner's. Owners own the bot and so every group."""
        return self.rank is Rank.OWNER

    def sees(self, group: str) -> bool:
        """Whether what belongs to `group` (EVERYWHERE: to none, as what is said in private) may be shown."""
        return self.group in {EVERYWHERE, group}

    def acting(self, group: str = EVERYWHERE) -> Account:
        """The account as the permission table is to see it, when it acts upon something of `group`.

        Raises:
            Refused: NOT_YOURS, for who may only look and for what belongs to another group.
        """
        if self.rank is Rank.VIEWER or not self.sees(group):
            raise Refused([Problem(slug=Slug.NOT_YOURS)])
        return dataclasses.replace(
            self.account, roles=(), is_owner=self.is_owner, is_moderator=self.rank is Rank.MODERATOR
        )


def home_of(ask: Ask) -> str:
    """The group an Ask belongs to, as badges name it; EVERYWHERE for what is asked in private."""
    return ask.grp


def invitation_notice(url: str) -> Notice:
    """The way into the console, for the eyes of who asked alone."""
    text = f"Here is your way into the console. It is good once, for ten minutes, and for you alone:\n{url}"
    return Notice(text=text, private=True)
