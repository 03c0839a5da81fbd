"""Before a reel is posted a frame of it may have to be judged; it waits in COMPLETED, and what judges it wakes it."""

import logging

from bot.domain.errors import Refused
from bot.domain.job import Job, State
from bot.domain.quota import Policy
from bot.domain.screener import judgings_of
from bot.domain.screening import Part
from bot.pipeline.screeners import Screeners
from bot.ports.media import Media
from bot.ports.moderation import Groups
from bot.ports.screening import Screenings

log = logging.getLogger(__name__)

OPEN = frozenset({State.ADMITTED, State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED})


class Frames:
    """Says of finished reels whether they may be posted. What may not be is withheld, and shown to moderators."""

    def __init__(
        self, *, screenings: Screenings, screeners: Screeners, groups: Groups, media: Media, policy: Policy
    ) -> None:
        self._screenings = screenings
        self._screeners = screeners
        self._groups = groups
        self._media = media
        self._policy = policy

    async def may_post(self, job: Job) -> bool:
        """Whether it may be now. When it may not, it is woken once that changes. Raises StoreUnavailable."""
        account = job.ask.account
        own = await self._groups.rules(account.platform, job.ask.group)
        screener = await self._screeners.of(account, own, Part.FRAME)
        if screener is None or job.reel is None:
            return True
        child = await self._screenings.frame(job.id)
        if child is not None:  # what was judged against it has taken it out of COMPLETED
            return child.state not in OPEN or child.cancel_wanted_at is not None
        try:
            picture = await self._media.still(job.reel.sha256)
        except Refused:  # it was swept just now: the next look fetches it again
            log.warning("no frame could be taken of a reel", extra={"job": job.id})
            return False
        judgings = judgings_of((picture,), Part.FRAME, screener)
        if judgings is None:
            return True
        found = await self._screenings.begin_frame(job, judgings, self._policy)
        return found.state is State.COMPLETED and await self._screenings.frame(job.id) is None
