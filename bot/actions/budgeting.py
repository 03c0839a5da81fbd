"""Budgets shown, changed, paused and granted: first the permission table, then one transaction with its decision.

An owner raises, a moderator lowers; which of the two a change is, is seen within the transaction that makes it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from bot.actions.demand import Demand
from bot.domain.ask import Account, grp_of
from bot.domain.budget import (
    Budget,
    edited,
    edited_house,
    going_on,
    is_more,
    money_of,
    widens,
    with_tier_given,
    with_tier_role,
)
from bot.domain.budget_words import (
    budget_notice,
    granted_notice,
    group_lines,
    house_lines,
    paused_everywhere_notice,
    paused_here_notice,
    resumed_notice,
)
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.ledger import BOT, periods_of
from bot.domain.match import listed, shortened, suggestion
from bot.domain.notice import Action, Notice
from bot.domain.permission import THE_BOT, About, Deed, Doing
from bot.domain.price import dollars
from bot.domain.quota import Policy
from bot.domain.switches import PAUSE_LENGTH
from bot.ports.budgets import Balances, Budgets
from bot.ports.clock import Now

log = logging.getLogger(__name__)


class Budgeting:
    """What `/admin budget`, `/admin grant` and the console do. `group` is its platform's id; "" is the whole bot.

    `standing_in` is the group `account` stands in, None where it is meant for. Every method raises Refused: not
    theirs to do, or not as said.
    """

    def __init__(self, *, budgets: Budgets, balances: Balances, demand: Demand, policy: Policy, now: Now) -> None:
        self._budgets = budgets
        self._balances = balances
        self._demand = demand
        self._policy = policy
        self._now = now

    async def show(self, account: Account, platform: str, group: str, *, standing_in: str | None = None) -> Notice:
        """How a budget stands, and where its month leads."""
        await self._permit(Deed.LOOK if group else Deed.LOOK_AT_ALL, account, platform, group, standing_in)
        return budget_notice(await self._lines(platform, group))

    async def limit(
        self, account: Account, platform: str, group: str, key: str, amount: str, *, standing_in: str | None = None
    ) -> Notice:
        """Set one number (`budget.KEYS`) to so many dollars; "" takes it back to the file's."""
        microusd = money_of(amount)
        said = f"{key}: {'as usual' if microusd is None else dollars(microusd)}"
        decision = self._decision(account, Ruling.BUDGET_CHANGED, platform, group, said)
        if not group:
            await self._permit(Deed.RAISE, account, platform, group, standing_in)
            await self._budgets.change_house(lambda house: edited_house(house, key, microusd), decision)
        else:
            change = await self._lowering(account, platform, group, standing_in, lambda one: edited(one, key, microusd))
            await self._budgets.change(platform, group, change, decision)
        return budget_notice(await self._lines(platform, group), done=True)

    async def tier_role(
        self,
        account: Account,
        platform: str,
        group: str,
        tier: str,
        role: str,
        *,
        gives: bool,
        standing_in: str | None = None,
    ) -> Notice:
        """Have a role of the group give a tier, which is an owner's word, or no longer."""
        name = self._tier(tier)
        await self._permit(Deed.GRANT if gives else Deed.LOWER, account, platform, group, standing_in)
        said = f"{role} {'gives' if gives else 'no longer gives'} the tier {name}"
        decision = self._decision(account, Ruling.BUDGET_CHANGED, platform, group, said)
        await self._budgets.change(platform, group, lambda one: with_tier_role(one, name, role, gives=gives), decision)
        return budget_notice(await self._lines(platform, group), done=True)

    async def give_tier(
        self, account: Account, platform: str, group: str, whom: Account, tier: str, *, standing_in: str | None = None
    ) -> Notice:
        """Give a member a tier in a group; "" takes it away."""
        name = self._tier(tier) if tier else ""
        await self._permit(Deed.GRANT if name else Deed.LOWER, account, platform, group, standing_in)
        said = f"the tier {name}" if name else "no tier of their own"
        decision = replace(self._decision(account, Ruling.GRANTED, platform, group, said), whom=whom.key)
        await self._budgets.change(platform, group, lambda one: with_tier_given(one, whom.key, name), decision)
        return budget_notice(await self._lines(platform, group), done=True)

    async def grant(
        self,
        account: Account,
        platform: str,
        group: str,
        whom: Account,
        amount: str,
        *,
        event: str,
        standing_in: str | None = None,
    ) -> Notice:
        """Give somebody so many dollars more in the day, week and month of now; `event` is done once."""
        await self._permit(Deed.GRANT, account, platform, group, standing_in)
        microusd = money_of(amount)
        if not microusd:
            facts = {"minimum": dollars(10_000), "given": shortened(amount) or "nothing"}
            raise Refused([Problem(slug=Slug.BELOW_MINIMUM, about="grant", facts=facts)])
        decision = replace(self._decision(account, Ruling.GRANTED, platform, group, dollars(microusd)), whom=whom.key)
        given = await self._budgets.grant(f"grant:{event}", whom, group, microusd, self._policy, decision)
        return granted_notice(whom.name, microusd, again=not given)

    async def pause(
        self, account: Account, platform: str, group: str, reason: str = "", *, standing_in: str | None = None
    ) -> Notice:
        """Admit nothing in a group, or anywhere, until somebody resumes. What was admitted goes on."""
        why = " ".join(reason.split())[:PAUSE_LENGTH] or "paused"
        await self._permit(Deed.PAUSE_GROUP if group else Deed.PAUSE_BOT, account, platform, group, standing_in)
        await self._pause(account, Ruling.PAUSED, platform, group, why)
        return paused_here_notice() if group else paused_everywhere_notice()

    async def resume(self, account: Account, platform: str, group: str, *, standing_in: str | None = None) -> Notice:
        """Admit again."""
        await self._permit(Deed.RESUME_GROUP if group else Deed.PAUSE_BOT, account, platform, group, standing_in)
        await self._pause(account, Ruling.RESUMED, platform, group, "")
        return resumed_notice()

    async def go_on(self, period: str, account: Account) -> Notice:
        """Let the whole bot go on in a period (`Gauge.name`) although its budget has come to where it pauses."""
        await self._demand(Action.GO_ON, account, THE_BOT, None)
        decision = self._decision(account, Ruling.RESUMED, "", "", period)
        await self._budgets.change_house(lambda house: going_on(house, period), decision)
        return resumed_notice()

    async def _lines(self, platform: str, group: str) -> tuple[str, ...]:
        now = self._now()
        own = f"group:{grp_of(platform, group)}" if group else BOT
        balances = await self._balances.balances([own], periods_of(now, self._policy.zone))
        house = await self._budgets.of_house()
        if not group:
            return house_lines(house, self._policy.of_house(house), balances, now)
        budget = await self._budgets.of_group(platform, group)
        return group_lines(own, budget, self._policy.of_group(budget), balances, now)

    async def _lowering(
        self,
        account: Account,
        platform: str,
        group: str,
        standing_in: str | None,
        change: Callable[[Budget], Budget],
    ) -> Callable[[Budget], Budget]:
        """A change that refuses to raise anything, unless it is an owner's."""
        await self._permit(Deed.LOWER, account, platform, group, standing_in)
        try:
            await self._permit(Deed.RAISE, account, platform, group, standing_in)
        except Refused as refused:
            problems = refused.problems
        else:
            return change

        def lowered(before: Budget) -> Budget:
            after = change(before)
            old, new = self._policy.of_group(before), self._policy.of_group(after)
            asks = is_more(old.confirm_above_microusd, new.confirm_above_microusd)
            if asks or widens(old.group, new.group) or widens(old.member, new.member):
                raise Refused(problems)
            return after

        return lowered

    async def _pause(self, account: Account, ruling: Ruling, platform: str, group: str, why: str) -> None:
        decision = replace(self._decision(account, ruling, platform, group, ""), why=why)
        if group:
            await self._budgets.change(platform, group, lambda one: replace(one, paused=why), decision)
        else:
            await self._budgets.change_house(lambda house: replace(house, paused=why), decision)
        log.info("admission was paused or resumed", extra={"group": group, "by": account.key, "as": ruling.value})

    async def _permit(self, doing: Doing, account: Account, platform: str, group: str, standing_in: str | None) -> None:
        await self._demand(doing, account, About(platform=platform, group=group) if group else THE_BOT, standing_in)

    def _decision(self, account: Account, what: Ruling, platform: str, group: str, detail: str) -> Decision:
        where = platform if group else ""
        return Decision(who=account.key, what=what, at=self._now(), platform=where, group=group, detail=detail)

    def _tier(self, name: str) -> str:
        names = [tier.name for tier in self._policy.tiers]
        found = next((one for one in names if one.casefold() == name.strip().casefold()), None)
        if found is None:
            facts = {"given": shortened(name), "suggestion": suggestion(name, names), "choices": listed(names)}
            raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about="tier", facts=facts)])
        return found
