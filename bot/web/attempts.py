"""How often somebody may try to log in: a few wrong keys a minute from one address, then a pause.

Keys cannot be guessed; this keeps whoever tries from filling the log and the processor. Behind a proxy all visitors
share the proxy's address, and its own limit is the better one.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.guard import refusal
from bot.web.session import Now

WRONG_KEYS = 10
PERIOD = timedelta(minutes=1)
ADDRESSES = 1_000
"""So many are remembered; whoever has more than that to call from is stopped by nothing of this kind."""

WRONG = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class LoginLimit:
    """Answers 429 on `paths` to an address that gave too many wrong keys within a minute, be its next one right."""

    def __init__(self, app: ASGIApp, *, paths: Collection[str], now: Now) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._now = now
        self._wrong: dict[str, list[datetime]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what was refused."""
        if scope["path"].rstrip("/") not in self._paths:
            await self._app(scope, receive, send)
            return
        whence = _network(scope)
        if len(self._recent(whence)) >= WRONG_KEYS:
            answer = refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_attempts")
            answer.headers["retry-after"] = str(int(PERIOD.total_seconds()))
            await answer(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in WRONG:
                self._note(whence)
            await send(message)

        await self._app(scope, receive, counted)

    def _recent(self, whence: str) -> list[datetime]:
        since = self._now() - PERIOD
        return [at for at in self._wrong.get(whence, []) if at > since]

    def _note(self, whence: str) -> None:
        self._wrong[whence] = [*self._recent(whence), self._now()]
        if len(self._wrong) > ADDRESSES:
            self._wrong = {each: recent for each in self._wrong if (recent := self._recent(each))}
        while len(self._wrong) > ADDRESSES:
            del self._wrong[next(iter(self._wrong))]


def _network(scope: Scope) -> str:
    """Who calls: the address, of IPv6 the part that one household has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host
