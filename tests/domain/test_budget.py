"""What a group has instead of the file's numbers: read from what is typed, and known for a raise or none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import (
    KEPT_PERIODS,
    KEYS,
    OF_THE_HOUSE,
    Budget,
    House,
    edited,
    edited_house,
    going_on,
    is_more,
    money_of,
    over,
    widens,
    with_tier_given,
    with_tier_role,
)
from bot.domain.errors import Refused, Slug
from bot.domain.ledger import Limits, Period
from bot.domain.price import dollars
from bot.domain.quota import Tier
from tests.builders import ANNA, BEN, a_policy

MAYBE = st.none() | st.integers(0, 9)
LIMITS = st.builds(Limits, day=MAYBE, week=MAYBE, month=MAYBE)
AMOUNTS = st.integers(0, 9)


@given(LIMITS, LIMITS)
def test_a_number_left_out_is_the_files(own: Limits, base: Limits) -> None:
    held = over(own, base)
    for period in Period:
        assert held.of(period) == (base.of(period) if own.of(period) is None else own.of(period))


@given(LIMITS, LIMITS)
def test_limits_are_wider_exactly_when_they_let_through_what_was_stopped(before: Limits, after: Limits) -> None:
    def stops(limits: Limits, period: Period, amount: int) -> bool:
        limit = limits.of(period)
        return limit is not None and amount > limit

    lets = any(
        stops(before, period, amount) and not stops(after, period, amount) for period in Period for amount in range(11)
    )
    assert widens(before, after) is lets


@given(st.sampled_from(sorted(KEYS)), AMOUNTS)
def test_every_key_sets_one_number_and_takes_it_back(key: str, amount: int) -> None:
    changed = edited(Budget(), key.replace("_", " ").upper(), amount)
    assert changed != Budget()
    assert edited(changed, key, None) == Budget()
    if key in OF_THE_HOUSE:
        assert edited_house(House(), key, amount).bot == changed.group
        assert edited_house(edited_house(House(), key, amount), key, None) == House()


@given(st.integers(0, 10**12))
def test_money_is_read_as_it_is_written(microusd: int) -> None:
    cents = microusd // 10_000 * 10_000
    assert money_of(dollars(cents)) == cents
    assert money_of(f" {cents // 1_000_000} ") == cents // 1_000_000 * 1_000_000


@pytest.mark.parametrize("said", ["", " ", "$", "Default"])
def test_nothing_is_the_files_number(said: str) -> None:
    assert money_of(said) is None


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("five", Slug.NOT_A_NUMBER),
        ("Infinity", Slug.NOT_A_NUMBER),
        ("1e", Slug.NOT_A_NUMBER),
        ("-0.01", Slug.BELOW_MINIMUM),
        ("1000001", Slug.ABOVE_MAXIMUM),
        ("9" * 400, Slug.ABOVE_MAXIMUM),
    ],
)
def test_what_is_no_amount_is_refused(said: str, slug: Slug) -> None:
    with pytest.raises(Refused) as caught:
        money_of(said)
    assert [problem.slug for problem in caught.value.problems] == [slug]


def test_no_limit_is_more_than_any() -> None:
    assert is_more(5, None)
    assert not is_more(None, None)
    assert not is_more(None, 5)
    assert not is_more(5, 5)


def test_a_tier_comes_by_what_was_given_then_by_role_then_as_everybodys() -> None:
    tiers = (Tier(name="high", limits=Limits(), roles=frozenset({"King"})), Tier(name="low", limits=Limits()))
    budget = with_tier_given(with_tier_role(Budget(), "low", "Patron", gives=True), ANNA.key, "low")
    policy = a_policy(tiers=tiers).of_group(budget)
    assert policy.tier(ANNA).name == "low"
    assert policy.tier(replace(BEN, roles=("King", "Patron"))).name == "high"
    assert policy.tier(replace(BEN, roles=("Patron",))).name == "low"
    assert policy.tier(BEN).name == "everyone"
    assert with_tier_given(with_tier_role(budget, "low", "patron", gives=False), ANNA.key, "") == Budget()


def test_only_the_latest_periods_to_go_on_in_are_remembered() -> None:
    house = House()
    for number in range(KEPT_PERIODS + 3):
        house = going_on(going_on(house, f"day-{number}"), f"day-{number}")
    assert house.let_go_on == tuple(f"day-{number}" for number in range(3, KEPT_PERIODS + 3))
