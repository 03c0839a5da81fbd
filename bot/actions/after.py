"""What people may do about a reel that was posted: report it, let it stay, take it down, give the money back.

Who presses second finds it settled: a moderator's word is one transaction, with its strike.
"""

import logging

from bot.actions.demand import Demand
from bot.domain.after import Hiding, Outcome
from bot.domain.aftermath import given_back_notice, kept_notice, taken_down_notice
from bot.domain.ask import Account
from bot.domain.courtesies import reported_notice
from bot.domain.decision import Decision, Ruling, about_request, reason_line
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import REMOVED, Job, State
from bot.domain.notice import Action, Notice
from bot.domain.permission import Deed, about
from bot.domain.sanction import Kind, Sanction, StrikePolicy
from bot.domain.striking import Strike
from bot.ports.after import Afters, Word
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.moderation import Groups

log = logging.getLogger(__name__)


class Aftercare:
    """`group` is where somebody stands, None where the reel is.

    Raises of every method:
        Refused: FORGOTTEN; MODERATOR_ALONE and its kin; NOTHING_TO_PRESS when its moment has passed.
    """

    def __init__(
        self,
        *,
        jobs: Jobs,
        afters: Afters,
        groups: Groups,
        demand: Demand,
        hiding: Hiding,
        policy: StrikePolicy,
        now: Now,
    ) -> None:
        self._jobs = jobs
        self._afters = afters
        self._groups = groups
        self._demand = demand
        self._hiding = hiding
        self._policy = policy
        self._now = now

    async def report(self, job_id: str, account: Account, *, group: str | None = None) -> Notice:
        """A person's word that it should not be there, once; so many of them hide it until a moderator has looked."""
        job = await self._job(job_id)
        await self._demand(Action.REPORT, account, about(job), group)
        if job.state is not State.DELIVERED or job.reason in REMOVED:
            raise _nothing()
        rules = await self._groups.rules(job.ask.account.platform, job.ask.group)
        after = await self._afters.report(job, account, self._hiding.of(rules))
        log.info("a reel was reported", extra={"job": job.id, "by": account.key, "reports": after.reports})
        return reported_notice()

    async def keep(self, job_id: str, account: Account, *, group: str | None = None) -> Notice:
        """It may stay, and no report hides it again."""
        job = await self._job(job_id)
        await self._demand(Action.KEEP, account, about(job), group)
        if await self._afters.get(job.id) is None:
            raise _nothing()
        word = Word(outcome=Outcome.KEPT, decision=self._decision(Ruling.KEPT, job, account, ""), first=True)
        if await self._afters.decide(job, word) is None:
            raise _nothing()
        return kept_notice()

    async def take_down(
        self,
        job_id: str,
        account: Account,
        *,
        group: str | None = None,
        why: str = "",
        strike: bool = False,
        first: bool = False,
    ) -> Notice:
        """Its message and its file go, and it is written down. `first`: only if no moderator has said anything yet.

        The person is told `why`, and has paid for it all the same unless `give_back` follows.
        """
        job = await self._job(job_id)
        await self._demand(Action.TAKE_DOWN, account, about(job), group)
        if strike:
            await self._demand(Deed.STRIKE, account, about(job), group)
        why = reason_line(why)
        word = Word(
            outcome=Outcome.TAKEN_DOWN,
            decision=self._decision(Ruling.TAKEN_DOWN, job, account, why),
            first=first,
            strike=self._strike(job, account, why) if strike else None,
        )
        if await self._afters.decide(job, word) is None:
            raise _nothing()
        return taken_down_notice(job, with_strike=strike)

    async def give_back(self, job_id: str, account: Account, *, group: str | None = None) -> Notice:
        """The person gets back what they paid for a reel that was taken down; fal keeps it, and so do budgets."""
        job = await self._job(job_id)
        await self._demand(Deed.REFUND, account, about(job), group)
        amount = await self._afters.refund(job, self._decision(Ruling.REFUNDED, job, account, ""))
        if amount is None:
            raise _nothing()
        return given_back_notice(job, amount)

    async def _job(self, job_id: str) -> Job:
        job = await self._jobs.get(job_id)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        return job

    def _strike(self, job: Job, account: Account, why: str) -> Strike:
        now = self._now()
        given = Sanction(
            kind=Kind.STRIKE,
            whom=job.ask.account.key,
            grp=job.ask.grp,
            by=account.key,
            at=now,
            until=now + self._policy.lasts,
            why=why,
        )
        return Strike(given=given, policy=self._policy, job=job.id)

    def _decision(self, what: Ruling, job: Job, account: Account, why: str) -> Decision:
        log.info("a reel was decided about", extra={"job": job.id, "by": account.key, "as": what.value})
        return about_request(what, job, by=account.key, at=self._now(), why=why)


def _nothing() -> Refused:
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
