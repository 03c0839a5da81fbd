"""Routes become two ASGI apps: the guarded one for TCP, and the one behind the door, where the file mode is the guard.

The listener is handed its routes; nothing here knows what they show. Hooks are plain functions for machines that
call us (webhooks): they prove themselves by signature, so they need neither session nor origin.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.web.attempts import LoginLimit
from bot.web.guard import Apart, KnownHost, LoggedIn, SameOrigin, SecureHeaders, SizeLimit, refusal
from bot.web.session import Sessions

Hook = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]
"""`async (path, headers, body) -> status`; header names are in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a probe answers."""

    body: bytes
    status: int = HTTPStatus.OK
    content_type: str = "application/json"


Probe = Callable[[], Awaitable[Told]]
"""A page for machines that look after us: only read, and without a session."""

HEALTH_PATH = "/healthz"
LOGIN_PATH = "/login"
LINKS_PATH = "/login-links"
HOOKS_PATH = "/hooks/"
STATIC_PATH = "/static/"

HTTP_PORT = 80
"""Browsers leave it out of the Host header."""

BODY_BYTES = 256 * 1024
"""Enough for every JSON body."""

HOOK_BYTES = 4 * 1024 * 1024
"""fal sends whole results to webhooks; ours are a few kilobytes."""

_ENTER = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Reelroom</title>'
"""A page and not a redirect: a cookie with SameSite=Strict is not sent along a redirect that began elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is served. `limits` are body sizes in bytes by path prefix; `lobby` is the page for who is not logged in.

    `hosts` are the Host headers let in on TCP; `base_url` is where links lead ("http://127.0.0.1:8765").
    `areas` are apps by their first step ("/console") that know their own visitors: on TCP they get what comes for a
    host of ours, within the size, and, to change something, from our own pages. `behind_door` is served there alone.
    `probes` by path: what they tell is for whoever reaches the listener under one of `probe_hosts`.
    """

    routes: Sequence[BaseRoute]
    sessions: Sessions
    hosts: frozenset[str]
    base_url: str
    lobby: bytes
    limits: Mapping[str, int]
    hooks: Mapping[str, Hook]
    areas: Mapping[str, ASGIApp] = field(default_factory=dict)
    behind_door: Sequence[BaseRoute] = ()
    probes: Mapping[str, Probe] = field(default_factory=dict)
    probe_hosts: frozenset[str] = frozenset()
    cookie: str = "reelroom"


def guarded(site: Site) -> ASGIApp:
    """The app for TCP: every guard in its place."""
    routes = [_health(), *_probes(site.probes, site.probe_hosts), _login(site), *_hooks(site.hooks), *site.routes]
    open_paths = (HEALTH_PATH, *site.probes, HOOKS_PATH, STATIC_PATH)
    app: ASGIApp = _starlette(routes)
    app = LoggedIn(
        app,
        sessions=site.sessions,
        cookie=site.cookie,
        lobby=site.lobby,
        open_paths=(*open_paths, LOGIN_PATH),
    )
    app = SameOrigin(app, open_paths=(HOOKS_PATH,))
    app = Apart(app, areas={path: SameOrigin(area, by_script=False) for path, area in site.areas.items()})
    entrances = (LOGIN_PATH, *(f"{area}{LOGIN_PATH}" for area in site.areas))
    app = LoginLimit(_sized(app, site.limits), paths=entrances, now=site.sessions.now)
    return SecureHeaders(KnownHost(app, hosts=site.hosts, open_paths=(HOOKS_PATH,)))


def door(site: Site) -> ASGIApp:
    """The app for the Unix socket: the same routes, those that make login links, and no areas."""
    routes = [_health(), *_probes(site.probes, None), _links(site), *site.behind_door, *site.routes]
    return SecureHeaders(_sized(_starlette(routes), site.limits))


def login_url(site: Site) -> str:
    """A new one-time login link."""
    return f"{site.base_url}{LOGIN_PATH}?key={site.sessions.link()}"


def local_hosts(port: int) -> frozenset[str]:
    """The Host headers by which a browser on this machine reaches a loopback port."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(names if port == HTTP_PORT else (f"{name}:{port}" for name in names))


def _starlette(routes: Sequence[BaseRoute]) -> Starlette:
    return Starlette(routes=routes, exception_handlers={HTTPException: _http_error})


def _sized(app: ASGIApp, limits: Mapping[str, int]) -> ASGIApp:
    return SizeLimit(app, limits={HOOKS_PATH: HOOK_BYTES, **limits}, otherwise=BODY_BYTES)


async def _http_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return refusal(HTTPStatus(error.status_code), error.detail.lower().replace(" ", "_"))


def _health() -> Route:
    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    return Route(HEALTH_PATH, health, methods=["GET"])


def _probes(probes: Mapping[str, Probe], hosts: frozenset[str] | None) -> list[Route]:
    """`hosts`: None where the file mode is the guard."""

    def endpoint(probe: Probe) -> Callable[[Request], Awaitable[Response]]:
        async def look(request: Request) -> Response:
            if hosts is not None and request.headers.get("host", "").lower() not in hosts:
                return refusal(HTTPStatus.NOT_FOUND, "not_found")
            told = await probe()
            return Response(told.body, told.status, media_type=told.content_type)

        return look

    return [Route(path, endpoint(probe), methods=["GET"]) for path, probe in probes.items()]


def _login(site: Site) -> Route:
    async def login(request: Request) -> Response:
        if site.sessions.knows(request.cookies.get(site.cookie, "")):
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        if request.method != "GET" or not site.sessions.use_link(request.query_params.get("key", "")):
            return Response(site.lobby, HTTPStatus.FORBIDDEN, media_type="text/html")
        page = HTMLResponse(_ENTER)
        page.set_cookie(
            site.cookie,
            site.sessions.cookie(),
            max_age=int(site.sessions.session_life.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=site.base_url.startswith("https:"),
        )
        return page

    return Route(LOGIN_PATH, login, methods=["GET"])


def _links(site: Site) -> Route:
    async def links(_request: Request) -> Response:
        return JSONResponse({"url": login_url(site)}, HTTPStatus.CREATED)

    return Route(LINKS_PATH, links, methods=["POST"])


def _hooks(hooks: Mapping[str, Hook]) -> list[Route]:
    return [
        Route(f"{HOOKS_PATH}{name}{{rest:path}}", _hook_endpoint(hook), methods=["POST"])
        for name, hook in hooks.items()
    ]


def _hook_endpoint(hook: Hook) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        return Response(status_code=await hook(request.url.path, request.headers, await request.body()))

    return call
