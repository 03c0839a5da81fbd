"""A moderator's word about a request that waits for one. Whoever presses second finds it settled."""

import logging
from datetime import timedelta

from bot.actions.demand import Demand
from bot.domain.ask import Account
from bot.domain.decision import Along, Decision, Ruling, about_request, reason_line
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.notice import Action, Notice
from bot.domain.permission import about
from bot.domain.rulings import approved_notice, refused_notice
from bot.domain.sanction import Kind, Sanction
from bot.ports.clock import Now
from bot.ports.jobs import Jobs

log = logging.getLogger(__name__)

RELEASED = Closing(ending=Ending.RELEASED)


class Reviewing:
    """Approve, refuse, refuse and time out. `group` is where the moderator stands, None where the request is."""

    def __init__(self, *, jobs: Jobs, demand: Demand, timeout: timedelta, now: Now) -> None:
        self._jobs = jobs
        self._demand = demand
        self._timeout = timeout
        self._now = now

    async def approve(self, job_id: str, account: Account, *, group: str | None = None) -> Notice:
        """Let it go on, unless others have still to say yes.

        Raises:
            Refused: MODERATOR_ALONE; NOTHING_TO_PRESS when it no longer waits for a moderator; FORGOTTEN.
        """
        job = await self._job(Action.APPROVE, job_id, account, group)
        decision = self._decision(Ruling.APPROVED, job, account)
        approved = await self._jobs.approve(job, Waiting.MODERATOR, along=Along(decisions=(decision,)))
        if approved is None:
            raise _settled()
        return approved_notice(waits=approved.state is State.IN_REVIEW)

    async def refuse(self, job_id: str, account: Account, *, group: str | None = None, reason: str = "") -> Notice:
        """Say no; the reason is told to the person. Raises what `approve` raises."""
        job = await self._job(Action.REFUSE, job_id, account, group)
        why = reason_line(reason)
        await self._refuse(job, why, Along(decisions=(self._decision(Ruling.REFUSED, job, account, why=why),)))
        return refused_notice()

    async def silence(
        self,
        job_id: str,
        account: Account,
        *,
        group: str | None = None,
        reason: str = "",
        lasts: timedelta | None = None,
    ) -> Notice:
        """Say no, and let the person ask for nothing in this group for a while. Raises what `approve` raises."""
        job = await self._job(Action.SILENCE, job_id, account, group)
        why, now = reason_line(reason), self._now()
        sanction = Sanction(
            kind=Kind.TIMEOUT,
            whom=job.ask.account.key,
            grp=job.ask.grp,
            by=account.key,
            at=now,
            until=now + (lasts or self._timeout),
            why=why,
        )
        decisions = (
            self._decision(Ruling.REFUSED, job, account, why=why),
            self._decision(Ruling.TIMED_OUT, job, account, why=why),
        )
        await self._refuse(job, why, Along(decisions=decisions, sanctions=(sanction,)))
        return refused_notice(until=sanction.until, now=now)

    async def _job(self, action: Action, job_id: str, account: Account, group: str | None) -> Job:
        job = await self._jobs.get(job_id)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        await self._demand(action, account, about(job), group)
        if job.state is not State.IN_REVIEW or Waiting.MODERATOR not in job.waiting_for:
            raise _settled()
        return job

    async def _refuse(self, job: Job, why: str, along: Along) -> None:
        refused = await self._jobs.record(
            job,
            Event.REFUSED,
            closing=RELEASED,
            reason=Reason.BY_MODERATOR,
            waiting=Waiting.MODERATOR,
            along=along,
            remark=why,
        )
        if refused is None:
            raise _settled()

    def _decision(self, what: Ruling, job: Job, account: Account, *, why: str = "") -> Decision:
        log.info("a request was decided about", extra={"job": job.id, "by": account.key, "as": what.value})
        return about_request(what, job, by=account.key, at=self._now(), why=why)


def _settled() -> Refused:
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
