"""What every page is made with."""

from dataclasses import dataclass

from bot.console.entrance import Entrance
from bot.console.front import Doings, Views
from bot.console.paper import Paper, Visit
from bot.domain.badge import home_of
from bot.domain.job import Job
from bot.domain.registers import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The entrance asks who comes, the paper is written on; views are read and doings done."""

    entrance: Entrance
    paper: Paper
    views: Views
    doings: Doings

    async def job(self, visit: Visit) -> Job | None:
        """The Job an address names, None where there is none or it is not the visitor's to see."""
        job = await self.views.find(visit.request.path_params["job"])
        return job if job and visit.badge.sees(home_of(job.ask)) else None

    async def person(self, visit: Visit, person: str) -> PersonRow | None:
        """A Person; for who looks after a group only if they ever asked for something there."""
        group = visit.badge.group
        if not person or (group and not await self.views.lists.has_asked(person, group)):
            return None
        return await self.views.lists.person(person)
