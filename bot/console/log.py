"""What was decided, by whom, about whom and why: the audit log, newest first."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.decision import BY_ITSELF, Decision
from bot.domain.rulings import ITSELF, RULINGS

PAGE = 60


class LogPage:
    """One page; of a group, what was decided there and for everywhere."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The page."""
        return [Route(f"{HOME}/log", self._desk.entrance.look(self._page))]

    async def _page(self, visit: Visit) -> Response:
        views, text = self._desk.views, visit.wanted("before")
        before = int(text) if text.isascii() and text.isdigit() else None
        platform, _, group = visit.badge.group.partition(":")
        if visit.badge.group:
            rows = await views.decisions.of_group(platform, group, limit=PAGE, before=before)
        else:
            rows = await views.decisions.latest(limit=PAGE, before=before)
        return self._desk.paper.page(
            "log.html",
            visit,
            rows=rows,
            names=await names_of(self._desk, [one for _, one in rows]),
            rulings=RULINGS,
            older=rows[-1][0] if len(rows) == PAGE else None,
        )


async def names_of(desk: Desk, decisions: Sequence[Decision]) -> Mapping[str, str]:
    """What everybody in these decisions is called, by `Account.key`; who has no name is called by that."""
    keys = sorted({key for one in decisions for key in (one.who, one.whom) if key})
    names = {key: await desk.views.groups.name(key) or key for key in keys}
    return {**names, "": "", BY_ITSELF: ITSELF}
