"""Whose face it is has the last word, and it is their latest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Account
from bot.domain.catalogue import Endpoint
from bot.domain.consent import (
    ANSWERS,
    EVERYBODY,
    EVERYWHERE,
    PRIVATE,
    YES,
    Consent,
    Stance,
    others,
    place_of,
    refusing,
    remembered,
    stance,
    to_be_asked,
)
from bot.domain.errors import Slug
from bot.domain.job import Waiting
from bot.domain.moderation import Circumstances, Rules, judge
from bot.domain.notice import Action
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER, an_ask, an_endpoint, an_order

CLEO = Account(platform="room", id="cleo", name="Cleo")
LASTS = timedelta(days=180)


def said(action: Action, *, hours: float = 0, asker: Account = ANNA, group: str = "club") -> Consent:
    """What is kept of Ben's answer, so many hours after noon, to what somebody asked."""
    ask = an_ask(account=asker, group=group, named=(BEN,))
    kept = remembered(action, BEN, ask, now=NOON + timedelta(hours=hours), lasts=LASTS)
    assert kept is not None
    return kept


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([], Stance.UNKNOWN),
        ([said(Action.ALLOW_THEM)], Stance.GIVEN),
        ([said(Action.ALLOW_THEM, asker=CLEO)], Stance.UNKNOWN),
        ([said(Action.ALLOW_ALL)], Stance.GIVEN),
        ([said(Action.ALLOW_ALL, asker=CLEO)], Stance.GIVEN),
        ([said(Action.FORBID)], Stance.REFUSED),
        ([said(Action.FORBID, asker=CLEO)], Stance.REFUSED),
        ([said(Action.ALLOW_THEM), said(Action.FORBID, hours=1)], Stance.REFUSED),
        ([said(Action.FORBID), said(Action.ALLOW_THEM, hours=1)], Stance.GIVEN),
        ([said(Action.FORBID), said(Action.ALLOW_THEM, hours=1, asker=CLEO)], Stance.REFUSED),
        ([said(Action.ALLOW_ALL), said(Action.FORBID, hours=1), said(Action.ALLOW_ALL, hours=2)], Stance.GIVEN),
    ],
)
def test_the_latest_word_that_is_about_the_asker_counts(kept: list[Consent], expected: Stance) -> None:
    now = NOON + timedelta(hours=3)
    assert stance(kept, {ANNA.key}, now) is expected
    assert stance(kept[::-1], {ANNA.key}, now) is expected


def test_a_yes_is_remembered_for_its_time_and_a_never_for_good() -> None:
    for action, then in ((Action.ALLOW_THEM, Stance.UNKNOWN), (Action.ALLOW_ALL, Stance.UNKNOWN)):
        assert stance([said(action)], {ANNA.key}, NOON + LASTS - timedelta(seconds=1)) is Stance.GIVEN
        assert stance([said(action)], {ANNA.key}, NOON + LASTS) is then
    assert stance([said(Action.FORBID)], {ANNA.key}, NOON + 100 * LASTS) is Stance.REFUSED


def test_a_yes_holds_in_its_group_and_a_never_everywhere() -> None:
    assert said(Action.ALLOW_THEM) == Consent(
        whom=BEN.key, asker=ANNA.key, grp="room:club", allowed=True, at=NOON, until=NOON + LASTS
    )
    assert (said(Action.ALLOW_ALL).asker, said(Action.ALLOW_ALL).grp) == (EVERYBODY, "room:club")
    assert said(Action.ALLOW_ALL, group="").grp == PRIVATE != EVERYWHERE
    assert (said(Action.FORBID).grp, said(Action.FORBID).asker) == (EVERYWHERE, EVERYBODY)


@pytest.mark.parametrize("action", sorted(ANSWERS - {Action.ALLOW_THEM, Action.ALLOW_ALL, Action.FORBID}))
def test_an_answer_for_this_once_is_not_remembered(action: Action) -> None:
    assert remembered(action, BEN, an_ask(named=(BEN,)), now=NOON, lasts=LASTS) is None


@given(st.lists(st.tuples(st.sampled_from(sorted(ANSWERS)), st.sampled_from([ANNA, CLEO])), max_size=6))
def test_after_any_number_of_answers_the_last_remembered_one_about_somebody_holds(
    answers: list[tuple[Action, Account]],
) -> None:
    kept: dict[tuple[str, str], Consent] = {}
    expected = Stance.UNKNOWN
    for hour, (action, asker) in enumerate(answers):
        ask = an_ask(account=asker, group="club")
        one = remembered(action, BEN, ask, now=NOON + timedelta(hours=hour), lasts=LASTS)
        if one is None:
            continue
        kept[one.grp, one.asker] = one
        if asker is ANNA or action is not Action.ALLOW_THEM:
            expected = Stance.GIVEN if action in YES else Stance.REFUSED
    assert stance(list(kept.values()), {ANNA.key}, NOON + timedelta(hours=9)) is expected


def test_whoever_is_named_is_asked_once_and_nobody_asks_themselves() -> None:
    ask = an_ask(named=(BEN, ANNA, CLEO, replace(BEN, name="Benny")))
    assert {one.key for one in others(ask, faces=False)} == {BEN.key, CLEO.key}
    stances = {BEN.key: Stance.GIVEN, CLEO.key: Stance.UNKNOWN}
    people = others(ask, faces=False)
    assert to_be_asked(people, stances) == (CLEO,)
    assert refusing(people, {CLEO.key: Stance.REFUSED}) == (CLEO,)
    assert to_be_asked((), {}) == ()
    assert place_of(an_ask(group="club")) == "room:club"


@pytest.mark.parametrize(("endpoint", "asked"), [(an_endpoint(faces=True), (BEN,)), (an_endpoint(faces=False), ())])
def test_whoever_is_mentioned_is_asked_where_faces_are_put_in_motion(
    endpoint: Endpoint, asked: tuple[Account, ...]
) -> None:
    ask = an_ask(mentioned=(BEN, ANNA))
    assert judge(ask, an_order(), endpoint, [Rules()], Circumstances(declared=True)).asked == asked
    unwilling = Circumstances(declared=True, stances={BEN.key: Stance.REFUSED})
    assert len(judge(ask, an_order(), endpoint, [Rules()], unwilling).problems) == len(asked)


@pytest.mark.parametrize("asker", [ANNA, MODERATOR, OWNER], ids=lambda one: one.id)
def test_nobody_uses_a_face_without_its_owners_yes_not_even_an_owner(asker: Account) -> None:
    ask = an_ask(account=asker, named=(BEN,))
    unasked = judge(ask, an_order(), an_endpoint(), [Rules()], Circumstances(declared=True))
    assert (unasked.waiting_for, unasked.asked) == (frozenset({Waiting.CONSENT}), (BEN,))
    given = Circumstances(declared=True, stances={BEN.key: Stance.GIVEN})
    assert judge(ask, an_order(), an_endpoint(), [Rules()], given).waiting_for == frozenset()
    refused = Circumstances(declared=True, stances={BEN.key: Stance.REFUSED})
    (problem,) = judge(ask, an_order(), an_endpoint(), [Rules()], refused).problems
    assert (problem.slug, problem.facts["name"]) == (Slug.NO_CONSENT, "Ben")
