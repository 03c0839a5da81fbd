"""Login links and session cookies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.session import NONCE_BYTES, Sessions, derived

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRET = b"a secret of this test"


@dataclass(slots=True)
class Clock:
    at: datetime = START
    count: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def now(self) -> datetime:
        return self.at

    def entropy(self, size: int) -> bytes:
        return next(self.count).to_bytes(size)


def sessions(clock: Clock, *secrets: bytes) -> Sessions:
    return Sessions(secrets=secrets or (SECRET,), now=clock.now, entropy=clock.entropy)


def test_a_link_is_good_once() -> None:
    ours = sessions(Clock())
    link, other = ours.link(), ours.link()
    assert ours.use_link(link)
    assert not ours.use_link(link)
    assert ours.use_link(other)


def test_a_link_ends_after_ten_minutes() -> None:
    clock = Clock()
    ours = sessions(clock)
    early, late = ours.link(), ours.link()
    clock.at += timedelta(minutes=9, seconds=59)
    assert ours.use_link(early)
    clock.at += timedelta(seconds=1)
    assert not ours.use_link(late)


def test_a_link_used_before_a_restart_cannot_be_used_after_it() -> None:
    clock = Clock()
    link = sessions(clock).link()
    clock.at += timedelta(seconds=1)
    assert not sessions(clock).use_link(link)


def test_a_session_outlives_a_restart_and_ends_after_its_life() -> None:
    clock = Clock()
    cookie = sessions(clock).cookie()
    clock.at += timedelta(days=29)
    assert sessions(clock).knows(cookie)
    clock.at += timedelta(days=1)
    assert not sessions(clock).knows(cookie)


def test_a_link_is_no_session_and_a_session_no_link() -> None:
    ours = sessions(Clock())
    assert not ours.knows(ours.link())
    assert not ours.use_link(ours.cookie())


def test_the_old_secret_is_believed_while_rotating_and_another_never() -> None:
    clock = Clock()
    cookie = sessions(clock, b"old").cookie()
    assert sessions(clock, b"new", b"old").knows(cookie)
    assert not sessions(clock, b"new").knows(cookie)


@given(st.text(max_size=120))
def test_nothing_made_up_is_believed(made_up: str) -> None:
    ours = sessions(Clock())
    assert not ours.knows(made_up)
    assert not ours.use_link(made_up)


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=6))
def test_a_cookie_with_one_bit_changed_is_not_believed(place: int, bit: int) -> None:
    ours = sessions(Clock())
    cookie = ours.cookie().encode()
    place %= len(cookie)
    forged = bytearray(cookie)
    forged[place] ^= 1 << bit
    # the last character of unpadded base64 has bits that mean nothing; what decodes alike is alike
    if not {place} & {cookie.index(b".") - 1, len(cookie) - 1}:
        assert not ours.knows(forged.decode())


@pytest.mark.parametrize("purpose", ["session", "login-link"])
def test_keys_differ_by_purpose_and_secret(purpose: str) -> None:
    assert len({derived(SECRET, purpose), derived(SECRET, "other"), derived(b"other", purpose), SECRET}) == 4
    assert NONCE_BYTES * 8 >= 128
