"""What waits for a moderator: each request with all that helps to decide, and the three answers to it.

Whoever comes second finds it settled; the action says so, and the page shows what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.live import stream
from bot.console.paper import HOME, Visit
from bot.domain.badge import home_of
from bot.domain.cards import AFTER_OTHERS, History, history_words, is_withheld
from bot.domain.job import Job
from bot.domain.judgement import why_asked
from bot.domain.sanction import strikes

PAGE = 30

TIMEOUTS = {"": "as usual", "1": "an hour", "24": "a day", "168": "a week", "720": "a month"}
"""How long somebody may be kept out with a refusal, in hours, as people choose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One request, or one finished reel that is withheld.

    `why` is what is particular about it, "" for nothing. `others`: somebody else has to say yes before a moderator is
    worth asking.
    """

    job: Job
    place: str
    history: str
    why: str
    others: bool

    @property
    def withheld(self) -> bool:
        """Whether it is made already."""
        return is_withheld(self.job)


class ReviewPages:
    """The list, and its buttons."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /review."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/review", look(self._list)),
            Route(f"{HOME}/review/live", look(self._live)),
            Route(f"{HOME}/review/{{job}}/approve", change(self._approve), methods=["POST"]),
            Route(f"{HOME}/review/{{job}}/refuse", change(self._refuse), methods=["POST"]),
        ]

    async def _list(self, visit: Visit) -> Response:
        views = self._desk.views
        jobs = await self._waiting(visit)
        names = await views.lists.group_names(sorted({home_of(job.ask) for job in jobs} - {""}))
        cards = [await self._card(job, names.get(home_of(job.ask), home_of(job.ask))) for job in jobs]
        return self._desk.paper.page("review.html", visit, cards=cards, timeouts=TIMEOUTS)

    async def _live(self, visit: Visit) -> Response:
        """Which requests wait now. The page is not written anew under somebody's hands: it says that there is news."""

        async def now() -> str:
            return " ".join(job.id for job in await self._waiting(visit))

        return stream(self._desk, visit, now)

    async def _waiting(self, visit: Visit) -> Sequence[Job]:
        """What is made already comes last: nobody waits for a turn behind it."""
        lists, group = self._desk.views.lists, visit.badge.group
        requests = await lists.waiting_for_moderators(group, limit=PAGE)
        return [*requests, *await lists.withheld(group, limit=PAGE)]

    async def _card(self, job: Job, place: str) -> Card:
        views, account, grp = self._desk.views, job.ask.account, home_of(job.ask)
        history = History(
            reels=await views.groups.reels(account, grp),
            strikes=strikes(await views.sanctions.against(account, grp), views.now()),
            since=await views.groups.seen_since(account),
        )
        return Card(
            job=job,
            place=place,
            history=history_words(account.name or "Somebody", history),
            why=why_asked(await views.decisions.of_job(job.id)),
            others=bool(job.waiting_for & AFTER_OTHERS),
        )

    async def _approve(self, visit: Visit, _form: FormData) -> Response:
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        account = visit.badge.acting(home_of(job.ask))
        return self._desk.paper.done("/review", await self._desk.doings.reviewing.approve(job.id, account))

    async def _refuse(self, visit: Visit, form: FormData) -> Response:
        """With a timeout where the second button was pressed."""
        job = await self._desk.job(visit)
        if job is None:
            return self._desk.paper.nothing()
        account, reason = visit.badge.acting(home_of(job.ask)), str(form.get("reason", ""))
        reviewing = self._desk.doings.reviewing
        if "silence" in form:
            hours = str(form.get("hours", ""))
            lasts = timedelta(hours=int(hours)) if hours in TIMEOUTS and hours else None
            notice = await reviewing.silence(job.id, account, reason=reason, lasts=lasts)
        else:
            notice = await reviewing.refuse(job.id, account, reason=reason)
        return self._desk.paper.done("/review", notice)
