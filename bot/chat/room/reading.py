"""What the Room shows: threads, their lines, the catalogue, and the stream of news (server-sent events)."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.chat.room.bell import Bell
from bot.chat.room.front import Front, Rows
from bot.chat.room.wire import catalogue_json, line_json, thread_json
from bot.domain.errors import StoreUnavailable

PAGE = 40
"""Threads per answer."""

BATCH = 200
"""Lines per read of the stream."""

RETRY_MS = 1000
"""How soon a browser comes back after a break."""


class Reading:
    """The routes that change nothing."""

    def __init__(self, *, front: Front, rows: Rows, bell: Bell, upload_bytes: int, heartbeat_s: float) -> None:
        self._front = front
        self._rows = rows
        self._bell = bell
        self._upload_bytes = upload_bytes
        self._heartbeat_s = heartbeat_s

    def routes(self) -> list[Route]:
        """The GETs of the API."""
        return [
            Route("/api/threads", self._threads),
            Route("/api/threads/{id}", self._thread),
            Route("/api/events", self._events),
            Route("/api/catalogue", self._catalogue),
        ]

    async def _catalogue(self, _request: Request) -> Response:
        return JSONResponse(catalogue_json(self._front.catalogue, upload_bytes=self._upload_bytes))

    async def _threads(self, request: Request) -> Response:
        seq = await self._rows.seq()
        threads = await self._rows.threads(before=_number(request.query_params.get("before")), limit=PAGE)
        return JSONResponse(
            {
                "threads": [thread_json(thread) for thread in threads],
                "more": len(threads) == PAGE,
                "after": seq,
            }
        )

    async def _thread(self, request: Request) -> Response:
        seq = await self._rows.seq()
        thread = await self._rows.thread(request.path_params["id"])
        if thread is None:
            return JSONResponse({"error": "no_such_thread"}, HTTPStatus.NOT_FOUND)
        lines = await self._rows.lines_of(thread.id)
        return JSONResponse(
            {
                "thread": thread_json(thread),
                "lines": [line_json(line) for line in lines],
                "after": seq,
            }
        )

    async def _events(self, request: Request) -> Response:
        given = _number(request.headers.get("last-event-id") or request.query_params.get("after"))
        after = await self._rows.seq() if given is None else given
        return StreamingResponse(
            self._stream(after, request.query_params.get("thread", "")),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def _stream(self, after: int, thread: str) -> AsyncIterator[str]:
        """Every line changed after `after`, each with its latest body; the id of an event is the line's seq."""
        yield f"retry: {RETRY_MS}\n\n"
        while not self._bell.closed:
            rings = self._bell.rings
            try:
                lines = await self._rows.lines_after(after, thread=thread, limit=BATCH)
            except StoreUnavailable:
                return  # the browser comes back with the last id it saw
            for line in lines:
                after = line.seq
                yield f"id: {line.seq}\nevent: line\ndata: {json.dumps(line_json(line))}\n\n"
            if not lines and not await self._bell.wait(rings, at_most_s=self._heartbeat_s):
                yield ": still here\n\n"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
