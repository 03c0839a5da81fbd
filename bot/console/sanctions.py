"""Strikes, timeouts and bans on a person's page: in the visitor's group, or by owners everywhere."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.ask import Account
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.registers import PersonRow
from bot.domain.sanction import Kind

LENGTHS: Mapping[str, str] = {
    "": "as usual",
    "1": "an hour",
    "24": "a day",
    "168": "a week",
    "720": "a month",
}
"""How long a timeout or a ban lasts, in hours, as people choose it; a ban usually lasts until it is lifted."""


class SanctionPages:
    """Two forms below /people."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Give, and lift."""
        change = self._desk.entrance.change
        return [
            Route(f"{HOME}/people/{{person}}/sanction", change(self._give), methods=["POST"]),
            Route(f"{HOME}/people/{{person}}/lift", change(self._lift), methods=["POST"]),
        ]

    async def _give(self, visit: Visit, form: FormData) -> Response:
        person = await self._person(visit)
        if person is None:
            return self._desk.paper.nothing()
        by, whom, where = self._meant(visit, person)
        kind, why, hours = (str(form.get(name, "")) for name in ("kind", "why", "hours"))
        lasts = timedelta(hours=int(hours)) if hours and hours in LENGTHS else None
        sanctioning = self._desk.doings.sanctioning
        if kind == Kind.STRIKE.value:
            notice = await sanctioning.strike(by, whom, *where, why=why)
        elif kind == Kind.TIMEOUT.value:
            notice = await sanctioning.time_out(by, whom, *where, why=why, lasts=lasts)
        elif kind == Kind.BAN.value:
            notice = await sanctioning.ban(by, whom, *where, why=why, lasts=lasts)
        else:
            raise Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
        return self._desk.paper.done(f"/people/{person.person}", notice)

    async def _lift(self, visit: Visit, form: FormData) -> Response:
        person = await self._person(visit)
        if person is None:
            return self._desk.paper.nothing()
        by, whom, where = self._meant(visit, person)
        notice = await self._desk.doings.sanctioning.lift(by, whom, *where, why=str(form.get("why", "")))
        return self._desk.paper.done(f"/people/{person.person}", notice)

    async def _person(self, visit: Visit) -> PersonRow | None:
        return await self._desk.person(visit, visit.request.path_params["person"])

    def _meant(self, visit: Visit, person: PersonRow) -> tuple[Account, Account, tuple[str, str]]:
        """Who does it, to which account (it holds for all of theirs), and where: "" and "" everywhere."""
        platform, _, group = visit.badge.group.partition(":")
        if not person.accounts:
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        whom = next((one for one in person.accounts if one.platform == platform), person.accounts[0])
        return visit.badge.acting(visit.badge.group), whom, (platform, group)
