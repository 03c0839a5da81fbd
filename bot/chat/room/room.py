"""The Room, put together: its routes, its page, and the page for who is not logged in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.chat.room.asking import UPLOADS_PATH, Asking
from bot.chat.room.bell import Bell
from bot.chat.room.files import routes
from bot.chat.room.front import Files, Front, Keep, Rows
from bot.chat.room.reading import Reading

_HERE = Path(__file__).parent


class Room:
    """Give its `routes()`, `lobby()` and `limits()` to the listener's Site. `sandbox`: nothing here costs money."""

    def __init__(
        self,
        *,
        front: Front,
        keep: Keep,
        files: Files,
        rows: Rows,
        bell: Bell,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        sandbox: bool,
        upload_bytes: int = 100 * 1024 * 1024,
        heartbeat_s: float = 15.0,
    ) -> None:
        self._files = files
        self._asking = Asking(front=front, keep=keep, rows=rows, now=now, new_id=new_id)
        self._reading = Reading(front=front, rows=rows, bell=bell, upload_bytes=upload_bytes, heartbeat_s=heartbeat_s)
        self._sandbox = sandbox
        self._upload_bytes = upload_bytes
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def routes(self) -> list[BaseRoute]:
        """The page, its files and its API."""
        return [
            Route("/", self._page),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
            *self._asking.routes(),
            *self._reading.routes(),
            *routes(self._files),
        ]

    def limits(self) -> Mapping[str, int]:
        """Body sizes by path prefix, where the usual one is not enough."""
        return {UPLOADS_PATH: self._upload_bytes}

    def lobby(self) -> bytes:
        """The page for who is not logged in: it tells where the link is."""
        return self._templates.get_template("lobby.html").render().encode()

    async def _page(self, _request: Request) -> Response:
        return HTMLResponse(self._templates.get_template("room.html").render(sandbox=self._sandbox))
