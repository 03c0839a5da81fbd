"""A Notice as Discord shows it: within the limits, and nothing in it that formats or calls anybody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.discord.messages import (
    BUTTON_TEMPLATE,
    CONTENT,
    CUSTOM_ID,
    LABEL,
    alt_text,
    content,
    keys,
    thread_name,
)
from bot.domain.notice import Action, Button, Notice

JOB = "0123456789abcdefABCDEF"


@given(
    text=st.text(max_size=5000),
    detail=st.text(max_size=500),
    progress=st.none() | st.floats(min_value=-1, max_value=2),
    mention=st.just(0) | st.just(2**62),
    link=st.text(max_size=3000),
)
def test_a_message_always_fits(text: str, detail: str, progress: float | None, mention: int, link: str) -> None:
    notice = Notice(text=text, detail=detail, progress=progress, link=link)
    assert len(content(notice, mention=mention)) <= CONTENT


@pytest.mark.parametrize(
    "typed", ["@everyone", "@here", "<@123456789012345678>", "<@&123456789012345678>", "<@!123456789012345678>"]
)
def test_nobody_is_called_by_what_was_typed(typed: str) -> None:
    said = content(Notice(text=f"look {typed} here", detail=typed))
    assert typed not in said


@pytest.mark.parametrize("typed", ["**loud**", "__low__", "~~gone~~", "||secret||", "`code`"])
def test_signs_stay_signs(typed: str) -> None:
    assert typed not in content(Notice(text=typed))


@pytest.mark.parametrize("typed", ["# huge", "> quoted", "- listed", ">>> all quoted"])
def test_a_line_does_not_begin_like_markdown(typed: str) -> None:
    assert content(Notice(text=typed)).startswith("\\")


def test_the_author_is_named_first_and_small_print_last() -> None:
    said = content(Notice(text="Here you are", detail="5 s · $0.20", progress=0.5), mention=7)
    assert said.splitlines() == ["<@7> Here you are", "▰▰▰▰▰▰▱▱▱▱▱▱ 50 %", "-# 5 s · $0.20"]


def test_where_the_original_lies_is_said_last_and_shown_by_no_preview() -> None:
    said = content(Notice(text="Here you are", detail="$0.20", link="https://v3.fal.media/files/a b>c/kiss_me.mp4"))
    assert said.splitlines()[-1] == "-# The original: <https://v3.fal.media/files/a%20b%3Ec/kiss_me.mp4>"


def test_long_words_are_cut_and_the_small_print_stays() -> None:
    said = content(Notice(text="a" * 3000, detail="$0.20"))
    assert said.endswith("…\n-# $0.20")


@pytest.mark.parametrize("action", Action)
def test_every_button_is_known_again_by_its_custom_id(action: Action) -> None:
    (key,) = keys(Notice(text="", buttons=(Button(action=action, subject=JOB, label="x" * 200),)))
    found = re.fullmatch(BUTTON_TEMPLATE, key.custom_id)
    assert found
    assert (found["action"], found["subject"]) == (action.value, JOB)
    assert len(key.custom_id) <= CUSTOM_ID
    assert len(key.label) <= LABEL


def test_a_group_and_a_private_chat_fit_a_button() -> None:
    for subject in ("123456789012345678", "dm-123456789012345678"):
        (key,) = keys(Notice(text="", buttons=(Button(action=Action.OPEN, subject=subject, label="Open"),)))
        assert re.fullmatch(BUTTON_TEMPLATE, key.custom_id)


def test_what_a_reel_shows_is_told_within_the_limit() -> None:
    assert alt_text(Notice(text="a fox")) == "A video: a fox"
    assert len(alt_text(Notice(text="x" * 3000))) == 1024


@pytest.mark.parametrize(("title", "name"), [("a\n fox", "a fox"), ("", "Your reel"), (" \n", "Your reel")])
def test_a_thread_has_a_name_on_one_line(title: str, name: str) -> None:
    assert thread_name(title) == name
    assert len(thread_name("x" * 300)) == 100


@pytest.mark.parametrize(
    "typed",
    [
        *("<#123456789012345678>", "</effect:123456789012345678>", "<t:1700000000:R>", "<:kiss:123456789012345678>"),
        *("<a:kiss:123456789012345678>", "<@1>", "<@&1>", "[free](https://a.example)", "1. first", "\u202eturned"),
    ],
)
def test_nothing_typed_becomes_a_thing_of_discords(typed: str) -> None:
    said = content(Notice(text=typed, detail=typed))
    assert typed not in said or said.count(f"\\{typed}") == 2
    assert "\u202e" not in alt_text(Notice(text=typed)) + thread_name(typed)


@given(st.text(alphabet="<>@#:/&!t1a[]()*_~`|>-\\ \n\u202e\u200b", max_size=40))
def test_no_sign_is_left_to_discord(typed: str) -> None:
    said = content(Notice(text=typed))
    assert not re.search(r"(?<!\\)(?:\\\\)*<[@#:t]", said)
    assert "\u202e" not in said
