"""What machines that look after the program read: `/readyz` and `/metrics`.

`/readyz` names every part. What was wrong with one is told in the console, to those who may know.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.app import clock
from bot.app.metrics import CONTENT_TYPE
from bot.app.parts import FAL, STORE, Kept, Plan, World
from bot.domain.errors import FalError, StoreError
from bot.domain.health import Condition, Health
from bot.domain.ledger import BOT, Period, periods_of
from bot.ports.clock import Now
from bot.store.statistics import Figures
from bot.web.site import Probe, Told

log = logging.getLogger(__name__)

READY_PATH, METRICS_PATH = "/readyz", "/metrics"

TRIED_EVERY = timedelta(seconds=15)
"""However often somebody looks, a part that is tried for it is tried so seldom."""

TRY_S = 5.0


class Readiness:
    """Tells how each part is, after trying those that might not have been heard of for long: a write, a question."""

    def __init__(self, kept: Kept, world: World, platforms: Sequence[str], *, now: Now) -> None:
        self._now = now
        self._kept = kept
        self._world = world
        self._platforms = frozenset(name.casefold() for name in platforms)
        self._tried_at: datetime | None = None
        self._trying = asyncio.Lock()
        self._late: frozenset[str] = frozenset()

    async def look(self) -> Told:
        """200 when everything that should work does, else 503."""
        async with self._trying:
            if self._tried_at is None or self._now() - self._tried_at >= TRIED_EVERY:
                self._tried_at = self._now()
                self._late = await self._try_all()
        health = self._kept.vitals.all()
        conditions = {_name(one): self._condition(one).value for one in health}
        is_ready = all(self._is_well(one) for one in health)
        return Told(
            body=json.dumps({"ready": is_ready, "parts": conditions}, indent=1).encode() + b"\n",
            status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    def _condition(self, one: Health) -> Condition:
        return Condition.AWAY if one.part in self._late else one.condition

    def _is_well(self, one: Health) -> bool:
        match self._condition(one):
            case Condition.WORKS:
                return True
            case Condition.UNHEARD:  # nobody asks fal or the store for anything before there is something to do
                return one.part.casefold() not in self._platforms
            case Condition.OFF:
                return one.part.casefold() not in self._platforms and one.part not in {FAL, STORE}
            case Condition.AWAY:
                return False

    async def _try_all(self) -> frozenset[str]:
        """Whatever did not answer in time; all else tells its own Vital."""
        health = {one.part: one.condition for one in self._kept.vitals.all()}
        late = {STORE} if not await _within(self._write()) else set()
        if health[FAL] is Condition.AWAY and not self._world.gate.is_shut:
            late |= {FAL} if not await _within(self._ask()) else set()
        return frozenset(late)

    async def _write(self) -> None:
        try:
            await self._kept.people.keep_setting("bot", "written_at", self._now().isoformat())
        except StoreError as error:
            log.warning("the store cannot be written", extra={"error": str(error)})

    async def _ask(self) -> None:
        """A question without the key, of which fal thinks nothing."""
        try:
            await self._world.fal.jwks()
        except FalError as error:
            log.debug("fal is still away", extra={"error": str(error)})


def build_probes(plan: Plan, kept: Kept, world: World, platforms: Sequence[str]) -> Mapping[str, Probe]:
    """By path."""
    figures = Figures(kept.database)
    zone = plan.settings.quota.policy().zone

    async def metrics() -> Told:
        periods = periods_of(clock.now(), zone)
        balances = await figures.balances([BOT], periods)
        page = kept.metrics.page(
            open_jobs=await figures.open_by_state(""),
            asks=await figures.asks_waiting(),
            money={period: balances[BOT, period] for period in Period if (BOT, period) in balances},
            health=kept.vitals.all(),
        )
        return Told(body=page, content_type=CONTENT_TYPE)

    return {READY_PATH: Readiness(kept, world, platforms, now=clock.now).look, METRICS_PATH: metrics}


def _name(one: Health) -> str:
    """A part as machines spell it: "store", "fal", "discord"."""
    return one.part.casefold().removeprefix("the ")


async def _within(trying: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(TRY_S):
            await trying
    except TimeoutError:
        return False
    return True
