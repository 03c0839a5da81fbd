"""Every Job, and the whole story of one: what was asked, what became of it, its money, and what fal said."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import anyio
from starlette.datastructures import FormData
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.console.after import offers
from bot.console.desk import Desk
from bot.console.log import names_of
from bot.console.paper import HEADERS, HOME, Visit
from bot.domain.badge import home_of
from bot.domain.catalogue import Endpoint
from bot.domain.job import REMOVED, SETTLED, Job, Reason, State
from bot.domain.media import HEAD_BYTES, shown_as
from bot.domain.notice import Action
from bot.domain.registers import EntriesWanted, JobsWanted
from bot.domain.rulings import RULINGS
from bot.domain.story import story

PAGE = 40
"""Jobs on a page."""

ROWS = 50
"""More ledger rows than one Job can have."""

SHOWN: Mapping[str, frozenset[State]] = {
    "open": frozenset(State) - SETTLED,
    "at_fal": frozenset({State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED}),
    "returning": frozenset({State.COMPLETED, State.DELIVERING}),
    "ended": frozenset({State.REFUSED, State.CANCELLED}),
    **{state.value: frozenset({state}) for state in State},
}
"""What the list may be narrowed to, by the word in its address."""

CHOICES = {
    "": "everything",
    "open": "under way",
    "in_review": "waiting for a yes",
    "admitted": "in line",
    "at_fal": "at the video service",
    "returning": "on the way back",
    "delivered": "done",
    "undelivered": "kept",
    "failed": "did not work out",
    "ended": "declined or cancelled",
}
"""The same as people choose it."""

CANCELLABLE = frozenset(State) - SETTLED - {State.COMPLETED, State.DELIVERING}


class JobsPages:
    """The list, one Job, and what can be done about it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /jobs."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/jobs", look(self._list)),
            Route(f"{HOME}/jobs/{{job}}", look(self._one)),
            Route(f"{HOME}/jobs/{{job}}/reel.mp4", look(self._reel)),
            Route(f"{HOME}/jobs/{{job}}/still.jpg", look(self._still)),
            Route(f"{HOME}/jobs/{{job}}/given/{{sha256}}", look(self._given)),
            Route(f"{HOME}/jobs/{{job}}/cancel", change(self._cancel), methods=["POST"]),
            Route(f"{HOME}/jobs/{{job}}/deliver", change(self._deliver), methods=["POST"]),
        ]

    async def _list(self, visit: Visit) -> Response:
        views = self._desk.views
        show, endpoint, person = visit.wanted("show"), visit.wanted("model"), visit.wanted("person")
        wanted = JobsWanted(
            group=visit.group(),
            states=SHOWN.get(show, frozenset()),
            endpoint=endpoint,
            person=person,
            before=_before(visit.wanted("before")),
        )
        jobs = await views.lists.jobs(wanted, limit=PAGE)
        return self._desk.paper.page(
            "jobs.html",
            visit,
            jobs=jobs,
            choices=CHOICES,
            show=show,
            model=endpoint,
            person=await self._desk.person(visit, person),
            models=sorted((one.title, one.slug) for one in views.catalogue.endpoints),
            group=visit.group(),
            older=f"{jobs[-1].created_at.isoformat()}~{jobs[-1].id}" if len(jobs) == PAGE else "",
        )

    async def _one(self, visit: Visit) -> Response:
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        views = self._desk.views
        rows = await views.lists.entries(EntriesWanted(cause=job.id), limit=ROWS)
        endpoint = views.catalogue.endpoint(job.order.endpoint)
        decisions = await views.decisions.of_job(job.id)
        judgings = await views.lists.jobs(JobsWanted(parent=job.id), limit=PAGE)
        return self._desk.paper.page(
            "job.html",
            visit,
            decisions=list(enumerate(decisions)),
            names=await names_of(self._desk, decisions),
            rulings=RULINGS,
            job=job,
            judgings=list(reversed(judgings)),
            judged_for=await views.find(job.screening.parent) if job.screening else None,
            home=home_of(job.ask),
            place=(await views.lists.group_names([home_of(job.ask)])).get(home_of(job.ask), ""),
            story=story(job, rows),
            rows=list(reversed(rows)),
            options=_options(job, endpoint),
            given=await self._pictures(job),
            has_reel=job.reel is not None and await _is_there(views.files.reel_path(job.reel.sha256)),
            may_cancel=job.state in CANCELLABLE and not job.cancel_wanted_at and not job.screening,
            may_deliver=job.state is State.UNDELIVERED and job.reason not in REMOVED,
            is_withheld=job.reason is Reason.WITHHELD,
            **offers(job, await views.after(job.id)),
        )

    async def _pictures(self, job: Job) -> list[tuple[str, str, bool]]:
        """What was given for each option: its name, its hash, and whether it is still there."""
        files = [(option, sha256) for option, hashes in job.order.media.items() for sha256 in hashes]
        return [(option, sha256, await _is_there(self._staged(sha256))) for option, sha256 in files]

    def _staged(self, sha256: str) -> Path | None:
        """Where it lies, None when that is no hash."""
        try:
            return self._desk.views.files.path(sha256)
        except ValueError:
            return None

    async def _reel(self, visit: Visit) -> Response:
        job = await self._desk.job(visit)
        reel = job.reel if job else None
        return await self._file(self._desk.views.files.reel_path(reel.sha256) if reel else None, "video/mp4")

    async def _still(self, visit: Visit) -> Response:
        job = await self._desk.job(visit)
        reel = job.reel if job else None
        return await self._file(self._desk.views.files.thumbnail_path(reel.sha256) if reel else None, "image/jpeg")

    async def _given(self, visit: Visit) -> Response:
        """A picture of this very Job; what a hash alone names is shown to nobody."""
        job, sha256 = await self._desk.job(visit), visit.request.path_params["sha256"]
        if job is None or all(sha256 not in hashes for hashes in job.order.media.values()):
            return self._desk.paper.nothing()
        path = self._staged(sha256)
        return await self._file(path, await _kind(path) if path else None)

    async def _file(self, path: Path | None, kind: str | None) -> Response:
        if path is None or kind is None or not await _is_there(path):
            return self._desk.paper.nothing()
        return FileResponse(path, media_type=kind, headers={**HEADERS, "cache-control": "private, max-age=3600"})

    async def _cancel(self, visit: Visit, _form: FormData) -> Response:
        return await self._press(visit, Action.CANCEL)

    async def _deliver(self, visit: Visit, _form: FormData) -> Response:
        return await self._press(visit, Action.DELIVER)

    async def _press(self, visit: Visit, action: Action) -> Response:
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing(HTTPStatus.NOT_FOUND)
        account = visit.badge.acting(home_of(job.ask))
        notice = await self._desk.doings.presses.press(action, job.id, account)
        return self._desk.paper.done(f"/jobs/{job.id}", notice)


async def _is_there(path: Path | None) -> bool:
    return path is not None and await anyio.Path(path).is_file()


async def _kind(path: Path) -> str | None:
    """What a browser may show it as, None when it should not, or it is gone."""
    try:
        async with await anyio.open_file(path, "rb") as file:
            return shown_as(await file.read(HEAD_BYTES))
    except OSError:
        return None


def _before(text: str) -> tuple[datetime, str] | None:
    """The end of the page before, as its address says; what cannot be read begins anew."""
    at, _, job = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, job) if moment.tzinfo else None


def _options(job: Job, endpoint: Endpoint | None) -> list[tuple[str, str]]:
    """What was set, in the endpoint's order; of an endpoint that has left the catalogue, as it was kept."""
    if endpoint is None:
        return [(name, str(value)) for name, value in job.order.values.items()]
    known = [option for option in endpoint.options if option.name in job.order.values]
    return [
        (option.name.replace("_", " "), f"{job.order.values[option.name]} {option.unit}".strip()) for option in known
    ]
