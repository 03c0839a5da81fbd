"""A status message is edited when something changed, and never faster than its channel can take."""

import pytest

from bot.chat.pace import Pace
from bot.domain.errors import ChatUnavailable
from bot.domain.notice import Notice
from tests.builders import Clock

LINE, NEXT = Notice(text="3rd in line"), Notice(text="You're next")


def test_the_first_edit_comes_at_once_and_the_next_in_its_time() -> None:
    clock = Clock()
    pace = Pace(clock, 5.0)
    assert pace.is_due(1, LINE)
    pace.edited(1, LINE)
    clock.forward(2)
    with pytest.raises(ChatUnavailable) as caught:
        pace.is_due(1, NEXT)
    assert caught.value.retry_after_s == 3.0
    clock.forward(3)
    assert pace.is_due(1, NEXT)


def test_nothing_is_said_twice() -> None:
    clock = Clock()
    pace = Pace(clock, 5.0)
    pace.edited(1, LINE)
    clock.forward(60)
    assert not pace.is_due(1, LINE)


def test_messages_have_a_pace_each() -> None:
    pace = Pace(Clock(), 5.0)
    pace.edited(1, LINE)
    assert pace.is_due(2, NEXT)


def test_a_clock_that_was_set_back_silences_no_message() -> None:
    clock = Clock()
    pace = Pace(clock, 5.0)
    pace.edited(1, LINE)
    clock.forward(-3600)
    assert pace.is_due(1, NEXT)
