"""An endpoint most of whose Jobs fail is paused, tried again after a while, and put back when a try goes well.

What people did wrong is no failure of an endpoint's. What went well or not is kept in memory: after a restart a paused
endpoint is tried anew.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.domain.alerts import LATEST, Alert, failing_alert, is_failing, recovered_alert
from bot.domain.catalogue import Catalogue
from bot.domain.errors import StoreError
from bot.domain.job import Job, Reason, State
from bot.ports.clock import Now
from bot.ports.people import PauseEndpoint

log = logging.getLogger(__name__)

WHY = "most of its reels failed"
"""The reason by which a pause of ours is known from an owner's, which is never touched."""

REST = timedelta(minutes=10)
MOST_REST = timedelta(hours=2)
"""How long a paused endpoint rests; twice as long after each try that failed."""

LOOK_S = 30.0

Paused = Callable[[], Awaitable[Mapping[str, str]]]
"""The paused endpoints, by slug, with the reason."""


class Fuse:
    """`blames_person` says of a kind of failure whether the person could have helped it; `alert` reaches owners."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        pause: PauseEndpoint,
        paused: Paused,
        alert: Callable[[Alert], Awaitable[None]],
        blames_person: Callable[[str], bool],
        now: Now,
    ) -> None:
        self._catalogue = catalogue
        self._pause = pause
        self._paused = paused
        self._alert = alert
        self._blames_person = blames_person
        self._now = now
        self._endings: dict[str, list[bool]] = defaultdict(list)
        self._rests: dict[str, timedelta] = {}
        self._try_at: dict[str, datetime] = {}
        self._blown_at: dict[str, datetime] = {}
        self._trying: set[str] = set()
        self._news = asyncio.Event()

    def stepped(self, job: Job) -> None:
        """A Job made a step. What judges pictures is asked again each time: without it there is still moderation."""
        if job.screening:
            return
        failed = job.state is State.FAILED and job.reason is Reason.FAL_SAID_NO
        if job.state is State.COMPLETED or (failed and not self._blames_person(job.failure)):
            self._endings[job.order.endpoint].append(not failed)
            self._news.set()

    async def run(self, wait: Callable[[asyncio.Event, float], Awaitable[None]]) -> None:
        """Until it is cancelled."""
        while True:
            await wait(self._news, LOOK_S)
            self._news.clear()
            try:
                await self.look()
            except StoreError as error:
                log.warning("an endpoint could not be paused or put back; trying again", extra={"error": str(error)})

    async def look(self) -> None:
        """Pause, try again and put back what should be. Raises StoreUnavailable."""
        paused = await self._paused()
        for endpoint in self._catalogue.endpoints:
            slug = endpoint.slug
            why = paused.get(slug, "")
            if why == WHY:
                await self._try_again(slug)
            elif not why and slug in self._trying:
                await self._judge_try(slug, endpoint.title)
            elif not why and is_failing(self._endings[slug]):
                await self._blow(slug, endpoint.title)
            del self._endings[slug][:-LATEST]

    async def _blow(self, slug: str, title: str) -> None:
        endings = self._endings[slug][-LATEST:]
        rest = self._rests.setdefault(slug, REST)
        failed, rest_min = endings.count(False), int(rest.total_seconds() // 60)
        at = self._blown_at.setdefault(slug, self._now())
        # Before the pause: killed in between, owners hear of one too many, and not of one too few.
        await self._alert(failing_alert(slug, title, failed, len(endings), rest_min=rest_min, at=at))
        await self._pause(slug, WHY)
        del self._blown_at[slug]
        log.error("an endpoint is paused, most of its reels failed", extra={"endpoint": slug})
        self._try_at[slug] = self._now() + rest
        self._endings[slug].clear()

    async def _try_again(self, slug: str) -> None:
        """Whoever asks next is the try."""
        at = self._try_at.setdefault(slug, self._now() + self._rests.setdefault(slug, REST))
        if self._now() >= at:
            self._endings[slug].clear()
            await self._pause(slug, "")
            self._trying.add(slug)
            log.info("an endpoint is tried again", extra={"endpoint": slug})

    async def _judge_try(self, slug: str, title: str) -> None:
        if not self._endings[slug]:
            return
        if self._endings[slug][-1]:
            await self._alert(recovered_alert(slug, title, at=self._now()))
            self._trying.discard(slug)
            self._rests.pop(slug, None)
            return
        await self._pause(slug, WHY)
        self._trying.discard(slug)
        self._rests[slug] = min(self._rests.get(slug, REST) * 2, MOST_REST)
        self._try_at[slug] = self._now() + self._rests[slug]
        self._endings[slug].clear()
        log.warning("the try of an endpoint failed; it rests longer", extra={"endpoint": slug})
