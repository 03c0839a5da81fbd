"""What Telegram tells, kept before it is told that it arrived, however it came: polled, or by a call.

A group's new number goes first: what is said under it belongs to the budget and the rules of the old one.
"""

import json
from collections.abc import Awaitable, Callable, Sequence

from telegram import Message, Update

from bot.chat.telegram.reading import album_of, move_of
from bot.ports.updates import Arrived, Updates

ALLOWED = ("message", "callback_query", "my_chat_member")
"""The kinds of update we ask for; edits are not among them, so that mending a typo starts no second Job."""


class Arrivals:
    """`moved` is told of a group's old and new number."""

    def __init__(self, *, updates: Updates, moved: Callable[[int, int], Awaitable[None]]) -> None:
        self._updates = updates
        self._moved = moved

    async def keep(self, found: Sequence[Update]) -> None:
        """Keep a batch, each update once. Raises StoreUnavailable; it may then be given again."""
        for update in found:
            move = move_of(update.message) if update.message is not None else None
            if move is not None:
                await self._moved(*move)
        await self._updates.receive([arrived(update) for update in found])


def arrived(update: Update) -> Arrived:
    """An update as the store keeps it."""
    chat, user, message = update.effective_chat, update.effective_user, update.message
    return Arrived(
        id=update.update_id,
        lane=f"{chat.id if chat else 0}:{user.id if user else 0}",
        gathers=album_of(message) if isinstance(message, Message) else "",
        body=json.dumps(update.to_dict(), ensure_ascii=False, separators=(",", ":")),
    )
