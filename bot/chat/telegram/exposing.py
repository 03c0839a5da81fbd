"""A posted reel is covered, uncovered, taken away or brought back; nothing is uploaded, since Telegram has the file.

A bot takes its own messages away for two days (https://core.telegram.org/bots/api#deletemessage); older ones it can
still change, so there a grey picture stands where the reel was. What was taken away is brought back by changing a
message, which can be repeated.
"""

import logging
import struct
import zlib
from collections.abc import Awaitable, Callable

from telegram import InputMediaPhoto, InputMediaVideo
from telegram.error import BadRequest

from bot.chat.notices import reel_buttons
from bot.chat.telegram import messages
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.place import Receipt, receipt_of, spot_of
from bot.chat.telegram.posting import Post, Posting, must_be_there
from bot.chat.telegram.refusals import MessageGone, MessageStays, is_unchanged
from bot.chat.telegram.writing import Writing
from bot.domain.after import Exposure
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.ports.chat import Parcel, Stands

log = logging.getLogger(__name__)

REMOVED = "This reel was removed."
SIDE_PX, GREY = 64, 0x80

IsCovered = Callable[[Job], bool]
Words = Callable[[Job], Notice]
"""What stands with a reel."""


class Exposing:
    """Raises of every method: ChatError's subclasses. `covered` says whose reel is a spoiler in any case."""

    def __init__(
        self, *, line: Line, posting: Posting, writing: Writing, covered: IsCovered, words: Words, extends: bool
    ) -> None:
        self._line = line
        self._posting = posting
        self._writing = writing
        self._covered = covered
        self._words = words
        self._extends = extends

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        """See `ports.chat.Chat.expose`."""
        known = receipt_of(job.reel_receipt)
        if wanted is Exposure.OPEN and stands is Exposure.GONE:
            return await self._again(job, parcel, known)
        if wanted is Exposure.GONE or known is None or not known.file:
            if known is not None:
                await self.remove(known)
            return Stands(receipt=job.reel_receipt, exposure=Exposure.GONE)
        await self._cover(job, known, covered=wanted is Exposure.COVERED or self._covered(job))
        return Stands(receipt=job.reel_receipt, exposure=wanted)

    async def remove(self, known: Receipt) -> None:
        """Take a reel's message away, or what can be seen in it."""

        async def call(chat: int) -> None:
            must_be_there(known, chat)
            await self._line.bot.delete_message(chat, known.message)

        try:
            await self._line.say(known.chat, Priority.ANSWER, call)
        except MessageGone as error:
            log.info("a reel that was to be taken away is gone already", extra={"error": str(error)})
        except MessageStays:
            await self._blank(known)

    async def _blank(self, known: Receipt) -> None:
        async def call(chat: int) -> None:
            must_be_there(known, chat)
            media = InputMediaPhoto(grey(), caption=REMOVED)
            await self._line.bot.edit_message_media(media, chat_id=chat, message_id=known.message)

        await self._line.say(known.chat, Priority.ANSWER, _unchanged_is_done(call))

    async def _cover(self, job: Job, known: Receipt, *, covered: bool) -> None:
        words = self._words(job)

        async def call(chat: int) -> None:
            must_be_there(known, chat)
            media = InputMediaVideo(known.file, caption=messages.caption(words), has_spoiler=covered)
            buttons = keyboard(reel_buttons(words, job.id, extends=self._extends))
            await self._line.bot.edit_message_media(media, chat_id=chat, message_id=known.message, reply_markup=buttons)

        await self._line.say(known.chat, Priority.REEL, _unchanged_is_done(call))

    async def _again(self, job: Job, parcel: Parcel | None, known: Receipt | None) -> Stands:
        """In the message that a grey picture stands in, or in a new one that is written for it first."""
        if parcel is None or not job.place.address:
            return Stands(receipt=job.reel_receipt, exposure=Exposure.GONE)
        key = f"again:{job.id}"

        async def keep(receipt: Receipt) -> None:
            await self._writing.keep(key, receipt)

        post = Post(spot=spot_of(job.place), parcel=parcel, covered=self._covered(job))
        written = await self._writing.known(key)
        shown = await self._posting.show(post, written or known, keep)
        return Stands(receipt=shown.text(), exposure=Exposure.OPEN)


def grey() -> bytes:
    """A small grey picture, as PNG says (https://www.w3.org/TR/png-3/)."""
    rows = (b"\x00" + bytes([GREY]) * SIDE_PX) * SIDE_PX
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    made = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def _unchanged_is_done(call: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    async def run(chat: int) -> None:
        try:
            await call(chat)
        except BadRequest as error:
            if not is_unchanged(error):
                raise

    return run
