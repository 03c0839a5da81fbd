"""A web server on loopback that answers as told, and a way to send "public" addresses to it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from typing_extensions import override


@dataclass
class Web:
    """Answers by path: raw bytes of a whole HTTP response; `asked` holds the head of every request."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, body: bytes = b"", *, status: str = "200 OK", **headers: str) -> None:
        """Answer `path` with this; a header `content_length` replaces the true length."""
        lines = {"content_length": str(len(body)), "connection": "close", **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value)
        self.answers[path] = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            path = head.split(" ")[1]
            missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
            writer.write(self.answers.get(path, missing))
            await writer.drain()
            if path == "/hangs":
                await reader.read()
        writer.close()


@contextlib.asynccontextmanager
async def web(tls: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """A server on a free port of 127.0.0.1."""
    site = Web()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


class Internet(httpx.AsyncBaseTransport):
    """Connects every address to the server on loopback and notes which address was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.AsyncHTTPTransport()
        self.connected: list[str] = []
        self.names: list[str | None] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.connected.append(request.url.host)
        self.names.append(request.extensions.get("sni_hostname"))
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        inner = httpx.Request(
            request.method, url, headers=request.headers, extensions={"timeout": request.extensions["timeout"]}
        )
        return await self._inner.handle_async_request(inner)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()


class Names:
    """A resolver with answers of our own: each name's answers in turn, the last one for ever."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        turns = self._answers.get(host)
        if turns is None:
            raise OSError("no such host")
        return turns.pop(0) if len(turns) > 1 else turns[0]
