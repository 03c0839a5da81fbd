"""The API's door: reads a request, lets the faults have their say, calls its method, writes the answer."""

import asyncio
import inspect
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.emulators.telegram.calls import Call, Handler, Parts, read
from tests.emulators.telegram.faults import Drop, Faults, How, Limited, Slow, Status
from tests.emulators.telegram.judge import Judge
from tests.emulators.telegram.refusals import Refusal, refuse, too_many, unauthorized
from tests.emulators.telegram.things import Json

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"

POLLING = "getUpdates"


class Api:
    """`calls` are all requests in order, answered or not."""

    def __init__(self, parts: Parts, token: str, methods: Mapping[str, Handler], faults: Faults, judge: Judge) -> None:
        self.calls: list[Call] = []
        self.down = False
        """Nobody answers at all: every connection dies."""
        self._parts = parts
        self._token = token
        self._methods = {name.lower(): (name, handler) for name, handler in methods.items()}
        self._faults = faults
        self._judge = judge
        self._carried: set[asyncio.Task[web.StreamResponse]] = set()

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        if self.down:
            return dropped(request)
        wanted = request.match_info["method"]
        name, handler = self._methods.get(wanted.lower(), (wanted, None))
        fault = self._faults.befalls(name)
        try:
            arguments, files = await read(request)
        except Refusal as refusal:
            self._judge.refused(name, refusal)
            return written(refusal.body(), refusal.code)
        call = Call(
            parts=self._parts,
            method=name,
            at=self._parts.world.clock.now(),
            arguments=arguments,
            files=files,
            listens=lambda: listens(request),
        )
        self.calls.append(call)
        self._parts.world.changed()
        carried = asyncio.create_task(self._carry_out(request, call, handler, fault))
        if name == POLLING:
            return await carried
        self._carried.add(carried)
        carried.add_done_callback(self._carried.discard)
        return await asyncio.shield(carried)

    async def _carry_out(
        self, request: web.Request, call: Call, handler: Handler | None, fault: How | None
    ) -> web.StreamResponse:
        """What was received is done, whether or not its client waits; only a poll ends with its client."""
        if isinstance(fault, Slow) and not fault.after:
            await fault.held(self._parts.world.changed)
        early = before(request, fault)
        if early is not None:
            return early
        answered = await self._serve(call, handler, request.match_info["token"])
        self._parts.world.changed()
        if isinstance(fault, Slow) and fault.after:
            await fault.held(self._parts.world.changed)
        return after(request, fault) or answered

    async def shut(self) -> None:
        """Nothing that waits goes on waiting."""
        for one in self._carried:
            one.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)

    async def _serve(self, call: Call, handler: Handler | None, token: str) -> web.Response:
        try:
            result = self._let_in(call, handler, token)(call)
            if inspect.isawaitable(result):
                result = await result
        except Refusal as refusal:
            self._judge.refused(call.method, refusal)
            return written(refusal.body(), refusal.code)
        except Exception as error:
            self._judge.complain(f"{call.method}: the emulator stumbled over it: {error!r}")
            raise
        self._judge.answer(call.method, result)
        return written({"ok": True, "result": result}, 200)

    def _let_in(self, call: Call, handler: Handler | None, token: str) -> Handler:
        if token != self._token:
            raise unauthorized()
        self._judge.request(call, known=handler is not None)
        if handler is None:
            raise refuse("method not found", 404)
        return handler


def before(request: web.Request, fault: How | None) -> web.StreamResponse | None:
    """A fault that strikes before anything is done."""
    match fault:
        case Drop(after=False):
            return dropped(request)
        case Status(after=False):
            return broken(fault)
        case Limited():
            refusal = too_many(fault.retry_after_s)
            return written(refusal.body(), 429)
        case _:
            return None


def after(request: web.Request, fault: How | None) -> web.StreamResponse | None:
    """A fault that strikes when all is done."""
    match fault:
        case Drop(after=True):
            return dropped(request)
        case Status(after=True):
            return broken(fault)
        case _:
            return None


def listens(request: web.Request) -> bool:
    """Whether the client is still there."""
    return request.transport is not None and not request.transport.is_closing()


def written(body: Json, status: int) -> web.Response:
    """An answer as Telegram sends it."""
    raw = json.dumps(body).encode()
    wait: Any = body.get("parameters", {}).get("retry_after")
    headers = {"Content-Type": "application/json"} | ({"Retry-After": str(wait)} if wait else {})
    return web.Response(status=status, body=raw, headers=headers)


def broken(fault: Status) -> web.Response:
    """An answer that is none of Telegram's server, or a bad one."""
    if fault.html:
        return web.Response(status=fault.status, text=HTML, content_type="text/html")
    return written({"ok": False, "error_code": fault.status, "description": fault.description}, fault.status)


def dropped(request: web.Request) -> web.Response:
    """The connection dies under the request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
