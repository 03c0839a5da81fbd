"""Moderators are shown what waits for them, and told once what became of it; at least once each, by the same key."""

import logging
from collections.abc import Mapping

from bot.domain.ask import OWNERS, Place, moderators_place
from bot.domain.cards import ASKED, TOLD, History, card_key, card_notice, is_due, is_withheld, settled_card_notice
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.decision import Ruling
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.job import Job, State
from bot.domain.judgement import why_asked
from bot.domain.notice import Notice
from bot.domain.sanction import strikes
from bot.ports.chat import Chat
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.moderation import Decisions, Groups, Sanctions

log = logging.getLogger(__name__)

YES_OR_NO = frozenset({Ruling.APPROVED, Ruling.REFUSED})


class Cards:
    """Called with a Job's id after every step, before its asker is told. Where there is no place, owners are told."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        chats: Mapping[str, Chat],
        catalogue: Catalogue,
        groups: Groups,
        sanctions: Sanctions,
        decisions: Decisions,
        now: Now,
    ) -> None:
        self._jobs = jobs
        self._chats = chats
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
                await self._say(job, card_notice(job, self._endpoint(job), await self._history(job), why))
                await self._jobs.note(job.id, carded=ASKED)
            elif job.carded == ASKED and job.state is not State.IN_REVIEW and not is_withheld(job):
                await self._settle(job)
                await self._jobs.note(job.id, carded=TOLD)
        except ChatUnavailable as error:
            return error.retry_after_s
        return None

    async def _settle(self, job: Job) -> None:
        """Where moderators have a place of their own, its card changes; owners are not written to once more."""
        if not await self._where(job):
            return
        made = (one for one in await self._decisions.of_job(job.id) if one.what in YES_OR_NO)
        names = {one.who: await self._groups.name(one.who) for one in made}
        await self._say(job, settled_card_notice(job, self._endpoint(job), next(iter(names.values()), "")))

    async def _history(self, job: Job) -> History:
        account, grp = job.ask.account, job.ask.grp
        return History(
            reels=await self._groups.reels(account, grp),
            strikes=strikes(await self._sanctions.against(account, grp), self._now()),
            since=await self._groups.seen_since(account),
        )

    async def _say(self, job: Job, notice: Notice) -> None:
        platform = job.ask.account.platform
        chat = self._chats.get(platform)
        if chat is None:
            return
        key = card_key(job.id)
        try:
            await chat.say(moderators_place(platform, job.ask.group, await self._where(job)), notice, key=key)
        except PlaceGone:
            log.warning("moderators cannot be told where they want to be", extra={"job": job.id, "group": job.ask.grp})
            await self._tell_owners(chat, notice, key)

    async def _tell_owners(self, chat: Chat, notice: Notice, key: str) -> None:
        try:
            await chat.say(Place(platform=chat.platform, address=OWNERS), notice, key=key)
        except PlaceGone:
            log.warning("nobody can be told what waits for a moderator", extra={"key": key})

    async def _where(self, job: Job) -> str:
        return (await self._groups.rules(job.ask.account.platform, job.ask.group)).moderators_place

    def _endpoint(self, job: Job) -> Endpoint | None:
        return self._catalogue.endpoint(job.order.endpoint)
