"""`person:` and a name in a command: that person's profile photo is the picture. Pure.

A bot can look up nobody by @username. It knows who writes, whose message is answered, and whom Telegram names with an
id: https://core.telegram.org/bots/api#getuserprofilephotos
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Message, MessageEntity, User

from bot.chat.telegram.place import TELEGRAM
from bot.domain.ask import Attachment

PORTRAIT = "portrait:"
"""A handle that begins so names a person by their id, and not a file."""

NAMED = re.compile(r"\bperson:(?P<name>me\b|@\w+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portraits:
    """The words of a message without its portraits, these as files, and the names of nobody we know."""

    words: str
    files: tuple[Attachment, ...] = ()
    unknown: tuple[str, ...] = ()


def portraits(message: Message) -> Portraits:
    """Whose photos a message wants. `person:` before anything but a name stays what it is: words."""
    words = message.text or message.caption or ""
    mentions = {
        one.offset: one
        for one in message.entities or message.caption_entities
        if one.type == MessageEntity.TEXT_MENTION
    }
    known = _known(message)
    kept, files, unknown, done = [], [], [], 0
    for found in NAMED.finditer(words):
        name, end = (found["name"] or "").casefold(), found.end()
        user = known.get(name)
        mention = None if name else mentions.get(_units(words[:end]))
        if mention is not None:
            user, end = mention.user, end + _letters(words[end:], mention.length)
        if user is not None:
            files.append(_portrait(user))
        elif name:
            unknown.append(found["name"])
        else:
            continue
        kept.append(words[done : found.start()].rstrip(" "))
        done = end
    return Portraits(words="".join([*kept, words[done:]]), files=tuple(files), unknown=tuple(unknown))


def _known(message: Message) -> Mapping[str, User]:
    """Whom a name can mean here: whoever writes, and whoever is answered."""
    answered = message.reply_to_message
    here = [one.from_user for one in (answered, message) if one is not None and one.sender_chat is None]
    people = {f"@{one.username}".casefold(): one for one in here if one is not None and one.username}
    return people | ({"me": here[-1]} if message.sender_chat is None and here[-1] is not None else {})


def _portrait(user: User) -> Attachment:
    return Attachment(
        platform=TELEGRAM, handle=f"{PORTRAIT}{user.id}", name=f"{user.first_name}.jpg", content_type="image/jpeg"
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _letters(text: str, units: int) -> int:
    """How many letters so many UTF-16 units are, at the beginning of a text."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))
