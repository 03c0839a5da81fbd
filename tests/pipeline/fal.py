"""fal as a test wants it: a tiny HTTP server on loopback that takes requests, and says or does what it is told to.

Without orders it behaves: submits are taken, requests wait in the queue until `phase` says otherwise, the result is a
video, and the history tells every request that was taken.
"""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.fal.hosts import FalHosts


class Break(Enum):
    """A connection that ends without an answer: before the request was taken, or after."""

    UNTAKEN = auto()
    TAKEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the test's own."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(value: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status=status, body=json.dumps(value).encode(), headers=named)


def nginx(status: int) -> Answer:
    """What a proxy in front of fal says."""
    return Answer(status=status, body=b"<html><hr><center>nginx</center></html>", headers={"content-type": "text/html"})


def model_error(kind: str, *, status: int = 422, units: str = "0") -> Answer:
    """What a result says when the model would not."""
    body = {"detail": [{"loc": ["body"], "msg": "no", "type": kind}]}
    return answer(body, status, x_fal_billable_units=units, x_fal_request_id="r")


VIDEO = answer({"video": {"url": "https://v3.fal.media/files/reel.mp4", "file_size": 5}}, x_fal_request_id="r")
MISSING = answer({"status": "NOT_FOUND"}, 404)
LOCKED = answer({"detail": "User is locked. Reason: Exhausted balance."}, 403)
REFUSED_KEY = answer({"detail": "No user found for Key ID and Secret"}, 401)
BUSY = answer({"detail": "Too many requests"}, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A request fal has."""

    id: str
    endpoint: str
    input: dict[str, Any]
    sent_at: datetime


class Fal:
    """The server. `once` is what happens to the next calls of a kind, `always` to all that follow.

    Pictures it judges at `probability`. Kinds: submit, status, result, cancel, history, token, upload.
    `hold`, while it is not set, keeps the storage from answering.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.calls: Counter[str] = Counter()
        self.once: dict[str, deque[Answer | Break]] = defaultdict(deque)
        self.always: dict[str, Answer | Break] = {}
        self.taken: list[Taken] = []
        self.phase: dict[str, str] = {}
        self.usual_phase = "IN_QUEUE"
        self.forgotten: set[str] = set()
        self.running: set[str] = set()
        self.most_running = 0
        self.hold: asyncio.Event | None = None
        self.probability = 0.01
        self.port = 0
        self._changed = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()

    def hosts(self) -> FalHosts:
        """All of fal's addresses, here."""
        url = f"http://127.0.0.1:{self.port}"
        return FalHosts(queue_url=url, rest_url=url, cdn_url=url, api_url=url, site_url=url)

    def obey(self) -> None:
        """Behave again."""
        self.always.clear()
        self.once.clear()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait until calls have brought something about."""
        async with asyncio.timeout(20):
            while not reached():
                changed = self._changed
                await changed.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()
        self._open.discard(task)

    async def stop(self) -> None:
        """Break off what is under way."""
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        method, path, body = await _read(reader)
        kind = _kind(method, path)
        self.calls[kind] += 1
        orders = self.once[kind]
        turn = orders.popleft() if orders else self.always.get(kind)
        if turn is None or turn is Break.TAKEN:
            usual = self._usual(kind, path, body)
            turn = turn or usual
        self._changed.set()
        self._changed = asyncio.Event()
        if kind == "token" and self.hold is not None:
            await self.hold.wait()
        if isinstance(turn, Break) or turn is None:
            return False
        headers = "".join(f"{name}: {value}\r\n" for name, value in turn.headers.items())
        head = f"HTTP/1.1 {turn.status} X\r\n{headers}content-length: {len(turn.body)}\r\n\r\n"
        writer.write(head.encode() + turn.body)
        await writer.drain()
        return True

    def _usual(self, kind: str, path: str, body: bytes) -> Answer:
        usual: dict[str, Callable[[], Answer]] = {
            "submit": lambda: self._take(path.strip("/").partition("?")[0], json.loads(body)),
            "status": lambda: self._status(_request_id(path)),
            "result": lambda: MISSING if _request_id(path) in self.forgotten else self._result(path),
            "cancel": lambda: answer({"status": "CANCELLATION_REQUESTED"}, 202),
            "history": lambda: self._history(path),
            "token": self._token,
            "upload": lambda: answer({"access_url": f"https://v3.fal.media/files/{self.calls['upload']}"}),
        }
        return usual[kind]()

    def _result(self, path: str) -> Answer:
        return answer({"nsfw_probability": self.probability}) if "/imageutils/" in path else VIDEO

    def _status(self, request_id: str) -> Answer:
        if request_id in self.forgotten:
            return MISSING
        phase = self.phase.get(request_id, self.usual_phase)
        if phase == "COMPLETED":
            self.running.discard(request_id)
        place = {"queue_position": 0} if phase == "IN_QUEUE" else {}
        return answer({"status": phase, **place}, 200 if phase == "COMPLETED" else 202)

    def _history(self, path: str) -> Answer:
        query = parse_qs(urlsplit(path).query)
        start, end = (datetime.fromisoformat(query[word][0]) for word in ("start", "end"))
        items = [_entry(one) for one in self.taken if start <= one.sent_at < end]
        return answer({"items": items, "next_cursor": None, "has_more": False})

    def _token(self) -> Answer:
        expires_at = (self._now() + timedelta(days=1)).isoformat()
        body = {"token": "t", "token_type": "Bearer", "base_url": self.hosts().cdn_url, "expires_at": expires_at}
        return answer(body)

    def _take(self, endpoint: str, arguments: dict[str, Any]) -> Answer:
        one = Taken(id=f"r-{len(self.taken) + 1}", endpoint=endpoint, input=arguments, sent_at=self._now())
        self.taken.append(one)
        self.running.add(one.id)
        self.most_running = max(self.most_running, len(self.running))
        url = f"{self.hosts().queue_url}/{'/'.join(endpoint.split('/')[:2])}/requests/{one.id}"
        urls = {"response_url": url, "status_url": f"{url}/status", "cancel_url": f"{url}/cancel"}
        return answer({"status": "IN_QUEUE", "request_id": one.id, "queue_position": 0, **urls})


def _entry(one: Taken) -> dict[str, Any]:
    at = one.sent_at.isoformat()
    return {"request_id": one.id, "endpoint_id": one.endpoint, "sent_at": at, "started_at": at, "json_input": one.input}


def _request_id(path: str) -> str:
    return path.partition("/requests/")[2].partition("/")[0].partition("?")[0]


def _kind(method: str, path: str) -> str:
    path = path.partition("?")[0]
    named = {"/storage/auth/token": "token", "/files/upload": "upload", "/v1/models/requests/by-endpoint": "history"}
    if path in named:
        return named[path]
    if "/requests/" not in path:
        return "submit"
    last = path.rpartition("/")[2]
    if method == "PUT":
        return "cancel"
    return "status" if last == "status" else "result"


async def _read(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return method, target, await reader.readexactly(int(headers.get("content-length", "0")))


@asynccontextmanager
async def fal(now: Callable[[], datetime]) -> AsyncIterator[Fal]:
    """The server, listening."""
    served = Fal(now)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        await served.stop()
        await server.wait_closed()
