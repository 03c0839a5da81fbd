"""Everything that has to be known of an Ask before it is judged, read once, so that it is judged by one state."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ask import Ask
from bot.domain.catalogue import Endpoint
from bot.domain.consent import Stance, others, place_of, stance
from bot.domain.denials import Sketch, denials
from bot.domain.errors import Problem
from bot.domain.house_rules import Rules
from bot.domain.moderation import Circumstances, Verdict, judge
from bot.domain.order import Order
from bot.domain.quota import Policy
from bot.domain.sanction import problem_of, shutting_out
from bot.domain.screening import Part
from bot.pipeline.screeners import Screeners
from bot.ports.budgets import BudgetsRead
from bot.ports.clock import Now
from bot.ports.moderation import Consents, Groups, Sanctions
from bot.ports.people import Standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An Ask with what is known of it. `problems` forbid it whatever it is."""

    ask: Ask
    rules: tuple[Rules, ...]
    circumstances: Circumstances
    policy: Policy
    problems: tuple[Problem, ...] = ()

    def denials(self, sketch: Sketch, endpoint: Endpoint) -> tuple[Problem, ...]:
        """What the rules forbid about it, before any file was looked at."""
        return tuple(problem for some in self.rules for problem in denials(self.ask, sketch, endpoint, some))

    def verdict(self, order: Order, endpoint: Endpoint) -> Verdict:
        """What becomes of the Order."""
        return judge(self.ask, order, endpoint, self.rules, self.circumstances)


class Judging:
    """Opens Cases. `rules` are the owner's; without `screeners` no picture is judged."""

    def __init__(
        self,
        *,
        rules: Rules,
        policy: Policy,
        standings: Standings,
        groups: Groups,
        budgets: BudgetsRead,
        sanctions: Sanctions,
        consents: Consents,
        now: Now,
        others_take: timedelta = timedelta(hours=24),
        screeners: Screeners | None = None,
    ) -> None:
        self._rules = rules
        self._policy = policy
        self._standings = standings
        self._groups = groups
        self._budgets = budgets
        self._sanctions = sanctions
        self._consents = consents
        self._now = now
        self._others_take = others_take
        self._screeners = screeners

    async def case(self, ask: Ask) -> Case:
        """What is known of an Ask now."""
        own = await self._groups.rules(ask.account.platform, ask.group)
        rules = (self._rules, own.rules)
        budget = await self._budgets.of_group(ask.account.platform, ask.group)
        circumstances = Circumstances(
            declared=await self._standings.declared(ask.account, ask.group),
            confirm_above_microusd=self._policy.of_group(budget).confirm_above_microusd,
            reels=await self._groups.reels(ask.account, ask.grp),
            stances=await self._stances(ask),
            others_take=self._others_take,
            screener=await self._screeners.of(ask.account, own, Part.PICTURE) if self._screeners else None,
        )
        policy = dataclasses.replace(self._policy, cooldown_s=max(some.cooldown_s for some in rules))
        return Case(
            ask=ask, rules=rules, circumstances=circumstances, policy=policy, problems=await self._shut_out(ask)
        )

    async def _stances(self, ask: Ask) -> dict[str, Stance]:
        """By Person, whichever account was named, has said something, or asks; whoever asks is willing."""
        now, place = self._now(), place_of(ask)
        concerned = others(ask, faces=True)
        if not concerned:
            return {}
        askers = frozenset(await self._consents.accounts(ask.account.key))
        return {
            one.key: Stance.GIVEN
            if one.key in askers
            else stance(await self._consents.kept(one.key, place), askers, now)
            for one in concerned
        }

    async def _shut_out(self, ask: Ask) -> tuple[Problem, ...]:
        """Owners are never banned from their own bot."""
        if ask.account.is_owner:
            return ()
        now = self._now()
        out = shutting_out(await self._sanctions.against(ask.account, ask.grp), now)
        return (problem_of(out, now),) if out else ()
