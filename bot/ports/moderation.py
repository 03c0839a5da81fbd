"""What moderation asks of the store. Raises of every method that writes: StoreUnavailable."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ask import Account
from bot.domain.consent import Asked, Consent
from bot.domain.decision import Decision
from bot.domain.group_rules import GroupRules
from bot.domain.sanction import Kind, Sanction


class Groups(Protocol):
    """Groups, by their platform and their id there; their own rules, and what their members have had."""

    async def rules(self, platform: str, group: str) -> GroupRules:
        """A group's own rules; in private ("") there are none."""

    async def change_rules(
        self, platform: str, group: str, change: Callable[[GroupRules], GroupRules], decision: Decision
    ) -> GroupRules:
        """Change them as they are now, with the decision; what they are then. Raises what `change` raises."""

    async def reels(self, account: Account, grp: str) -> int:
        """How many reels a person has had in a group (`Ask.grp`)."""

    async def name(self, account_key: str) -> str:
        """What somebody is called ("discord:123"), "" when nobody knows."""

    async def seen_since(self, account: Account) -> datetime | None:
        """When a person was first seen, None when never."""


class Sanctions(Protocol):
    """Strikes, timeouts and bans."""

    async def against(self, account: Account, grp: str) -> Sequence[Sanction]:
        """What holds against a person in a group, and everywhere."""

    async def give(
        self,
        whom: Account,
        sanction: Sanction,
        decision: Decision,
        *,
        then: Callable[[Sequence[Sanction]], tuple[Sanction, Decision] | None] = ...,
    ) -> Sequence[Sanction]:
        """Write one with its decision, and what `then` says follows from all that holds with it; all that holds."""

    async def lift(self, whom: Account, grp: str, kinds: Sequence[Kind], decision: Decision) -> int:
        """End what holds in exactly this group, or everywhere; how many that were."""

    async def standing_in(self, grp: str, *, limit: int) -> Sequence[Sanction]:
        """The newest that hold in a group or everywhere, whoever they are against."""


class Consents(Protocol):
    """What people said about their faces, and who was asked about which Job."""

    async def accounts(self, account_key: str) -> Sequence[str]:
        """The accounts of the Person behind one, itself among them."""

    async def kept(self, account_key: str, grp: str) -> Sequence[Consent]:
        """What somebody said by any account in a group (`consent.place_of`) and for everywhere."""

    async def all_of(self, account_key: str) -> Sequence[Consent]:
        """Everything somebody said by any account, the newest first."""

    async def withdraw(self, said: Sequence[Consent], decision: Decision) -> int:
        """Forget what somebody said, with the decision; how much that was."""

    async def asked(self, job_id: str) -> Sequence[Asked]:
        """Who was asked about a Job."""


class Decisions(Protocol):
    """What was decided, newest first; each method is one read."""

    async def of_group(
        self, platform: str, group: str, *, limit: int, before: int | None = None
    ) -> Sequence[tuple[int, Decision]]:
        """Decisions about a group and those for everywhere, each with its number; older ones come `before`."""

    async def latest(self, *, limit: int, before: int | None = None) -> Sequence[tuple[int, Decision]]:
        """Decisions about anything."""

    async def about(self, account_key: str, *, limit: int) -> Sequence[Decision]:
        """Decisions about somebody."""

    async def of_job(self, job_id: str) -> Sequence[Decision]:
        """Decisions about a Job."""
