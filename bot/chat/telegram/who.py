"""Who did something on Telegram. Admins are asked for once in a while, never at every message."""

import logging
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Chat, ChatMemberAdministrator, ChatMemberOwner, Message, User

from bot.chat.telegram.line import Line
from bot.chat.telegram.place import TELEGRAM
from bot.chat.telegram.portraits import Meant, person
from bot.chat.telegram.refusals import translated
from bot.domain.ask import Account
from bot.domain.errors import ChatError
from bot.ports.acquaintances import Acquaintances
from bot.ports.clock import Now

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
ADMIN = "admin"
"""The role of every admin; their title, where they have one, is another. Tiers go by roles."""

REMEMBERED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    at: datetime
    titles: Mapping[int, str]


class Admins:
    """The admins of a group with their titles."""

    def __init__(self, *, line: Line, now: Now) -> None:
        self._line = line
        self._now = now
        self._looked: dict[int, _Looked] = {}

    async def of(self, chat: int) -> Mapping[int, str]:
        """Id → title; of a group that does not say, what was known last, or nobody."""
        known = self._looked.get(chat)
        if known is not None and self._now() - known.at < FRESH:
            return known.titles
        try:
            with translated():
                found = await self._line.bot.get_chat_administrators(await self._line.now_at(chat))
        except ChatError as error:
            log.info("a group does not say who its admins are", extra={"group": chat, "error": str(error)})
            titles = known.titles if known else {}
        else:
            titles = {
                one.user.id: one.custom_title or ""
                for one in found
                if isinstance(one, ChatMemberAdministrator | ChatMemberOwner)
            }
        if len(self._looked) >= REMEMBERED:
            self._looked.clear()
        self._looked[chat] = _Looked(at=self._now(), titles=titles)
        return titles

    def forget(self, chat: int) -> None:
        """Somebody's rights have changed there."""
        self._looked.pop(chat, None)


class Who:
    """Accounts of people. `owners` are the ids of those who own the bot.

    Whoever speaks to the bot in a group is known there by their username from then on.
    """

    def __init__(self, *, admins: Admins, owners: Container[int], line: Line, acquaintances: Acquaintances) -> None:
        self._admins = admins
        self._owners = owners
        self._line = line
        self._acquaintances = acquaintances

    async def wrote(self, message: Message) -> Account:
        """Who wrote a message. A channel and an admin without a name are accounts of their own, not a person's."""
        sender, chat = message.sender_chat, message.chat
        if sender is not None and sender.type != Chat.PRIVATE:
            is_anonymous_admin = sender.id == chat.id
            return Account(
                platform=TELEGRAM,
                id=str(sender.id),
                name=sender.title or "",
                roles=(ADMIN,) if is_anonymous_admin else (),
                is_moderator=is_anonymous_admin,
            )
        return await self.account(message.from_user, chat)

    async def account(self, user: User | None, chat: Chat) -> Account:
        """A person, and what they are in this chat."""
        if user is None:
            return Account(platform=TELEGRAM, id=str(chat.id), name=chat.title or "")
        is_private = chat.type == Chat.PRIVATE
        titles = {} if is_private else await self._admins.of(chat.id)
        title = titles.get(user.id)
        if user.username and not is_private:
            await self._acquaintances.met(await self._line.group(chat.id), user.username, person(user))
        return Account(
            platform=TELEGRAM,
            id=str(user.id),
            name=user.full_name,
            roles=() if title is None else tuple(filter(None, (ADMIN, title))),
            is_owner=user.id in self._owners,
            is_moderator=title is not None,
        )

    async def meant(self, one: Meant, group: str) -> Account | None:
        """Somebody a message means; by a name, who goes by it in this group."""
        return one if isinstance(one, Account) else await self._acquaintances.find(group, one.removeprefix("@"))
