"""The bot that stands just now, how to reach it, and where chats have moved to.

Reels go by a bot of their own that keeps no idle connections: a connection that had been closed behind our back would
make a doubt of every upload.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot
from telegram.error import ChatMigrated

from bot.chat.telegram.outbox import Outbox, Priority
from bot.chat.telegram.place import TELEGRAM
from bot.chat.telegram.refusals import translated
from bot.domain.errors import ChatUnavailable
from bot.ports.people import Memory

log = logging.getLogger(__name__)

T = TypeVar("T")

AWAY_S = 1.0
"""How soon to come back while no bot stands; it costs nothing to ask."""

CHATS = f"{TELEGRAM}:chats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the bot is. `reads_all`: privacy mode is off, so that groups send it every message."""

    id: int
    username: str
    reads_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """One life's bots: `bot` for everything, `uploader` for reels."""

    bot: Bot
    uploader: Bot
    me: Me


class Line:
    """Empty while Telegram is away; whoever speaks then is told to come back."""

    def __init__(self, *, outbox: Outbox, memory: Memory) -> None:
        self._outbox = outbox
        self._memory = memory
        self._connected: Connected | None = None
        self._moved: dict[int, int] = {}

    def connect(self, connected: Connected | None) -> None:
        """From now on these speak; None: nobody does."""
        self._connected = connected

    @property
    def connected(self) -> Connected:
        """The bots. Raises ChatUnavailable."""
        if self._connected is None:
            raise ChatUnavailable("Telegram is away", retry_after_s=AWAY_S)
        return self._connected

    @property
    def bot(self) -> Bot:
        """The bot. Raises ChatUnavailable."""
        return self.connected.bot

    def is_busy(self, chat: int) -> bool:
        """Whether a chat has had about as much as it takes."""
        return self._outbox.is_busy(chat)

    async def say(
        self,
        chat: int,
        priority: Priority,
        call: Callable[[int], Awaitable[T]],
        *,
        posting: bool = False,
        limit_bytes: int = 0,
    ) -> T:
        """Make a call about a chat, in its turn and wherever the chat is by now. Raises ChatError's subclasses."""
        now_at = await self.now_at(chat)
        with translated(posting=posting, limit_bytes=limit_bytes):
            try:
                return await self._outbox.send(now_at, priority, lambda: call(now_at))
            except ChatMigrated as error:
                moved_to = error.new_chat_id
                await self.moved(now_at, moved_to)
                return await self._outbox.send(moved_to, priority, lambda: call(moved_to))

    async def now_at(self, chat: int) -> int:
        """Where a chat is: a group that became a supergroup has a new number."""
        if chat > 0:
            return chat
        if chat not in self._moved:
            kept = await self._memory.setting(CHATS, f"moved:{chat}")
            self._moved[chat] = int(kept) if kept else chat
        return self._moved[chat]

    async def group(self, chat: int) -> str:
        """What a group is called by the rest of the program: its first number, with its budget and its rules."""
        return await self._memory.setting(CHATS, f"was:{chat}") or str(chat)

    async def moved(self, chat: int, to: int) -> None:
        """Telegram says that a group has a new number."""
        first = await self.group(chat)
        log.info("a group has moved", extra={"group": first, "to": to})
        for known in {chat, int(first)}:
            await self._memory.keep_setting(CHATS, f"moved:{known}", str(to))
            self._moved[known] = to
        await self._memory.keep_setting(CHATS, f"was:{to}", first)
