"""What the pipeline asks of the store about pictures that are judged."""

from typing import Protocol

from bot.domain.job import Job
from bot.domain.quota import Policy
from bot.domain.screener import Judgings


class Screenings(Protocol):
    """Judgements, and those who wait for them."""

    async def give_up(self, child: Job, why: str) -> bool:
        """Let the Job whose picture this child judges wait no longer; False when it does not, or the child moved on.

        Raises:
            StoreUnavailable: nothing was changed.
        """

    async def begin_frame(self, job: Job, judgings: Judgings, policy: Policy) -> Job:
        """Have a frame of a finished reel judged, once; the Job then, which is withheld or as it was.

        Raises:
            StoreUnavailable: nothing was changed.
        """

    async def frame(self, job_id: str) -> Job | None:
        """The Job that judges a frame of this one's reel, None while there is none."""
