"""The one way an alert reaches owners: privately on every chat platform that is there, and in the log in any case.

It is written down before it is said, so that one raised just before a kill is told after the start.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from bot.app.vitals import Vitals
from bot.domain.alerts import Alert
from bot.domain.ask import OWNERS, Place
from bot.domain.errors import ChatError, ChatUnavailable, StoreError
from bot.domain.health import Condition
from bot.domain.notice import Notice
from bot.ports.chat import Chat
from bot.store.alerts import AlertStore

log = logging.getLogger("bot.owner")

LOOK_S = 5.0
"""What others wrote down within a transaction of theirs, and what a platform could not take, is looked for so often."""

MOST_UNKEPT = 100


class Alerts:
    """`tell` and `tell_soon` from anywhere; what was told before a platform came up is said when it does."""

    def __init__(self, kept: AlertStore, vitals: Vitals) -> None:
        self._kept = kept
        self._vitals = vitals
        self._unkept: deque[Alert | str] = deque(maxlen=MOST_UNKEPT)
        self._news = asyncio.Event()

    async def tell(self, alert: Alert) -> None:
        """Tell the owners, once for its key; it is written down when this returns, if the store can be written."""
        self.tell_soon(alert)
        await self._keep()

    def tell_soon(self, alert: Alert) -> None:
        """The same from where nothing can be awaited: it is written down in a moment."""
        log.critical("%s (%s)", alert.notice.text, alert.notice.detail)
        self._unkept.append(alert)
        self._news.set()

    def over(self, key: str) -> None:
        """What this key is about is over: when it begins anew, owners are told anew."""
        self._unkept.append(key)
        self._news.set()

    async def run(self, chats: Mapping[str, Chat], wait: Callable[[asyncio.Event, float], Awaitable[None]]) -> None:
        """Until it is cancelled."""
        while True:
            self._news.clear()
            await self._keep()
            for platform, chat in chats.items():
                if self._is_there(platform):
                    await self._tell_all(platform, chat)
            await wait(self._news, LOOK_S)

    async def _keep(self) -> None:
        """Write down what was not; what cannot be stays for the next time."""
        while self._unkept:
            one = self._unkept[0]
            try:
                await (self._kept.over(one) if isinstance(one, str) else self._kept.keep(one))
            except StoreError as error:
                log.warning("an alert could not be written down yet", extra={"error": str(error)})
                return
            if self._unkept and self._unkept[0] is one:
                self._unkept.popleft()

    async def _tell_all(self, platform: str, chat: Chat) -> None:
        try:
            for alert_id, notice in await self._kept.untold(platform):
                await self._tell(platform, chat, notice, alert_id)
                await self._kept.told(alert_id, platform)
        except (ChatUnavailable, StoreError) as error:
            log.warning("owners could not be told yet", extra={"platform": platform, "error": str(error)})

    async def _tell(self, platform: str, chat: Chat, notice: Notice, alert_id: str) -> None:
        """Raises ChatUnavailable; whatever else a platform refuses it will refuse again."""
        try:
            await chat.say(Place(platform=platform, address=OWNERS), notice, key=alert_id)
        except ChatUnavailable:
            raise
        except ChatError as error:
            log.warning("owners could not be told", extra={"platform": platform, "error": str(error)})

    def _is_there(self, platform: str) -> bool:
        conditions = {one.part.casefold(): one.condition for one in self._vitals.all()}
        return conditions.get(platform) is Condition.WORKS
