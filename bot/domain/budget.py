"""What stands for one group, or for the whole bot, instead of what `config/quota.toml` says; and how it is changed.

Every number left out is the file's. A change that lets anybody spend more is a raise, which is an owner's alone.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bot.domain.errors import Problem, Refused, Slug
from bot.domain.ledger import Limits, Period
from bot.domain.match import listed, shortened, suggestion
from bot.domain.price import MICRO, dollars

KEPT_PERIODS = 12
"""So many of the latest periods are remembered to go on in."""

MOST = Decimal(1_000_000)
"""No budget is more dollars than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one group has: limits for all of it and for each member, None: as for every group.

    `confirm_above_microusd` is the price above which its members are asked first. `tiers` are roles of this group that
    give a tier besides those of the file, by the tier's name; `given` are the tiers that single members were given, by
    account ("discord:123"). `paused` is why nothing is admitted here, "" when it is.
    """

    group: Limits = field(default_factory=Limits)
    member: Limits = field(default_factory=Limits)
    confirm_above_microusd: int | None = None
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    paused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the whole bot has. `paused`: nothing is admitted anywhere, and why.

    `let_go_on` are periods ("day-2026-11-20") in which an owner lets it go on although its budget has come to where it
    pauses by itself.
    """

    bot: Limits = field(default_factory=Limits)
    paused: str = ""
    let_go_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One number: `of` is the field it stands in, `period` None where that is a number itself."""

    of: str
    period: Period | None = None


KEYS: Mapping[str, Key] = {
    "day": Key(of="group", period=Period.DAY),
    "week": Key(of="group", period=Period.WEEK),
    "month": Key(of="group", period=Period.MONTH),
    "member_day": Key(of="member", period=Period.DAY),
    "member_week": Key(of="member", period=Period.WEEK),
    "member_month": Key(of="member", period=Period.MONTH),
    "confirm_above": Key(of="confirm_above_microusd"),
}
"""Everything a group's budget has, as it is typed. The whole bot has the first three."""

OF_THE_HOUSE = ("day", "week", "month")


def over(limits: Limits, base: Limits) -> Limits:
    """The limits that hold: each as it stands, or the base's."""
    return Limits(**{kind.value: base.of(kind) if limits.of(kind) is None else limits.of(kind) for kind in Period})


def is_more(before: int | None, after: int | None) -> bool:
    """Whether a limit became wider; None is none at all."""
    return before is not None and (after is None or after > before)


def widens(before: Limits, after: Limits) -> bool:
    """Whether any of the limits became wider."""
    return any(is_more(before.of(kind), after.of(kind)) for kind in Period)


def edited(budget: Budget, key: str, microusd: int | None) -> Budget:
    """The budget with one number changed; None takes it back to the file's. Raises Refused: no such key."""
    known = _key(key, tuple(KEYS))
    if known.period is None:
        return dataclasses.replace(budget, confirm_above_microusd=microusd)
    limits = dataclasses.replace(getattr(budget, known.of), **{known.period.value: microusd})
    return dataclasses.replace(budget, **{known.of: limits})


def edited_house(house: House, key: str, microusd: int | None) -> House:
    """The same for the whole bot."""
    known = _key(key, OF_THE_HOUSE)
    changed = {} if known.period is None else {known.period.value: microusd}
    return dataclasses.replace(house, bot=dataclasses.replace(house.bot, **changed))


def going_on(house: House, period: str) -> House:
    """The whole bot, let go on in a period."""
    others = tuple(one for one in house.let_go_on if one != period)
    return dataclasses.replace(house, let_go_on=(*others, period)[-KEPT_PERIODS:])


def money_of(text: str) -> int | None:
    """What was typed, in micro-dollars: "5", "$5.50"; None for "" and "default", which take a number back.

    Raises:
        Refused: it is no amount of money.
    """
    said = text.strip().removeprefix("$").replace(",", "").strip()
    if said.casefold() in {"", "default"}:
        return None
    try:
        amount = Decimal(said)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Refused([Problem(slug=Slug.NOT_A_NUMBER, about="budget", facts={"given": shortened(text)})])
    if not 0 <= amount <= MOST:
        slug, facts = (
            (Slug.BELOW_MINIMUM, {"minimum": dollars(0), "given": shortened(text)})
            if amount < 0
            else (Slug.ABOVE_MAXIMUM, {"maximum": dollars(int(MOST) * MICRO), "given": shortened(text)})
        )
        raise Refused([Problem(slug=slug, about="budget", facts=facts)])
    return int(amount * MICRO)


def with_tier_role(budget: Budget, tier: str, role: str, *, gives: bool) -> Budget:
    """The budget where a role of the group gives a tier, or no longer does."""
    roles = tuple(one for one in budget.tiers.get(tier, ()) if one.casefold() != role.casefold())
    tiers = {**budget.tiers, tier: (*roles, role) if gives else roles}
    return dataclasses.replace(budget, tiers={name: some for name, some in tiers.items() if some})


def with_tier_given(budget: Budget, account_key: str, tier: str) -> Budget:
    """The budget where a member has a tier; "" takes it away."""
    given = {key: name for key, name in budget.given.items() if key != account_key}
    return dataclasses.replace(budget, given={**given, account_key: tier} if tier else given)


def _key(name: str, names: tuple[str, ...]) -> Key:
    wanted = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
    if wanted not in names:
        facts = {"given": shortened(name), "suggestion": suggestion(name, names), "choices": listed(list(names))}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about="budget", facts=facts)])
    return KEYS[wanted]
