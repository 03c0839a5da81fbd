"""Groups: which the bot serves, what they spend, and an owner's word about each."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.ledger import Balance, Period, periods_of
from bot.domain.notice import Action
from bot.domain.quota import Standing

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.NEW: ("nobody was asked yet", "plain"),
    Standing.ASKED: ("waits for your word", "wait"),
    Standing.APPROVED: ("open", "good"),
    Standing.OFF: ("closed", "bad"),
}
"""What each standing is called, and its colour."""

DOORS = {"open": Action.OPEN, "shut": Action.SHUT}


class GroupsPages:
    """The list, and its two buttons."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /groups."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/groups", look(self._list)),
            Route(f"{HOME}/groups/{{platform}}/{{group}}/{{door}}", change(self._decide), methods=["POST"]),
        ]

    async def _list(self, visit: Visit) -> Response:
        views = self._desk.views
        periods = periods_of(views.now(), views.policy.zone)
        found = await views.lists.groups(f"{Period.MONTH.value}:{periods.month}")
        known = [row for row in found if visit.badge.sees(row.group)]
        accounts = {row.group: f"group:{row.group}" for row in known}
        balances = await views.figures.balances(list(accounts.values()), periods)

        def spent(group: str, period: Period) -> Balance:
            return balances.get((accounts[group], period), Balance())

        names = await views.lists.group_names(list(accounts))
        rows = [
            (row, *STANDINGS[row.standing], spent(row.group, Period.DAY), spent(row.group, Period.MONTH))
            for row in known
        ]
        limits = {group: (await views.policies.of(group)).group.month for group in accounts}
        rows.sort(key=lambda row: (row[0].standing is not Standing.ASKED, -row[4].used, row[0].group))
        return self._desk.paper.page("groups.html", visit, rows=rows, names=names, limits=limits)

    async def _decide(self, visit: Visit, _form: FormData) -> Response:
        params = visit.request.path_params
        action = DOORS.get(params["door"])
        if action is None:
            return self._desk.paper.nothing()
        platform, group = params["platform"], params["group"]
        account = visit.badge.acting(f"{platform}:{group}")
        notice = await self._desk.doings.doorkeeping.decide(action, group, account, platform=platform)
        return self._desk.paper.done("/groups", notice)
