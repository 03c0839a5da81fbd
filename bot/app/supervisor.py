"""Keeps one platform alive without letting it take anybody along: started again after ever longer waits.

Discord counts 1,000 identifies a day and resets the token beyond them; the longest wait allows some three hundred.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.errors import ChatUnavailable, PlatformOff
from bot.ports.vitals import Vital

log = logging.getLogger(__name__)

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0
STEADY = timedelta(minutes=10)
"""A life that lasted so long was a good one: the next wait is a short one again."""


async def supervise(
    platform: str,
    live: Callable[[], Awaitable[None]],
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
    draw: Callable[[], float],
    vital: Vital,
) -> None:
    """Run one life after another until one ends by itself, or the platform is off for good; it never raises.

    `live` returns when it was closed, and tells `vital` itself that it works; what ended it is told here. `draw` gives
    from 0 up to 1: a quarter of every wait is left to chance.
    """
    wait_s = FIRST_WAIT_S
    while True:
        began = now()
        try:
            await live()
        except PlatformOff as error:
            log.critical("%s is off: %s", platform, error)
            vital.off(str(error))
            return
        except ChatUnavailable as error:
            log.warning("%s is away, and tried again in a while: %s", platform, error)
            vital.away(str(error))
        except Exception as error:  # whatever killed it is its own trouble: the others go on
            log.exception("%s has died and comes back in a moment", platform, extra={"error": type(error).__name__})
            vital.away(f"it died and comes back ({type(error).__name__})")
        else:
            return
        if now() - began >= STEADY:
            wait_s = FIRST_WAIT_S
        await sleep(wait_s * (0.75 + 0.25 * draw()))
        wait_s = min(LONGEST_WAIT_S, wait_s * 2)
