"""Telegram as a chat platform. A status message is edited, a reel is a new message that answers the request."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from telegram import LinkPreviewOptions, Message
from telegram.error import BadRequest

from bot.chat.pace import Pace
from bot.chat.telegram import messages
from bot.chat.telegram.files import Files
from bot.chat.telegram.front import FindJob
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.place import TELEGRAM, Receipt, Spot, receipt_of, spot_of
from bot.chat.telegram.posting import Post, Posting, reply
from bot.chat.telegram.refusals import MessageGone, is_unchanged
from bot.domain.ask import OWNERS, Attachment, Place
from bot.domain.errors import ReelMayStand
from bot.domain.job import Job, Reason
from bot.domain.notice import Action, Notice, Tone
from bot.ports.chat import Parcel
from bot.ports.clock import Now
from bot.ports.updates import Receipts

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
GROUP_PACE = 2
"""A group's messages are edited so much more seldom: it takes twenty a minute, from everybody together."""

MOVING = frozenset({Tone.WAITING, Tone.WORKING})


class TelegramChat:
    """Fits `ports.chat.Chat`.

    `job` finds a Job; `covered` says whose reel is a spoiler; `receipts` are the messages something was said with.
    """

    def __init__(
        self,
        *,
        line: Line,
        files: Files,
        posting: Posting,
        owners: Owners,
        receipts: Receipts,
        job: FindJob,
        covered: Callable[[Job], bool],
        limit_bytes: int,
        pace_s: float,
        now: Now,
    ) -> None:
        self._line = line
        self._files = files
        self._posting = posting
        self._owners = owners
        self._receipts = receipts
        self._job = job
        self._covered = covered
        self._limit_bytes = limit_bytes
        self._pace_s = pace_s
        self._private, self._group = Pace(now, pace_s), Pace(now, pace_s * GROUP_PACE)

    @property
    def platform(self) -> str:
        """The name of this platform."""
        return TELEGRAM

    @property
    def pace_s(self) -> float:
        """The least time between two edits of one status message."""
        return self._pace_s

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment."""
        return self._files.open(attachment)

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Answer what became no Job; with the key of something said before, by changing that message."""
        if place.address == OWNERS:
            await self._owners.tell(notice)
            return
        spot, known = spot_of(place), receipt_of(await self._receipts.receipt(key))
        if known is not None:
            try:
                await self.edit(known, notice, Priority.ANSWER)
            except MessageGone:
                log.info("what was said is gone, and said again", extra={"key": key})
            else:
                return
        await self._write(spot, notice, key)

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        """Write the status message, or edit the one that stands: what acknowledged the Ask, at first."""
        spot = spot_of(place)
        known = receipt_of(receipt) or receipt_of(await self._receipts.receipt(job))
        if known is None:
            return (await self._write(spot, notice, job)).text()
        pace = self._private if spot.is_private else self._group
        if _is_progress(notice) and not pace.is_due(known.message, notice):
            return known.text()
        try:
            await self.edit(known, notice, Priority.PROGRESS if _is_progress(notice) else Priority.ANSWER)
        except MessageGone:
            if not any(button.action is Action.DELIVER for button in notice.buttons):
                raise
            known = await self._write(spot, notice, job)
        pace.edited(known.message, notice)
        return known.text()

    async def limit_bytes(self, _place: Place) -> int | None:
        """What a bot may upload."""
        return self._limit_bytes

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        """Post the reel, once and never again; in doubt ask, and once somebody asked, show it in a message of ours."""
        job = await self._job(parcel.job)
        post = Post(spot=spot_of(place), parcel=parcel, covered=job is not None and self._covered(job))
        if not in_doubt:
            return (await self._posting.post(post)).text()
        if job is None or job.reason is Reason.NONE:
            raise ReelMayStand("Telegram cannot be asked what stands in a chat")
        kept = receipt_of(job.receipt) or receipt_of(await self._receipts.receipt(_shown(job)))
        return (await self._posting.show(post, kept, self._keeping(_shown(job)))).text()

    async def acknowledge(self, spot: Spot, notice: Notice, *, key: str) -> None:
        """Say that an Ask was received: by a message, or where there is much going on by a reaction to the request.

        Raises ChatError's subclasses; nothing is lost with it.
        """
        if self._line.is_busy(spot.chat) and spot.message:
            await self._line.bot.set_message_reaction(spot.chat, spot.message, "👀")
            return
        await self._write(spot, notice, key)

    async def _write(self, spot: Spot, notice: Notice, key: str) -> Receipt:
        def call(chat: int) -> Awaitable[Message]:
            return self._line.bot.send_message(
                chat,
                messages.text(notice),
                message_thread_id=spot.topic or None,
                reply_parameters=reply(spot),
                reply_markup=keyboard(notice.buttons),
                link_preview_options=NO_PREVIEW,
            )

        written = await self._line.say(spot.chat, Priority.ANSWER, call)
        receipt = Receipt(chat=written.chat_id, message=written.message_id)
        await self._receipts.keep_receipt(key, receipt.text())
        return receipt

    async def edit(self, known: Receipt, notice: Notice, priority: Priority) -> None:
        """Make a message of ours say this; one that says it already, or became a reel, stays as it is."""

        async def call(chat: int) -> None:
            try:
                await self._line.bot.edit_message_text(
                    messages.text(notice),
                    chat,
                    known.message,
                    reply_markup=keyboard(notice.buttons),
                    link_preview_options=NO_PREVIEW,
                )
            except BadRequest as error:
                if not is_unchanged(error):
                    raise

        await self._line.say(known.chat, priority, call)

    def _keeping(self, key: str) -> Callable[[Receipt], Awaitable[None]]:
        async def keep(receipt: Receipt) -> None:
            await self._receipts.keep_receipt(key, receipt.text())

        return keep


def _is_progress(notice: Notice) -> bool:
    """Whether something newer will be said soon, so that this may be left out."""
    return notice.tone in MOVING and all(button.action is Action.CANCEL for button in notice.buttons)


def _shown(job: Job) -> str:
    """The key of a message that was written to show a reel in."""
    return f"shown:{job.id}"
