"""A group's own rules: shown, changed and tried out by those who may. First the permission table, then one change."""

from collections.abc import Sequence

from bot.actions.demand import Demand
from bot.domain.admin import Errand
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.group_rules import KEYS, Edit, GroupRules, Holds, described, edited, key_named, value_of
from bot.domain.notice import Notice
from bot.domain.permission import About, Deed
from bot.domain.rulings import rule_notice, rules_changed_notice, rules_notice
from bot.ports.clock import Now
from bot.ports.moderation import Groups

HERE = "here"
"""What a place may be called by who stands in it."""

PLACES = frozenset({"denied_places", "allowed_places", "moderators_place"})


class RuleKeeping:
    """What `/admin rules` and the console do. `group` is the one that is meant, `standing_in` where the person is."""

    def __init__(self, *, groups: Groups, demand: Demand, now: Now) -> None:
        self._groups = groups
        self._demand = demand
        self._now = now

    async def show(self, account: Account, platform: str, group: str, *, standing_in: str | None = None) -> Notice:
        """What the group has set. Raises Refused."""
        await self._demand(Deed.LOOK, account, About(platform=platform, group=group), standing_in)
        return rules_notice(described(await self._groups.rules(platform, group)))

    async def said(self, errand: Errand) -> Notice:
        """What stands behind `/admin rules`: nothing shows all, a rule shows it, more changes it. Raises Refused."""
        account, group, platform = errand.account, errand.group, errand.account.platform
        if not group:
            raise Refused([Problem(slug=Slug.GROUPS_ONLY)])
        name, edit, text = (errand.value(part) for part in ("rule", "edit", "value"))
        if not name:
            return await self.show(account, platform, group)
        key = key_named(name)
        if not edit and not text:
            value = value_of(await self.rules(account, platform, group), key)
            return rule_notice(key, value, is_set=value != value_of(GroupRules(), key))
        names = KEYS[key].holds is Holds.NAMES
        values = [errand.here if one.strip().casefold() == HERE and key in PLACES else one for one in text.split(",")]
        meant = Edit(edit) if edit else Edit.ADD if names else Edit.SET
        return await self.change(account, platform, group, key, meant, values if names or key in PLACES else [text])

    async def rules(self, account: Account, platform: str, group: str, *, standing_in: str | None = None) -> GroupRules:
        """The same as values, for a page. Raises Refused."""
        await self._demand(Deed.LOOK, account, About(platform=platform, group=group), standing_in)
        return await self._groups.rules(platform, group)

    async def change(
        self,
        account: Account,
        platform: str,
        group: str,
        key: str,
        edit: Edit,
        values: Sequence[str],
        *,
        standing_in: str | None = None,
    ) -> Notice:
        """Change one key (`group_rules.KEYS`). Raises Refused: not theirs to do, no such key, no such value."""
        await self._demand(Deed.RULES, account, About(platform=platform, group=group), standing_in)
        if not group:
            raise Refused([Problem(slug=Slug.GROUPS_ONLY)])
        decision = Decision(
            who=account.key,
            what=Ruling.RULES_CHANGED,
            at=self._now(),
            platform=platform,
            group=group,
            detail=f"{key} {edit.value}: {', '.join(values)}",
        )
        changed = await self._groups.change_rules(
            platform, group, lambda before: edited(before, key, edit, values), decision
        )
        return rules_changed_notice(described(changed))
