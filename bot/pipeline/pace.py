"""How soon a Job at fal is looked at again, and when it is given up.

Where fal calls us, looking is a net under its calls: one look early on, for what people are told, and none until the
request is overdue. When the net catches something, calls are not relied on until one comes again.
"""

import logging
from datetime import timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.job import Job
from bot.domain.progress import EARLY_LOOK_S, NET_LOOK_S, Observation, net_look_s, next_look_s
from bot.ports.clock import Now
from bot.ports.jobs import Jobs

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
DOUBT_LOOK_S = (2.0, 300.0)
TYPICAL_S = 60.0


class Pace:
    """`webhooks`: whether fal has been told where to call us. How soon is worked out anew and not persisted."""

    def __init__(self, *, jobs: Jobs, catalogue: Catalogue, webhooks: bool, now: Now) -> None:
        self._jobs = jobs
        self._catalogue = catalogue
        self._webhooks = webhooks
        self._reached = webhooks
        self._now = now

    @property
    def is_called(self) -> bool:
        """Whether fal's calls are relied on."""
        return self._reached

    def heard(self) -> None:
        """A call of fal's came."""
        if self._webhooks and not self._reached:
            log.info("fal's calls reach us again")
        self._reached = self._webhooks

    def caught(self, job: Job) -> None:
        """A request was found to be done by looking."""
        if self._reached and self._age_s(job) >= NET_LOOK_S[0]:  # before that, its call may be on its way
            log.warning("fal did not call us about a finished request; see webhook.public_url", extra={"job": job.id})
            self._reached = False

    def first_s(self, job: Job) -> float:
        """Seconds until a Job that was never looked at should be."""
        return max(0.0, EARLY_LOOK_S - self._age_s(job)) if self._reached else 0.0

    async def next_s(self, job: Job, seen: Observation) -> float:
        """Seconds until the next look at a request that is not done."""
        durations = await self._jobs.durations(job.order.endpoint)
        if not self._reached or job.hinted:  # hinted: told that it is done, and it was not
            return next_look_s(seen, durations, self._now())
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        typical_s = endpoint.typical_s if endpoint else TYPICAL_S
        wait_s = net_look_s(durations, age_s=self._age_s(job), typical_s=typical_s)
        return NET_LOOK_S[0] if seen.position and seen.started_at is None else wait_s  # people see it move up

    def seldom_s(self, job: Job) -> float:
        """Seconds until it is worth asking again what could not be answered."""
        age_s = (self._now() - job.state_at).total_seconds()
        return min(DOUBT_LOOK_S[1], max(DOUBT_LOOK_S[0], 0.2 * age_s))

    def is_over(self, job: Job) -> bool:
        """Whether the time is over after which a Job without a last word is given up."""
        return self._now() - (job.submitted_at or job.state_at) >= GIVE_UP_AFTER

    def is_fresh(self, job: Job) -> bool:
        """Whether it was submitted so lately that nobody can have seen it start."""
        return self._age_s(job) <= EARLY_LOOK_S

    def _age_s(self, job: Job) -> float:
        return (self._now() - (job.submitted_at or job.state_at)).total_seconds()
