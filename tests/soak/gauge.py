"""How the program is while it runs, read from its own page of figures: its memory, and how late its loop wakes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.app import clock
from bot.app.probes import METRICS_PATH

EVERY_S = 0.5
MEMORY = "process_resident_memory_bytes"
LOOKS = 5
LAG = "reelroom_loop_lag_seconds_bucket"


@dataclass(slots=True)
class Gauge:
    """Looks every half a second. `memory` is what was found: seconds since the beginning, bytes."""

    url: str
    memory: list[tuple[float, float]] = field(default_factory=list)
    _lags: dict[float, float] = field(default_factory=dict)

    async def watch(self, elapsed: Callable[[], float]) -> None:
        """Until it is cancelled; a look that fails is one that is missing."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=10) as http:
            while True:
                try:
                    page = (await http.get(METRICS_PATH)).text
                except httpx.TransportError:
                    page = ""
                self.read(page, elapsed())
                await clock.sleep(EVERY_S)

    def read(self, page: str, at_s: float) -> None:
        """Take down what a page says."""
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                if sample.name == MEMORY:
                    self.memory.append((at_s, sample.value))
                elif sample.name == LAG:
                    self._lags[float(sample.labels["le"])] = sample.value

    def memory_about(self, at_s: float) -> float:
        """The median of the looks next to a moment, in bytes. Raises ValueError: there was none."""
        nearest = sorted(self.memory, key=lambda look: abs(look[0] - at_s))[:LOOKS]
        if not nearest:
            raise ValueError("nobody has looked")
        return sorted(size for _, size in nearest)[len(nearest) // 2]

    def lag_s(self, share: float) -> float:
        """So many of all wakings were at most so late: the upper bound of their bucket."""
        return quantile(sorted(self._lags.items()), share)


def quantile(buckets: Sequence[tuple[float, float]], share: float) -> float:
    """The first upper bound under which at least this share of everything lies; buckets are cumulative, ascending."""
    total = buckets[-1][1] if buckets else 0
    return next((bound for bound, below in buckets if total and below >= share * total), float("inf"))


async def stopped(task: "asyncio.Task[None]") -> None:
    """Cancel a watch, and let what went wrong with it be known."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return
