"""Whether each part of the bot works, since when, and what was wrong last."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.health import Condition

CONDITIONS: Mapping[Condition, tuple[str, str]] = {
    Condition.UNHEARD: ("nothing heard yet", "plain"),
    Condition.WORKS: ("works", "good"),
    Condition.AWAY: ("away, tried again by itself", "bad"),
    Condition.OFF: ("off", "plain"),
}
"""What each condition is called, and its colour."""


class HealthPage:
    """One page. What was wrong is an owner's to read; that something is, everybody's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The page."""
        return [Route(f"{HOME}/health", self._desk.entrance.look(self._page))]

    async def _page(self, visit: Visit) -> Response:
        views = self._desk.views
        asks = await views.figures.asks_waiting() if not visit.badge.group else None
        rows = [(one, *CONDITIONS[one.condition]) for one in views.health()]
        return self._desk.paper.page("health.html", visit, rows=rows, asks=asks)
