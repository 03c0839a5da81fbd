"""Ids: short, unique by their entropy, and in the order they were made."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identifier import ALPHABET, ENTROPY_BYTES, identifier
from tests.builders import NOON

ENTROPY = st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES)
YEARS = (datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("9999-01-01"))
MOMENTS = st.datetimes(*YEARS, timezones=st.just(UTC))


@given(MOMENTS, ENTROPY)
def test_an_id_is_22_letters_and_digits_so_that_it_fits_a_nonce_and_a_file_name(at: datetime, entropy: bytes) -> None:
    assert re.fullmatch(r"[0-9A-Za-z]{22}", identifier(at, entropy))


@given(MOMENTS, ENTROPY, ENTROPY)
def test_a_later_id_sorts_behind_whatever_the_entropy(at: datetime, first: bytes, second: bytes) -> None:
    assert identifier(at, first) < identifier(at + timedelta(milliseconds=2), second)


@given(ENTROPY, ENTROPY)
def test_at_one_moment_the_entropy_alone_makes_the_difference(first: bytes, second: bytes) -> None:
    assert (identifier(NOON, first) == identifier(NOON, second)) is (first == second)


def test_the_alphabet_is_in_the_order_that_text_is_sorted_by() -> None:
    assert list(ALPHABET) == sorted(ALPHABET)
    assert len(set(ALPHABET)) == 62
