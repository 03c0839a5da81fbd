"""`config/quota.toml`: who may spend how much. Money is written in dollars and kept in whole micro-dollars."""

from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from bot.domain.ledger import Limits
from bot.domain.quota import Counts, Policy, Tier
from bot.settings.bot import Section


def _exact(value: object) -> object:
    """A TOML float as it was written, so that 0.1 is ten cents and not a fraction more."""
    return str(value) if isinstance(value, float) else value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write for example Europe/Paris") from None
    return name


Dollars = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=12, decimal_places=6)]
Zone = Annotated[str, AfterValidator(_known_zone)]


def _micro(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 1_000_000)


class BudgetSection(Section):
    """Dollars per day, week and month; a key left out is no limit."""

    day: Dollars | None = Field(default=None, description="dollars per day")
    week: Dollars | None = Field(default=None, description="dollars per week, from Monday")
    month: Dollars | None = Field(default=None, description="dollars per month")

    def limits(self) -> Limits:
        """As the domain keeps them."""
        return Limits(day=_micro(self.day), week=_micro(self.week), month=_micro(self.month))


class PersonSection(BudgetSection):
    """A person's budget and what else limits them."""

    jobs_at_once: int | None = Field(default=None, ge=1, description="reels of one person in the making at once")
    jobs_per_hour: int | None = Field(default=None, ge=1, description="reels one person may start within an hour")

    def counts(self) -> Counts:
        """The limits beside money."""
        return Counts(jobs_at_once=self.jobs_at_once, jobs_per_hour=self.jobs_per_hour)


class TierSection(PersonSection):
    """A budget for people with certain roles."""

    roles: tuple[str, ...] = Field(description="platform roles that give this tier")
    priority: int = Field(default=1, ge=1, le=10, description="weight in the queue; nobody is starved by it")


class QuotaSection(Section):
    """The whole file."""

    time_zone: Zone = Field(default="UTC", description="the clock by which days, weeks and months turn over")
    unknown: Literal["ask", "welcome", "off"] = Field(
        default="ask",
        description="what groups get that the owner has not approved: ask, welcome (the default budget) or off",
    )
    confirm_above: Dollars | None = Field(default=None, description="dollars above which a person must confirm a reel")
    free_failures_per_day: int = Field(
        default=2, ge=0, description="failures billed by fal that the owner bears per person and day"
    )
    bypass: tuple[str, ...] = Field(default=(), description="accounts (platform:id) without a personal limit")
    alert_at: tuple[Annotated[int, Field(ge=1, le=100)], ...] = Field(
        default=(50, 80, 100), description="percents of the bot's budgets at which owners are told"
    )
    pause_at: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="percent of a budget of the bot's at which nothing more begins until it refills",
    )
    person: PersonSection = Field(default_factory=PersonSection)
    tiers: dict[str, TierSection] = Field(default_factory=dict)
    group: BudgetSection = Field(default_factory=BudgetSection)
    member: BudgetSection = Field(default_factory=BudgetSection)
    bot: BudgetSection = Field(default_factory=BudgetSection)

    def policy(self) -> Policy:
        """What the quota decides by."""
        return Policy(
            zone=ZoneInfo(self.time_zone),
            everyone=Tier(name="everyone", limits=self.person.limits(), counts=self.person.counts()),
            tiers=tuple(
                Tier(
                    name=name,
                    limits=tier.limits(),
                    counts=tier.counts(),
                    roles=frozenset(tier.roles),
                    weight=tier.priority,
                )
                for name, tier in self.tiers.items()
            ),
            group=self.group.limits(),
            member=self.member.limits(),
            bot=self.bot.limits(),
            bypass=frozenset(self.bypass),
            confirm_above_microusd=_micro(self.confirm_above),
            free_failures_per_day=self.free_failures_per_day,
            alert_at=tuple(sorted(set(self.alert_at))),
            pause_at=self.pause_at,
        )
