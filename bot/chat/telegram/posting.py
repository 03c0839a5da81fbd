"""The reel: posted once by `sendVideo`, and in doubt shown by editing a message, which can be repeated.

Telegram cannot be asked what stands in a chat, and takes no key against doubles: after a doubt only the person can
tell. Size, length and thumbnail are sent along, since Telegram looks into small files only:
https://core.telegram.org/bots/api#sendvideo
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram import InputFile, InputMediaVideo, Message, ReplyParameters

from bot.chat.notices import reel_buttons
from bot.chat.telegram import messages
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.place import Receipt, Spot
from bot.chat.telegram.refusals import MessageGone
from bot.domain.errors import PlaceGone
from bot.domain.notice import Button
from bot.ports.chat import Parcel

log = logging.getLogger(__name__)

ANSWER_S = 120.0
"""Patience with the answer to an upload: Telegram takes its time with large ones, and impatience makes doubts."""

REEL_COMES = "Here comes your reel …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is to be posted, and for whom. `covered`: behind a spoiler until somebody wants to see it."""

    spot: Spot
    parcel: Parcel
    covered: bool = False


class Posting:
    """Posts. `extends`: some endpoint can take a reel further; `limit_bytes` is the largest file."""

    def __init__(self, *, line: Line, extends: bool, limit_bytes: int) -> None:
        self._line = line
        self._extends = extends
        self._limit_bytes = limit_bytes

    async def post(self, post: Post) -> Receipt:
        """Post it as a new message: in its chat, else to the person. Raises ChatError's subclasses."""
        try:
            return await self._send(post)
        except PlaceGone as error:
            if post.spot.is_private or not post.spot.author:
                raise
            log.info("a reel goes to the person", extra={"job": post.parcel.job, "error": str(error)})
        return await self._send(replace(post, spot=Spot(chat=post.spot.author, author=post.spot.author)))

    async def show(self, post: Post, status: Receipt | None, opened: Callable[[Receipt], Awaitable[None]]) -> Receipt:
        """Make a message that stands already into the reel; where there is none, write one first.

        `opened` is called with a message that was written for it.
        """
        if status is not None:
            try:
                return await self._edit(post, status)
            except MessageGone:
                log.info("the message to show a reel in is gone", extra={"job": post.parcel.job})
        written = await self._line.say(
            post.spot.chat,
            Priority.REEL,
            lambda chat: self._line.bot.send_message(
                chat,
                REEL_COMES,
                message_thread_id=post.spot.topic or None,
                reply_parameters=reply(post.spot, chat),
            ),
        )
        receipt = Receipt(chat=written.chat_id, message=written.message_id)
        await opened(receipt)
        return await self._edit(post, receipt)

    async def again(self, spot: Spot, file: str, caption: str) -> None:
        """A reel that Telegram has already: nothing is uploaded and nothing is paid."""
        await self._line.say(
            spot.chat,
            Priority.REEL,
            lambda chat: self._line.bot.send_video(
                chat,
                file,
                caption=caption,
                message_thread_id=spot.topic or None,
                reply_parameters=reply(spot, chat),
            ),
        )

    async def _send(self, post: Post) -> Receipt:
        async def call(chat: int) -> Message:
            parcel, reel = post.parcel, post.parcel.reel
            with ExitStack() as files:
                return await self._line.connected.uploader.send_video(
                    chat,
                    InputFile(files.enter_context(parcel.path.open("rb")), parcel.file_name, read_file_handle=False),
                    width=reel.width_px,
                    height=reel.height_px,
                    duration=timedelta(seconds=round(reel.seconds)),
                    thumbnail=_thumbnail(parcel),
                    supports_streaming=True,
                    has_spoiler=post.covered,
                    caption=messages.caption(parcel.notice),
                    message_thread_id=post.spot.topic or None,
                    reply_parameters=reply(post.spot, chat),
                    reply_markup=keyboard(self._buttons(parcel)),
                    read_timeout=ANSWER_S,
                    write_timeout=ANSWER_S,
                )

        sent = await self._line.say(post.spot.chat, Priority.REEL, call, posting=True, limit_bytes=self._limit_bytes)
        return _receipt(sent)

    async def _edit(self, post: Post, status: Receipt) -> Receipt:
        async def call(chat: int) -> Message | bool:
            must_be_there(status, chat)
            parcel, reel = post.parcel, post.parcel.reel
            with ExitStack() as files:
                video = InputFile(
                    files.enter_context(parcel.path.open("rb")), parcel.file_name, attach=True, read_file_handle=False
                )
                media = InputMediaVideo(
                    video,
                    caption=messages.caption(parcel.notice),
                    width=reel.width_px,
                    height=reel.height_px,
                    duration=timedelta(seconds=round(reel.seconds)),
                    thumbnail=_thumbnail(parcel),
                    supports_streaming=True,
                    has_spoiler=post.covered,
                )
                return await self._line.connected.uploader.edit_message_media(
                    media,
                    chat_id=chat,
                    message_id=status.message,
                    reply_markup=keyboard(self._buttons(parcel)),
                    read_timeout=ANSWER_S,
                    write_timeout=ANSWER_S,
                )

        edited = await self._line.say(status.chat, Priority.REEL, call, limit_bytes=self._limit_bytes)
        return _receipt(edited) if isinstance(edited, Message) else status

    def _buttons(self, parcel: Parcel) -> tuple[Button, ...]:
        return reel_buttons(parcel.notice, parcel.job, extends=self._extends)


def _thumbnail(parcel: Parcel) -> bytes | None:
    """JPEG, at most 320 px a side and 200 kB, which `media` sees to; none is no misfortune."""
    return parcel.thumbnail.read_bytes() if parcel.thumbnail.exists() else None


def reply(spot: Spot, chat: int) -> ReplyParameters | None:
    """To the request; a request that is gone keeps nothing from being said.

    Where a group has moved to, its numbers mean other messages.
    """
    is_there = spot.message and chat == spot.chat
    return ReplyParameters(spot.message, allow_sending_without_reply=True) if is_there else None


def must_be_there(known: Receipt, chat: int) -> None:
    """A group that has moved left its messages behind. Raises MessageGone."""
    if chat != known.chat:
        raise MessageGone("the group has moved")


def _receipt(sent: Message) -> Receipt:
    return Receipt(
        chat=sent.chat_id, message=sent.message_id, file=sent.video.file_id if sent.video is not None else ""
    )
