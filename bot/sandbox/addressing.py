"""All of fal's hosts on one address: whichever way a client names a host, it becomes a path here.

fal has `queue.fal.run`, `fal.run`, `rest.fal.ai`, `v3.fal.media`, `api.fal.ai` and `fal.ai`; their paths do not
collide, except that a POST to `fal.run` runs at once and to `queue.fal.run` goes into the line. A client says which
it means by the Host header (through a proxy), by a first path segment ("/fal.run/…"), or by the header
`x-fal-target-url` (the JavaScript client's `proxyUrl`). Direct runs stand under `/fal.run/`.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

DIRECT = "fal.run"
_OTHERS = ("queue.fal.run", "rest.fal.ai", "rest.alpha.fal.ai", "v3.fal.media", "v3b.fal.media", "api.fal.ai", "fal.ai")
HOSTS = frozenset({DIRECT, *_OTHERS})
PROXY_PATH = "/api/fal/proxy"


def local_path(path: str, host: str) -> str:
    """The path here of a path on one of fal's hosts, without the trailing slash that some clients add."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in HOSTS:
        host, path = first, "/" + rest
    stripped = path.rstrip("/") or "/"
    return f"/{DIRECT}{stripped}" if host == DIRECT else stripped


def base_url(request: Request) -> str:
    """The address this caller used; every link we give leads back to it."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


class OneAddress:
    """ASGI middleware that rewrites every request to its local path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite and pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        path, query, host = scope["path"], scope["query_string"], headers.get(b"host", "").partition(":")[0]
        target = headers.get(b"x-fal-target-url", "")
        if path.rstrip("/") == PROXY_PATH and target:
            parts = urlsplit(target)
            path, query, host = parts.path, parts.query.encode("latin-1"), parts.hostname or ""
        local = local_path(path, host)
        rewritten = {**scope, "path": local, "raw_path": local.encode(), "query_string": query}
        await self._app(rewritten, receive, send)
