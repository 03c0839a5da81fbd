"""What stands between a socket and the pages, as plain ASGI middleware; each class refuses one thing.

The order matters and is fixed in `bot/web/site.py`: headers on everything, then the Host, then how often somebody tried
to log in (`attempts.py`), then the size, then where the request comes from, then who sends it.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.session import Sessions

CUSTOM_HEADER = "x-reelroom"
"""Sent by our own page with every POST; a form of another site cannot send it."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

DRAIN_BYTES = 512 * 1024 * 1024
"""How much of a body that is too large is read and dropped, so that its sender hears the answer and not a reset."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecureHeaders:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers to the answer's start."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class KnownHost:
    """Lets in only requests for a name of ours, so that a foreign name resolved to this machine gets nothing.

    `hosts` are values of the Host header ("127.0.0.1:8765"), in lower case. `open_paths` are for machines, which are
    let in by what they prove, under whatever name a proxy in front is called.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], open_paths: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = hosts
        self._open = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to any other Host."""
        given = Headers(scope=scope).getlist("host")
        known = len(given) == 1 and given[0].lower() in self._hosts
        if known or scope["path"].startswith(self._open):
            await self._app(scope, receive, send)
        else:
            await refusal(HTTPStatus.MISDIRECTED_REQUEST, "unknown_host")(scope, receive, send)


class SizeLimit:
    """Counts every body and stops at the limit of its path; the longest prefix of `limits` that fits decides."""

    def __init__(self, app: ASGIApp, *, limits: Mapping[str, int], otherwise: int) -> None:
        self._app = app
        self._limits = sorted(limits.items(), key=lambda item: -len(item[0]))
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 where the size is declared; otherwise raise it into whoever reads the body."""
        limit = next((size for path, size in self._limits if scope["path"].startswith(path)), self._otherwise)
        declared = Headers(scope=scope).get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or int(declared) > limit:
            await _drain(receive)
            await refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", limit_bytes=limit)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                await _drain(receive, more=message.get("more_body", False))
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
            return message

        await self._app(scope, counted, send)


class SameOrigin:
    """Lets requests that change something in only from our own pages; `open_paths` answer for themselves.

    A request counts as ours when its Origin names the Host it was sent to, or, without one, when the browser says
    `Sec-Fetch-Site: same-origin`. With `by_script` it must also carry the custom header, which no form can.
    """

    def __init__(self, app: ASGIApp, *, open_paths: Sequence[str] = (), by_script: bool = True) -> None:
        self._app = app
        self._open = tuple(open_paths)
        self._by_script = by_script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to what comes from elsewhere."""
        if scope["method"] in SAFE_METHODS or scope["path"].startswith(self._open) or self._is_ours(scope):
            await self._app(scope, receive, send)
        else:
            await refusal(HTTPStatus.FORBIDDEN, "cross_site")(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        return (CUSTOM_HEADER in headers or not self._by_script) and _is_same_origin(headers)


class Apart:
    """Hands what lies under the path of an area to that area, and all the rest to `app`."""

    def __init__(self, app: ASGIApp, *, areas: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._areas = areas

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        first = "/" + scope["path"].removeprefix("/").partition("/")[0]
        await self._areas.get(first, self._app)(scope, receive, send)


class LoggedIn:
    """Lets in only who has a session; pages get `lobby` instead, everything else a 401."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, cookie: str, lobby: bytes, open_paths: Sequence[str]
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie
        self._lobby = lobby
        self._open = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the cookie."""
        request = HTTPConnection(scope)
        if scope["path"].startswith(self._open) or self._sessions.knows(request.cookies.get(self._cookie, "")):
            await self._app(scope, receive, send)
        elif "text/html" in request.headers.get("accept", ""):
            page = Response(self._lobby, HTTPStatus.UNAUTHORIZED, media_type="text/html")
            await page(scope, receive, send)
        else:
            await refusal(HTTPStatus.UNAUTHORIZED, "no_session")(scope, receive, send)


def refusal(status: HTTPStatus, error: str, **facts: object) -> Response:
    """A refusal as JSON: `{"error": word, …facts}`. The connection ends, since a body may be left unread."""
    return JSONResponse({"error": error, **facts}, status, headers={"connection": "close"})


async def _drain(receive: Receive, *, more: bool = True) -> None:
    seen = 0
    while more and seen < DRAIN_BYTES:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


def _is_same_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "same-origin"
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and host.lower() == headers.get("host", "").lower()
