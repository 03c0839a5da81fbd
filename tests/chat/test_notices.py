"""What looks the same on every platform: the bar, the original's address, the buttons under a reel."""

import pytest

from bot.chat.notices import LONGEST_ADDRESS, bar, original, reel_buttons
from bot.domain.notice import Action, Button, Notice

JOB = "0123456789abcdefABCDEF"


@pytest.mark.parametrize(
    ("progress", "drawn"),
    [
        (None, ""),
        (0.0, "▱▱▱▱▱▱▱▱▱▱▱▱ 0 %"),
        (0.5, "▰▰▰▰▰▰▱▱▱▱▱▱ 50 %"),
        (7.0, "▰▰▰▰▰▰▰▰▰▰▰▰ 100 %"),
        (-1.0, "▱▱▱▱▱▱▱▱▱▱▱▱ 0 %"),
    ],
)
def test_the_bar_stays_within_its_ends(progress: float | None, drawn: str) -> None:
    assert bar(Notice(text="", progress=progress)) == drawn


def test_an_address_cannot_end_early_and_one_that_is_too_long_is_none() -> None:
    assert original(Notice(text="", link="https://a.example/x> <b")) == "https://a.example/x%3E%20%3Cb"
    assert original(Notice(text="", link="https://a.example/" + "x" * LONGEST_ADDRESS)) == ""
    assert original(Notice(text="")) == ""


def test_under_a_reel_stands_everything_one_can_do_with_it() -> None:
    notice = Notice(text="x", buttons=(Button(action=Action.AGAIN, subject=JOB, label="Again"),))
    assert [one.action for one in reel_buttons(notice, JOB, extends=True)] == [
        Action.AGAIN,
        Action.EXTEND,
        Action.DELETE,
        Action.REPORT,
    ]
    assert Action.EXTEND not in {one.action for one in reel_buttons(notice, JOB, extends=False)}
