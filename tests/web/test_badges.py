"""Links, sessions and form tokens of the console."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Account
from bot.domain.badge import Badge, Rank
from bot.web.badges import Badges
from bot.web.session import Sessions
from tests.web.test_session import SECRET, Clock

MIA = Badge(account=Account(platform="discord", id="7", name="Mia Ó"), rank=Rank.MODERATOR, group="discord:1")
VIEWER = Badge(account=Account(platform="discord", id="8", name="Vi"), rank=Rank.VIEWER, group="discord:1")


def badges(clock: Clock, *secrets: bytes) -> Badges:
    return Badges(secrets=secrets or (SECRET,), now=clock.now, entropy=clock.entropy)


def a_session(ours: Badges, badge: Badge = MIA) -> str:
    session = ours.use_link(ours.link(badge))
    assert session is not None
    return session


@pytest.mark.parametrize("badge", [MIA, VIEWER, Badge(account=MIA.account, rank=Rank.OWNER)])
def test_a_link_becomes_a_session_of_the_same_badge(badge: Badge) -> None:
    ours = badges(Clock())
    assert ours.badge(a_session(ours, badge)) == badge


def test_looking_at_a_link_does_not_use_it_and_using_it_does() -> None:
    ours = badges(Clock())
    link = ours.link(MIA)
    assert ours.badge_of_link(link) == ours.badge_of_link(link) == MIA
    assert ours.use_link(link)
    assert ours.badge_of_link(link) is None
    assert ours.use_link(link) is None


def test_a_used_link_written_another_way_is_used_too() -> None:
    ours = badges(Clock())
    link = ours.link(MIA)
    payload, _, mac = link.partition(".")
    twins = [f"{payload}{pad}.{mac}" for pad in ("=", "==", "\n")] + [f"{payload}.{mac[:-1]}{mac[-1]}\n"]
    assert ours.use_link(link)
    assert [twin for twin in twins if ours.use_link(twin)] == []


def test_a_link_ends_after_ten_minutes() -> None:
    clock = Clock()
    ours = badges(clock)
    early, late = ours.link(MIA), ours.link(MIA)
    clock.at += timedelta(minutes=9, seconds=59)
    assert ours.use_link(early)
    clock.at += timedelta(seconds=1)
    assert ours.badge_of_link(late) is None
    assert ours.use_link(late) is None


def test_a_link_from_before_a_restart_is_not_good_after_it() -> None:
    clock = Clock()
    link = badges(clock).link(MIA)
    clock.at += timedelta(seconds=1)
    assert badges(clock).use_link(link) is None


def test_a_session_outlives_a_restart_and_ends_after_twelve_hours() -> None:
    clock = Clock()
    session = a_session(badges(clock))
    clock.at += timedelta(hours=11, minutes=59)
    assert badges(clock).badge(session) == MIA
    clock.at += timedelta(minutes=1)
    assert badges(clock).badge(session) is None


def test_what_a_badge_says_cannot_be_changed() -> None:
    ours = badges(Clock())
    for sealed, read in ((a_session(ours, VIEWER), ours.badge), (ours.link(VIEWER), ours.badge_of_link)):
        payload, _, mac = sealed.partition(".")
        fields = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert fields["rank"] == "viewer"
        forged = urlsafe_b64encode(json.dumps({**fields, "rank": "owner", "group": ""}).encode()).decode().rstrip("=")
        assert read(sealed) == VIEWER
        assert read(f"{forged}.{mac}") is None


def test_nothing_of_the_room_is_good_at_the_console_and_the_other_way_round() -> None:
    clock = Clock()
    console, room = badges(clock), Sessions(secrets=[SECRET], now=clock.now, entropy=clock.entropy)
    assert console.badge(room.cookie()) is None
    assert console.use_link(room.link()) is None
    assert not room.knows(a_session(console))
    assert not room.use_link(console.link(MIA))


def test_a_link_is_no_session_and_a_session_no_link() -> None:
    ours = badges(Clock())
    assert ours.badge(ours.link(MIA)) is None
    assert ours.use_link(a_session(ours)) is None


def test_the_old_secret_is_believed_while_rotating_and_another_never() -> None:
    clock = Clock()
    old = badges(clock, b"old")
    session = a_session(old)
    turning = badges(clock, b"new", b"old")
    assert turning.badge(session) == MIA
    assert turning.is_form_token(session, old.form_token(session))
    assert badges(clock, b"new").badge(session) is None


def test_a_form_token_is_good_for_its_own_session_only() -> None:
    ours = badges(Clock())
    mine, another = a_session(ours), a_session(ours)
    assert ours.is_form_token(mine, ours.form_token(mine))
    assert not ours.is_form_token(mine, ours.form_token(another))
    assert not ours.is_form_token(mine, "")


@given(st.text(max_size=120))
def test_nothing_made_up_is_believed(made_up: str) -> None:
    ours = badges(Clock())
    assert ours.badge(made_up) is None
    assert ours.use_link(made_up) is None
    assert not ours.is_form_token(a_session(ours), made_up)
