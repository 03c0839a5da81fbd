"""Endpoints: what each costs and how long it takes, how often it fails, and an owner's switch for it."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.catalogue import Endpoint
from bot.domain.order import off_reason
from bot.domain.progress import ENOUGH, Durations
from bot.domain.replies import usual_price

LATEST = 200
"""Of so many of its latest runs the failures are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An endpoint with what its runs were like.

    `paused` is why it takes no Orders for now, `off` why its file keeps it off; "" when it is not.
    """

    endpoint: Endpoint
    price: str
    durations: Durations
    made: int
    failed: int
    paused: str
    off: str

    @property
    def has_history(self) -> bool:
        """Whether its own runs say how long it takes; else it is the endpoint file's guess."""
        return self.durations.count >= ENOUGH

    @property
    def failures_percent(self) -> int:
        """How many of a hundred runs fail."""
        ended = self.made + self.failed
        return round(100 * self.failed / ended) if ended else 0


class EndpointsPage:
    """The list, and its switches."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /endpoints."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/endpoints", look(self._list)),
            Route(f"{HOME}/endpoints/{{slug}}/pause", change(self._pause), methods=["POST"]),
            Route(f"{HOME}/endpoints/{{slug}}/resume", change(self._resume), methods=["POST"]),
        ]

    async def _list(self, visit: Visit) -> Response:
        views = self._desk.views
        paused = await views.lists.paused()
        rows = [await self._row(endpoint, paused.get(endpoint.slug, "")) for endpoint in views.catalogue.endpoints]
        commands: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda one: not one.paused):
            commands.setdefault(row.endpoint.command, []).append(row)
        return self._desk.paper.page("endpoints.html", visit, commands=sorted(commands.items()))

    async def _row(self, endpoint: Endpoint, paused: str) -> Row:
        views = self._desk.views
        made, failed = await views.figures.latest_endings(endpoint.slug, at_most=LATEST)
        return Row(
            endpoint=endpoint,
            price=usual_price(endpoint),
            durations=await views.durations(endpoint.slug),
            made=made,
            failed=failed,
            paused=paused,
            off=off_reason(endpoint, sandbox=views.sandbox),
        )

    async def _pause(self, visit: Visit, form: FormData) -> Response:
        slug = visit.request.path_params["slug"]
        reason = str(form.get("reason", ""))
        notice = await self._desk.doings.switching.pause(slug, reason, visit.badge.acting())
        return self._desk.paper.done("/endpoints", notice)

    async def _resume(self, visit: Visit, _form: FormData) -> Response:
        slug = visit.request.path_params["slug"]
        notice = await self._desk.doings.switching.resume(slug, visit.badge.acting())
        return self._desk.paper.done("/endpoints", notice)
