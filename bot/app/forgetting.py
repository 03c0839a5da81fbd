"""Has fal forget what it was sent and made for people who were erased, a request at a time."""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.errors import FalError
from bot.ports.clock import Now
from bot.store.at_fal import FAL_KEEPS, give_up_forgetting, has_forgotten, to_forget
from bot.store.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 200
"""So many in one round; the rest in the next."""


async def forget_at_fal(database: Database, forget: Callable[[str], Awaitable[None]], *, now: Now) -> None:
    """One round. What fal does not do now is asked for again in the next. Raises StoreUnavailable."""
    await give_up_forgetting(database, before=now() - FAL_KEEPS)
    for request_id in await to_forget(database, limit=AT_ONCE):
        try:
            await forget(request_id)
        except FalError as error:
            log.warning("fal could not be made to forget a request yet", extra={"error": str(error)})
            return
        await has_forgotten(database, request_id)
