"""When strikes become a timeout, as a table."""

from datetime import timedelta

import pytest

from bot.domain.decision import BY_ITSELF, Decision, Ruling
from bot.domain.sanction import EVERYWHERE, Kind, Sanction, StrikePolicy
from bot.domain.striking import decision_of, following
from tests.builders import NOON

HOUR = timedelta(hours=1)
POLICY = StrikePolicy(strikes=3, timeout=24 * HOUR)


def one(kind: Kind, hours: float | None = 1, *, grp: str = "discord:1") -> Sanction:
    """A sanction that ends so many hours from noon, or never."""
    until = None if hours is None else NOON + hours * HOUR
    return Sanction(kind=kind, whom="discord:5", grp=grp, by="discord:9", at=NOON, until=until, why="Spam")


STRIKE, OVER = one(Kind.STRIKE), one(Kind.STRIKE, 0)


@pytest.mark.parametrize(
    ("holding", "strikes", "leads"),
    [
        ([STRIKE], 3, False),
        ([STRIKE] * 2, 3, False),
        ([STRIKE] * 2 + [OVER], 3, False),
        ([STRIKE] * 3, 3, True),
        ([STRIKE] * 4, 3, True),
        ([STRIKE], 1, True),
        ([STRIKE] * 9, 0, False),
        ([STRIKE] * 3 + [one(Kind.TIMEOUT, 23)], 3, True),
        ([STRIKE] * 3 + [one(Kind.TIMEOUT, 24)], 3, False),
        ([STRIKE] * 3 + [one(Kind.BAN, None)], 3, False),
    ],
)
def test_so_many_that_hold_lead_to_a_timeout_that_shortens_nothing(
    holding: list[Sanction], strikes: int, *, leads: bool
) -> None:
    found = following(StrikePolicy(strikes=strikes, timeout=24 * HOUR), STRIKE, holding, NOON)
    assert (found is not None) is leads


def test_the_timeout_is_given_by_nobody_where_the_strike_was_given() -> None:
    found = following(POLICY, STRIKE, [STRIKE] * 3, NOON)
    assert found is not None
    timeout, decision = found
    assert timeout == Sanction(
        kind=Kind.TIMEOUT,
        whom="discord:5",
        grp="discord:1",
        by=BY_ITSELF,
        at=NOON,
        until=NOON + 24 * HOUR,
        why="Spam",
    )
    assert (decision.who, decision.what, decision.detail) == (BY_ITSELF, Ruling.TIMED_OUT, "3 strikes")


@pytest.mark.parametrize(
    ("grp", "platform", "group"), [("discord:1", "discord", "1"), ("telegram:-10:5", "telegram", "-10:5"), ("", "", "")]
)
def test_a_sanction_is_written_down_where_it_holds(grp: str, platform: str, group: str) -> None:
    assert decision_of(one(Kind.BAN, grp=grp), job="job-1") == Decision(
        who="discord:9",
        what=Ruling.BANNED,
        at=NOON,
        platform=platform,
        group=group,
        whom="discord:5",
        job="job-1",
        why="Spam",
    )
    assert EVERYWHERE == ""
