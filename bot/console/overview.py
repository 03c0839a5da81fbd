"""What is going on now, and what was spent, made and waited for lately; the first part keeps itself up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.live import stream
from bot.console.paper import HEADERS, HOME, Visit
from bot.console.plots import plots
from bot.domain.health import Condition
from bot.domain.job import State
from bot.domain.registers import JobsWanted

LATEST = 8
"""Jobs shown on the overview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number with its name, and the list behind it."""

    name: str
    count: int
    show: str
    tone: str = "plain"


GOING_ON = (
    ("Waiting for a yes", "in_review", "wait", (State.IN_REVIEW,)),
    ("In line", "admitted", "wait", (State.ADMITTED,)),
    ("At the video service", "at_fal", "work", (State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED)),
    ("On the way back", "returning", "work", (State.COMPLETED, State.DELIVERING)),
)
"""What is under way, as people would say it: its name, its list, its colour, its states."""

AT_REST = (
    ("Done", "delivered", "good", (State.DELIVERED,)),
    ("Kept", "undelivered", "wait", (State.UNDELIVERED,)),
    ("Did not work out", "failed", "bad", (State.FAILED,)),
    ("Declined or cancelled", "ended", "plain", (State.REFUSED, State.CANCELLED)),
)
"""What came of the Jobs admitted today."""


class Overview:
    """The first page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The page and its stream."""
        look = self._desk.entrance.look
        return [
            Route(HOME, look(self._page)),
            Route(f"{HOME}/live", look(self._live)),
            Route(f"{HOME}/statistics.png", look(self._picture)),
        ]

    async def _page(self, visit: Visit) -> Response:
        statistics = await self._desk.views.counting.of(visit.badge.group)
        now = await self._now(visit)
        return self._desk.paper.page("overview.html", visit, plots=plots(statistics), month=statistics.month, now=now)

    async def _picture(self, visit: Visit) -> Response:
        """The plots as one picture, to keep or to send."""
        views = self._desk.views
        png = await views.picture.picture(await views.counting.of(visit.badge.group), dark=bool(visit.wanted("dark")))
        return Response(png, media_type="image/png", headers=dict(HEADERS))

    async def _now(self, visit: Visit) -> str:
        """The part that changes."""
        views, group = self._desk.views, visit.badge.group
        local = views.now().astimezone(views.policy.zone)
        midnight = local.combine(local.date(), time(), tzinfo=views.policy.zone)
        going_on, at_rest = (
            await views.figures.open_by_state(group),
            await views.figures.ended_by_state(midnight, group),
        )
        paused = await views.lists.paused()
        return self._desk.paper.text(
            "now.html",
            badge=visit.badge,
            going_on=_tiles(GOING_ON, going_on),
            at_rest=_tiles(AT_REST, at_rest),
            asks=0 if group else await views.figures.asks_waiting(),
            paused=[(one.title, paused[one.slug]) for one in views.catalogue.endpoints if one.slug in paused],
            away=[one for one in views.health() if one.condition is Condition.AWAY],
            jobs=await views.lists.jobs(JobsWanted(group=group), limit=LATEST),
        )

    async def _live(self, visit: Visit) -> Response:
        return stream(self._desk, visit, lambda: self._now(visit))


def _tiles(rows: Sequence[tuple[str, str, str, tuple[State, ...]]], counts: Mapping[State, int]) -> list[Tile]:
    return [
        Tile(name=name, show=show, tone=tone, count=sum(counts.get(state, 0) for state in states))
        for name, show, tone, states in rows
    ]
