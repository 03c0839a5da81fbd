"""`/admin` on Telegram: a line of text as an errand. Answers go to the private chat, where it was opened.

A bot can look up nobody by @username: people are meant by answering a message of theirs, or by a mention with an id.
"""

from dataclasses import replace

from telegram import Message, MessageEntity

from bot.chat.telegram.asking import Request
from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.front import Front
from bot.chat.telegram.line import Line
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.portraits import person, shown_by
from bot.chat.telegram.privately import home
from bot.chat.telegram.who import Who
from bot.domain.admin import ADMIN, PERSON, Errand, typed
from bot.domain.ask import Account
from bot.domain.errors import PlaceGone
from bot.domain.linking import nobody_notice, open_me_notice, sent_privately_notice
from bot.domain.notice import Notice


class Administering:
    """Does what admins and owners say."""

    def __init__(self, *, front: Front, chat: TelegramChat, line: Line, owners: Owners, who: Who) -> None:
        self._front = front
        self._chat = chat
        self._line = line
        self._owners = owners
        self._who = who

    async def answer(self, message: Message, request: Request) -> Notice:
        """Do it, and what is to be said where it was asked. Raises Refused, ChatError's subclasses."""
        words, meant = behind(message)
        errand = typed(
            words,
            account=request.account,
            group=request.group,
            event=request.event,
            whom=self._account(meant),
            here=request.spot.surroundings().places[0],
        )
        name = errand.value(PERSON)
        if errand.whom is None and name.startswith("@"):
            errand = replace(errand, whom=self._account(await self._who.meant(name, request.group)))
        if errand.sub.secret and not request.spot.author:
            return nobody_notice()
        return await self._told(errand, request, await self._front.administer(errand))

    async def _told(self, errand: Errand, request: Request, notice: Notice) -> Notice:
        """In private to whoever asked; what is no secret stands in the group for who has not begun a private chat."""
        if request.spot.is_private or not request.spot.author:
            return notice
        try:
            await self._chat.say(home(request.spot), notice, key=f"{ADMIN}:{request.event}")
        except PlaceGone:
            if errand.sub.secret:
                return open_me_notice(f"https://t.me/{self._line.connected.me.username}")
            return notice
        return sent_privately_notice()

    def _account(self, meant: Account | None) -> Account | None:
        """Somebody who is meant, with whether they own the bot."""
        return None if meant is None else replace(meant, is_owner=int(meant.id) in self._owners)


def behind(message: Message) -> tuple[str, Account | None]:
    """The words behind `/admin` or `@ourbot admin` without a mention that has an id, and whom they are about."""
    words = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    mention = next((one for one in entities if one.type == MessageEntity.TEXT_MENTION and one.user), None)
    answered = message.reply_to_message
    meant = shown_by(answered) if answered is not None and answered.forum_topic_created is None else None
    units = words.encode("utf-16-le")
    if mention is not None and mention.user is not None:
        meant = person(mention.user)
        units = units[: 2 * mention.offset] + units[2 * (mention.offset + mention.length) :]
    first, _, rest = units.decode("utf-16-le").strip().partition(" ")
    return (rest.strip().partition(" ")[2] if first.startswith("@") else rest), meant
