"""The console, put together: an app of its own with its pages, and the route behind the door that makes links."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.console.after import AfterPages
from bot.console.desk import Desk
from bot.console.endpoints import EndpointsPage
from bot.console.entrance import Entrance
from bot.console.front import Badges, Doings, Views
from bot.console.groups import GroupsPages
from bot.console.health import HealthPage
from bot.console.jobs import JobsPages
from bot.console.log import LogPage
from bot.console.money import MoneyPage
from bot.console.overview import Overview
from bot.console.paper import HERE, HOME, Paper
from bot.console.people import PeoplePages
from bot.console.review import ReviewPages
from bot.console.rules import RulesPages
from bot.console.sanctions import SanctionPages
from bot.console.words import Words
from bot.domain.badge import Badge

PAGES = (
    Overview,
    ReviewPages,
    JobsPages,
    AfterPages,
    PeoplePages,
    SanctionPages,
    GroupsPages,
    RulesPages,
    MoneyPage,
    EndpointsPage,
    LogPage,
    HealthPage,
)


class Console:
    """Give its `app` to the listener's Site as the area `PATH`, and `behind_door()` to its door."""

    PATH = HOME

    def __init__(self, *, badges: Badges, base_url: str, views: Views, doings: Doings) -> None:
        self._paper = Paper(Words(catalogue=views.catalogue, zone=views.policy.zone, now=views.now))
        self._entrance = Entrance(badges=badges, paper=self._paper, names=views.lists.group_names, base_url=base_url)
        self._desk = Desk(entrance=self._entrance, paper=self._paper, views=views, doings=doings)

    def app(self) -> ASGIApp:
        """Every page; each asks for a badge itself."""
        return Starlette(routes=self.routes(), exception_handlers={HTTPException: self._http_error})

    def routes(self) -> Sequence[BaseRoute]:
        """The pages, what they are made of, and what their forms do."""
        return [
            Mount(f"{HOME}/static", StaticFiles(directory=HERE / "static")),
            *self._entrance.routes(),
            *(route for page in PAGES for route in page(self._desk).routes()),
        ]

    def behind_door(self) -> Sequence[BaseRoute]:
        """What only whoever runs the bot may ask for."""
        return self._entrance.behind_door()

    def url(self, badge: Badge) -> str:
        """A new one-time link."""
        return self._entrance.url(badge)

    async def _http_error(self, _request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        return self._paper.nothing(error.status_code)
