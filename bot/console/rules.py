"""A group's own rules: what holds, how each is changed, and what a change would have caught before it is kept."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.group_rules import KEYS, Edit, GroupRules, Holds, Key, described, edited, value_of
from bot.domain.ledger import Period, periods_of
from bot.domain.phrases import refusal_notice
from bot.domain.registers import JobsWanted
from bot.domain.trial import Caught, Trial, tried

TRIED = 200
"""As many of a group's latest requests are asked again."""

SHOWN = 30
SECONDS = "_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key as a form shows it. `text` is its value as people type it, a name a line."""

    name: str
    key: Key
    text: str

    @property
    def title(self) -> str:
        """The key as people read it."""
        words = self.name.removesuffix(SECONDS).replace("_", " ")
        return f"{words}, in seconds" if self.name.endswith(SECONDS) else words

    @property
    def is_set(self) -> bool:
        """Whether the group has said anything."""
        return bool(self.text)


class RulesPages:
    """The rules of one group; an owner chooses which."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /rules."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/rules", look(self._page)),
            Route(f"{HOME}/rules/try", change(self._try), methods=["POST"]),
            Route(f"{HOME}/rules/change", change(self._change), methods=["POST"]),
        ]

    async def _page(self, visit: Visit) -> Response:
        views, group = self._desk.views, visit.group()
        month = f"{Period.MONTH.value}:{periods_of(views.now(), views.policy.zone).month}"
        known = [] if visit.badge.group else [row.group for row in await views.lists.groups(month)]
        names = await views.lists.group_names([*known, group] if group else known)
        rules = await self._rules(group) if group else GroupRules()
        return self._desk.paper.page(
            "rules.html",
            visit,
            group=group,
            place=names.get(group, group),
            groups=[(one, names.get(one, one)) for one in known],
            settings=[setting(rules, name) for name in KEYS],
            owners=described(GroupRules(rules=views.rules)),
        )

    async def _try(self, visit: Visit, form: FormData) -> Response:
        """Nothing is changed: what would have been caught, and the same form once more."""
        group, name, values = _asked(form)
        visit.badge.acting(group)
        before = await self._rules(group)
        after = edited(before, name, Edit.SET, values)
        trial = await self._trial(group, before, after)
        return self._desk.paper.page(
            "trial.html",
            visit,
            group=group,
            place=(await self._desk.views.lists.group_names([group])).get(group, group),
            setting=setting(after, name),
            trial=trial,
            caught=[(one, caught_words(one)) for one in trial.caught[:SHOWN]],
        )

    async def _change(self, visit: Visit, form: FormData) -> Response:
        group, name, values = _asked(form)
        platform, _, group_id = group.partition(":")
        account = visit.badge.acting(group)
        notice = await self._desk.doings.rule_keeping.change(account, platform, group_id, name, Edit.SET, values)
        path = "/rules" if visit.badge.group else f"/rules?group={group}"
        return self._desk.paper.done(path, dataclasses.replace(notice, text=notice.text.partition("\n")[0]))

    async def _rules(self, group: str) -> GroupRules:
        platform, _, group_id = group.partition(":")
        return await self._desk.views.groups.rules(platform, group_id)

    async def _trial(self, group: str, before: GroupRules, after: GroupRules) -> Trial:
        views = self._desk.views
        jobs = await views.lists.jobs(JobsWanted(group=group), limit=TRIED)
        return tried(jobs, views.catalogue, before.rules, after.rules)


def setting(rules: GroupRules, name: str) -> Setting:
    """A key with what a group has set for it."""
    value = value_of(rules, name)
    unset = value == value_of(GroupRules(), name)
    text = "" if unset or value is None else "\n".join(value) if isinstance(value, tuple) else str(value)
    return Setting(name=name, key=KEYS[name], text=text)


def caught_words(caught: Caught) -> Sequence[str]:
    """What would have become of a request, a line for each."""
    lines = [] if not caught.problems else refusal_notice(caught.problems).text.splitlines()
    told: Mapping[str, bool] = {
        "It would have waited for a moderator.": caught.waits,
        "Its reel would have been posted covered.": caught.covered,
    }
    return [*lines, *(line for line, holds in told.items() if holds)]


def _asked(form: FormData) -> tuple[str, str, list[str]]:
    """The group, the key and its values. Raises Refused when the form names no group or no key."""
    group, name, text = (str(form.get(field, "")) for field in ("group", "key", "value"))
    if ":" not in group or name not in KEYS:
        raise Refused([Problem(slug=Slug.GROUPS_ONLY)])
    lines = text.splitlines() if KEYS[name].holds is Holds.NAMES else [text]
    return group, name, [line for line in lines if line.strip()]
