"""Every Job and its money."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ask import Ask
from bot.domain.consent import Asked
from bot.domain.decision import Along
from bot.domain.fairness import AtFal, Candidate
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing
from bot.domain.moderation import Verdict
from bot.domain.order import Order
from bot.domain.progress import Durations
from bot.domain.quota import Admission, Policy


class Jobs(Protocol):
    """Every Job and its money; each method is one transaction."""

    async def admit(self, ask: Ask, order: Order, verdict: Verdict, policy: Policy) -> Admission:
        """Decide the quota, take the Hold, write the Job, consume the inbox row; or say why not, changing nothing."""

    async def get(self, job_id: str) -> Job | None:
        """The Job."""

    async def record(
        self,
        job: Job,
        event: Event,
        *,
        closing: Closing | None = None,
        reason: Reason = Reason.NONE,
        next_at: datetime | None = None,
        places: Callable[[Sequence[AtFal]], bool] | None = None,
        waiting: Waiting | None = None,
        along: Along | None = None,
        **changes: object,
    ) -> Job | None:
        """Make one step by compare-and-set, with its money and its wake-ups in the same transaction.

        `changes` are fields of Job. `along` is written with it. `waiting` is what the Job must still wait for.
        `places` is asked, inside the transaction, whether there is a place at fal.
        None: somebody else was faster, or there was no place; look again.

        Raises:
            IllegalTransition: the table has no such step; nothing was changed.
        """

    async def ahead(self, job: Job) -> int:
        """How many Jobs wait for a turn that were admitted before this one."""

    async def took(self, job: Job, seconds: float) -> None:
        """Remember how long a run took, once per Job."""

    async def unsaid_ids(self) -> Sequence[str]:
        """Jobs whose state differs from what was last said about them."""

    async def approve(
        self, job: Job, what: Waiting, *, along: Along | None = None, answer: Sequence[Asked] = ()
    ) -> Job | None:
        """One thing a review waits for is given; ADMITTED when it was the last. None when it no longer waits for it.

        `answer`: by one of those who were asked, for each account of theirs; given is what all of them said yes to.
        """

    async def note(self, job_id: str, **changes: object) -> None:
        """Write fields that are no step (receipt, said, cancel_wanted_at, started_at, reel, …)."""

    async def at_fal(self) -> Sequence[AtFal]:
        """The Jobs that may occupy a place at fal."""

    async def waiting(self, now: datetime, *, each: int) -> Sequence[Candidate]:
        """Every person's oldest due Jobs that wait for a turn, `each` of them at most."""

    async def last_served(self) -> Mapping[str, datetime]:
        """When each waiting person's latest Job went to fal."""

    async def request_ids(self, endpoint: str) -> frozenset[str]:
        """Fal request ids already bound to a Job of this endpoint."""

    async def open_ids(self) -> Sequence[tuple[str, State, datetime | None]]:
        """Every Job that is not at rest, with the time it wants attention."""

    async def durations(self, endpoint: str) -> Durations:
        """How long this endpoint's runs took."""

    async def billed_failures(self, person: str, since: datetime) -> int:
        """How many failures fal billed for this person."""
