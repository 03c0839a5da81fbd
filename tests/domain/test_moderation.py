"""The owner's rules: what is refused, what waits for a yes, and what no disguise gets past."""

import pytest

from bot.domain.ask import Account
from bot.domain.catalogue import Endpoint
from bot.domain.errors import Slug
from bot.domain.job import Waiting
from bot.domain.moderation import Circumstances, Faces, Rules, Verdict, judge
from bot.domain.order import Order
from tests.builders import ANNA, MODERATOR, OWNER, PRICE, an_ask, an_endpoint, an_order

CONFIRM = frozenset({Waiting.CONFIRMATION})
NOTHING = Rules(faces=Faces.OFF)


def verdict(
    rules: Rules = NOTHING,
    *,
    values: dict[str, str] | None = None,
    account: Account = ANNA,
    endpoint: Endpoint | None = None,
    order: Order | None = None,
    declared: bool = False,
    confirm_above: int | None = None,
    seen: int | None = None,
) -> Verdict:
    ask = an_ask(account=account, price_seen_microusd=seen)
    circumstances = Circumstances(declared=declared, confirm_above_microusd=confirm_above)
    order = order or an_order(values=values or {"effect": "Hug"})
    return judge(ask, order, endpoint or an_endpoint(), rules, circumstances)


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
    ],
)
def test_faces_wait_for_what_the_owner_chose(faces: Faces, *, declared: bool, waits: frozenset[Waiting]) -> None:
    assert verdict(Rules(faces=faces), declared=declared).waiting_for == waits
    assert verdict(Rules(faces=faces), declared=declared, account=MODERATOR).waiting_for == waits
    assert verdict(Rules(faces=faces), declared=declared, account=OWNER).waiting_for == frozenset()
    no_faces = an_endpoint(faces=False, face_effects=("Hug",))
    assert verdict(Rules(faces=faces), declared=declared, endpoint=no_faces).waiting_for == frozenset()


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
