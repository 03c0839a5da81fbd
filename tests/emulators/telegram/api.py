"""The API's door: reads a request, lets the faults have their say, calls its method, writes the answer."""

import asyncio
import inspect
from collections.abc import Mapping

from aiohttp import web

from tests.emulators.telegram.answers import after, before, dropped, written
from tests.emulators.telegram.calls import Call, Handler, Parts, read
from tests.emulators.telegram.faults import Faults, How, Slow
from tests.emulators.telegram.judge import Judge
from tests.emulators.telegram.rates import Rates
from tests.emulators.telegram.refusals import Refusal, refuse, unauthorized
from tests.emulators.telegram.things import ChatKind

POLLING = "getUpdates"
COUNTED = ("sendM", "sendP", "sendV", "sendD", "sendA", "editMessage", "copyMessage", "forwardMessage")
"""How the methods begin that the flood limits count: all that send or edit, but no "uploading a video…"."""


class Api:
    """`calls` are all requests in order, answered or not."""

    def __init__(
        self, parts: Parts, token: str, methods: Mapping[str, Handler], faults: Faults, rates: Rates, judge: Judge
    ) -> None:
        self.calls: list[Call] = []
        self.down = False
        """Nobody answers at all: every connection dies."""
        self._open: list[web.Request] = []
        self._parts = parts
        self._token = token
        self._methods = {name.lower(): (name, handler) for name, handler in methods.items()}
        self._faults = faults
        self._rates = rates
        self._judge = judge
        self._carried: set[asyncio.Task[web.StreamResponse]] = set()

    @property
    def waiting(self) -> int:
        """How many clients wait for an answer."""
        return len(self._open)

    def cut(self) -> None:
        """Every connection that waits for an answer dies."""
        for request in self._open:
            dropped(request)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        if self.down:
            return dropped(request)
        self._open.append(request)
        try:
            return await self._answered(request)
        finally:
            self._open = [one for one in self._open if one is not request]
            self._parts.world.changed()

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["method"]
        name, handler = self._methods.get(wanted.lower(), (wanted, None))
        fault = self._faults.befalls(name)
        try:
            arguments, files = await read(request, self._parts.most_bytes)
        except Refusal as refusal:
            self._judge.refused(name, refusal)
            return written(refusal.body(), refusal.code)
        call = Call(
            parts=self._parts,
            method=name,
            at=self._parts.world.clock.now(),
            arguments=arguments,
            files=files,
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
            method = self._let_in(call, handler, token)
            limit(self._rates, call)
            result = method(call)
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


def limit(rates: Rates, call: Call) -> None:
    """Let the flood limits have their say about what appears or changes in a chat.

    Raises:
        Refusal: 429.
    """
    chat = call.world.chats.get(call.number("chat_id"))
    if chat is None or not call.method.startswith(COUNTED):
        return
    items = call.json("media", "media") if call.method == "sendMediaGroup" else None
    weight = len(items) if isinstance(items, list) else 1
    rates.admit(call.method, chat.id, group=chat.kind is not ChatKind.PRIVATE, weight=max(weight, 1))
