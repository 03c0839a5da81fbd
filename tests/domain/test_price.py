import dataclasses
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Amount, Endpoint, Factor, Measure, PerUnit, Price, Value
from bot.domain.price import Quote, dollars, number, quote, settle_amount
from tests.domain.endpoints import (
    KLING_IMAGE,
    LUMA_IMAGE,
    MAGI_IMAGE,
    PIXVERSE_EFFECTS,
    SOUND,
    STYLE,
    UNPRICED_MIMIC,
)

MONEY = st.integers(0, 10_000_000)
TIMES = st.decimals(min_value=0, max_value=20, places=3)
STEPS = st.floats(0.1, 60, allow_nan=False)
PRICES = st.builds(
    Price,
    base_microusd=MONEY,
    table=st.lists(st.builds(Amount, when=st.just({"resolution": ("720p",)}), microusd=MONEY), max_size=2).map(tuple),
    per=st.lists(
        st.builds(
            PerUnit,
            measure=st.just(Measure.INPUT_SECONDS),
            option=st.just("video"),
            microusd=MONEY,
            above=st.floats(0, 30),
            step=STEPS,
            at_most=st.just(60.0),
        ),
        max_size=2,
    ).map(tuple),
    factors=st.lists(st.builds(Factor, times=TIMES), max_size=2).map(tuple),
    adds=st.lists(st.builds(Amount, microusd=MONEY), max_size=2).map(tuple),
    estimated=st.booleans(),
)


def priced(price: Price) -> Endpoint:
    return dataclasses.replace(SOUND, price=price)


@pytest.mark.parametrize(
    ("endpoint", "values", "seconds", "cost"),
    [
        (PIXVERSE_EFFECTS, {"resolution": "540p", "duration": "5"}, {}, 150_000),
        (PIXVERSE_EFFECTS, {"resolution": "720p", "duration": "5"}, {}, 200_000),
        (PIXVERSE_EFFECTS, {"resolution": "720p", "duration": "8"}, {}, 400_000),
        (PIXVERSE_EFFECTS, {"resolution": "1080p", "duration": "5"}, {}, 400_000),
        (KLING_IMAGE, {"duration": "5"}, {}, 280_000),
        (KLING_IMAGE, {"duration": "10"}, {}, 560_000),
        (SOUND, {}, {"video": 2.2}, 120_000),
        (SOUND, {"text": "x" * 101}, {"video": 0.0}, 480_000),
    ],
)
def test_the_closed_form_gives_the_published_price(
    endpoint: Endpoint, values: Mapping[str, Value], seconds: Mapping[str, float], cost: int
) -> None:
    assert quote(endpoint, values, seconds=seconds) == Quote(cost_microusd=cost, hold_microusd=cost)


def test_unknown_seconds_are_held_at_most_and_said_to_be_an_estimate() -> None:
    assert quote(SOUND, {}, seconds=None) == Quote(cost_microusd=1_200_000, hold_microusd=1_200_000, estimated=True)


def test_without_a_bound_of_its_own_the_longest_file_the_endpoint_takes_is_the_bound() -> None:
    open_ended = Price(base_microusd=1, per=(PerUnit(measure=Measure.INPUT_SECONDS, option="video", microusd=10),))
    assert quote(priced(open_ended), {}, seconds=None).cost_microusd == 301


def test_a_word_for_a_duration_counts_as_the_longest_choice() -> None:
    assert quote(KLING_IMAGE, {"duration": "auto"}, seconds={}).hold_microusd == 560_000


def test_an_estimated_price_is_held_at_one_and_a_half_times() -> None:
    assert quote(MAGI_IMAGE, {}, seconds={}) == Quote(cost_microusd=320_000, hold_microusd=480_000, estimated=True)


def test_an_endpoint_without_a_price_costs_nothing_and_says_so() -> None:
    assert quote(UNPRICED_MIMIC, {}, seconds={}) == Quote(cost_microusd=0, hold_microusd=0, unpriced=True)


def test_a_fraction_of_a_micro_dollar_is_rounded_up() -> None:
    third = Price(base_microusd=10, factors=(Factor(times=Decimal("0.333")),))
    assert quote(priced(third), {}, seconds={}).cost_microusd == 4


def test_a_renamed_choice_costs_what_it_became() -> None:
    endpoint = dataclasses.replace(
        LUMA_IMAGE,
        options=(STYLE,),
        price=Price(base_microusd=1, table=(Amount(when={"style": ("clay",)}, microusd=9),)),
    )
    assert quote(endpoint, {"style": "day"}, seconds={}).cost_microusd == 9


@pytest.mark.parametrize(
    ("units", "cost"),
    [
        ("1", 200_000),
        ("2.5", 500_000),
        ("0.0000001", 1),
        ("0", 0),
        (None, 70),
        ("", 70),
        ("many", 70),
        ("NaN", 70),
        ("-1", 70),
        ("Infinity", 70),
        ("1E+999999", 70),
    ],
)
def test_what_fal_billed_decides_and_the_quote_where_fal_said_nothing(units: str | None, cost: int) -> None:
    assert settle_amount(LUMA_IMAGE, Quote(cost_microusd=70, hold_microusd=70), units) == cost


def test_without_a_unit_price_only_zero_units_say_something() -> None:
    held = Quote(cost_microusd=70, hold_microusd=70)
    assert settle_amount(KLING_IMAGE, held, "3") == 70
    assert settle_amount(KLING_IMAGE, held, "0") == 0


@pytest.mark.parametrize(
    ("microusd", "text"),
    [
        (0, "$0.00"),
        (1, "less than a cent"),
        (9_999, "less than a cent"),
        (10_000, "$0.01"),
        (200_000, "$0.20"),
        (1_250_000, "$1.25"),
        (476_000, "$0.48"),
        (1_250_000_000, "$1,250.00"),
        (-200_000, "-$0.20"),
    ],
)
def test_money_is_written_as_people_read_it(microusd: int, text: str) -> None:
    assert dollars(microusd) == text


def test_a_number_is_read_off_a_value_with_or_without_its_unit() -> None:
    assert [number(value) for value in (5, "5", "5s", 2.5, "auto", True)] == [5, 5, 5, Decimal("2.5"), None, None]


@given(PRICES, st.floats(0, 60), st.floats(0, 60))
def test_a_longer_clip_never_costs_less_and_nothing_costs_more_than_its_hold(
    price: Price, one: float, other: float
) -> None:
    endpoint = priced(price)
    values = {"resolution": "720p"}
    short, long = (quote(endpoint, values, seconds={"video": each}) for each in sorted((one, other)))
    unknown = quote(endpoint, values, seconds=None)
    assert 0 <= short.cost_microusd <= long.cost_microusd <= long.hold_microusd <= unknown.hold_microusd
    if price.estimated:
        assert 2 * long.hold_microusd >= 3 * long.cost_microusd


@given(st.one_of(st.none(), st.text(max_size=12), st.decimals().map(str)))
def test_no_header_makes_a_settlement_negative(units: str | None) -> None:
    assert settle_amount(LUMA_IMAGE, Quote(cost_microusd=5, hold_microusd=5), units) >= 0
