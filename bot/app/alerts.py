"""The one way an alert reaches owners: privately on every chat platform that is there, and in the log in any case."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.app.vitals import Vitals
from bot.domain.ask import OWNERS, Place
from bot.domain.errors import ChatError, ChatUnavailable
from bot.domain.health import Condition
from bot.domain.notice import Notice
from bot.ports.chat import Chat
from bot.ports.clock import NewId

log = logging.getLogger("bot.owner")

TRIES = 30
AGAIN_S = 2.0
"""A platform that is not there yet is waited for; after a minute the log must do."""


class Alerts:
    """`tell` from anywhere; what it was told before a platform came up is said when it does."""

    def __init__(self, vitals: Vitals, *, new_id: NewId) -> None:
        self._vitals = vitals
        self._new_id = new_id
        self._queue: asyncio.Queue[Notice] = asyncio.Queue()

    def tell(self, notice: Notice) -> None:
        """Tell the owners."""
        log.critical("%s (%s)", notice.text, notice.detail)
        self._queue.put_nowait(notice)

    async def run(self, chats: Mapping[str, Chat], sleep: Callable[[float], Awaitable[None]]) -> None:
        """Until it is cancelled."""
        while True:
            notice, key = await self._queue.get(), self._new_id()
            for platform, chat in chats.items():
                await self._tell(platform, chat, notice, key, sleep)

    async def _tell(
        self, platform: str, chat: Chat, notice: Notice, key: str, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        for _ in range(TRIES):
            try:
                if self._is_there(platform):
                    await chat.say(Place(platform=platform, address=OWNERS), notice, key=key)
                    return
                wait_s = AGAIN_S
            except ChatUnavailable as error:
                wait_s = error.retry_after_s or AGAIN_S
            except ChatError as error:
                log.warning("owners could not be told", extra={"platform": platform, "error": str(error)})
                return
            await sleep(wait_s)

    def _is_there(self, platform: str) -> bool:
        conditions = {one.part.casefold(): one.condition for one in self._vitals.all()}
        return conditions.get(platform) is Condition.WORKS
