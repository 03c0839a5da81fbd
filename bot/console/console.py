"""The console, put together: an app of its own with its pages, and the route behind the door that makes links."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.console.entrance import HOME, Entrance
from bot.console.front import Badges
from bot.console.paper import HERE, Paper, Visit
from bot.domain.badge import Badge


class Console:
    """Give its `app` to the listener's Site as the area `PATH`, and `behind_door()` to its door."""

    PATH = HOME

    def __init__(self, *, badges: Badges, base_url: str) -> None:
        self._paper = Paper()
        self._entrance = Entrance(badges=badges, paper=self._paper, base_url=base_url)

    def app(self) -> ASGIApp:
        """Every page; each asks for a badge itself."""
        return Starlette(routes=self.routes(), exception_handlers={HTTPException: self._http_error})

    def routes(self) -> Sequence[BaseRoute]:
        """The pages, what they are made of, and what their forms do."""
        return [
            Mount(f"{HOME}/static", StaticFiles(directory=HERE / "static")),
            *self._entrance.routes(),
            Route(HOME, self._entrance.look(self._overview)),
        ]

    def behind_door(self) -> Sequence[BaseRoute]:
        """What only whoever runs the bot may ask for."""
        return self._entrance.behind_door()

    def url(self, badge: Badge) -> str:
        """A new one-time link."""
        return self._entrance.url(badge)

    async def _overview(self, visit: Visit) -> Response:
        return self._paper.page("overview.html", visit)

    async def _http_error(self, _request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        return self._paper.nothing(error.status_code)
