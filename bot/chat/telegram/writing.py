"""Messages of ours: written once for a key, and changed where they stand ever after."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, MessageEntity
from telegram.error import BadRequest

from bot.chat.telegram import messages
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.place import Receipt, Spot, receipt_of
from bot.chat.telegram.posting import must_be_there, reply
from bot.chat.telegram.refusals import MessageGone, is_unchanged
from bot.domain.notice import Document, Notice
from bot.ports.updates import Receipts

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a message says, the buttons under it, and whom it calls."""

    text: str
    buttons: InlineKeyboardMarkup | None = None
    entities: tuple[MessageEntity, ...] = ()


def words_of(notice: Notice) -> Words:
    """A Notice as a message."""
    return Words(text=messages.text(notice), buttons=keyboard(notice.buttons))


class Writing:
    """Raises of every method: ChatError's subclasses, StoreUnavailable."""

    def __init__(self, *, line: Line, receipts: Receipts) -> None:
        self._line = line
        self._receipts = receipts

    async def known(self, key: str) -> Receipt | None:
        """The message that was written for a key."""
        return receipt_of(await self._receipts.receipt(key))

    async def keep(self, key: str, receipt: Receipt) -> None:
        """This message is the one for a key."""
        await self._receipts.keep_receipt(key, receipt.text())

    async def put(self, spot: Spot, words: Words, *, key: str) -> Receipt:
        """Change the message of this key, or write it where there is none, or none any more."""
        known = await self.known(key)
        if known is not None:
            try:
                await self.edit(known, words, Priority.ANSWER)
            except MessageGone:
                log.info("what was said is gone, and said again", extra={"key": key})
            else:
                return known
        return await self.write(spot, words, key=key)

    async def write(self, spot: Spot, words: Words, *, key: str) -> Receipt:
        """Write a new message, as an answer to the request, and keep it under the key."""

        def call(chat: int) -> Awaitable[Message]:
            return self._line.bot.send_message(
                chat,
                words.text,
                message_thread_id=spot.topic or None,
                reply_parameters=reply(spot, chat),
                reply_markup=words.buttons,
                link_preview_options=NO_PREVIEW,
                entities=words.entities or None,
            )

        written = await self._line.say(spot.chat, Priority.ANSWER, call)
        receipt = Receipt(chat=written.chat_id, message=written.message_id)
        await self.keep(key, receipt)
        return receipt

    async def hand_over(self, spot: Spot, notice: Notice, document: Document, *, key: str) -> None:
        """Send a file with what is said about it, once for a key."""
        if await self.known(key) is not None:
            return

        def call(chat: int) -> Awaitable[Message]:
            file = InputFile(document.text.encode(), filename=document.name)
            return self._line.bot.send_document(chat, file, caption=messages.caption(notice))

        written = await self._line.say(spot.chat, Priority.ANSWER, call)
        await self.keep(key, Receipt(chat=written.chat_id, message=written.message_id))

    async def show(self, spot: Spot, notice: Notice, *, key: str) -> None:
        """Send the picture that was drawn for what is said, as an answer to the request, once for a key."""
        if await self.known(key) is not None:
            return

        def call(chat: int) -> Awaitable[Message]:
            return self._line.bot.send_photo(
                chat,
                InputFile(notice.chart, filename="statistics.png"),
                caption=messages.caption(notice),
                message_thread_id=spot.topic or None,
                reply_parameters=reply(spot, chat),
            )

        written = await self._line.say(spot.chat, Priority.ANSWER, call)
        await self.keep(key, Receipt(chat=written.chat_id, message=written.message_id))

    async def edit(self, known: Receipt, words: Words, priority: Priority) -> None:
        """Make a message of ours say this; one that says it already, or became a reel, stays as it is."""

        async def call(chat: int) -> None:
            must_be_there(known, chat)
            try:
                await self._line.bot.edit_message_text(
                    words.text,
                    chat,
                    known.message,
                    reply_markup=words.buttons,
                    link_preview_options=NO_PREVIEW,
                    entities=words.entities or None,
                )
            except BadRequest as error:
                if not is_unchanged(error):
                    raise

        await self._line.say(known.chat, priority, call)
