"""Our own long poll: a batch is in the store before its confirmation, which is the next poll's offset.

https://core.telegram.org/bots/api#getupdates
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from bot.chat.telegram.arrivals import ALLOWED, Arrivals
from bot.chat.telegram.refusals import seconds_of
from bot.domain.errors import PlatformOff, StoreUnavailable
from bot.ports.vitals import Vital

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
STORE_AWAY_S = 5.0
ANOTHER_S = 5.0
"""Somebody else polls with our token; two cannot. Often it is the program before this one, on its way out."""


class Poller:
    """Polls until it is cancelled. `listening` is called after every answer."""

    def __init__(
        self,
        *,
        bot: Bot,
        arrivals: Arrivals,
        poll_s: int,
        sleep: Callable[[float], Awaitable[None]],
        listening: Callable[[], None],
        vital: Vital,
    ) -> None:
        self._bot = bot
        self._arrivals = arrivals
        self._poll_s = poll_s
        self._sleep = sleep
        self._listening = listening
        self._vital = vital
        self._offset: int | None = None
        self._wait_s = FIRST_WAIT_S

    async def run(self) -> None:
        """Poll. Raises PlatformOff when Telegram refuses the token."""
        while True:
            wait_s = await self._poll()
            if wait_s:
                await self._sleep(wait_s)

    async def _poll(self) -> float:
        """One poll; how long to wait before the next."""
        try:
            found = await self._bot.get_updates(offset=self._offset, timeout=self._poll_s, allowed_updates=ALLOWED)
        except InvalidToken as error:
            raise PlatformOff("Telegram refuses TELEGRAM_TOKEN; get a new one from BotFather") from error
        except RetryAfter as error:
            return seconds_of(error)
        except Conflict:
            log.warning("somebody else polls Telegram with our token; only one can")
            self._vital.away("somebody else polls with our token, and only one can")
            return ANOTHER_S
        except NetworkError as error:
            told = type(error.__cause__ or error).__name__
            log.warning("Telegram cannot be reached", extra={"error": told})
            self._vital.away(f"it cannot be reached ({told})")
            wait_s, self._wait_s = self._wait_s, min(LONGEST_WAIT_S, 2 * self._wait_s)
            return wait_s
        self._wait_s = FIRST_WAIT_S
        self._vital.works()
        self._listening()
        return await self._keep(found)

    async def _keep(self, found: Sequence[Update]) -> float:
        if not found:
            return 0.0
        try:
            await self._arrivals.keep(found)
        except StoreUnavailable:
            log.exception("updates cannot be kept; Telegram keeps them for us")
            return STORE_AWAY_S
        self._offset = found[-1].update_id + 1
        return 0.0
