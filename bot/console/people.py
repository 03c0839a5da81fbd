"""People by what they spend, and what is known of one: their accounts, their tier, their budgets, their latest Jobs."""

from collections.abc import Iterator, Mapping, Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.log import names_of
from bot.console.paper import HOME, Visit
from bot.console.sanctions import LENGTHS
from bot.domain.ask import Account, grp_of
from bot.domain.consent import Declaration
from bot.domain.decision import Decision
from bot.domain.ledger import BOND, MEMBER, PERSON, Balance, Bond, Layer, Period, periods_of
from bot.domain.quota import Policy
from bot.domain.registers import JobsWanted, PersonRow
from bot.domain.rulings import RULINGS

PAGE = 50
LATEST = 12


class PeoplePages:
    """In a group, people are known by what they asked for there, and by their share of its budget."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /people."""
        look = self._desk.entrance.look
        change = self._desk.entrance.change
        return [
            Route(f"{HOME}/people", look(self._list)),
            Route(f"{HOME}/people/{{person}}", look(self._one)),
            Route(f"{HOME}/people/{{person}}/revoke", change(self._revoke), methods=["POST"]),
        ]

    async def _list(self, visit: Visit) -> Response:
        views, group, name = self._desk.views, visit.badge.group, visit.wanted("name")
        period = next((one for one in Period if one.value == visit.wanted("per")), Period.MONTH)
        policy = await views.policies.of(visit.badge.group)
        key = f"{period.value}:{periods_of(views.now(), views.policy.zone).name(period)}"
        people = await views.lists.spenders(key, group, limit=PAGE)
        if name:
            named = await views.lists.people_named(name, limit=PAGE)
            people = [one for one in named if not group or await views.lists.has_asked(one.person, group)]
        return self._desk.paper.page(
            "people.html",
            visit,
            people=[(one, _tier(policy, one)) for one in people],
            period=period.value,
            periods=[one.value for one in Period],
            name=name,
        )

    async def _one(self, visit: Visit) -> Response:
        views, group = self._desk.views, visit.badge.group
        person = await self._desk.person(visit, visit.request.path_params["person"])
        if person is None:
            return self._desk.paper.nothing()
        periods = periods_of(views.now(), views.policy.zone)
        bond = await views.figures.bond(person.person, periods)
        policy = await views.policies.of(group)
        layers = _layers(policy, person, group, bond)
        balances = await views.figures.balances([layer.account for layer in layers], periods)
        held = [await views.sanctions.against(account, group) for account in person.accounts[:1]]
        about = [await views.decisions.about(account.key, limit=LATEST) for account in person.accounts]
        decisions = [one for some in about for one in some if _is_shown(visit, one)]
        return self._desk.paper.page(
            "person.html",
            visit,
            person=person,
            sanctions=[one for some in held for one in some],
            declarations=await self._declarations(visit, person),
            lengths=LENGTHS,
            decisions=list(enumerate(sorted(decisions, key=lambda one: one.at, reverse=True)[:LATEST])),
            names=await names_of(self._desk, decisions),
            rulings=RULINGS,
            tier=_tier(policy, person),
            bypasses=any(views.policy.bypasses(account) for account in person.accounts),
            budgets=list(_budgets(layers, balances, bond)),
            jobs=await views.lists.jobs(JobsWanted(person=person.person, group=group), limit=LATEST),
        )

    async def _declarations(self, visit: Visit, person: PersonRow) -> list[tuple[Declaration, str]]:
        """What they declared where the visitor may look, with what that group is called."""
        views = self._desk.views
        found = [one for one in await views.declarations(person.person) if visit.badge.sees(one.grp)]
        names = await views.lists.group_names(sorted({one.grp for one in found} - {""}))
        return [(one, names.get(one.grp, one.grp)) for one in found]

    async def _revoke(self, visit: Visit, form: FormData) -> Response:
        """They are asked again before their next face effect."""
        person = await self._desk.person(visit, visit.request.path_params["person"])
        if person is None:
            return self._desk.paper.nothing()
        grp = str(form.get("group", ""))
        found = next((one for one, _ in await self._declarations(visit, person) if one.grp == grp), None)
        if found is None:
            return self._desk.paper.nothing()
        whom = next((one for one in person.accounts if one.platform == found.platform), person.accounts[0])
        account = visit.badge.acting(grp)
        notice = await self._desk.doings.declaring.revoke(account, person.person, whom, found.platform, found.group)
        return self._desk.paper.done(f"/people/{person.person}", notice)


def _tier(policy: Policy, person: PersonRow) -> str:
    """By the roles they asked with last: what a platform says of somebody is known only then."""
    return policy.tier(person.latest).name if person.latest else ""


def _layers(policy: Policy, person: PersonRow, group: str, bond: Bond | None) -> list[Layer]:
    """Their own account or, for who looks after a group, their share of it; and what they still share of either."""
    platform, _, name = group.partition(":")
    account = person.latest or Account(platform=platform, id="")
    layers = policy.layers(
        Account(platform=platform or account.platform, id=account.id, roles=account.roles), person.person, name, bond
    )
    wanted = {MEMBER} if group else {PERSON, BOND}
    return [layer for layer in layers if layer.account.partition(":")[0] in wanted]


def _is_shown(visit: Visit, decision: Decision) -> bool:
    """What was decided in a group of theirs, or for everywhere."""
    return not decision.platform or visit.badge.sees(grp_of(decision.platform, decision.group))


def _budgets(
    layers: Sequence[Layer], balances: Mapping[tuple[str, Period], Balance], bond: Bond | None
) -> Iterator[tuple[str, bool, Balance | None, int | None]]:
    """Period, whether it is shared, balance, limit: each budget once, the Bond's own for as long as it holds."""
    bound = bond.kinds if bond else frozenset()
    for layer in layers:
        is_shared = bond is not None and layer.account.endswith(f":{bond.id}")
        for period in Period:
            if is_shared is (period in bound):
                yield period.value, is_shared, balances.get((layer.account, period)), layer.limits.of(period)
