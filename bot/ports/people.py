"""What is known of people, groups and endpoints besides their Jobs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.ask import Account
from bot.domain.consent import Declaration
from bot.domain.decision import Decision
from bot.domain.job import Job
from bot.domain.ledger import Balance, Bond, Period, Periods
from bot.domain.quota import Standing

PauseEndpoint = Callable[[str, str], Awaitable[None]]
"""Take no more Orders for an endpoint (its slug), for this reason, until an owner says so."""


class Books(Protocol):
    """What a person has asked for and spent."""

    async def person(self, account: Account) -> str | None:
        """The Person behind an account, None when never seen."""

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""

    async def bond(self, person: str, periods: Periods) -> Bond | None:
        """What a Person still spends from together with those they were one with; None when nothing."""

    async def jobs_of(self, account: Account, *, limit: int) -> Sequence[Job]:
        """The latest Jobs of the Person behind an account, newest first."""


class Meeting(Protocol):
    """Whom the bot has met: whoever asked for something, or did or got something else that is written down."""

    async def meet(self, account: Account, fresh: str) -> str:
        """The Person behind an account; `fresh` becomes their id when nobody has seen them before."""


class Memory(Protocol):
    """Settings kept in the store and changed while the bot runs, by scope ("group:discord:1") and key."""

    async def setting(self, scope: str, key: str) -> str | None:
        """A setting, None when it was never kept."""

    async def keep_setting(self, scope: str, key: str, value: str) -> None:
        """Keep or replace a setting; raises StoreUnavailable."""


class Declarations(Protocol):
    """What people have declared about the pictures they use."""

    async def declarations(self, person: str) -> Sequence[Declaration]:
        """What holds of a Person, the newest first."""

    async def revoke(self, person: str, platform: str, group: str, decision: Decision) -> bool:
        """Forget a declaration, with the decision; False when there is none. Raises StoreUnavailable."""


class Standings(Protocol):
    """What owners and people have declared, kept in the store and changed while the bot runs."""

    async def paused(self, endpoint: str) -> str:
        """Why an endpoint takes no Orders now, "" when it does."""

    async def declared(self, account: Account, group: str) -> bool:
        """Whether the person has declared, in this group, that they use pictures of themselves or with permission."""

    async def standing(self, platform: str, group: str) -> Standing:
        """What the owner decided about a group (`quota.group_key`)."""

    async def decide(self, platform: str, group: str, standing: Standing, decision: Decision | None = None) -> None:
        """Remember what was decided, with the decision, or that the owner was asked."""
