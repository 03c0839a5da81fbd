"""Whether an Order fits: decided purely, inside the transaction that takes the Hold."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ask import Account
from bot.domain.budget import Budget, House, over
from bot.domain.errors import Problem, Slug
from bot.domain.job import Job
from bot.domain.ledger import BOND, BOT, MEMBER, PERSON, Balance, Bond, Layer, Limits, Period
from bot.domain.phrases import about_time
from bot.domain.price import MICRO, dollars

CENT = MICRO // 100

EACH: Mapping[Period, str] = {Period.DAY: "daily", Period.WEEK: "weekly", Period.MONTH: "monthly"}


TALK = "dm-"


class Strangers(StrEnum):
    """What groups get that the owner has not decided about."""

    ASK = "ask"
    WELCOME = "welcome"
    OFF = "off"


class Standing(StrEnum):
    """What the owner decided about a group; NEW: nobody was asked yet."""

    NEW = "new"
    ASKED = "asked"
    APPROVED = "approved"
    OFF = "off"


def group_key(account: Account, group: str) -> str:
    """The group, or in private a group of one."""
    return group or talk_of(account.id)


def talk_of(account_id: str) -> str:
    """The group of one that a private talk is."""
    return f"{TALK}{account_id}"


def account_of_talk(group: str) -> str:
    """Whose private talk it is, "" for a group."""
    return group.removeprefix(TALK) if group.startswith(TALK) else ""


def is_welcome(account: Account, standing: Standing, strangers: Strangers) -> bool:
    """Whether anything may be spent here: an owner brings the welcome along."""
    if account.is_owner or standing is Standing.APPROVED:
        return True
    return standing is not Standing.OFF and strangers is Strangers.WELCOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Limits beside money; None: no limit. `cooldown_s` is the least time between two Jobs."""

    jobs_at_once: int | None = None
    jobs_per_hour: int | None = None
    cooldown_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is true inside the transaction. `balances` is by (account, period), `last_at` when they asked last."""

    balances: Mapping[tuple[str, Period], Balance]
    running: int = 0
    last_hour: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """What people of one tier may do. `roles` are the platform roles that give it; `weight` is its priority."""

    name: str
    limits: Limits
    counts: Counts = dataclasses.field(default_factory=Counts)
    roles: frozenset[str] = frozenset()
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may spend how much, as `config/quota.toml` says it.

    `bypass` are accounts ("discord:123") whose personal limits are put aside; the group's and the bot's never are.
    `confirm_above_microusd`: a Job that may cost more waits for the person's own yes.
    `free_failures_per_day`: failures fal bills are the owner's loss until a person has had this many in a day.
    `cooldown_s`: the least time between two Jobs of a person, owners aside. `given` are tiers of single accounts.
    `alert_at` are percents of the bot's budgets at which owners are told, `pause_at` the one at which nothing more is
    admitted until it refills, None: never before it is used up.
    """

    zone: ZoneInfo
    everyone: Tier
    tiers: tuple[Tier, ...] = ()
    group: Limits = dataclasses.field(default_factory=Limits)
    member: Limits = dataclasses.field(default_factory=Limits)
    bot: Limits = dataclasses.field(default_factory=Limits)
    bypass: frozenset[str] = frozenset()
    confirm_above_microusd: int | None = None
    free_failures_per_day: int = 2
    cooldown_s: int = 0
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    alert_at: tuple[int, ...] = ()
    pause_at: int | None = None

    def of_group(self, budget: Budget) -> "Policy":
        """What holds in a group that has this."""
        confirm = budget.confirm_above_microusd
        return dataclasses.replace(
            self,
            group=over(budget.group, self.group),
            member=over(budget.member, self.member),
            confirm_above_microusd=self.confirm_above_microusd if confirm is None else confirm,
            tiers=tuple(
                dataclasses.replace(tier, roles=tier.roles | set(budget.tiers.get(tier.name, ())))
                for tier in self.tiers
            ),
            given=budget.given,
        )

    def of_house(self, house: House) -> "Policy":
        """What holds while the whole bot has this."""
        return dataclasses.replace(self, bot=over(house.bot, self.bot))

    def tier(self, account: Account) -> Tier:
        """The tier the account was given, else the first one of whose roles it has, else everyone's."""
        given = self.given.get(account.key)
        roles = set(account.roles)
        named = (tier for tier in self.tiers if tier.name == given)
        by_role = (tier for tier in self.tiers if tier.roles & roles)
        return next(named, None) or next(by_role, self.everyone)

    def bypasses(self, account: Account) -> bool:
        """Whether the personal limits of this account are put aside."""
        return account.key in self.bypass

    def counts(self, account: Account) -> Counts:
        """The limits beside money for this account."""
        if self.bypasses(account):
            return Counts()
        cooldown_s = 0 if account.is_owner else self.cooldown_s
        return dataclasses.replace(self.tier(account).counts, cooldown_s=cooldown_s)

    def layers(self, account: Account, person: str, group: str, bond: Bond | None = None) -> tuple[Layer, ...]:
        """Every account that must have room, nearest first; every layer is written even when it has no limit.

        Where a Bond holds, its accounts have all that the person's own have, so the limit is kept there.
        """
        personal = Limits() if self.bypasses(account) else self.tier(account).limits
        own = Layer(account=f"{PERSON}:{person}", whose="your", limits=personal)
        mine = _bound(own, f"{BOND}:", "your shared", bond)
        whole = Layer(account=BOT, whose="the bot's", limits=self.bot)
        if not group:
            return *mine, whole
        place = f"{account.platform}:{group}"
        member, whose = f"{MEMBER}:{place}:", "your share of this group's"
        share = Layer(account=f"{member}{person}", whose=whose, limits=self.member)
        shares = _bound(share, member, "your shared part of this group's", bond)
        return *mine, *shares, Layer(account=f"group:{place}", whose="this group's", limits=self.group), whole


