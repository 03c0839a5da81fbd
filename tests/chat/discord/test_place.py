"""Addresses and receipts say the same after they were kept; a token's life is read from its interaction."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.discord.place import EPOCH_MS, Receipt, Spot, made_at, receipt_of, spot_of

IDS = st.integers(min_value=1, max_value=2**63 - 1)


@given(channel=IDS, author=IDS, guild=IDS | st.just(0), title=st.text(max_size=80), token=st.text(max_size=200))
def test_a_spot_comes_back_from_its_place(channel: int, author: int, guild: int, title: str, token: str) -> None:
    spot = Spot(channel=channel, author=author, guild=guild, title=title, token=token, by_bot=False, in_thread=True)
    assert spot_of(spot.place()) == spot
    assert spot.place().platform == "discord"


@given(channel=IDS, message=IDS, thread=IDS | st.just(0))
def test_a_receipt_comes_back_from_its_text(channel: int, message: int, thread: int) -> None:
    receipt = Receipt(channel=channel, message=message, thread=thread)
    assert receipt_of(receipt.text()) == receipt


def test_no_text_is_no_receipt() -> None:
    assert receipt_of("") is None


def test_a_token_lives_a_quarter_of_an_hour_and_is_not_used_at_the_very_end() -> None:
    asked = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    snowflake = (int(asked.timestamp() * 1000) - EPOCH_MS) << 22
    spot = Spot(channel=1, author=2, interaction=snowflake, token="t")
    assert made_at(snowflake) == asked
    assert spot.token_lives(asked)
    assert spot.token_lives(asked + timedelta(minutes=14))
    assert not spot.token_lives(asked + timedelta(minutes=14, seconds=45))
    assert not Spot(channel=1, author=2, interaction=snowflake).token_lives(asked)
