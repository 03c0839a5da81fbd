"""Whom a message means: by `person:`, whose profile photo is the picture, by a mention, or by answering them. Pure.

A bot can look up nobody by @username. It knows who writes, whose message is answered, whom Telegram names with an id,
and (`acquaintances`) whoever spoke to it here before: https://core.telegram.org/bots/api#getuserprofilephotos
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import Message, MessageEntity, User

from bot.chat.telegram.place import TELEGRAM
from bot.domain.ask import Account, Ask, Attachment

PORTRAIT = "portrait:"
"""A handle that begins so names a person by their id, and not a file."""

ME, THEM = "me", "them"
"""Whoever writes, and whoever is answered."""

NAMED = re.compile(rf"\bperson:(?P<name>(?:{ME}|{THEM})\b|@\w+)?", re.IGNORECASE)

Meant = Account | str
"""Somebody, or the @username of somebody who may be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portraits:
    """The words of a message without its portraits, whose these are, and who else is mentioned in it."""

    words: str
    wanted: tuple[Meant, ...] = ()
    mentioned: tuple[Meant, ...] = ()


def portraits(message: Message) -> Portraits:
    """Whom a message means. `person:` before anything but a name stays what it is: words."""
    words = message.text or message.caption or ""
    known, called = _known(message), _called(message, words)
    kept, wanted, done = [], [], 0
    for found in NAMED.finditer(words):
        name, end = (found["name"] or "").casefold(), found.end()
        meant: Meant | None = known.get(name) or (found["name"] if name.startswith("@") else None)
        start = _units(words[: found.end() - len(name)])
        if not name and start in called:
            length, meant = called[start]
            end += _letters(words[end:], length)
        if meant is None:
            continue
        called.pop(start, None)
        wanted.append(meant)
        kept.append(words[done : found.start()].rstrip(" "))
        done = end
    mentioned = tuple(known.get(who.casefold(), who) if isinstance(who, str) else who for _, who in called.values())
    return Portraits(words="".join([*kept, words[done:]]), wanted=tuple(wanted), mentioned=mentioned)


def portrait(whose: Account) -> Attachment:
    """Somebody's profile photo as a file."""
    return Attachment(
        platform=TELEGRAM,
        handle=f"{PORTRAIT}{whose.id}",
        name=f"{whose.name}.jpg",
        content_type="image/jpeg",
        whose=whose,
    )


def person(user: User) -> Account:
    """Somebody who is named, and of whom nothing else is known."""
    return Account(platform=TELEGRAM, id=str(user.id), name=user.full_name)


def shown_by(message: Message) -> Account | None:
    """Whose message it is; nobody's where a bot, a channel or a whole group speaks."""
    user = message.from_user
    return None if user is None or user.is_bot or message.sender_chat is not None else person(user)


def concerned(files: Sequence[Attachment]) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """Whose profile photos are among files, and who showed others of them (`Ask.named`, `Ask.mentioned`)."""
    named = tuple(one.whose for one in files if one.whose is not None and one.handle.startswith(PORTRAIT))
    shown = tuple(one.whose for one in files if one.whose is not None and not one.handle.startswith(PORTRAIT))
    return named, shown


def with_people(ask: Ask) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """Whom an Ask concerns, once each: those it says, and those its files show."""
    named, shown = concerned(ask.attachments)
    return _once(*ask.named, *named), _once(*ask.mentioned, *shown)


def _once(*people: Account) -> tuple[Account, ...]:
    return tuple({one.key: one for one in people}.values())


def _known(message: Message) -> Mapping[str, Account]:
    """Whom a name can mean here without being asked for: whoever writes, and whoever is answered."""
    answered = message.reply_to_message
    them = shown_by(answered) if answered is not None else None
    me = shown_by(message)
    users = [one.from_user for one in (answered, message) if one is not None and shown_by(one) is not None]
    people = {f"@{one.username}".casefold(): person(one) for one in users if one is not None and one.username}
    return people | ({ME: me} if me else {}) | ({THEM: them} if them else {})


def _called(message: Message, words: str) -> dict[int, tuple[int, Meant]]:
    """Where in the words somebody is mentioned, in UTF-16 units: how long that is, and who."""
    units = words.encode("utf-16-le")
    found: dict[int, tuple[int, Meant]] = {}
    for one in message.entities or message.caption_entities:
        if one.type == MessageEntity.TEXT_MENTION and one.user is not None and not one.user.is_bot:
            found[one.offset] = one.length, person(one.user)
        if one.type == MessageEntity.MENTION:
            name = units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
            found[one.offset] = one.length, name
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _letters(text: str, units: int) -> int:
    """How many letters so many UTF-16 units are, at the beginning of a text."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))
