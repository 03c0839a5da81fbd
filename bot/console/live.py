"""News of a page as server-sent events: what it would show now, whenever that has changed."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.responses import Response, StreamingResponse

from bot.console.desk import Desk
from bot.console.paper import HEADERS, Visit
from bot.domain.errors import StoreUnavailable

PACE_S = 1.0
"""The least time between two looks of one stream, however much happens."""

HEARTBEAT_S = 15.0
RETRY_MS = 2000

Now = Callable[[], Awaitable[str]]
"""What is to be shown, or known, at this moment."""


def stream(desk: Desk, visit: Visit, now: Now) -> Response:
    """Events called `now`, each with all there is to show, as JSON; one called `over` when the session is."""
    return StreamingResponse(
        _events(desk, visit, now), media_type="text/event-stream", headers={**HEADERS, "x-accel-buffering": "no"}
    )


async def _events(desk: Desk, visit: Visit, now: Now) -> AsyncIterator[str]:
    bell, told = desk.views.bell, None
    yield f"retry: {RETRY_MS}\n\n"
    while not bell.closed and desk.entrance.is_still_in(visit):
        rings = bell.rings
        try:
            found = await now()
        except StoreUnavailable:
            return  # the browser comes back by itself
        if found != told:
            told = found
            yield f"event: now\ndata: {json.dumps(found)}\n\n"
        await desk.views.sleep(PACE_S)
        if not await bell.wait(rings, at_most_s=HEARTBEAT_S):
            yield ": still here\n\n"
    yield "event: over\ndata: {}\n\n"
