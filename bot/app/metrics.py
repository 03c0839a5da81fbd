"""What is counted and measured while the program runs, for Prometheus; the only place that knows its client.

Labels come from closed sets (states, slugs, our loggers, fal's known words), so that nobody can make new series.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from typing_extensions import override

from bot.domain.health import Condition, Health
from bot.domain.job import SETTLED, Event, Job, State, Waiting
from bot.domain.ledger import Balance, Period
from bot.store.jobs import Jobs

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LAG_EVERY_S = 0.25
LAG_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
WAIT_S = (1, 2, 5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 1_200, 3_600, 86_400)
DOLLAR = 1_000_000


class Metrics:
    """One program's. What changes by itself is told here; what can be looked up is looked up for each page."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        gauge, counter = partial(Gauge, registry=registry), partial(Counter, registry=registry)
        histogram = partial(Histogram, registry=registry)
        self._open = gauge("reelroom_jobs", "Jobs under way, by state", ["state"])
        self._asks = gauge("reelroom_asks_waiting", "Asks taken down and not yet looked at")
        self._money = gauge("reelroom_bot_dollars", "The whole bot's money in this period", ["period", "what"])
        self._parts = gauge("reelroom_part_works", "Whether a part works, as last heard", ["part"])
        self._entered = counter("reelroom_steps", "Steps of Jobs, by the state they led to", ["state"])
        self._spent = counter("reelroom_spent_dollars", "What fal billed, settled", ["endpoint"])
        self._faults = counter("reelroom_faults", "Warnings and worse, by who said it and why", ["logger", "kind"])
        self._calls = counter("reelroom_webhook_calls", "Calls to fal's hook", ["outcome"])
        self._stayed = histogram("reelroom_state_seconds", "Time in the state left", ["state"], buckets=WAIT_S)
        self._waited = histogram("reelroom_reel_seconds", "From a Job's admission to its posted reel", buckets=WAIT_S)
        self._lag = histogram("reelroom_loop_lag_seconds", "How late the event loop wakes", buckets=LAG_S)

    def stepped(self, before: Job, after: Job) -> None:
        """A Job made a step."""
        self._entered.labels(after.state.value).inc()
        self._stayed.labels(before.state.value).observe(max(0.0, (after.state_at - before.state_at).total_seconds()))
        if after.state is State.DELIVERED:
            self._waited.observe(max(0.0, (after.state_at - after.created_at).total_seconds()))
        cost = (after.cost_microusd or 0) - (before.cost_microusd or 0)
        if cost > 0:
            self._spent.labels(after.order.endpoint).inc(cost / DOLLAR)

    def called(self, outcome: str) -> None:
        """Somebody called fal's hook."""
        self._calls.labels(outcome).inc()

    def fault(self, logger: str, kind: str) -> None:
        """Something went wrong."""
        self._faults.labels(logger, kind).inc()

    async def measure_lag(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY_S
            await sleep(LAG_EVERY_S)
            self._lag.observe(max(0.0, loop.time() - due))

    def page(
        self, *, open_jobs: Mapping[State, int], asks: int, money: Mapping[Period, Balance], health: Sequence[Health]
    ) -> bytes:
        """Everything, in Prometheus' text format."""
        for state in set(State) - SETTLED:
            self._open.labels(state.value).set(open_jobs.get(state, 0))
        self._asks.set(asks)
        for period, balance in money.items():
            for what in ("held", "spent", "granted"):
                self._money.labels(period.value, what).set(getattr(balance, what) / DOLLAR)
        for one in health:
            if one.condition in {Condition.WORKS, Condition.AWAY}:
                self._parts.labels(one.part).set(one.condition is Condition.WORKS)
        return generate_latest(self._registry)


class FaultCounter(logging.Handler):
    """Counts what is logged as a warning or worse: every fault is, with its kind where it has one."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    @override
    def emit(self, record: logging.LogRecord) -> None:
        kind = getattr(record, "kind", "")
        ours = record.name.startswith("bot.")
        self._metrics.fault(record.name if ours else "other", kind if ours and isinstance(kind, str) else "")


@contextmanager
def counting_faults(metrics: Metrics) -> Iterator[None]:
    """As long as the block lasts."""
    root, handler = logging.getLogger(), FaultCounter(metrics)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class MeteredJobs(Jobs):
    """The jobs table, of which every step is told, to `stepped` too."""

    def __init__(self, *arguments: Any, metrics: Metrics, stepped: Callable[[Job], None], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._metrics = metrics
        self._stepped = stepped

    @override
    async def record(self, job: Job, event: Event, **more: Any) -> Job | None:
        stepped = await super().record(job, event, **more)
        if stepped is not None:
            self._metrics.stepped(job, stepped)
            self._stepped(stepped)
        return stepped

    @override
    async def approve(self, job: Job, what: Waiting, **more: Any) -> Job | None:
        approved = await super().approve(job, what, **more)
        if approved is not None and approved.state is not job.state:
            self._metrics.stepped(job, approved)
        return approved
