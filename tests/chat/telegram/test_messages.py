"""A Notice as Telegram shows it: within the limits, and nothing in it that calls anybody or turns our words around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.messages import (
    ALERT,
    BUTTON,
    CAPTION,
    LABEL,
    ROW,
    TEXT,
    Key,
    alert,
    caption,
    cut,
    keys,
    text,
    units,
)
from bot.domain.notice import Action, Button, Notice

JOB = "0123456789abcdefABCDEF"


@given(
    words=st.text(max_size=6000),
    detail=st.text(max_size=500),
    progress=st.none() | st.floats(min_value=-1, max_value=2),
)
def test_a_message_always_fits(words: str, detail: str, progress: float | None) -> None:
    notice = Notice(text=words, detail=detail, progress=progress)
    assert units(text(notice)) <= TEXT
    assert units(caption(notice)) <= CAPTION
    assert units(alert(notice)) <= ALERT


@given(st.text(max_size=300), st.integers(min_value=1, max_value=100))
def test_what_is_cut_is_a_beginning_and_says_so(words: str, most: int) -> None:
    shown = cut(words, most)
    assert units(shown) <= most
    assert shown == words or (shown.endswith("…") and words.startswith(shown[:-1]))


def test_a_sign_of_two_units_is_never_cut_in_half() -> None:
    assert cut("🦊🦊🦊", 4) == "🦊…"


@pytest.mark.parametrize("typed", ["@durov", "look @somebody_else here", "@a"])
def test_nobody_is_called_by_what_was_typed(typed: str) -> None:
    said = text(Notice(text=typed, detail=typed))
    assert "@\u2060" in said
    assert typed not in said


def test_an_address_with_an_at_sign_alone_stays() -> None:
    assert text(Notice(text="five @ six")) == "five @ six"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f"])
def test_nothing_typed_turns_the_direction_of_our_words(sign: str) -> None:
    assert sign not in caption(Notice(text=f"abc{sign}def"))


def test_a_command_in_our_own_words_can_be_pressed() -> None:
    assert "/jobs" in text(Notice(text="It is kept for you: /jobs"))


def test_the_bar_and_the_small_print_stand_below() -> None:
    notice = Notice(text="Rendering", detail="pixverse-4.5 · $0.20", progress=0.5)
    assert text(notice) == "Rendering\n▰▰▰▰▰▰▱▱▱▱▱▱ 50 %\npixverse-4.5 · $0.20"


@pytest.mark.parametrize("action", list(Action))
def test_the_data_of_every_button_fits_and_is_read_again(action: Action) -> None:
    rows = keys((Button(action=action, subject=JOB, label="x" * 200),))
    key = rows[0][0]
    assert len(key.data.encode()) <= 64
    assert units(key.label) <= LABEL
    read = BUTTON.fullmatch(key.data)
    assert read is not None
    assert (read["action"], read["subject"]) == (action.value, JOB)


@pytest.mark.parametrize("subject", ["-1001234567890", "dm-4242424242"])
def test_a_button_can_be_about_a_group(subject: str) -> None:
    data = keys((Button(action=Action.OPEN, subject=subject, label="Open it"),))[0][0].data
    assert BUTTON.fullmatch(data) is not None


@pytest.mark.parametrize(
    "data", ["", "again", "again:", f"again:{JOB}:more", "stroll:abc", "again:a b", "again:" + "a" * 60]
)
def test_what_no_button_of_ours_says_is_not_read(data: str) -> None:
    assert BUTTON.fullmatch(data) is None


def test_buttons_stand_in_rows() -> None:
    notice = Notice(text="", buttons=tuple(Button(action=Action.AGAIN, subject=JOB, label=str(n)) for n in range(7)))
    assert [len(row) for row in keys(notice.buttons)] == [ROW, ROW, 1]


def test_the_style_of_a_button_is_its_weight() -> None:
    again = Button(action=Action.AGAIN, subject=JOB, label="Again")
    assert keys((again,))[0][0] == Key(label="Again", data=f"again:{JOB}", style="primary")


def test_the_original_is_offered_where_less_than_it_was_posted() -> None:
    notice = Notice(text="a fox", detail="small", link="https://fal.example/reel.mp4")
    assert text(notice).endswith("\nsmall\nThe original: https://fal.example/reel.mp4")
    assert caption(notice).endswith("The original: https://fal.example/reel.mp4")
