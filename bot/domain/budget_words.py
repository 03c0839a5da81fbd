"""What is said about budgets to those who look after them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.budget import Budget, House
from bot.domain.ledger import BOT, Balance, Limits, Period
from bot.domain.notice import Notice, Tone
from bot.domain.price import dollars
from bot.domain.quota import Policy
from bot.domain.statistics import projected

Balances = Mapping[tuple[str, Period], Balance]

CHANGED = "Done."


def group_lines(account: str, budget: Budget, policy: Policy, balances: Balances, now: datetime) -> tuple[str, ...]:
    """How a group stands; `policy` is what holds there."""
    price = policy.confirm_above_microusd
    lines = [
        *(["Paused: I make no reels here until somebody resumes."] if budget.paused else []),
        *_used("This group", account, policy.group, balances),
        *_share(policy.member),
        *_month(account, policy.group, policy, balances, now),
        *([] if price is None else [f"Above {dollars(price)} people are asked first."]),
        *(f"{', '.join(sorted(tier.roles))}: the tier {tier.name}." for tier in policy.tiers if tier.roles),
        *(f"{key}: given the tier {name}." for key, name in budget.given.items()),
    ]
    return tuple(lines)


def house_lines(house: House, policy: Policy, balances: Balances, now: datetime) -> tuple[str, ...]:
    """How the whole bot stands."""
    return (
        *(["Paused: I make no reels anywhere until an owner resumes."] if house.paused else []),
        *_used("Everybody together", BOT, policy.bot, balances),
        *_month(BOT, policy.bot, policy, balances, now),
    )


def budget_notice(lines: Sequence[str], *, done: bool = False) -> Notice:
    """How it stands, or stands now that it was changed."""
    text = "\n".join([*([CHANGED] if done else []), *lines])
    return Notice(text=text, tone=Tone.GOOD if done else Tone.PLAIN, private=True)


def paused_here_notice() -> Notice:
    """To whoever paused a group."""
    return Notice(text="Paused here. What was asked for before still runs.", tone=Tone.GOOD, private=True)


def paused_everywhere_notice() -> Notice:
    """To the owner who paused everything."""
    return Notice(text="Paused everywhere. What was asked for before still runs.", tone=Tone.GOOD, private=True)


def resumed_notice() -> Notice:
    """To whoever resumed."""
    return Notice(text="It goes on.", tone=Tone.GOOD, private=True)


def granted_notice(name: str, amount_microusd: int, *, again: bool) -> Notice:
    """To the owner who gave somebody more room."""
    who = name or "They"
    if again:
        return Notice(text=f"{who} had got that already.", private=True)
    more = f"{who} can spend {dollars(amount_microusd)} more this day, week and month."
    return Notice(text=more, tone=Tone.GOOD, private=True)


def _used(whose: str, account: str, limits: Limits, balances: Balances) -> tuple[str, ...]:
    parts = []
    for period in Period:
        limit, used = limits.of(period), balances.get((account, period), Balance()).used
        of = f" of {dollars(limit)}" if limit is not None else ""
        parts.append(f"{dollars(used)}{of} this {period.value}")
    return (f"{whose}: {', '.join(parts)}.",)


def _share(limits: Limits) -> tuple[str, ...]:
    parts = [f"{dollars(limit)} per {kind.value}" for kind in Period if (limit := limits.of(kind)) is not None]
    return (f"Each member: at most {', '.join(parts)} of it.",) if parts else ()


def _month(account: str, limits: Limits, policy: Policy, balances: Balances, now: datetime) -> tuple[str, ...]:
    balance = balances.get((account, Period.MONTH), Balance())
    pace = projected(balance, now, policy.zone, limits.month).projected_microusd
    return () if pace is None else (f"If it goes on so, this month comes to about {dollars(pace)}.",)
