"""The REST door: reads a request, lets the faults and limits have their say, calls its route, writes the answer.

Content types are exactly Discord's: clients take `application/json; charset=utf-8` for text.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.emulators.discord.calls import Answer, Call, Parts, Route, read
from tests.emulators.discord.faults import Drop, Faults, How, Limited, Slow, Status
from tests.emulators.discord.judge import Judge
from tests.emulators.discord.rates import Rates, Verdict
from tests.emulators.discord.refusals import Refusal, nowhere, unauthorized

PREFIX = "/api/v10"
HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
MAJOR = ("channel", "guild", "application", "token")
VIA = {"Via": "1.1 google"}


class Rest:
    """`requests` remembers every (method, path) that came in, answered or not."""

    def __init__(self, parts: Parts, faults: Faults, rates: Rates, judge: Judge) -> None:
        self.requests: list[tuple[str, str]] = []
        self._parts = parts
        self._faults = faults
        self._rates = rates
        self._judge = judge

    def routes(self, routes: list[Route]) -> list[web.RouteDef]:
        """For aiohttp's router; the last one is for what Discord does not have."""
        doors = [web.route(one.method, PREFIX + one.path, self._door(one)) for one in routes]
        return [*doors, web.route("*", "/api/{rest:.*}", self._unknown)]

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        self.requests.append((request.method, path))
        self._judge.complain(f"{request.method} {path}: the emulator has no such route")
        return written(nowhere().body(), 404)

    def _door(self, route: Route) -> Any:
        async def enter(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix(PREFIX)
            self.requests.append((request.method, path))
            fault = self._faults.strike(request.method, path)
            try:
                body, files, multipart = await read(request)
            except Refusal as refusal:
                self._judge.complain(f"request {request.method} {path}: {refusal}")
                return written(refusal.body(), refusal.status)
            if isinstance(fault, Slow) and not fault.after:
                await fault.held(self._parts.world.changed)
            early = self._early(request, fault)
            if early is not None:
                self._parts.world.changed()
                return early
            call = Call(
                parts=self._parts,
                method=request.method,
                path=path,
                arguments=dict(request.match_info),
                query=dict(request.query),
                body=body,
                files=files,
                multipart=multipart,
            )
            answered = self._serve(route, call, request.headers)
            self._parts.world.changed()
            if isinstance(fault, Slow):
                await fault.held(self._parts.world.changed)
            return self._late(request, fault) or answered

        return enter

    def _early(self, request: web.Request, fault: How | None) -> web.StreamResponse | None:
        """A fault that strikes before anything is done."""
        match fault:
            case Drop(after=False):
                return dropped(request)
            case Status(after=False):
                return broken(fault)
            case Limited():
                self._rates.count(429, fault.scope)
                if fault.cloudflare:
                    return web.Response(status=429, text="error code: 1015", content_type="text/html")
                everywhere = fault.scope == "global"
                headers = {"X-RateLimit-Scope": fault.scope} | ({"X-RateLimit-Global": "true"} if everywhere else {})
                return limited(
                    Verdict(passes=False, headers=headers, retry_after_s=fault.retry_after_s, everywhere=everywhere)
                )
            case _:
                return None

    def _late(self, request: web.Request, fault: How | None) -> web.StreamResponse | None:
        """A fault that strikes when all is done."""
        match fault:
            case Drop(after=True):
                return dropped(request)
            case Status(after=True):
                return broken(fault)
            case _:
                return None

    def _serve(self, route: Route, call: Call, headers: Mapping[str, str]) -> web.Response:
        major = " ".join(call.arguments[key] for key in MAJOR if key in call.arguments)
        verdict = self._rates.admit(route.name, major)
        if not verdict.passes:
            self._rates.count(429)
            return limited(verdict)
        try:
            self._let_in(route, headers)
            self._judge.request(call)
            answer = route.handler(call)
        except Refusal as refusal:
            answer = Answer(body=refusal.body(), status=refusal.status)
            self._judge.refused(call, refusal)
        except Exception as error:
            self._judge.complain(f"{call.method} {call.path}: the emulator stumbled over it: {error!r}")
            raise
        self._rates.count(answer.status)
        self._judge.answer(call, answer)
        return written(answer.body, answer.status, verdict.headers)

    def _let_in(self, route: Route, headers: Mapping[str, str]) -> None:
        if not route.public and headers.get("Authorization") != f"Bot {self._parts.world.application.token}":
            raise unauthorized()


def written(body: Any, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer as Discord sends it."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    raw = json.dumps(body).encode()
    return web.Response(status=status, body=raw, headers={**(headers or {}), **VIA, "Content-Type": "application/json"})


def broken(fault: Status) -> web.Response:
    """An answer that is none of Discord's."""
    if fault.html:
        return web.Response(status=fault.status, text=HTML, content_type="text/html")
    return written({"message": fault.message, "code": fault.code}, fault.status)


def limited(verdict: Verdict) -> web.Response:
    """429."""
    body = {
        "message": "You are being rate limited.",
        "retry_after": verdict.retry_after_s,
        "global": verdict.everywhere,
    }
    return written(body, 429, verdict.headers | {"Retry-After": str(int(verdict.retry_after_s) + 1)})


def dropped(request: web.Request) -> web.Response:
    """The connection dies under the request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
