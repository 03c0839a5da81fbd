"""What keeps somebody out, and until when."""

from datetime import timedelta

import pytest

from bot.domain.errors import Slug
from bot.domain.sanction import EVERYWHERE, Kind, Sanction, StrikePolicy, problem_of, shutting_out, strikes
from bot.domain.sentences import problem_sentence
from bot.domain.spans import when
from tests.builders import NOON

HOUR = timedelta(hours=1)


def one(kind: Kind, hours: float | None, *, grp: str = "room:club", why: str = "") -> Sanction:
    """A sanction that ends so many hours from noon, or never."""
    until = None if hours is None else NOON + hours * HOUR
    return Sanction(kind=kind, whom="room:anna", grp=grp, by="room:mod", at=NOON - HOUR, until=until, why=why)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], None),
        ([one(Kind.STRIKE, 5)], None),
        ([one(Kind.TIMEOUT, 0)], None),
        ([one(Kind.TIMEOUT, -1), one(Kind.BAN, -1)], None),
        ([one(Kind.TIMEOUT, 1), one(Kind.TIMEOUT, 3), one(Kind.TIMEOUT, 2)], one(Kind.TIMEOUT, 3)),
        ([one(Kind.TIMEOUT, 99), one(Kind.BAN, 1)], one(Kind.BAN, 1)),
        ([one(Kind.BAN, 99), one(Kind.BAN, None), one(Kind.STRIKE, None)], one(Kind.BAN, None)),
    ],
)
def test_a_ban_stands_before_a_timeout_and_the_longest_first(given: list[Sanction], expected: Sanction | None) -> None:
    assert shutting_out(given, NOON) == expected
    assert shutting_out(given[::-1], NOON) == expected


def test_strikes_count_while_they_hold() -> None:
    assert strikes([one(Kind.STRIKE, 1), one(Kind.STRIKE, 0), one(Kind.STRIKE, None), one(Kind.BAN, 1)], NOON) == 2


@pytest.mark.parametrize(("most", "standing", "leads"), [(3, 2, False), (3, 3, True), (3, 4, True), (0, 99, False)])
def test_so_many_strikes_are_a_timeout(most: int, standing: int, *, leads: bool) -> None:
    assert StrikePolicy(strikes=most).leads_to_timeout(standing) is leads


@pytest.mark.parametrize(
    ("sanction", "slug", "said"),
    [
        (one(Kind.BAN, None), Slug.BANNED, "You can't ask for reels in this group any more."),
        (
            one(Kind.BAN, None, grp=EVERYWHERE, why="Spam"),
            Slug.BANNED,
            "You can't ask for reels anywhere any more: Spam.",
        ),
        (one(Kind.TIMEOUT, 2), Slug.TIMED_OUT, "A moderator gave you a break in this group until 14:00 UTC."),
        (
            one(Kind.TIMEOUT, 48, why="Please be kind"),
            Slug.TIMED_OUT,
            "A moderator gave you a break in this group until 22 November, 12:00 UTC: Please be kind.",
        ),
    ],
)
def test_whoever_is_kept_out_is_told_where_until_when_and_why(sanction: Sanction, slug: Slug, said: str) -> None:
    problem = problem_of(sanction, NOON)
    assert (problem.slug, problem_sentence(problem)) == (slug, said)


def test_a_moment_of_another_day_has_its_date() -> None:
    assert when(NOON, NOON - 12 * HOUR) == "12:00 UTC"
    assert when(NOON, NOON - 13 * HOUR) == "20 November, 12:00 UTC"
