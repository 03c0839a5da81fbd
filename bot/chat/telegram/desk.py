"""What becomes of an update: its turn, its handler, its end. Handlers route; they decide nothing themselves."""

import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from bot.chat.telegram.door import Visit, through
from bot.chat.telegram.hearing import Hearing
from bot.chat.telegram.line import Line
from bot.chat.telegram.pressing import Pressing
from bot.chat.telegram.reading import album_of, move_of
from bot.chat.telegram.who import Admins
from bot.domain.errors import ChatUnavailable
from bot.ports.clock import Now
from bot.ports.updates import Kept, Updates, lane_and_number

log = logging.getLogger(__name__)

ALBUM = timedelta(seconds=1)
"""The messages of an album come one by one and without an end; after so long without another it is complete."""

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]


class Desk:
    """Takes updates on, one at a time for each person in each chat."""

    def __init__(
        self,
        *,
        line: Line,
        updates: Updates,
        hearing: Hearing,
        pressing: Pressing,
        admins: Admins,
        nudge: Callable[[str], None],
        now: Now,
    ) -> None:
        self._line = line
        self._updates = updates
        self._hearing = hearing
        self._pressing = pressing
        self._admins = admins
        self._now = now
        self._application: App | None = None
        self._listening_since = now()
        self._nudge = nudge
        self._busy: dict[str, deque[str]] = {}
        self._later: dict[int, float] = {}

    def open(self, application: App) -> None:
        """Work by this application from now on."""
        application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, self._on_message))
        application.add_handler(CallbackQueryHandler(self._on_press))
        application.add_handler(ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
        self._application = application
        self._listening_since = self._now() + timedelta(days=1)

    def listening(self) -> None:
        """Telegram has told us all it had: what belongs together and is not here comes soon, or never."""
        self._listening_since = min(self._listening_since, self._now())

    def close(self) -> None:
        """There is no application any more."""
        self._application = None

    async def advance(self, key: str) -> float | None:
        """Take one update as far as it goes now; seconds until it should be looked at again, or None."""
        lane, number = lane_and_number(key)
        if lane in self._busy:  # who writes much takes no place from others: their turn comes by a nudge
            self._busy[lane].append(key)
            return None
        self._busy[lane] = deque()
        try:
            return await self._take(number)
        finally:
            for waiting in self._busy.pop(lane):
                self._nudge(waiting)

    async def _take(self, number: int) -> float | None:
        kept = await self._updates.open(number)
        if kept is None:
            return None
        try:
            later = await self._process(kept)
        except ChatUnavailable as error:
            return error.retry_after_s
        if later is None:
            await self._updates.done([number])
        return later

    async def _process(self, kept: Kept) -> float | None:
        """Through the application and its handlers. Raises ChatUnavailable while there is none."""
        bot, application = self._line.bot, self._application
        if application is None:
            raise ChatUnavailable("Telegram is away", retry_after_s=1.0)
        try:
            update = Update.de_json(json.loads(kept.body), bot)
        except (TelegramError, KeyError, TypeError, ValueError):
            log.exception("an update cannot be read", extra={"update": kept.id})
            return None
        await application.process_update(update)
        return self._later.pop(kept.id, None)

    async def _on_message(self, update: Update, _context: Context) -> None:
        message = update.message
        if message is None:
            return

        async def work() -> float | None:
            moved = move_of(message)
            if moved is not None:
                await self._line.moved(*moved)
                return None
            gathers = album_of(message)
            if not gathers:
                await self._hearing.hear([message], (update.update_id,))
                return None
            return await self._gather(gathers)

        visit = Visit(
            number=update.update_id,
            person=str(message.from_user.id if message.from_user else 0),
            what="message",
            answer=self._hearing.answering(message),
        )
        self._note(update, await through(visit, work))

    async def _on_press(self, update: Update, _context: Context) -> None:
        query = update.callback_query
        if query is None:
            return

        async def work() -> None:
            await self._pressing.press(query, update.update_id)

        visit = Visit(
            number=update.update_id,
            person=str(query.from_user.id),
            what=(query.data or "").partition(":")[0],
            answer=lambda notice: self._pressing.answer(query, notice),
        )
        self._note(update, await through(visit, work))

    async def _on_membership(self, update: Update, _context: Context) -> None:
        changed = update.my_chat_member
        if changed is not None:
            self._admins.forget(changed.chat.id)
            log.info(
                "what the bot may do somewhere has changed",
                extra={"group": changed.chat.id, "as": changed.new_chat_member.status},
            )

    async def _gather(self, gathers: str) -> float | None:
        """An album, once no further message of it has come for a while; a straggler is left aside."""
        if await self._updates.is_over(gathers):
            log.info("a message of an album came too late", extra={"album": gathers})
            return None
        rows = await self._updates.gathered(gathers)
        complete_at = max(self._listening_since, *(row.received_at for row in rows)) + ALBUM
        left_s = (complete_at - self._now()).total_seconds()
        if left_s > 0:
            return left_s
        await self._hearing.hear(self._messages(rows), tuple(row.id for row in rows))
        await self._updates.done([row.id for row in rows])
        return None

    def _messages(self, rows: Sequence[Kept]) -> list[Message]:
        read = (Update.de_json(json.loads(row.body), self._line.bot).message for row in rows)
        return sorted((one for one in read if one is not None), key=lambda one: one.message_id)

    def _note(self, update: Update, later: float | None) -> None:
        if later is not None:
            self._later[update.update_id] = later
