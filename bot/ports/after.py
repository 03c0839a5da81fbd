"""What happens to reels after they were posted, as the store keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.after import After, Exposure, Hiding, Outcome
from bot.domain.ask import Account
from bot.domain.decision import Decision
from bot.domain.job import Job
from bot.domain.striking import Strike


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a moderator says about a reel. `first`: only if nobody has said anything yet, as by a button on its card."""

    outcome: Outcome
    decision: Decision
    first: bool = False
    strike: Strike | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How a reel stands now, after it was wanted to be seen as `wanted`.

    `receipt` is its message's new one, None when that is the same. `is_reached`: the message could be changed.
    `is_news`: moderators' card says something else for it.
    """

    wanted: Exposure
    exposure: Exposure
    receipt: str | None = None
    is_reached: bool = True
    is_news: bool = False


class Afters(Protocol):
    """Each method is one transaction or one read. Raises StoreUnavailable."""

    async def get(self, job_id: str) -> After | None:
        """What happened to a reel, None when nothing did."""

    async def unsettled_ids(self) -> Sequence[str]:
        """Reels that are not seen as they are wanted, or whose card is to be written anew."""

    async def report(self, job: Job, account: Account, hiding: Hiding) -> After:
        """Keep one report a Person, and hide the reel when it is one too many, with the decision."""

    async def decide(self, job: Job, word: Word) -> Job | None:
        """A moderator's word, once; the Job as it is then, None when somebody said theirs before."""

    async def refund(self, job: Job, decision: Decision) -> int | None:
        """Give back what the person paid for what was taken down, once; in micro-dollars, None when it was not."""

    async def stood(self, job_id: str, stood: Stood) -> None:
        """Its message was changed as it was wanted, or as near to it as could be."""

    async def carded(self, job_id: str, due: int) -> None:
        """Moderators have seen the card as it was then."""

    async def is_alone(self, job: Job) -> bool:
        """Whether no other Job that still has its reel has the same file."""
