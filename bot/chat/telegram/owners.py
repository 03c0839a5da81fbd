"""Those who own the bot: the ids of the settings, since Telegram tells no bot whose it is; and how they are told."""

import logging

from bot.chat.telegram import messages
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.notice import Notice

owner_log = logging.getLogger("bot.owner")

TOLD = 3
"""Owners written to, so that one who has blocked the bot does not keep the others from hearing."""


class Owners:
    """Ids of people."""

    def __init__(self, *, line: Line, ids: frozenset[int]) -> None:
        self._line = line
        self._ids = ids

    def __contains__(self, user: object) -> bool:
        return user in self._ids

    async def tell(self, notice: Notice) -> None:
        """Write to them privately, and to the log, where whoever runs the bot finds it in any case.

        Raises ChatUnavailable when nobody could be written to for a passing reason.
        """
        owner_log.warning("%s (%s)", notice.text, notice.detail)
        reached, away = 0, None
        for owner in sorted(self._ids)[:TOLD]:
            try:
                await self._line.say(
                    owner,
                    Priority.ANSWER,
                    lambda chat: self._line.bot.send_message(
                        chat, messages.text(notice), reply_markup=keyboard(notice.buttons)
                    ),
                )
            except PlaceGone as error:
                owner_log.info("an owner has begun no chat with the bot", extra={"owner": owner, "error": str(error)})
            except ChatUnavailable as error:
                away = error
            else:
                reached += 1
        if away is not None and not reached:
            raise away
        if self._ids and not reached:
            owner_log.error("no owner could be written to on Telegram; each must send the bot /start once")
