"""Sweeps what nobody needs any more: staged media without a Job that may use it, reels past their time."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.app.forgetting import forget_at_fal
from bot.app.parts import Kept, Plan
from bot.domain.errors import StoreError
from bot.domain.linking import WAIT
from bot.media.studio import Studio
from bot.ports.clock import Now
from bot.store.acquaintances import KNOWN_FOR as STAY_AWAY
from bot.store.acquaintances import forget_acquaintances
from bot.store.alerts import KNOWN_FOR as ALERTS_KNOWN_FOR
from bot.store.alerts import forget_alerts
from bot.store.erasing import finish_erasures
from bot.store.inbox import EVENTS_KNOWN_FOR, forget_events
from bot.store.linking import forget_codes
from bot.store.privacy import forget_prompts
from bot.store.retention import media_in_use, reels_in_use
from bot.store.updates import KNOWN_FOR, forget_updates
from bot.store.wizards import KEPT_FOR, forget_wizards

log = logging.getLogger(__name__)

EVERY_S = 3600.0
UPLOADS_WAIT = timedelta(hours=24)
"""An upload nobody has asked anything with goes after a day."""


class Janitor:
    """One round an hour. `forget`: have fal forget a request, by its id."""

    def __init__(
        self, *, plan: Plan, kept: Kept, studio: Studio, forget: Callable[[str], Awaitable[None]], now: Now
    ) -> None:
        self._kept = kept
        self._studio = studio
        self._forget = forget
        self._now = now
        self._reels_stay = timedelta(days=plan.settings.media.reel_days)
        self._prompts_stay = timedelta(days=plan.settings.privacy.prompt_days)
        self._zone = plan.settings.quota.policy().zone

    async def run(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Sweep, rest, sweep again."""
        while True:
            try:
                await self.sweep()
            except (OSError, StoreError):
                log.exception("the sweep did not finish; it is made again later")
            await sleep(EVERY_S)

    async def sweep(self) -> None:
        """Remove what is neither in use nor fresh."""
        await forget_prompts(self._kept.database, before=self._now() - self._prompts_stay, now=self._now())
        await finish_erasures(self._kept.database, zone=self._zone, now=self._now())
        await forget_at_fal(self._kept.database, self._forget, now=self._now)
        since = self._now() - self._reels_stay
        media = await media_in_use(self._kept.database, ended_after=since)
        reels = await reels_in_use(self._kept.database, delivered_after=since)
        await self._studio.sweep(media=media, reels=reels, before=self._now() - UPLOADS_WAIT)
        await forget_acquaintances(self._kept.database, before=self._now() - STAY_AWAY)
        await forget_codes(self._kept.database, before=self._now() - WAIT)
        await forget_events(self._kept.database, before=self._now() - EVENTS_KNOWN_FOR)
        await forget_alerts(self._kept.database, before=self._now() - ALERTS_KNOWN_FOR)
        await forget_updates(self._kept.database, before=self._now() - KNOWN_FOR)
        await forget_wizards(self._kept.database, before=self._now() - KEPT_FOR)
