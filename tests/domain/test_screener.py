"""Which pictures are judged, by whom, and who is not asked about their own."""

from dataclasses import replace

import pytest

from bot.domain.catalogue import SCREEN, Endpoint
from bot.domain.house_rules import OF_A_GROUP, Rules
from bot.domain.job import Waiting
from bot.domain.ledger import Limits
from bot.domain.moderation import Circumstances, judge
from bot.domain.screener import NOBODY, Screener, is_judged, judgings_of, lenient, pictures_of
from bot.domain.screening import Bounds, Missing, Part, Scrutiny
from tests.builders import ANNA, MODERATOR, OWNER, PICTURE, an_ask, an_endpoint, an_order

BOUNDS = Bounds(doubt_from=0.5, refuse_from=0.9, missing=Missing.REVIEW, review_s=60)


def a_judge() -> Endpoint:
    return an_endpoint(slug="a-judge", id="fal-ai/a/judge", command=SCREEN, options=(PICTURE,), faces=False)


def a_screener(**changes: object) -> Screener:
    made = Screener(endpoint=a_judge(), bounds=BOUNDS, limits=Limits(day=5))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("owner", "group", "picture", "frame"),
    [
        (Scrutiny.OFF, Scrutiny.OFF, False, False),
        (Scrutiny.PICTURES, Scrutiny.OFF, True, False),
        (Scrutiny.OFF, Scrutiny.PICTURES, True, False),
        (Scrutiny.OFF, Scrutiny.ALL, True, True),
        (Scrutiny.ALL, Scrutiny.OFF, True, True),
    ],
)
def test_a_group_only_adds_to_what_is_judged(owner: Scrutiny, group: Scrutiny, *, picture: bool, frame: bool) -> None:
    rules = (Rules(screening=owner), replace(OF_A_GROUP, screening=group))
    assert (is_judged(Part.PICTURE, rules), is_judged(Part.FRAME, rules)) == (picture, frame)


def test_who_would_be_asked_in_doubt_is_not_asked_about_their_own() -> None:
    assert lenient(BOUNDS, ANNA) == BOUNDS
    for account in (OWNER, MODERATOR):
        found = lenient(BOUNDS, account)
        assert (found.doubt_from, found.refuse_from, found.missing) == (0.9, 0.9, Missing.ALLOW)


def test_every_picture_becomes_one_order_with_its_price() -> None:
    found = judgings_of(("a", "b", "a"), Part.PICTURE, a_screener())
    assert found is not None
    assert [(one.endpoint, one.media) for one in found.orders] == [
        ("a-judge", {"image": ("a",)}),
        ("a-judge", {"image": ("b",)}),
    ]
    assert [one.quote.hold_microusd for one in found.orders] == [200_000, 200_000]
    assert (found.limits, found.away) == (Limits(day=5), "")


def test_where_nobody_judges_there_is_nothing_to_pay_and_a_reason() -> None:
    for screener, why in ((a_screener(endpoint=None), NOBODY), (a_screener(away="it rests"), "it rests")):
        found = judgings_of(("a",), Part.PICTURE, screener)
        assert found is not None
        assert (found.orders, found.away) == ((), why)
    assert judgings_of((), Part.PICTURE, a_screener()) is None


def test_only_pictures_are_pictures() -> None:
    order = an_order(media={"image": ("a",), "video": ("b",)})
    assert pictures_of(order, an_endpoint()) == ("a",)


def test_a_request_waits_for_the_judgement_of_its_pictures_and_as_long_as_for_others() -> None:
    around = Circumstances(declared=True, screener=a_screener())
    verdict = judge(an_ask(), an_order(), an_endpoint(), [Rules()], around)
    assert (set(verdict.waiting_for), verdict.lasts) == ({Waiting.SCREENING}, around.others_take)
    assert verdict.judgings is not None
    assert judge(an_ask(), an_order(media={}), an_endpoint(), [Rules()], around).judgings is None
    assert judge(an_ask(), an_order(), an_endpoint(), [Rules()], Circumstances(declared=True)).waiting_for == set()
