"""From a message to the inbox: pure checks, then one transaction that keeps the Ask and ends its updates."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telegram.error import TelegramError

from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.front import Front
from bot.chat.telegram.place import Spot
from bot.chat.telegram.portraits import with_people
from bot.domain.ask import Account, Ask, Attachment, Wish
from bot.domain.courtesies import received_notice
from bot.domain.errors import ChatError, Problem, Refused
from bot.domain.notice import Notice
from bot.domain.order import Draft
from bot.domain.wizard import MISSING
from bot.ports.clock import NewId
from bot.ports.updates import Updates

log = logging.getLogger(__name__)

HOLD_S = 30.0
"""An Ask waits so long for its acknowledgement before it begins all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks, where, when, and by which updates. `event` is unique for what was done, however often it arrives."""

    event: str
    account: Account
    group: str
    group_name: str
    spot: Spot
    numbers: tuple[int, ...]
    locale: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Files that came with a request, those of the message it answers, and whom its words mention."""

    files: tuple[Attachment, ...] = ()
    answered: tuple[Attachment, ...] = ()
    mentioned: tuple[Account, ...] = ()

    def choices(self) -> tuple[tuple[Attachment, ...], ...]:
        """What may be meant, likeliest first: what came along, also with what is answered; else that, or nothing."""
        if self.files:
            return (self.files, (*self.answered, *self.files)) if self.answered else (self.files,)
        return (self.answered, ()) if self.answered else ((),)


class Asking:
    """Takes what people ask for."""

    def __init__(self, *, front: Front, chat: TelegramChat, updates: Updates, new_id: NewId) -> None:
        self._front = front
        self._chat = chat
        self._updates = updates
        self._new_id = new_id

    async def take(self, request: Request, wish: Wish, given: Given, problems: Sequence[Problem]) -> None:
        """Keep a Wish. Raises Refused, StoreUnavailable."""
        wish = await self._front.with_defaults(wish, request.account)
        draft, files = self._drafted(wish, given, problems)
        ask = replace(self._ask(request, wish, files), mentioned=given.mentioned)
        await self.keep(request, ask, received_notice(wish, draft))

    def lacks(self, wish: Wish, given: Given, problems: Sequence[Problem]) -> tuple[Attachment, ...] | None:
        """The files of a request in which nothing is wrong and something is missing; None for every other."""
        try:
            self._drafted(wish, given, problems)
        except Refused as error:
            only_missing = all(problem.slug in MISSING for problem in error.problems)
            return given.choices()[0] if only_missing else None
        return None

    async def again(self, request: Request, job: str) -> None:
        """The presser's own Ask for what a Job was; "" is their latest. Raises Refused, StoreUnavailable."""
        await self.keep_wish(request, await self.repeated(request, job))

    async def repeated(self, request: Request, job: str) -> Ask:
        """A Job's Ask as the presser's own. Raises Refused."""
        before = await self._front.again(job, request.account, request.spot.place(), group=request.group)
        here = request.spot.surroundings()
        return replace(
            before,
            group=request.group,
            group_name=request.group_name,
            locale=request.locale,
            surroundings=here,
        )

    async def keep_wish(self, request: Request, ask: Ask) -> None:
        """An Ask that was put together elsewhere. Raises Refused, StoreUnavailable."""
        draft = self._front.draft(ask.wish, ask.attachments)
        await self.keep(request, ask, received_notice(ask.wish, draft))

    async def keep(self, request: Request, ask: Ask, notice: Notice) -> None:
        """Keep an Ask with the end of its updates, acknowledge it, and let it begin. Raises StoreUnavailable.

        Whoever its files show is among those it concerns, however it was put together.
        """
        named, mentioned = with_people(ask)
        ask = replace(ask, named=named, mentioned=mentioned)
        if not await self._updates.ask(ask, request.numbers, hold_s=HOLD_S):
            log.info("an event came twice", extra={"event": ask.event_id})
            return
        try:
            await self._chat.acknowledge(request.spot, notice, key=ask.id)
        except (ChatError, TelegramError) as error:
            log.warning("an acknowledgement was not given", extra={"job": ask.id, "error": type(error).__name__})
        self._front.acknowledged(ask.id)

    def _drafted(self, wish: Wish, given: Given, problems: Sequence[Problem]) -> tuple[Draft, tuple[Attachment, ...]]:
        """With the first choice of files that will do; what came along is never left aside. Raises Refused."""
        refusals: list[Refused] = []
        for files in given.choices():
            try:
                return self._front.draft(wish, files, problems), files
            except Refused as error:
                refusals.append(error)
        raise refusals[0]

    def _ask(self, request: Request, wish: Wish, files: tuple[Attachment, ...]) -> Ask:
        return Ask(
            id=self._new_id(),
            event_id=request.event,
            account=request.account,
            group=request.group,
            group_name=request.group_name,
            place=request.spot.place(),
            wish=wish,
            attachments=files,
            received_at=request.at,
            locale=request.locale,
            surroundings=request.spot.surroundings(),
        )
