"""Ask → Order → Verdict → Hold and Job: files fetched and looked at, everything wrong said at once, then admitted.

`advance` is called with the id of an inbox row and may be called again after any crash: staging is by content, and
admitting twice gives the same Job.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ask import OWNERS, STAGED, Ask, Attachment, InboxRow, Place
from bot.domain.catalogue import Catalogue, Endpoint, Option
from bot.domain.courtesies import petition_notice
from bot.domain.errors import (
    ChatUnavailable,
    FalUnavailable,
    PlaceGone,
    Problem,
    Refused,
    Slug,
    StoreUnavailable,
)
from bot.domain.notice import Notice
from bot.domain.order import Draft, Order, complete, draft
from bot.domain.phrases import away_notice, refusal_notice
from bot.domain.quota import Standing, Strangers, group_key, is_welcome
from bot.pipeline.judging import Judging
from bot.ports.chat import Chat
from bot.ports.clock import Now
from bot.ports.inbox import Inbox
from bot.ports.jobs import Jobs
from bot.ports.media import Media, Uploads
from bot.ports.people import Standings

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""Passing failures to fetch a file after which it is called gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """`away_after`: an Ask older than this is asked about before anything is spent. `sandbox`: fal is our own.

    `strangers`: what groups get that the owner has not decided about.
    """

    away_after: timedelta = timedelta(minutes=10)
    retry_s: float = 3.0
    store_retry_s: float = 30.0
    sandbox: bool = False
    strangers: Strangers = Strangers.WELCOME


class Intake:
    """The stage between the inbox and the first state of a Job."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        jobs: Jobs,
        media: Media,
        uploads: Uploads,
        chats: Mapping[str, Chat],
        catalogue: Catalogue,
        judging: Judging,
        standings: Standings,
        now: Now,
        settings: IntakeSettings,
    ) -> None:
        self._inbox = inbox
        self._jobs = jobs
        self._media = media
        self._uploads = uploads
        self._chats = chats
        self._catalogue = catalogue
        self._judging = judging
        self._standings = standings
        self._now = now
        self._settings = settings
        self._turned_away: set[str] = set()  # told that nothing can be started: not to be started behind their backs

    async def advance(self, ask_id: str) -> float | None:
        """Take one Ask as far as it goes now; seconds until it should be tried again, or None."""
        row = await self._inbox.row(ask_id)
        if row is None or row.away:
            return None
        try:
            return await self._advance(row)
        except ChatUnavailable as error:
            log.warning("an answer could not be given yet", extra={"job": ask_id, "error": str(error)})
            return error.retry_after_s

    async def _advance(self, row: InboxRow) -> float | None:
        ask = row.ask
        if not row.confirmed and ask.id in self._turned_away:
            return await self._ask_after_all(ask)
        if not row.confirmed and self._now() - ask.received_at > self._settings.away_after:
            return await self._ask_whether_still_wanted(ask)
        try:
            problems = await self._take(ask)
        except Refused as error:
            problems = error.problems
        except (ChatUnavailable, FalUnavailable) as error:
            log.warning("a file could not be fetched yet", extra={"job": ask.id, "error": str(error)})
            if row.attempts + 1 < ATTEMPTS:
                await self._inbox.tried(ask.id)
                return self._settings.retry_s * 2.0**row.attempts
            problems = (Problem(slug=Slug.FILE_GONE),)
        except StoreUnavailable:
            log.exception("the store cannot be written; nothing is admitted", extra={"job": ask.id})
            self._turned_away.add(ask.id)
            await self._say(ask, refusal_notice((Problem(slug=Slug.STORE_DOWN),)))
            return self._settings.store_retry_s
        if problems:
            await self._say(ask, refusal_notice(problems))
            await self._inbox.consume(ask.id)
        return None

    async def _take(self, ask: Ask) -> tuple[Problem, ...]:
        """Everything that forbids this Ask; empty when it became a Job. Raises Refused likewise."""
        case = await self._judging.case(ask)
        if case.problems or not await self._is_welcome(ask):
            unknown = Problem(slug=Slug.GROUP_UNKNOWN, facts={"whom": "this group" if ask.group else "you"})
            return case.problems or (unknown,)
        sketch = draft(ask.wish, ask.attachments, self._catalogue, sandbox=self._settings.sandbox)
        endpoint = self._catalogue.endpoint(sketch.endpoint)
        if endpoint is None:
            return (Problem(slug=Slug.ENDPOINT_OFF, facts={"name": sketch.endpoint}),)
        problems = await self._paused(endpoint) or case.denials(sketch, endpoint)
        if problems:
            return problems
        order = await self._order(ask, sketch, endpoint)
        verdict = case.verdict(order, endpoint)
        if verdict.problems:
            return verdict.problems
        admission = await self._jobs.admit(ask, order, verdict, case.policy)
        if admission.bypassed:
            log.info("a personal limit is put aside", extra={"job": ask.id, "by": ask.account.key})
        return admission.problems

    async def _paused(self, endpoint: Endpoint) -> tuple[Problem, ...]:
        if not await self._standings.paused(endpoint.slug):
            return ()
        return (Problem(slug=Slug.ENDPOINT_PAUSED, facts={"name": endpoint.title}),)

    async def _is_welcome(self, ask: Ask) -> bool:
        """Whether anything may be spent here. The owner is asked before it is remembered that they were."""
        platform, group = ask.account.platform, group_key(ask.account, ask.group)
        standing = await self._standings.standing(platform, group)
        if is_welcome(ask.account, standing, self._settings.strangers):
            return True
        if standing is Standing.NEW and self._settings.strangers is Strangers.ASK:
            await self._say(ask, petition_notice(ask, group), place=Place(platform=platform, address=OWNERS), key=group)
            await self._standings.decide(platform, group, Standing.ASKED)
        return False

    async def _order(self, ask: Ask, sketch: Draft, endpoint: Endpoint) -> Order:
        media: dict[str, tuple[str, ...]] = {}
        seconds: dict[str, float] = {}
        problems: list[Problem] = []
        for name, files in sketch.files.items():
            option = endpoint.option(name)
            if option is None:
                continue
            hashes: list[str] = []
            for file in files:
                try:
                    sha256, length_s = await self._receive(ask, file, option)
                except Refused as error:
                    problems.extend(error.problems)
                else:
                    hashes.append(sha256)
                    seconds[name] = seconds.get(name, 0.0) + length_s
            media[name] = tuple(hashes)
        if problems:
            raise Refused(problems)
        if sketch.joined:
            media = {name: await self._joined(hashes, endpoint.option(name)) for name, hashes in media.items()}
        return complete(sketch, media, seconds, endpoint)

    async def _receive(self, ask: Ask, file: Attachment, option: Option) -> tuple[str, float]:
        name = file.name or option.name
        if file.platform == "url":
            sha256, facts = await self._media.receive_url(file.handle, option=option)
        elif file.platform == STAGED:
            sha256, facts = await self._media.receive(self._uploads.open(file.handle), option=option, name=name)
        else:
            stream = self._chats[ask.account.platform].open(file)
            sha256, facts = await self._media.receive(stream, option=option, name=name)
        return sha256, facts.seconds or 0.0

    async def _joined(self, hashes: tuple[str, ...], option: Option | None) -> tuple[str, ...]:
        if len(hashes) == 2:  # noqa: PLR2004  two pictures become one
            return (await self._media.join(*hashes, option=option),)
        return hashes

    async def _ask_whether_still_wanted(self, ask: Ask) -> float | None:
        await self._say(ask, away_notice(ask))
        await self._inbox.ask_away(ask.id)
        return None

    async def _ask_after_all(self, ask: Ask) -> float | None:
        """The store can be written again. Marked first: whoever was turned away need not be asked twice."""
        try:
            await self._inbox.ask_away(ask.id)
        except StoreUnavailable:
            return self._settings.store_retry_s
        self._turned_away.discard(ask.id)
        await self._say(ask, away_notice(ask))
        return None

    async def _say(self, ask: Ask, notice: Notice, *, place: Place | None = None, key: str = "") -> None:
        chat = self._chats.get(ask.place.platform)
        if chat is None:
            return
        try:
            await chat.say(place or ask.place, notice, key=key or ask.id)
        except PlaceGone:
            log.info("nobody is there to be answered", extra={"job": ask.id})