def _bound(own: Layer, head: str, whose: str, bond: Bond | None) -> tuple[Layer, ...]:
    """A person's account, and the Bond's beside it, which takes the limits over for as long as it holds."""
    if bond is None:
        return (own,)
    apart = [kind for kind in Period if kind not in bond.kinds]
    shared = Layer(account=f"{head}{bond.id}", whose=whose, limits=own.limits.only(bond.kinds))
    return dataclasses.replace(own, limits=own.limits.only(apart)), shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What came of asking to admit: a Job, or every problem; neither when the Ask was let go in the meantime.

    `bypassed`: a limit of their own would have forbidden it, and was put aside for this person.
    """

    job: Job | None
    problems: tuple[Problem, ...] = ()
    bypassed: bool = False


def decide(
    hold_microusd: int,
    *,
    layers: Sequence[Layer],
    counts: Counts,
    usage: Usage,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Problem, ...]:
    """Everything that forbids this Hold now; empty when it fits every layer. The earliest layer's shortage is named.

    One shortage per layer is said (the period that refills last), since a person can only wait for that one.
    """
    problems = [*_count_problems(counts, usage), *_too_soon(counts, usage, now)]
    for layer in layers:
        short = [period for period in Period if _left(layer, period, usage) < hold_microusd]
        if short:
            period = max(short, key=lambda one: refill_time(now, one, zone))
            problems.append(
                Problem(
                    slug=Slug.OVER_BUDGET,
                    facts={
                        "whose": layer.whose,
                        "period": EACH[period],
                        "left": dollars(_cents_down(max(0, int(_left(layer, period, usage))))),
                        "needs": dollars(-_cents_down(-hold_microusd)),
                        "refills": refill_words(now, period, zone),
                    },
                )
            )
    return tuple(problems)


def _cents_down(microusd: int) -> int:
    """Whole cents: what is left is never said to be more, nor (by the negative) what is needed to be less."""
    return microusd // CENT * CENT


def _left(layer: Layer, period: Period, usage: Usage) -> float:
    limit = layer.limits.of(period)
    if limit is None:
        return float("inf")
    return limit - usage.balances.get((layer.account, period), Balance()).used


def _count_problems(counts: Counts, usage: Usage) -> list[Problem]:
    problems = []
    if counts.jobs_at_once is not None and usage.running >= counts.jobs_at_once:
        problems.append(Problem(slug=Slug.JOBS_AT_ONCE, facts={"most": _reels(counts.jobs_at_once)}))
    if counts.jobs_per_hour is not None and usage.last_hour >= counts.jobs_per_hour:
        problems.append(Problem(slug=Slug.JOBS_PER_HOUR, facts={"most": _reels(counts.jobs_per_hour)}))
    return problems


def _too_soon(counts: Counts, usage: Usage, now: datetime) -> list[Problem]:
    if usage.last_at is None:
        return []
    left_s = counts.cooldown_s - (now - usage.last_at).total_seconds()
    facts = {"pause": about_time(counts.cooldown_s), "left": about_time(left_s)}
    return [Problem(slug=Slug.COOLDOWN, facts=facts)] if left_s > 0 else []


def _reels(number: int) -> str:
    return "1 reel" if number == 1 else f"{number} reels"


def refill_time(now: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """When the next day, week (Monday) or month begins in `zone`."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.DAY:
            return midnight + timedelta(days=1)
        case Period.WEEK:
            return midnight + timedelta(days=7 - local.weekday())
        case Period.MONTH:
            return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def refill_words(now: datetime, period: Period, zone: ZoneInfo) -> str:
    """When a budget refills, as a person says it: "tomorrow at 00:00 (UTC)", "on Monday, 23 November"."""
    at = refill_time(now, period, zone)
    match period:
        case Period.DAY:
            return f"tomorrow at 00:00 ({zone.key.replace('_', ' ')})"
        case Period.WEEK:
            return f"on Monday, {at.day} {at:%B}"
        case Period.MONTH:
            return f"on {at.day} {at:%B}"
