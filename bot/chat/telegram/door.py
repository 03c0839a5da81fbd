"""The one door every update goes through: it is done, or looked at again later, and nothing it raises gets further.

Whatever goes wrong, the person reads one warm sentence and the log has the rest.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.courtesies import stumbled_notice
from bot.domain.errors import ChatUnavailable, PlaceGone, Refused, StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.phrases import refusal_notice

log = logging.getLogger(__name__)

STORE_AWAY_S = 5.0

Work = Callable[[], Awaitable[float | None]]
"""Seconds until the update is to be looked at again, None when it is done."""

Answer = Callable[[Notice], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One update: its number, who it is from, and how to answer it."""

    number: int
    person: str
    what: str
    answer: Answer


async def through(visit: Visit, work: Work) -> float | None:
    """Do what an update asks for; seconds until it is to be looked at again, None when it is done."""
    try:
        try:
            return await work()
        except Refused as error:
            await visit.answer(refusal_notice(error.problems))
    except StoreUnavailable:
        log.exception("the store cannot be used; an update waits", extra=_who(visit))
        return STORE_AWAY_S
    except ChatUnavailable as error:
        log.warning("an update waits", extra={**_who(visit), "error": str(error)})
        return error.retry_after_s
    except PlaceGone as error:
        log.info("nobody is there to be answered", extra={**_who(visit), "error": str(error)})
    except Exception:
        log.exception("an update failed", extra=_who(visit))
        await _stumble(visit)
    return None


async def _stumble(visit: Visit) -> None:
    try:
        await visit.answer(stumbled_notice())
    except (ChatUnavailable, PlaceGone, StoreUnavailable) as error:
        log.warning("somebody could not be answered", extra={**_who(visit), "error": str(error)})


def _who(visit: Visit) -> dict[str, object]:
    return {"person": f"telegram:{visit.person}", "update": visit.number, "what": visit.what}
