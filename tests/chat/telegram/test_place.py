"""Places and receipts of Telegram survive their way through the store."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.place import TELEGRAM, Receipt, Spot, receipt_of, spot_of

ids = st.integers(min_value=-(2**52), max_value=2**52)


@given(chat=ids, author=ids, message=ids, topic=ids)
def test_a_place_is_read_as_it_was_written(chat: int, author: int, message: int, topic: int) -> None:
    spot = Spot(chat=chat, author=author, message=message, topic=topic)
    assert spot_of(spot.place()) == spot
    assert spot.place().platform == TELEGRAM


@given(chat=ids, message=ids, file=st.text(alphabet="abcXYZ019-_", max_size=80))
def test_a_receipt_is_read_as_it_was_written(chat: int, message: int, file: str) -> None:
    receipt = Receipt(chat=chat, message=message, file=file)
    assert receipt_of(receipt.text()) == receipt


def test_no_receipt_is_none() -> None:
    assert receipt_of("") is None


def test_groups_have_negative_numbers() -> None:
    assert Spot(chat=42).is_private
    assert not Spot(chat=-1001234567890).is_private
