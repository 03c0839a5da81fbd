"""From a message as Telegram describes it to what was said to us. Pure.

A command stands at the very beginning of a text or a caption, as `/effect`, `/effect@ourbot` or `@ourbot effect`.
Offsets count UTF-16 units: https://core.telegram.org/bots/api#messageentity
"""

from dataclasses import dataclass, replace

from telegram import Document, Message, MessageEntity

from bot.chat.telegram.line import Me
from bot.chat.telegram.place import TELEGRAM, Spot
from bot.chat.telegram.portraits import Meant, portraits, shown_by
from bot.domain.ask import Attachment

PHOTO_TYPE = "image/jpeg"
"""Telegram makes one of every photo: https://core.telegram.org/bots/api#photosize"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody said to us.

    `text` begins with "/" when it is a command. `directed`: it is certainly meant for us and no other bot.
    `files` came with it; `answered` are those of the message it answers; `portraits` are the people whose profile
    photos it wants, which are not left in the text; `mentioned` are others it mentions.
    """

    text: str
    is_command: bool
    directed: bool
    files: tuple[Attachment, ...] = ()
    answered: tuple[Attachment, ...] = ()
    portraits: tuple[Meant, ...] = ()
    mentioned: tuple[Meant, ...] = ()

    @property
    def command(self) -> str:
        """The command without its slash and without our name, "" for none."""
        if not self.is_command:
            return ""
        first, *_ = self.text.split(maxsplit=1)
        return first.removeprefix("/").partition("@")[0].casefold()

    @property
    def rest(self) -> str:
        """What stands behind the command; all of it where there is none."""
        if not self.is_command:
            return self.text
        _, *rest = self.text.split(maxsplit=1)
        return rest[0] if rest else ""


def heard(message: Message, me: Me) -> Heard | None:
    """What a message says to us, None when it is none of our business."""
    words = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    first = next((one for one in entities if one.offset == 0), None)
    files = files_of(message)
    answered = message.reply_to_message
    given = _shown(answered) if answered is not None and not _is_topic_start(message) else ()
    if first is not None and first.type == MessageEntity.BOT_COMMAND:
        whose = _slice(words, first).partition("@")[2]
        if whose and whose.casefold() != me.username.casefold():
            return None
        directed = bool(whose) or _is_private(message)
        named = portraits(message)
        return Heard(
            text=named.words,
            is_command=True,
            directed=directed,
            files=files,
            answered=given,
            portraits=named.wanted,
            mentioned=named.mentioned,
        )
    if first is not None and first.type == MessageEntity.MENTION and _is_us(_slice(words, first), me):
        named = portraits(message)
        called = named.words.encode("utf-16-le")[2 * first.length :].decode("utf-16-le").strip().lstrip("/")
        return Heard(
            text=f"/{called}" if called else "",
            is_command=bool(called),
            directed=True,
            files=files,
            answered=given,
            portraits=named.wanted,
            mentioned=named.mentioned,
        )
    if _is_private(message) or _answers_us(message, me):
        return Heard(text=words, is_command=False, directed=True, files=files, answered=given)
    return None


def files_of(message: Message) -> tuple[Attachment, ...]:
    """What a message carries that can become part of a video. Of a photo the largest size."""
    if message.photo:
        largest = message.photo[-1]
        return (_file(largest.file_id, "photo.jpg", PHOTO_TYPE, largest.file_size),)
    if message.sticker is not None and not (message.sticker.is_animated or message.sticker.is_video):
        return (_file(message.sticker.file_id, "sticker.webp", "image/webp", message.sticker.file_size),)
    clip = message.video or message.animation or message.audio
    if clip is not None:
        return (_file(clip.file_id, clip.file_name or "", clip.mime_type or "", clip.file_size),)
    if message.voice is not None:
        return (_file(message.voice.file_id, "voice.ogg", message.voice.mime_type or "", message.voice.file_size),)
    if message.video_note is not None:
        return (_file(message.video_note.file_id, "note.mp4", "video/mp4", message.video_note.file_size),)
    return (_document(message.document),) if message.document is not None else ()


def _shown(answered: Message) -> tuple[Attachment, ...]:
    """The files of a message that is answered, with whose it is."""
    whose = shown_by(answered)
    return tuple(replace(file, whose=whose) for file in files_of(answered))


def spot_of_message(message: Message) -> Spot:
    """Where to answer a message. A thread id counts only for messages of a topic: ordinary replies have one too."""
    is_person = message.from_user is not None and message.sender_chat is None
    return Spot(
        chat=message.chat_id,
        author=message.from_user.id if is_person and message.from_user is not None else 0,
        message=message.message_id,
        topic=(message.message_thread_id or 0) if message.is_topic_message else 0,
    )


def album_of(message: Message) -> str:
    """What gathers the messages of one album, "" for a message by itself."""
    return f"{message.chat_id}:{message.media_group_id}" if message.media_group_id else ""


def move_of(message: Message) -> tuple[int, int] | None:
    """From which number to which, where a message only says that a group became a supergroup."""
    if message.migrate_to_chat_id:
        return message.chat_id, message.migrate_to_chat_id
    return (message.migrate_from_chat_id, message.chat_id) if message.migrate_from_chat_id else None


def _is_private(message: Message) -> bool:
    return message.chat_id > 0


def _answers_us(message: Message, me: Me) -> bool:
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == me.id


def _is_topic_start(message: Message) -> bool:
    """In a topic, what answers nothing seems to answer the message that opened it."""
    answered = message.reply_to_message
    return answered is not None and answered.forum_topic_created is not None


def _is_us(mention: str, me: Me) -> bool:
    return mention.removeprefix("@").casefold() == me.username.casefold()


def _slice(words: str, entity: MessageEntity) -> str:
    units = words.encode("utf-16-le")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def _document(document: Document) -> Attachment:
    return _file(document.file_id, document.file_name or "", document.mime_type or "", document.file_size)


def _file(handle: str, name: str, content_type: str, size_bytes: int | None) -> Attachment:
    return Attachment(platform=TELEGRAM, handle=handle, name=name, content_type=content_type, size_bytes=size_bytes)
