"""When an endpoint is not worth anybody's waiting."""

import pytest

from bot.domain.alerts import ENOUGH, LATEST, is_failing, no_backup_alert
from tests.builders import NOON


@pytest.mark.parametrize(
    ("endings", "failing"),
    [
        ([], False),
        ([False] * (ENOUGH - 1), False),
        ([False] * ENOUGH, True),
        ([True, True, False, False, False], True),
        ([True, True, True, False, False], False),
        ([False] * 20 + [True] * LATEST, False),
        ([True] * 20 + [False] * LATEST, True),
    ],
)
def test_only_the_latest_endings_count_and_only_when_they_are_enough(endings: list[bool], *, failing: bool) -> None:
    assert is_failing(endings) is failing


def test_days_are_counted_in_words() -> None:
    assert "more than 1 day." in no_backup_alert(1, since=NOON).notice.text
    assert "more than 3 days." in no_backup_alert(3, since=NOON).notice.text
