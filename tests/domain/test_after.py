"""How reports hide a reel, as tables; and what moderators may say after what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.after import DECIDES, SEEN, After, Exposure, Hiding, Outcome
from bot.domain.group_rules import GroupRules

OPEN, COVERED, GONE = Exposure


@pytest.mark.parametrize(
    ("hide_after", "remove_after", "expected"),
    [
        (3, 0, [OPEN, OPEN, OPEN, COVERED, COVERED, COVERED]),
        (1, 0, [OPEN, COVERED, COVERED, COVERED, COVERED, COVERED]),
        (0, 0, [OPEN] * 6),
        (0, 2, [OPEN, OPEN, GONE, GONE, GONE, GONE]),
        (2, 4, [OPEN, OPEN, COVERED, COVERED, GONE, GONE]),
        (4, 2, [OPEN, OPEN, GONE, GONE, GONE, GONE]),
        (2, 2, [OPEN, OPEN, GONE, GONE, GONE, GONE]),
    ],
)
def test_so_many_reports_cover_a_reel_or_take_it_away(
    hide_after: int, remove_after: int, expected: list[Exposure]
) -> None:
    hiding = Hiding(hide_after=hide_after, remove_after=remove_after)
    assert [hiding.exposure(reports) for reports in range(6)] == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (GroupRules(), Hiding(hide_after=3, remove_after=9)),
        (GroupRules(hide_after=0), Hiding(hide_after=0, remove_after=9)),
        (GroupRules(remove_after=1), Hiding(hide_after=3, remove_after=1)),
        (GroupRules(hide_after=5, remove_after=0), Hiding(hide_after=5, remove_after=0)),
    ],
)
def test_a_group_sets_its_own_numbers_and_zero_is_one(group: GroupRules, expected: Hiding) -> None:
    assert Hiding(hide_after=3, remove_after=9).of(group) == expected


@given(
    reports=st.integers(0, 9),
    hide_after=st.integers(0, 9),
    remove_after=st.integers(0, 9),
    wanted=st.sampled_from(Exposure),
    outcome=st.sampled_from(Outcome),
)
def test_reports_only_ever_hide_more_and_never_after_a_moderators_word(
    reports: int, hide_after: int, remove_after: int, wanted: Exposure, outcome: Outcome
) -> None:
    hiding = Hiding(hide_after=hide_after, remove_after=remove_after)
    found = After(job="a", reports=reports, wanted=wanted, outcome=outcome).hidden_by(hiding)
    order = list(Exposure)
    if found is None:
        assert outcome or order.index(hiding.exposure(reports)) <= order.index(wanted)
    else:
        assert not outcome
        assert order.index(found) > order.index(wanted)


def test_what_is_gone_stays_gone_and_what_was_kept_may_still_go() -> None:
    allowed = {(before, after) for after, befores in DECIDES.items() for before in befores}
    assert allowed == {
        (Outcome.NONE, Outcome.KEPT),
        (Outcome.NONE, Outcome.TAKEN_DOWN),
        (Outcome.KEPT, Outcome.TAKEN_DOWN),
    }
    assert SEEN == {Outcome.KEPT: OPEN, Outcome.TAKEN_DOWN: GONE}
