"""A tiny HTTP server on loopback that answers as told, or breaks off where told, and keeps every request it saw."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.fal.client import FalClient, Patience
from bot.fal.hosts import FalHosts

KEY = "key-id:key-secret"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHORT = Patience(connect_s=1.0, idle_s=0.2, submit_s=2.0, question_s=2.0, transfer_s=5.0)


class Break(StrEnum):
    """Where a connection breaks instead of an answer."""

    BEFORE_READING = "before_reading"
    AFTER_READING = "after_reading"
    AFTER_HEADERS = "after_headers"
    HALF_BODY = "half_body"
    GARBAGE = "garbage"
    BAD_GZIP = "bad_gzip"
    SILENCE = "silence"
    TRICKLE = "trickle"
    ENDLESS = "endless"


_BEGINNINGS: Mapping[Break, bytes] = {
    Break.AFTER_HEADERS: b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n",
    Break.HALF_BODY: b'HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"request_id": "r-1"',
    Break.GARBAGE: b"\x16\x03\x01 this is no HTTP\r\n\r\n",
    Break.BAD_GZIP: b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd",
    Break.TRICKLE: b"HTTP/1.1 200 OK\r\n",
    Break.ENDLESS: b"HTTP/1.1 200 OK\r\n\r\n",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def answer(value: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status=status, headers=named, body=json.dumps(value).encode())


@dataclass(frozen=True, kw_only=True)
class Seen:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """Answers requests in order; the last of `script` is repeated."""

    def __init__(self, script: Iterable[Answer | Break]) -> None:
        self.script = list(script)
        self.seen: list[Seen] = []
        self.connections = 0
        self.port = 0
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hosts(self) -> FalHosts:
        """fal, with all of its addresses here."""
        return FalHosts(queue_url=self.url, rest_url=self.url, cdn_url=self.url, api_url=self.url, site_url=self.url)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()
        self._open.discard(task)

    async def stop(self) -> None:
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        turn = self.script[0]
        if turn is Break.BEFORE_READING:
            return False
        self.seen.append(await _read(reader))
        if len(self.script) > 1:
            self.script.pop(0)
        if isinstance(turn, Answer):
            writer.write(_written(turn))
            await writer.drain()
            return True
        await _break(turn, reader, writer)
        return False


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert "transfer-encoding" not in headers, "fal wants a length"
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method=method, target=target, headers=headers, body=body)


def _written(turn: Answer) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in turn.headers.items())
    return f"HTTP/1.1 {turn.status} X\r\n{headers}content-length: {len(turn.body)}\r\n\r\n".encode() + turn.body


async def _break(turn: Break, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_BEGINNINGS.get(turn, b""))
    match turn:
        case Break.SILENCE:
            await reader.read()
        case Break.TRICKLE:
            await _trickle(reader, writer)
        case Break.ENDLESS:
            while True:
                writer.write(b"x" * 1_000_000)
                await writer.drain()
        case _:
            await writer.drain()


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A header every now and then, until the other side has gone."""
    gone = asyncio.ensure_future(reader.read())
    while not gone.done():
        writer.write(b"x-more: 1\r\n")
        await asyncio.wait([gone], timeout=0.05)


@asynccontextmanager
async def wire(*script: Answer | Break) -> AsyncIterator[Wire]:
    """The server, listening."""
    served = Wire(script)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        await served.stop()
        await server.wait_closed()


@asynccontextmanager
async def client_of(hosts: FalHosts, patience: Patience = SHORT) -> AsyncIterator[FalClient]:
    """A client with a key and little patience."""
    client = FalClient(hosts, KEY, now=lambda: NOW, patience=patience)
    try:
        yield client
    finally:
        await client.close()
