"""Which request at fal is a Job's whose submit was not answered: named by a call of fal's, or found in its history.

A call is only a hint: the request it names must be shown to our own key, and belong to no other Job.
"""

import logging
from datetime import timedelta

from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import FalError, FalLocked, FalMissing
from bot.domain.job import Job, Ticket
from bot.pipeline.matching import match
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.queue import Queue

log = logging.getLogger(__name__)

CLOCKS_DIFFER = timedelta(minutes=5)


class Doubt:
    """Looks; never guesses, and never posts."""

    def __init__(self, *, jobs: Jobs, queue: Queue, catalogue: Catalogue, now: Now) -> None:
        self._jobs = jobs
        self._queue = queue
        self._catalogue = catalogue
        self._now = now

    async def find(self, job: Job) -> Ticket | None:
        """The Ticket of the request that is this Job's, None while there is none. Raises FalError (not FalLocked)."""
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        if endpoint is None:
            return None
        taken = await self._jobs.request_ids(job.order.endpoint)
        return await self._named(job, endpoint, taken) or await self._matched(job, endpoint, taken)

    def named(self, job: Job) -> Ticket | None:
        """The Ticket that a call of fal's named, unproved."""
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        return self._queue.ticket(endpoint.id, job.hinted) if endpoint and job.hinted else None

    async def _named(self, job: Job, endpoint: Endpoint, taken: frozenset[str]) -> Ticket | None:
        if not job.hinted:
            return None
        ticket = self._queue.ticket(endpoint.id, job.hinted)
        try:
            if job.hinted not in taken:
                await self._queue.status(ticket)
                return ticket
        except FalMissing:
            pass
        except FalError as error:  # a stranger's request may look like a lock: the history is asked all the same
            self._log(job, "fal does not say whether it has the request that a call named", error)
            return None
        log.warning("a call named a request that is not this Job's", extra=who(job))
        await self._jobs.note(job.id, hinted="")
        return None

    async def _matched(self, job: Job, endpoint: Endpoint, taken: frozenset[str]) -> Ticket | None:
        start = job.created_at - CLOCKS_DIFFER  # after a crash, when it was posted is known no better
        try:
            entries = await self._queue.history(endpoint.id, start=start, end=self._now() + CLOCKS_DIFFER)
        except FalLocked as error:  # a key may be good for the queue and not for the history
            self._log(job, "fal does not show its request history to this key", error)
            return None
        request_id = match(job, entries, taken)
        return self._queue.ticket(endpoint.id, request_id) if request_id else None

    def _log(self, job: Job, message: str, error: FalError) -> None:
        log.warning(message, extra={**who(job), "kind": error.kind, "status": error.status, "detail": error.detail})


def who(job: Job) -> dict[str, object]:
    """The fields of a Job that stand on every line of the log about it."""
    return {"job": job.id, "person": job.person, "endpoint": job.order.endpoint}
