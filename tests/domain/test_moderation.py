"""The owner's rules: what is refused, what waits for a yes, and what no disguise gets past."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Account, Surroundings
from bot.domain.catalogue import Endpoint
from bot.domain.errors import Slug
from bot.domain.house_rules import OF_A_GROUP, By
from bot.domain.job import Waiting
from bot.domain.moderation import Circumstances, Faces, Reviews, Rules, Verdict, judge
from bot.domain.order import Order
from tests.builders import ANNA, BEN, MODERATOR, OWNER, PRICE, an_ask, an_endpoint, an_order

CONFIRM = frozenset({Waiting.CONFIRMATION})
REVIEW = frozenset({Waiting.MODERATOR})
NOTHING = Rules(faces=Faces.OFF)


def verdict(
    *rules: Rules,
    values: dict[str, str] | None = None,
    account: Account = ANNA,
    endpoint: Endpoint | None = None,
    order: Order | None = None,
    declared: bool = False,
    reels: int = 0,
    confirm_above: int | None = None,
    seen: int | None = None,
) -> Verdict:
    ask = an_ask(account=account, price_seen_microusd=seen)
    circumstances = Circumstances(declared=declared, confirm_above_microusd=confirm_above, reels=reels)
    order = order or an_order(values=values or {"effect": "Hug"})
    return judge(ask, order, endpoint or an_endpoint(), rules or (NOTHING,), circumstances)


def refused(
    rules: Rules, *, values: dict[str, str] | None = None, order: Order | None = None
) -> list[tuple[Slug, str]]:
    return [(problem.slug, problem.about) for problem in verdict(rules, values=values, order=order).problems]


def test_without_rules_everything_is_allowed() -> None:
    assert verdict() == Verdict()


@pytest.mark.parametrize("denied", ["Bikini Up", "bikini up", "BIKINI  UP", "Bikíni Up"])
def test_a_denied_effect_is_refused_however_the_rule_is_written(denied: str) -> None:
    assert refused(Rules(effects=(denied,)), values={"effect": "Bikini Up"}) == [(Slug.DENIED_EFFECT, "effect")]
    assert refused(Rules(effects=(denied,)), values={"effect": "Hug"}) == []


def test_an_older_name_is_no_way_round_a_denied_effect() -> None:
    assert refused(Rules(effects=("Bikini Up",)), values={"effect": "Swimsuit"}) == [(Slug.DENIED_EFFECT, "effect")]


def test_an_effect_is_not_denied_for_resembling_one() -> None:
    assert refused(Rules(effects=("Bikini",)), values={"effect": "Bikini Up"}) == []


@pytest.mark.parametrize("command", ["effect", "EFFECT"])
def test_a_denied_command_is_refused_and_so_are_its_endpoints_by_another(command: str) -> None:
    assert refused(Rules(commands=(command,))) == [(Slug.DENIED_COMMAND, "")]
    assert refused(Rules(commands=(command,)), order=an_order(command="custom")) == [(Slug.DENIED_COMMAND, "")]
    assert refused(Rules(commands=("animate",))) == []


@pytest.mark.parametrize("name", ["pixverse-effects", "fal-ai/pixverse/effects", "FAL-AI/Pixverse/Effects"])
def test_a_denied_endpoint_is_refused_by_slug_or_id(name: str) -> None:
    assert refused(Rules(endpoints=(name,))) == [(Slug.DENIED_ENDPOINT, "")]
    assert refused(Rules(endpoints=("pixverse",))) == []


@pytest.mark.parametrize("option", ["prompt", "negative"])
def test_words_are_looked_for_in_every_free_text(option: str) -> None:
    rules = Rules(words=("naked",))
    assert refused(rules, values={"effect": "Hug", option: "a naked cat"}) == [(Slug.DENIED_WORD, option)]
    assert refused(rules, values={"effect": "naked"}) == []


def test_everything_denied_is_said_at_once() -> None:
    rules = Rules(words=("naked",), effects=("hug",), commands=("effect",), endpoints=("pixverse-effects",))
    assert [slug for slug, _ in refused(rules, values={"effect": "Hug", "prompt": "naked", "negative": "naked"})] == [
        Slug.DENIED_COMMAND,
        Slug.DENIED_ENDPOINT,
        Slug.DENIED_EFFECT,
        Slug.DENIED_WORD,
        Slug.DENIED_WORD,
    ]


@pytest.mark.parametrize(
    ("faces", "declared", "waits"),
    [
        (Faces.DECLARE, False, CONFIRM),
        (Faces.DECLARE, True, frozenset()),
        (Faces.REVIEW, False, frozenset({Waiting.MODERATOR})),
        (Faces.REVIEW, True, frozenset({Waiting.MODERATOR})),
        (Faces.OFF, False, frozenset()),
        (Faces.ASK, False, CONFIRM),
        (Faces.ASK, True, CONFIRM),
    ],
)
def test_faces_wait_for_what_the_owner_chose(faces: Faces, *, declared: bool, waits: frozenset[Waiting]) -> None:
    assert verdict(Rules(faces=faces), declared=declared).waiting_for == waits
    assert verdict(Rules(faces=faces), declared=declared, account=OWNER).waiting_for == frozenset()
    no_faces = an_endpoint(faces=False, face_effects=("Hug",))
    assert verdict(Rules(faces=faces), declared=declared, endpoint=no_faces).waiting_for == frozenset()


@pytest.mark.parametrize("faces", Faces)
def test_a_moderator_gives_their_word_about_faces_and_waits_for_no_other_moderator(faces: Faces) -> None:
    found = verdict(Rules(faces=faces, review=Reviews.ALWAYS, reviewed=("Hug",)), account=MODERATOR).waiting_for
    assert found == (frozenset() if faces is Faces.OFF else CONFIRM)
    again = verdict(Rules(faces=faces, review=Reviews.ALWAYS), account=MODERATOR, declared=True).waiting_for
    assert again == (CONFIRM if faces is Faces.ASK else frozenset())


def test_where_only_some_effects_animate_faces_only_those_are_asked_about() -> None:
    endpoint = an_endpoint(face_effects=("Kiss Me AI", "Bikini Up"))
    rules = Rules(faces=Faces.DECLARE)
    assert verdict(rules, endpoint=endpoint, values={"effect": "Hug"}).waiting_for == frozenset()
    assert verdict(rules, endpoint=endpoint, values={"effect": "Kiss Me AI"}).waiting_for == CONFIRM
    assert verdict(rules, endpoint=endpoint, values={"effect": "Swimsuit"}).waiting_for == CONFIRM


@pytest.mark.parametrize(
    ("confirm_above", "seen", "waits"),
    [
        (None, None, False),
        (PRICE, None, False),
        (PRICE - 1, None, True),
        (PRICE - 1, PRICE - 1, True),
        (PRICE - 1, PRICE, False),
        (0, 10 * PRICE, False),
    ],
)
def test_a_price_above_the_limit_waits_for_a_yes_that_covers_it(
    confirm_above: int | None, seen: int | None, *, waits: bool
) -> None:
    for account in (ANNA, OWNER):
        found = verdict(confirm_above=confirm_above, seen=seen, account=account).waiting_for
        assert found == (CONFIRM if waits else frozenset())


def test_a_refusal_does_not_also_ask() -> None:
    found = verdict(Rules(effects=("Hug",), faces=Faces.DECLARE), confirm_above=0)
    assert (len(found.problems), found.waiting_for) == (1, frozenset())


# --- review --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("review", "reels", "waits"),
    [
        (Reviews.OFF, 0, False),
        (Reviews.NEWCOMERS, 0, True),
        (Reviews.NEWCOMERS, 2, True),
        (Reviews.NEWCOMERS, 3, False),
        (Reviews.ALWAYS, 0, True),
        (Reviews.ALWAYS, 1000, True),
    ],
)
def test_a_request_waits_for_a_moderator_where_the_rules_say_so(review: Reviews, reels: int, *, waits: bool) -> None:
    rules = Rules(faces=Faces.OFF, review=review, newcomer_reels=3)
    assert verdict(rules, reels=reels).waiting_for == (REVIEW if waits else frozenset())
    assert verdict(rules, reels=reels, account=OWNER).waiting_for == frozenset()


@pytest.mark.parametrize("name", ["hug", "EFFECT", "pixverse-effects", "fal-ai/pixverse/effects"])
def test_some_effects_commands_and_endpoints_wait_for_a_moderator_in_any_case(name: str) -> None:
    rules = Rules(faces=Faces.OFF, reviewed=(name,))
    assert verdict(rules, reels=1000).waiting_for == REVIEW
    assert verdict(Rules(faces=Faces.OFF, reviewed=("another",))).waiting_for == frozenset()


# --- the owner's rules and a group's -------------------------------------------------------------------------------


def test_a_group_without_rules_changes_nothing() -> None:
    for rules in (NOTHING, Rules(), Rules(review=Reviews.NEWCOMERS), Rules(words=("naked",), faces=Faces.REVIEW)):
        for values in ({"effect": "Hug"}, {"effect": "Hug", "prompt": "naked"}):
            assert verdict(rules, OF_A_GROUP, values=values) == verdict(rules, values=values)


@st.composite
def any_rules(draw: st.DrawFn, by: By) -> Rules:
    """Rules of every kind, about things the examples below do."""
    names = {
        "words": ("naked", "cat"), "innocent": ("naked cat", "naked", "cat"), "effects": ("Hug", "Bikini Up"),
        "only_effects": ("Hug", "Bikini Up"), "commands": ("effect",), "only_commands": ("effect", "video"),
        "endpoints": ("pixverse-effects",), "only_endpoints": ("pixverse-effects", "another"), "places": ("garden",),
        "only_places": ("garden", "room:yard"), "roles": ("New",), "only_roles": ("New", "Artist"),
        "people": ("anna",), "only_people": ("anna", "room:ben"), "adult": ("hug", "effect"), "reviewed": ("hug",),
    }  # fmt: skip
    some: dict[str, Any] = {
        field: draw(st.lists(st.sampled_from(known), max_size=2).map(tuple)) for field, known in names.items()
    }
    numbers = st.integers(0, 4)
    faces, review = st.sampled_from(Faces), st.sampled_from(Reviews)
    bare = Rules(by=by, faces=draw(faces), review=draw(review), newcomer_reels=draw(numbers))
    return replace(bare, **some)


@given(
    owner=any_rules(By.OWNER),
    group=any_rules(By.GROUP),
    values=st.sampled_from([{"effect": "Hug"}, {"effect": "Swimsuit"}, {"effect": "Hug", "prompt": "a naked cat"}]),
    account=st.sampled_from([ANNA, BEN, replace(ANNA, roles=("New",)), MODERATOR, OWNER]),
    surroundings=st.sampled_from([Surroundings(), Surroundings(places=("garden",), age_restricted=True)]),
    reels=st.integers(0, 5),
    declared=st.booleans(),
)
def test_a_group_only_ever_adds_to_the_owners_rules(
    owner: Rules,
    group: Rules,
    values: dict[str, str],
    account: Account,
    surroundings: Surroundings,
    reels: int,
    *,
    declared: bool,
) -> None:
    ask, order = an_ask(account=account, surroundings=surroundings), an_order(values=values)
    known = Circumstances(declared=declared, reels=reels)
    alone, both = (judge(ask, order, an_endpoint(), some, known) for some in ([owner], [owner, group]))
    assert [problem for problem in both.problems if problem.facts["by"] == "this bot"] == list(alone.problems)
    assert both.problems or alone.waiting_for <= both.waiting_for


@pytest.mark.parametrize(
    ("own", "reels", "waits"), [(0, 2, True), (0, 3, False), (2, 1, True), (2, 2, False), (9, 8, True)]
)
def test_a_group_says_itself_who_is_new_or_else_as_the_owner_does(own: int, reels: int, *, waits: bool) -> None:
    group = replace(OF_A_GROUP, review=Reviews.NEWCOMERS, newcomer_reels=own)
    assert verdict(NOTHING, group, reels=reels).waiting_for == (REVIEW if waits else frozenset())


def test_a_groups_innocent_phrase_is_for_its_own_words() -> None:
    group = replace(OF_A_GROUP, words=("eye",), innocent=("naked eye",))
    assert refused(group, values={"effect": "Hug", "prompt": "an eye"}) == [(Slug.DENIED_WORD, "prompt")]
    assert refused(group, values={"effect": "Hug", "prompt": "the naked eye"}) == []
    found = verdict(Rules(words=("naked",)), group, values={"effect": "Hug", "prompt": "the naked eye"}).problems
    assert [problem.facts["by"] for problem in found] == ["this bot"]


def test_a_refusal_says_whose_rule_it_is() -> None:
    found = verdict(Rules(effects=("Hug",)), replace(OF_A_GROUP, effects=("Hug",))).problems
    assert [(one.facts["by"], one.facts["whom"]) for one in found] == [
        ("this bot", "its owner"),
        ("this group", "its moderators"),
    ]
