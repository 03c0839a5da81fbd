"""No Hold passes a limit, every shortage is named, and a budget refills when it is said to."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Account
from bot.domain.errors import Slug
from bot.domain.ledger import Balance, Bond, Layer, Limits, Period, periods_of
from bot.domain.quota import Counts, Tier, Usage, decide, refill_time, refill_words
from tests.builders import ANNA, BEN, NOON, OWNER, UTC_ZONE, a_policy

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Havana",  # the clock goes from midnight to one, and back from one to midnight
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
)
AMOUNTS = st.integers(0, 1_000)
MAYBE = st.none() | AMOUNTS
LIMITS = st.builds(Limits, day=MAYBE, week=MAYBE, month=MAYBE)
BALANCES = st.builds(Balance, held=AMOUNTS, spent=AMOUNTS, granted=AMOUNTS)
NAMES = ("person:p", "group:g", "bot")
USAGES = st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from(Period)), BALANCES)
MOMENTS = st.datetimes(
    datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2035-12-31"), timezones=st.just(UTC)
)


def layers(limits: list[Limits]) -> list[Layer]:
    return [Layer(account=name, whose=name, limits=limit) for name, limit in zip(NAMES, limits, strict=True)]


def shortages(hold: int, limits: list[Limits], balances: Mapping[tuple[str, Period], Balance]) -> list[dict[str, str]]:
    usage = Usage(balances=balances)
    found = decide(hold, layers=layers(limits), counts=Counts(), usage=usage, now=NOON, zone=UTC_ZONE)
    return [dict(problem.facts) for problem in found]


@given(AMOUNTS, st.lists(LIMITS, min_size=3, max_size=3), USAGES)
def test_a_hold_is_admitted_exactly_when_it_fits_every_limit_of_every_layer(
    hold: int, limits: list[Limits], balances: Mapping[tuple[str, Period], Balance]
) -> None:
    over = {
        layer.account
        for layer in layers(limits)
        for period in Period
        if (limit := layer.limits.of(period)) is not None
        and balances.get((layer.account, period), Balance()).used + hold > limit
    }
    named = [facts["whose"] for facts in shortages(hold, limits, balances)]
    assert named == [name for name in NAMES if name in over]


@given(st.integers(0, 5), st.integers(0, 5), st.none() | st.integers(0, 5), st.none() | st.integers(0, 5))
def test_counts_stop_at_their_number(running: int, last_hour: int, at_once: int | None, per_hour: int | None) -> None:
    found = decide(
        0,
        layers=(),
        counts=Counts(jobs_at_once=at_once, jobs_per_hour=per_hour),
        usage=Usage(balances={}, running=running, last_hour=last_hour),
        now=NOON,
        zone=UTC_ZONE,
    )
    slugs = {problem.slug for problem in found}
    assert (Slug.JOBS_AT_ONCE in slugs) is (at_once is not None and running + 1 > at_once)
    assert (Slug.JOBS_PER_HOUR in slugs) is (per_hour is not None and last_hour + 1 > per_hour)


def test_a_shortage_says_what_is_needed_what_is_left_and_when_it_refills() -> None:
    left = {("person:p", Period.DAY): Balance(held=400_000, spent=550_000)}
    assert shortages(200_000, [Limits(day=1_000_000), Limits(), Limits()], left) == [
        {
            "whose": "person:p",
            "period": "daily",
            "left": "$0.05",
            "needs": "$0.20",
            "refills": "tomorrow at 00:00 (UTC)",
        }
    ]


def test_what_is_left_is_rounded_down_and_what_is_needed_up() -> None:
    ((facts),) = shortages(200_001, [Limits(day=200_000), Limits(), Limits()], {})
    assert (facts["needs"], facts["left"]) == ("$0.21", "$0.20")
    ((facts),) = shortages(200_000, [Limits(day=199_999), Limits(), Limits()], {})
    assert (facts["needs"], facts["left"]) == ("$0.20", "$0.19")


def test_an_overdrawn_budget_has_nothing_left() -> None:
    ((facts),) = shortages(1, [Limits(day=5), Limits(), Limits()], {("person:p", Period.DAY): Balance(spent=90)})
    assert facts["left"] == "$0.00"


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-20", "on 1 December"), ("2026-12-31", "on Monday, 4 January"), ("2026-11-30", "on Monday, 7 December")],
)
def test_of_several_empty_budgets_the_one_that_refills_last_is_named(day: str, said: str) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    empty = Layer(account="bot", whose="the bot's", limits=Limits(day=0, week=0, month=0))
    (problem,) = decide(1, layers=[empty], counts=Counts(), usage=Usage(balances={}), now=now, zone=UTC_ZONE)
    assert problem.facts["refills"] == said


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(Period))
def test_a_budget_refills_at_the_first_moment_of_its_next_period(now: datetime, key: str, period: Period) -> None:
    zone = ZoneInfo(key)
    refill = refill_time(now, period, zone).astimezone(UTC)
    this = periods_of(now, zone).name(period)
    assert now < refill
    assert periods_of(refill - timedelta(microseconds=1), zone).name(period) == this
    assert periods_of(refill, zone).name(period) != this


@pytest.mark.parametrize(
    ("now", "zone", "period", "words"),
    [
        ("2026-11-20T12:00", "UTC", Period.DAY, "tomorrow at 00:00 (UTC)"),
        ("2026-11-20T12:00", "UTC", Period.WEEK, "on Monday, 23 November"),
        ("2026-11-20T12:00", "UTC", Period.MONTH, "on 1 December"),
        ("2026-11-23T00:00", "UTC", Period.WEEK, "on Monday, 30 November"),
        ("2026-11-22T23:30", "Europe/Berlin", Period.WEEK, "on Monday, 30 November"),
        ("2026-12-31T23:30", "Europe/Berlin", Period.MONTH, "on 1 February"),
        ("2024-02-29T12:00", "Europe/Berlin", Period.MONTH, "on 1 March"),
        ("2026-11-20T12:00", "America/New_York", Period.DAY, "tomorrow at 00:00 (America/New York)"),
    ],
)
def test_when_a_budget_refills_is_said_as_people_say_it(now: str, zone: str, period: Period, words: str) -> None:
    assert refill_words(datetime.fromisoformat(now).replace(tzinfo=UTC), period, ZoneInfo(zone)) == words


FRIENDS = Tier(name="friends", limits=Limits(day=9), counts=Counts(jobs_at_once=9), roles=frozenset({"friend"}))
STAFF = Tier(name="staff", limits=Limits(day=99), roles=frozenset({"staff"}))


def test_the_first_tier_whose_role_somebody_has_is_theirs() -> None:
    policy = a_policy(tiers=(FRIENDS, STAFF), counts=Counts(jobs_at_once=1))
    both = Account(platform="room", id="x", roles=("staff", "friend"))
    assert policy.tier(both) is FRIENDS
    assert policy.tier(Account(platform="room", id="y", roles=("staff",))) is STAFF
    assert policy.tier(ANNA).name == "everyone"
    assert (policy.counts(both).jobs_at_once, policy.counts(ANNA).jobs_at_once) == (9, 1)


def test_a_bypass_is_for_one_account_on_one_platform() -> None:
    policy = a_policy(person=Limits(day=1), counts=Counts(jobs_at_once=1), bypass=frozenset({"room:anna"}))
    assert policy.counts(ANNA) == Counts()
    assert policy.layers(ANNA, "p", "")[0].limits == Limits()
    stranger = Account(platform="telegram", id="anna")
    assert policy.counts(stranger).jobs_at_once == 1
    assert policy.layers(stranger, "p", "")[0].limits == Limits(day=1)


def test_every_account_is_a_layer_nearest_first_even_without_a_limit() -> None:
    policy = a_policy(member=Limits(day=2), group=Limits(day=3), bot=Limits(day=4))
    assert [(layer.account, layer.whose, layer.limits.day) for layer in policy.layers(ANNA, "p", "club")] == [
        ("person:p", "your", None),
        ("member:room:club:p", "your share of this group's", 2),
        ("group:room:club", "this group's", 3),
        ("bot", "the bot's", 4),
    ]
    assert [layer.account for layer in policy.layers(ANNA, "p", "")] == ["person:p", "bot"]


@pytest.mark.parametrize(("ago_s", "left"), [(0, "10 min"), (540, "60 s"), (599, "a moment"), (600, ""), (9_000, "")])
def test_a_pause_between_two_reels_is_kept_to_the_second(ago_s: int, left: str) -> None:
    usage = Usage(balances={}, last_at=NOON - timedelta(seconds=ago_s))
    counts = Counts(cooldown_s=600)
    found = decide(0, layers=(), counts=counts, usage=usage, now=NOON, zone=UTC_ZONE)
    assert [problem.facts for problem in found] == ([{"pause": "10 min", "left": left}] if left else [])
    assert decide(0, layers=(), counts=counts, usage=Usage(balances={}), now=NOON, zone=UTC_ZONE) == ()


def test_an_owner_and_who_bypasses_limits_need_no_pause() -> None:
    policy = a_policy(cooldown_s=60, bypass=frozenset({"room:ben"}))
    assert [policy.counts(account).cooldown_s for account in (ANNA, BEN, OWNER)] == [60, 0, 0]


def test_while_a_bond_holds_it_has_the_limit_and_each_limit_stands_once() -> None:
    limits = Limits(day=1, week=2, month=3)
    bond = Bond(id="b", kinds=frozenset({Period.WEEK, Period.MONTH}))
    found = a_policy(person=limits, member=limits).layers(ANNA, "p", "club", bond)
    assert [(layer.account, layer.whose, layer.limits) for layer in found[:4]] == [
        ("person:p", "your", Limits(day=1)),
        ("bond:b", "your shared", Limits(week=2, month=3)),
        ("member:room:club:p", "your share of this group's", Limits(day=1)),
        ("member:room:club:b", "your shared part of this group's", Limits(week=2, month=3)),
    ]
    assert [layer.account for layer in found[4:]] == ["group:room:club", "bot"]
    assert [layer.account for layer in a_policy().layers(ANNA, "p", "", bond)] == ["person:p", "bond:b", "bot"]
