"""Buttons. Who may is decided by the permission table, on every press; anybody can send any data."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from telegram import CallbackQuery, Message

from bot.chat.telegram import messages
from bot.chat.telegram.asking import Asking, Request
from bot.chat.telegram.exposing import Exposing
from bot.chat.telegram.front import FindJob, Front
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.place import TELEGRAM, Receipt, Spot, receipt_of, spot_of
from bot.chat.telegram.posting import Posting
from bot.chat.telegram.reading import files_of, spot_of_message
from bot.chat.telegram.refusals import translated
from bot.chat.telegram.who import Who
from bot.chat.telegram.wizardry import Wizardry
from bot.chat.telegram.writing import Writing, words_of
from bot.domain.ask import Account, Wish
from bot.domain.courtesies import gone_notice, twice_notice
from bot.domain.errors import PlaceGone
from bot.domain.job import Job
from bot.domain.notice import Action, Notice
from bot.domain.phrases import reel_notice
from bot.ports.clock import Now

log = logging.getLogger(__name__)

EXTEND = "extend"
VIDEO = "video"

SHORT = 60
"""What is longer is shown in a window of its own; shorter words float by."""

NOWHERE = Receipt(chat=0, message=0)

Press = Callable[[CallbackQuery, Request, str], Awaitable[Notice | None]]
"""What a press leads to; the answer is for the presser alone."""


class Pressing:
    """What each press leads to."""

    def __init__(
        self,
        *,
        front: Front,
        asking: Asking,
        wizardry: Wizardry,
        writing: Writing,
        posting: Posting,
        exposing: Exposing,
        line: Line,
        who: Who,
        owners: Owners,
        job: FindJob,
        now: Now,
    ) -> None:
        self._front = front
        self._asking = asking
        self._wizardry = wizardry
        self._writing = writing
        self._posting = posting
        self._exposing = exposing
        self._line = line
        self._who = who
        self._owners = owners
        self._job = job
        self._now = now
        self._presses: Mapping[Action, Press] = {
            Action.AGAIN: self._again,
            Action.CHANGE: self._change,
            Action.EXTEND: self._extend,
            Action.SHOW: self._show,
            Action.DELETE: self._delete,
            Action.DELIVER: self._deliver,
            Action.OPEN: self._open_group,
            Action.SHUT: self._shut_group,
            Action.ERASE: self._erase,
            Action.GO_ON: self._go_on,
            Action.TAKE_BACK: self._take_back,
        }

    async def press(self, query: CallbackQuery, number: int) -> None:
        """A button. Raises Refused, StoreUnavailable, ChatError's subclasses."""
        known, step = messages.BUTTON.fullmatch(query.data or ""), messages.WIZARD.fullmatch(query.data or "")
        if query.message is not None and step is not None:
            request = await self._request(query, number)
            await self._wizardry.press(request, step["wizard"], int(step["version"]), step["token"])
            await self._acknowledge(query)
            return
        if known is None or query.message is None:
            await self.answer(query, gone_notice())
            return
        action = Action(known["action"])
        press = self._presses.get(action, self._plainly(action))
        told = await press(query, await self._request(query, number), known["subject"])
        if told is not None:
            await self.answer(query, told)

    async def answer(self, query: CallbackQuery, notice: Notice) -> None:
        """Say something to the presser. Whoever waited too long for it is told by what happens."""
        await self._acknowledge(query, messages.alert(notice), shown=len(notice.text) > SHORT)

    async def _acknowledge(self, query: CallbackQuery, words: str = "", *, shown: bool = False) -> None:
        try:
            with translated():
                await query.answer(words or None, show_alert=shown)
        except PlaceGone as error:
            log.info("a press could not be answered", extra={"error": str(error)})

    async def _request(self, query: CallbackQuery, number: int) -> Request:
        message, user = query.message, query.from_user
        if message is None:
            raise AssertionError("a press without a message has been answered")
        spot = spot_of_message(message) if isinstance(message, Message) else Spot(chat=message.chat.id)
        return Request(
            event=f"press:{query.id}",
            account=await self._who.account(user, message.chat),
            group="" if spot.is_private else await self._line.group(spot.chat),
            group_name="" if spot.is_private else message.chat.title or "",
            spot=Spot(chat=spot.chat, author=user.id, message=spot.message, topic=spot.topic),
            numbers=(number,),
            locale=user.language_code or "en",
            at=self._now(),
        )

    def _plainly(self, action: Action) -> Press:
        """What needs nothing but the store."""

        async def press(_query: CallbackQuery, request: Request, subject: str) -> Notice:
            return await self._front.press(action, subject, request.account, group=request.group)

        return press

    async def _again(self, _query: CallbackQuery, request: Request, subject: str) -> Notice:
        await self._asking.again(request, subject)
        return twice_notice()

    async def _change(self, query: CallbackQuery, request: Request, subject: str) -> None:
        """The same, to be changed before it is made."""
        ask = await self._asking.repeated(request, subject)
        await self._wizardry.begin(request, ask.wish, ask.attachments, named=ask.named, mentioned=ask.mentioned)
        await self._acknowledge(query)

    async def _extend(self, query: CallbackQuery, request: Request, subject: str) -> Notice | None:
        """The reel of this message goes on."""
        message = query.message
        clips = files_of(message) if isinstance(message, Message) else ()
        if not clips or EXTEND not in self._front.catalogue.commands:
            return gone_notice()
        job = await self._job(subject)
        prompt = job.ask.wish.options.get("prompt", "") if job else ""
        wish = Wish(command=EXTEND, options={"prompt": prompt} if prompt else {})
        await self._wizardry.begin(request, wish, (replace(clips[0], option=VIDEO),))
        await self._acknowledge(query)
        return None

    async def _deliver(self, _query: CallbackQuery, request: Request, subject: str) -> Notice:
        """Where it is asked for now, when that is not where it was to be."""
        job = await self._job(subject)
        place = None if job is None or request.spot.chat == _chat_of(job) else request.spot.place()
        return await self._front.press(Action.DELIVER, subject, request.account, place=place, group=request.group)

    async def _show(self, _query: CallbackQuery, request: Request, subject: str) -> Notice:
        """A reel Telegram has already, here and once more."""
        told = await self._front.press(Action.SHOW, subject, request.account, group=request.group)
        job = await self._job(subject)
        if job is None or job.reel is None or not is_with_telegram(job):
            return gone_notice()
        words = reel_notice(job, self._front.catalogue, fitted=job.reel, original=job.reel)
        file = (receipt_of(job.reel_receipt) or NOWHERE).file
        await self._posting.again(request.spot, file, messages.caption(words))
        return told

    async def _delete(self, query: CallbackQuery, request: Request, subject: str) -> Notice:
        told = await self._front.press(Action.DELETE, subject, request.account, group=request.group)
        if isinstance(query.message, Message):
            await self._exposing.remove(Receipt(chat=query.message.chat_id, message=query.message.message_id))
        return told

    async def _take_back(self, query: CallbackQuery, request: Request, subject: str) -> None:
        """What is left stands where the button was."""
        await self._decide(query, Action.TAKE_BACK, subject, request.account)
        await self._acknowledge(query)

    async def _open_group(self, query: CallbackQuery, request: Request, subject: str) -> Notice:
        return await self._decide(query, Action.OPEN, subject, request.account)

    async def _shut_group(self, query: CallbackQuery, request: Request, subject: str) -> Notice:
        return await self._decide(query, Action.SHUT, subject, request.account)

    async def _erase(self, query: CallbackQuery, request: Request, subject: str) -> Notice:
        return await self._decide(query, Action.ERASE, subject, request.account)

    async def _go_on(self, query: CallbackQuery, request: Request, subject: str) -> Notice:
        return await self._decide(query, Action.GO_ON, subject, request.account)

    async def _decide(self, query: CallbackQuery, action: Action, subject: str, account: Account) -> Notice:
        """The question becomes its answer, so that it is not asked twice."""
        told = await self._front.press(action, subject, account)
        if isinstance(query.message, Message):
            asked = Receipt(chat=query.message.chat_id, message=query.message.message_id)
            await self._writing.edit(asked, words_of(told), Priority.ANSWER)
        return told


def is_with_telegram(job: Job) -> bool:
    """Whether Telegram has the reel, so that it can be posted once more without an upload."""
    return job.place.platform == TELEGRAM and bool((receipt_of(job.reel_receipt) or NOWHERE).file)


def _chat_of(job: Job) -> int:
    return spot_of(job.place).chat if job.place.platform == TELEGRAM and job.place.address else 0
