"""What is written is read again as it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.job import Reel, Result, Ticket, Waiting
from bot.domain.order import Order
from bot.domain.price import Quote
from bot.store.codec import ASK, ORDER, REEL, RESULT, SENT, TICKET, WAITING_FOR, column, dump, micros, moment
from tests.builders import NOON

FEW = settings(max_examples=40, deadline=None)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MOMENTS = st.datetimes(min_value=NOON.replace(year=1970, tzinfo=None), timezones=st.just(UTC))
SIZES = st.none() | st.integers(0, 2**53)
VALUES = st.one_of(
    TEXT,
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["5", "true", "1.0", "null", "2026-11-20"]),
)
ASKS = st.builds(
    Ask,
    id=TEXT,
    event_id=TEXT,
    account=st.builds(Account, platform=TEXT, id=TEXT, name=TEXT, roles=st.lists(TEXT, max_size=2).map(tuple)),
    group=TEXT,
    place=st.builds(Place, platform=TEXT, address=TEXT),
    wish=st.builds(Wish, command=TEXT, options=st.dictionaries(TEXT, TEXT, max_size=3), model=TEXT),
    attachments=st.lists(st.builds(Attachment, platform=TEXT, handle=TEXT, size_bytes=SIZES), max_size=2).map(tuple),
    received_at=MOMENTS,
    locale=TEXT,
    price_seen_microusd=SIZES,
)
ORDERS = st.builds(
    Order,
    endpoint=TEXT,
    command=TEXT,
    values=st.dictionaries(TEXT, VALUES, max_size=4),
    media=st.dictionaries(TEXT, st.lists(TEXT, max_size=3).map(tuple), max_size=2),
    quote=st.builds(Quote, cost_microusd=st.integers(0, 2**53), hold_microusd=st.integers(0, 2**53)),
    joined=st.booleans(),
)


@FEW
@given(ASKS)
def test_an_ask_comes_back_as_it_was(ask: Ask) -> None:
    assert ASK.validate_json(dump(ASK, ask)) == ask


@FEW
@given(ORDERS)
def test_an_order_comes_back_with_the_types_of_its_values(order: Order) -> None:
    back = ORDER.validate_json(dump(ORDER, order))
    assert back == order
    assert [type(value) for value in back.values.values()] == [type(value) for value in order.values.values()]


@FEW
@given(st.builds(Ticket, request_id=TEXT, status_url=TEXT, response_url=TEXT, cancel_url=TEXT))
def test_a_ticket_comes_back_as_it_was(ticket: Ticket) -> None:
    assert TICKET.validate_json(dump(TICKET, ticket)) == ticket


@FEW
@given(st.builds(Result, video_url=TEXT, size_bytes=SIZES, seed=SIZES, billable_units=st.none() | TEXT))
def test_a_result_comes_back_as_it_was(result: Result) -> None:
    assert RESULT.validate_json(dump(RESULT, result)) == result


@FEW
@given(st.builds(Reel, sha256=TEXT, seconds=st.floats(0, 1e6), has_audio=st.booleans()))
def test_a_reel_comes_back_as_it_was(reel: Reel) -> None:
    assert REEL.validate_json(dump(REEL, reel)) == reel


@FEW
@given(st.dictionaries(TEXT, VALUES | st.lists(TEXT, max_size=2), max_size=4))
def test_what_was_sent_to_fal_comes_back_equal_so_that_it_can_be_matched(sent: dict[str, object]) -> None:
    assert SENT.validate_json(dump(SENT, sent)) == sent


@FEW
@given(st.frozensets(st.sampled_from(Waiting)))
def test_reasons_to_wait_come_back_as_a_set(waiting: frozenset[Waiting]) -> None:
    assert WAITING_FOR.validate_json(dump(WAITING_FOR, waiting)) == waiting


@FEW
@given(MOMENTS)
def test_a_moment_is_kept_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at
    assert micros(at.astimezone(timezone(timedelta(hours=5, minutes=45)))) == micros(at)


def test_a_field_that_no_job_has_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        column("colour", "red")
    assert column("next_at", NOON) == ("next_at", micros(NOON))
