"""What the pipeline asks of the store about pictures that are judged."""

from typing import Protocol

from bot.domain.job import Job


class Screenings(Protocol):
    """Judgements, and those who wait for them."""

    async def give_up(self, child: Job, why: str) -> bool:
        """Let the Job whose picture this child judges wait no longer; False when it does not.

        Raises:
            StoreUnavailable: nothing was changed.
        """
