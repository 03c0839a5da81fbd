"""Codes people can type, and what is said about accounts that are one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Account
from bot.domain.linking import (
    ALPHABET,
    ENTROPY_BYTES,
    LENGTH,
    Outcome,
    Redeemed,
    code_notice,
    code_of,
    no_code_notice,
    nobody_notice,
    open_me_notice,
    redeemed_notice,
    sent_privately_notice,
    separated_notice,
    shown,
    typed_code,
)
from tests.builders import NOON

ADA = Account(platform="discord", id="1", name="Ada")
ADA_TOO = Account(platform="telegram", id="7", name="Ada L.")
ENTROPY = st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES)


def test_no_letter_looks_like_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert set(ALPHABET).isdisjoint("01OILU")
    assert ALPHABET.upper() == ALPHABET


@given(ENTROPY)
def test_a_code_is_read_however_it_is_typed(entropy: bytes) -> None:
    code = code_of(entropy)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    for typed in (code, shown(code), shown(code).lower(), f"  {code[:3]} {code[3:]}\n", "-".join(code)):
        assert typed_code(typed) == code


@given(ENTROPY, ENTROPY)
def test_other_entropy_is_another_code(one: bytes, other: bytes) -> None:
    numbers = [int.from_bytes(entropy) % len(ALPHABET) ** LENGTH for entropy in (one, other)]
    assert (code_of(one) == code_of(other)) is (numbers[0] == numbers[1])


@pytest.mark.parametrize("text", ["", "off", "K7MP2XW", "K7MP2XWDD", "K7MP-2XW0", "K7MP_2XWD", "K7MP2XWÄ", "help me!"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert typed_code(text) is None


def test_the_code_stands_alone_in_a_line_as_it_is_to_be_typed() -> None:
    notice = code_notice("K7MP2XWD", [ADA])
    assert notice.text.splitlines()[1] == "/link K7MP-2XWD"
    assert "within 10 minutes" in notice.text
    assert notice.detail == ""
    assert code_notice("K7MP2XWD", [ADA, ADA_TOO]).detail == "Joined: Ada on Discord, Ada L. on Telegram"


def test_everything_that_is_said_is_for_one_person() -> None:
    answers = [redeemed_notice(Redeemed(outcome=one), NOON) for one in Outcome]
    for notice in (
        *answers,
        code_notice("K7MP2XWD", [ADA]),
        no_code_notice(),
        separated_notice([ADA]),
        separated_notice([]),
        sent_privately_notice(),
        open_me_notice("https://t.me/a_bot?start=link"),
        nobody_notice(),
    ):
        assert notice.private
        assert notice.text


def test_accounts_are_named_in_the_small_print_alone() -> None:
    joined = redeemed_notice(Redeemed(outcome=Outcome.JOINED, accounts=(ADA, ADA_TOO)), NOON)
    separated = separated_notice([ADA_TOO, Account(platform="room", id="owner", name="you")])
    assert joined.detail == "Joined: Ada on Discord, Ada L. on Telegram"
    assert separated.detail == "It was joined with Ada L. on Telegram, you in the Room."
    for notice in (joined, separated):
        assert "Ada" not in notice.text


@pytest.mark.parametrize(
    ("left", "said"), [(timedelta(seconds=1), "1 minute."), (timedelta(seconds=61), "2 minutes."), (None, "1 minute.")]
)
def test_who_has_to_wait_is_told_how_long(left: timedelta | None, said: str) -> None:
    again_at = None if left is None else NOON + left
    notice = redeemed_notice(Redeemed(outcome=Outcome.TOO_MANY, again_at=again_at), NOON)
    assert notice.text.endswith(f"Try again in {said}")
