"""One socket of the gateway, and the session behind it that a client may come back to."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.emulators.discord.streams import Stream
from tests.emulators.discord.things import Json

DISPATCH = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """What a client may come back to. `log` holds every dispatch since READY."""

    id: str
    shard: int
    count: int
    intents: int
    log: list[Json] = field(default_factory=list)
    line: "Line | None" = None

    def dispatch(self, name: str, payload: Any) -> None:
        """Number it, keep it, send it if somebody listens."""
        self.log.append({"op": DISPATCH, "t": name, "s": len(self.log) + 1, "d": payload})
        if self.line is not None:
            self.line.send(self.log[-1])


@dataclass(slots=True, kw_only=True, eq=False)
class Line:
    """One socket. Sending never waits: a task of its own writes in order."""

    socket: web.WebSocketResponse
    stream: Stream
    abort: Callable[[], None]
    session: Session | None = None
    ended: bool = False
    """By the emulator: a client echoes that with 1000, which then says nothing about its session."""
    sent_at: list[float] = field(default_factory=list)
    queue: "asyncio.Queue[Json | int | None]" = field(default_factory=asyncio.Queue)

    def send(self, message: Json) -> None:
        """A message, in its turn."""
        self.queue.put_nowait(message)

    def close(self, code: int) -> None:
        """The end, in its turn."""
        self.ended = True
        self.queue.put_nowait(code)

    async def write(self) -> None:
        """Until there is nothing more to say."""
        while (item := await self.queue.get()) is not None:
            with contextlib.suppress(ConnectionError, RuntimeError):
                if isinstance(item, int):
                    await self.socket.close(code=item)
                    return
                packed = self.stream.pack(json.dumps(item))
                await (self.socket.send_str(packed) if isinstance(packed, str) else self.socket.send_bytes(packed))
