"""Moderators are shown what waits for them, and told once what became of it; at least once each, by the same key."""

from bot.domain.cards import ASKED, TOLD, History, card_key, card_notice, is_due, is_withheld, settled_card_notice
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.decision import Ruling
from bot.domain.errors import ChatUnavailable
from bot.domain.job import Job, State
from bot.domain.judgement import why_asked
from bot.domain.sanction import strikes
from bot.pipeline.moderators import Moderators
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.moderation import Decisions, Groups, Sanctions

YES_OR_NO = frozenset({Ruling.APPROVED, Ruling.REFUSED, Ruling.TAKEN_DOWN})


class Cards:
    """Called with a Job's id after every step, before its asker is told. Where there is no place, owners are told."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        moderators: Moderators,
        catalogue: Catalogue,
        groups: Groups,
        sanctions: Sanctions,
        decisions: Decisions,
        now: Now,
    ) -> None:
        self._jobs = jobs
        self._moderators = moderators
        self._catalogue = catalogue
        self._groups = groups
        self._sanctions = sanctions
        self._decisions = decisions
        self._now = now

    async def advance(self, job_id: str) -> float | None:
        """Say what is to be said; seconds until it should be tried again, None when it was said."""
        job = await self._jobs.get(job_id)
        if job is None:
            return None
        try:
            if not job.carded and is_due(job):
                why = why_asked(await self._decisions.of_job(job.id))
                notice = card_notice(job, self._endpoint(job), await self._history(job), why)
                await self._moderators.tell(job, notice, key=card_key(job.id))
                await self._jobs.note(job.id, carded=ASKED)
            elif job.carded == ASKED and job.state is not State.IN_REVIEW and not is_withheld(job):
                await self._settle(job)
                await self._jobs.note(job.id, carded=TOLD)
        except ChatUnavailable as error:
            return error.retry_after_s
        return None

    async def _settle(self, job: Job) -> None:
        """Where moderators have a place of their own, its card changes; owners are not written to once more."""
        if not await self._moderators.have_a_place(job):
            return
        made = (one for one in await self._decisions.of_job(job.id) if one.what in YES_OR_NO)
        names = {one.who: await self._groups.name(one.who) for one in made}
        notice = settled_card_notice(job, self._endpoint(job), next(iter(names.values()), ""))
        await self._moderators.tell(job, notice, key=card_key(job.id))

    async def _history(self, job: Job) -> History:
        account, grp = job.ask.account, job.ask.grp
        return History(
            reels=await self._groups.reels(account, grp),
            strikes=strikes(await self._sanctions.against(account, grp), self._now()),
            since=await self._groups.seen_since(account),
        )

    def _endpoint(self, job: Job) -> Endpoint | None:
        return self._catalogue.endpoint(job.order.endpoint)
