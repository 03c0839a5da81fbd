"""How a part is: since the first word of it, with what was wrong last kept when it works again."""

from datetime import timedelta

from bot.domain.health import Condition, Health, heard
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def test_a_condition_is_since_its_first_word_and_the_last_trouble_stays() -> None:
    fresh = Health(part="fal", since=NOON)
    works = heard(fresh, Condition.WORKS, NOON + SECOND)
    assert (works.since, works.why, works.last_at) == (NOON + SECOND, "", None)
    away = heard(heard(works, Condition.AWAY, NOON + 2 * SECOND, "no answer"), Condition.AWAY, NOON + 3 * SECOND, "503")
    assert (away.since, away.why) == (NOON + 2 * SECOND, "503")
    back = heard(away, Condition.WORKS, NOON + 4 * SECOND)
    assert (back.since, back.why) == (NOON + 4 * SECOND, "")
    assert (back.last_why, back.last_at) == ("503", NOON + 3 * SECOND)
