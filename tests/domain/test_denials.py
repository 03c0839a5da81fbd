"""Rules by name and place: who may ask, where, and for what; each on its own."""

from collections.abc import Sequence

import pytest

from bot.domain.ask import Account, Surroundings
from bot.domain.denials import denials
from bot.domain.errors import Slug
from bot.domain.house_rules import Rules
from bot.domain.sentences import problem_sentence
from tests.builders import MODERATOR, OWNER, an_ask, an_endpoint, an_order

CLEO = Account(platform="discord", id="42", name="Cleo", roles=("9", "Artist", "7", "New here"))
GARDEN = Surroundings(places=("100", "200"))
"""A thread in a channel."""


def found(
    rules: Rules, *, account: Account = CLEO, where: Surroundings = GARDEN, effect: str = "Hug", command: str = "effect"
) -> Sequence[Slug]:
    order = an_order(values={"effect": effect}, command=command)
    ask = an_ask(account=account, surroundings=where)
    return [problem.slug for problem in denials(ask, order, an_endpoint(), rules)]


@pytest.mark.parametrize("place", ["100", "200", "discord:100", "DISCORD:200"])
def test_a_place_is_denied_or_allowed_by_its_own_id_or_that_of_what_it_stands_in(place: str) -> None:
    assert found(Rules(places=(place,))) == [Slug.DENIED_PLACE]
    assert found(Rules(only_places=(place,))) == []


@pytest.mark.parametrize("place", ["300", "telegram:100", "10", "1000"])
def test_another_place_is_another_place(place: str) -> None:
    assert found(Rules(places=(place,))) == []
    assert found(Rules(only_places=(place,))) == [Slug.DENIED_PLACE]


def test_where_only_some_places_are_allowed_an_unknown_one_is_not() -> None:
    assert found(Rules(only_places=("100",)), where=Surroundings()) == [Slug.DENIED_PLACE]
    assert found(Rules(places=("100",)), where=Surroundings()) == []


@pytest.mark.parametrize("role", ["Artist", "artist", "9", "discord:9", "NEW  HERE"])
def test_a_role_is_denied_or_allowed_by_name_or_id(role: str) -> None:
    assert found(Rules(roles=(role,))) == [Slug.DENIED_ROLE]
    assert found(Rules(only_roles=(role,))) == []


def test_somebody_without_the_role_is_told_which_it_takes() -> None:
    assert found(Rules(roles=("Painter",))) == []
    ask, order = an_ask(account=CLEO), an_order(values={"effect": "Hug"})
    (problem,) = denials(ask, order, an_endpoint(), Rules(only_roles=("Painter", "123")))
    assert problem.slug is Slug.ONLY_ROLES
    assert problem_sentence(problem) == (
        "The rules of this bot let only some people ask for reels: those who are Painter; its owner can tell you more."
    )


@pytest.mark.parametrize("person", ["42", "discord:42", "Discord:42"])
def test_a_person_is_denied_by_id_and_never_by_the_name_they_chose(person: str) -> None:
    assert found(Rules(people=(person,))) == [Slug.DENIED_PERSON]
    assert found(Rules(people=("Cleo", "telegram:42", "4"))) == []


def test_a_person_may_be_allowed_beside_the_roles_that_are() -> None:
    assert found(Rules(only_people=("discord:42",))) == []
    assert found(Rules(only_people=("discord:42",), only_roles=("Painter",))) == []
    assert found(Rules(only_people=("discord:1",), only_roles=("Artist",))) == []
    assert found(Rules(only_people=("discord:1",))) == [Slug.ONLY_ROLES]


def test_a_denial_is_stronger_than_an_allowance() -> None:
    assert found(Rules(roles=("Artist",), only_roles=("Artist",), only_people=("42",))) == [Slug.DENIED_ROLE]
    assert found(Rules(people=("42",), only_people=("42",))) == [Slug.DENIED_PERSON]
    assert found(Rules(effects=("Hug",), only_effects=("Hug",))) == [Slug.DENIED_EFFECT]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(only_effects=("Hug",)), []),
        (Rules(only_effects=("Kiss Me AI",)), [Slug.DENIED_EFFECT]),
        (Rules(only_commands=("effect", "video")), []),
        (Rules(only_commands=("video",)), [Slug.DENIED_COMMAND]),
        (Rules(only_endpoints=("fal-ai/pixverse/effects",)), []),
        (Rules(only_endpoints=("another",)), [Slug.DENIED_ENDPOINT]),
    ],
)
def test_where_a_list_of_what_is_allowed_stands_nothing_else_is(rules: Rules, expected: Sequence[Slug]) -> None:
    assert found(rules) == expected


def test_allowed_effects_say_nothing_of_other_choices() -> None:
    order = an_order(values={"effect": "Hug", "resolution": "1080p"})
    assert denials(an_ask(), order, an_endpoint(), Rules(only_effects=("Hug",))) == ()


def test_custom_is_no_way_round_an_allowed_command() -> None:
    assert found(Rules(only_commands=("custom", "video")), command="custom") == [Slug.DENIED_COMMAND]
    assert found(Rules(only_commands=("custom", "effect")), command="custom") == []


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        (Surroundings(age_restricted=True), False),
        (Surroundings(age_restricted=False), True),
        (Surroundings(age_restricted=None), True),
    ],
)
@pytest.mark.parametrize("name", ["Hug", "effect", "pixverse-effects"])
def test_some_things_are_made_only_where_the_platform_says_that_adults_are(
    name: str, where: Surroundings, *, refused: bool
) -> None:
    assert found(Rules(adult=(name,)), where=where) == ([Slug.ADULTS_ONLY] if refused else [])
    assert found(Rules(adult=("another",)), where=where) == []


def test_an_owner_may_ask_anywhere_but_not_for_anything() -> None:
    rules = Rules(
        people=("owner",), only_roles=("x",), places=("100",), only_places=("x",), adult=("Hug",), effects=("Hug",)
    )
    assert found(rules, account=OWNER) == [Slug.DENIED_EFFECT]
    assert Slug.ONLY_ROLES in found(rules, account=MODERATOR)
