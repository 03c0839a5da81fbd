"""Every Job whose state differs from what was last said gets its status message edited, at a decent pace."""

import logging
from collections import Counter
from collections.abc import Mapping

from bot.domain.ask import Account
from bot.domain.catalogue import Catalogue
from bot.domain.consent import others
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.fairness import choose
from bot.domain.job import Job, State, Waiting
from bot.domain.notice import Notice
from bot.domain.phrases import Standing, status_notice
from bot.domain.progress import Observation
from bot.pipeline.gate import Gate
from bot.ports.chat import Chat
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.moderation import Consents

log = logging.getLogger(__name__)

MOVING = frozenset({State.ADMITTED, State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED})
"""States in which what we say changes by itself, as time passes."""

EXACT = 30
"""Jobs in a line up to which everybody's place is worked out as it will really come."""

SECONDS_A_PLACE, FAR_BACK_S = 0.1, 60.0
"""A long line is told of its progress by the minute where little changes, and not all of it every second."""


class Announce:
    """The stage. `advance` is called with a Job's id after every step and, while it moves, again and again."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        consents: Consents,
        chats: Mapping[str, Chat],
        catalogue: Catalogue,
        observations: Mapping[str, Observation],
        gate: Gate,
        now: Now,
    ) -> None:
        self._jobs = jobs
        self._consents = consents
        self._chats = chats
        self._catalogue = catalogue
        self._observations = observations
        self._gate = gate
        self._now = now
        self._last: dict[str, Notice] = {}

    async def advance(self, job_id: str) -> float | None:
        """Say what changed; seconds until it is worth looking again, None when the Job stands still."""
        job = await self._jobs.get(job_id)
        chat = self._chats.get(job.place.platform) if job else None
        if job is None or job.screening or chat is None:  # nobody asked for the judging of a picture
            return None
        standing = await self._standing(job)
        notice = status_notice(job, self._catalogue, standing, self._now())
        try:
            await self._say(job, chat, notice)
        except PlaceGone:
            await self._jobs.note(job.id, said=job.state.value)  # nobody is there to read it
            return None
        except ChatUnavailable as error:
            return error.retry_after_s
        if job.state in MOVING:
            return max(chat.pace_s, min(FAR_BACK_S, SECONDS_A_PLACE * (standing.ahead or 0)))
        self._last.pop(job.id, None)
        return None

    async def _say(self, job: Job, chat: Chat, notice: Notice) -> None:
        if self._last.get(job.id) == notice and job.said == job.state.value:
            return
        receipt = await chat.announce(job.place, notice, job=job.id, receipt=job.receipt)
        self._last[job.id] = notice
        if receipt != job.receipt:
            await self._jobs.note(job.id, receipt=receipt, said=job.state.value)
        elif job.said != job.state.value:  # the receipt may have been taken away meanwhile, to post elsewhere
            await self._jobs.note(job.id, said=job.state.value)

    async def _ahead(self, job: Job) -> int:
        """How many go first. In a short line that is known exactly, since turns go by fairness and not by age."""
        older = await self._jobs.ahead(job)
        waiting = await self._jobs.waiting(self._now(), each=EXACT)
        if len(waiting) > EXACT:
            return older
        in_flight = Counter(one.person for one in await self._jobs.at_fal())
        served = await self._jobs.last_served()
        order = choose(waiting, in_flight=in_flight, last_served=served, places=len(waiting))
        return order.index(job.id) if job.id in order else older

    async def _standing(self, job: Job) -> Standing:
        """Where the Job is in our own queue or at fal, as far as we know."""
        return Standing(
            ahead=await self._ahead(job) if job.state is State.ADMITTED else None,
            shut_out=self._gate.is_shut,
            seen=self._observations.get(job.id),
            durations=await self._jobs.durations(job.order.endpoint),
            asked=await self._asked(job),
        )

    async def _asked(self, job: Job) -> tuple[Account, ...]:
        """Who has still to say whether their face may be used."""
        if job.state is not State.IN_REVIEW or Waiting.CONSENT not in job.waiting_for:
            return ()
        awaited = {one.whom for one in await self._consents.asked(job.id) if not one.answered}
        return tuple(one for one in others(job.ask, faces=True) if one.key in awaited)
