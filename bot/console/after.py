"""What may be done about a reel after it was made: take it down, let it stay, give the money back."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.after import After, Outcome
from bot.domain.badge import home_of
from bot.domain.job import REMOVED, Job, State

FINISHED = frozenset({State.DELIVERED, State.UNDELIVERED})


class AfterPages:
    """Forms on the page of a Job."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Three forms below /jobs."""
        change = self._desk.entrance.change
        return [
            Route(f"{HOME}/jobs/{{job}}/takedown", change(self._take_down), methods=["POST"]),
            Route(f"{HOME}/jobs/{{job}}/keep", change(self._keep), methods=["POST"]),
            Route(f"{HOME}/jobs/{{job}}/giveback", change(self._give_back), methods=["POST"]),
        ]

    async def _take_down(self, visit: Visit, form: FormData) -> Response:
        """With a strike and with the money, where the boxes are ticked."""
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        account, aftercare = visit.badge.acting(home_of(job.ask)), self._desk.doings.aftercare
        notice = await aftercare.take_down(job.id, account, why=str(form.get("why", "")), strike="strike" in form)
        if "refund" in form:
            await aftercare.give_back(job.id, account)
        return self._desk.paper.done(f"/jobs/{job.id}", notice)

    async def _keep(self, visit: Visit, _form: FormData) -> Response:
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        notice = await self._desk.doings.aftercare.keep(job.id, visit.badge.acting(home_of(job.ask)))
        return self._desk.paper.done(f"/jobs/{job.id}", notice)

    async def _give_back(self, visit: Visit, _form: FormData) -> Response:
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        notice = await self._desk.doings.aftercare.give_back(job.id, visit.badge.acting(home_of(job.ask)))
        return self._desk.paper.done(f"/jobs/{job.id}", notice)


def offers(job: Job, after: After | None) -> Mapping[str, Any]:
    """What the page of a Job says about it, and what it lets a moderator do."""
    undecided = after is not None and after.outcome is Outcome.NONE
    is_down = after is not None and after.outcome is Outcome.TAKEN_DOWN
    return {
        "after": after,
        "may_take_down": job.state in FINISHED and job.reason not in REMOVED and not job.screening,
        "may_keep": undecided and after is not None and after.reports > 0,
        "may_give_back": is_down and after is not None and not after.refunded and bool(job.cost_microusd),
    }
