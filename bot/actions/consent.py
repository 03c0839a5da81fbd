"""What those who are named in a request say about it, by whichever account. Nobody can say it for them."""

import logging
from datetime import timedelta

from bot.actions.demand import Demand
from bot.domain.ask import Account
from bot.domain.consent import YES, Asked, remembered
from bot.domain.decision import Along, Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.notice import Action, Notice
from bot.domain.permission import about
from bot.domain.rulings import consent_notice
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.moderation import Consents

log = logging.getLogger(__name__)

RELEASED = Closing(ending=Ending.RELEASED)


class Consenting:
    """`lasts` is how long a yes is remembered."""

    def __init__(self, *, jobs: Jobs, consents: Consents, demand: Demand, lasts: timedelta, now: Now) -> None:
        self._jobs = jobs
        self._consents = consents
        self._demand = demand
        self._lasts = lasts
        self._now = now

    async def answer(self, action: Action, job_id: str, account: Account, *, group: str | None = None) -> Notice:
        """Yes or no, for this once or to be remembered (`consent.ANSWERS`).

        Raises:
            Refused: ASKED_ALONE; NOTHING_TO_PRESS when it was answered or no longer waits; FORGOTTEN.
        """
        job = await self._jobs.get(job_id)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        asked = frozenset(one.whom for one in await self._consents.asked(job_id))
        mine = asked & frozenset(await self._consents.accounts(account.key))
        to = about(job, asked=asked | {account.key} if mine else asked)
        await self._demand(action, account, to, group)
        if job.state is not State.IN_REVIEW or Waiting.CONSENT not in job.waiting_for:
            raise _settled()
        along = self._along(action, job, account)
        if action in YES:
            answer = tuple(Asked(job=job_id, whom=one) for one in sorted(mine))
            stepped = await self._jobs.approve(job, Waiting.CONSENT, along=along, answer=answer)
        else:
            stepped = await self._jobs.record(
                job,
                Event.REFUSED,
                closing=RELEASED,
                reason=Reason.NO_CONSENT,
                waiting=Waiting.CONSENT,
                along=along,
            )
        if stepped is None:
            raise _settled()
        log.info("somebody named was heard", extra={"job": job_id, "by": account.key, "said": action.value})
        return consent_notice(action, job.ask.account.name)

    def _along(self, action: Action, job: Job, account: Account) -> Along:
        now = self._now()
        decision = Decision(
            who=account.key,
            what=Ruling.CONSENTED if action in YES else Ruling.OBJECTED,
            at=now,
            platform=job.ask.account.platform,
            group=job.ask.group,
            whom=job.ask.account.key,
            job=job.id,
            detail=action.value,
        )
        kept = remembered(action, account, job.ask, now=now, lasts=self._lasts)
        return Along(decisions=(decision,), consents=(kept,) if kept else ())


def _settled() -> Refused:
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
