from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Value
from bot.domain.errors import Slug
from bot.domain.values import typed
from tests.domain.endpoints import EFFECTS, KLING_IMAGE, LUMA_IMAGE, MAGI_IMAGE, PIXVERSE_EFFECTS, PIXVERSE_IMAGE


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("Kiss Me AI", "Kiss Me AI"),
        ("kiss me ai", "Kiss Me AI"),
        ("whos arrested", "Who's Arrested?"),
        ("Who’s Arrested?", "Who's Arrested?"),  # noqa: RUF001  what a phone makes of an apostrophe
        ("anything robot", "Anything, Robot"),
        ("BLACK MYTH  wukong", "Black Myth: Wukong"),
        ("hulk", "Hulk"),
    ],
)
def test_a_choice_is_met_whatever_its_case_and_punctuation(text: str, effect: str) -> None:
    values, problems = typed(PIXVERSE_EFFECTS, {"effect": text})
    assert (values["effect"], problems) == (effect, ())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("duration", "8s", "8"),
        ("duration", "8 seconds", "8"),
        ("resolution", "720", "720p"),
        ("aspect", "9:16", "9:16"),
    ],
)
def test_a_unit_may_be_there_or_not(name: str, text: str, value: str) -> None:
    assert typed(PIXVERSE_IMAGE, {"prompt": "x", name: text})[0][name] == value


def test_a_bare_number_meets_a_choice_that_carries_its_unit() -> None:
    assert typed(LUMA_IMAGE, {"prompt": "x", "duration": "9"})[0]["duration"] == "9s"


def test_values_are_complete_with_defaults_and_what_the_owner_fixed_in_the_files_order() -> None:
    values, problems = typed(MAGI_IMAGE, {"prompt": "x", "frames": "100 frames"})
    assert problems == ()
    assert list(values.items()) == [("prompt", "x"), ("frames", 100), ("steps", "16"), ("safety", True)]


@pytest.mark.parametrize(("text", "value"), [("on", True), ("YES", True), ("off", False), ("0", False)])
def test_a_flag_is_a_word_for_yes_or_no(text: str, value: Value) -> None:
    assert typed(LUMA_IMAGE, {"prompt": "x", "loop": text})[0]["loop"] is value


@pytest.mark.parametrize(
    ("name", "text", "slug", "facts"),
    [
        ("frames", "95", Slug.BELOW_MINIMUM, {"given": "95", "minimum": "96 frames", "maximum": "192 frames"}),
        ("frames", "193", Slug.ABOVE_MAXIMUM, {"given": "193", "minimum": "96 frames", "maximum": "192 frames"}),
        ("frames", "100.5", Slug.NOT_WHOLE, {"given": "100.5"}),
        ("frames", "many", Slug.NOT_A_NUMBER, {"given": "many"}),
        ("frames", "1_00", Slug.NOT_A_NUMBER, {"given": "1_00"}),
        ("frames", "nan", Slug.NOT_A_NUMBER, {"given": "nan"}),
        ("frames", "", Slug.NOT_A_NUMBER, {"given": ""}),
        ("frames", "9" * 5000, Slug.NOT_A_NUMBER, {"given": "9" * 59 + "…"}),
        ("steps", "6", Slug.UNKNOWN_CHOICE, {"given": "6", "choices": "4, 8, 16 or 32", "suggestion": "16"}),
        (
            "prompt",
            "x" * 201,
            Slug.TOO_LONG,
            {"given": "x" * 59 + "…", "length": "201 characters", "maximum": "200 characters"},
        ),
        ("prompt", "  ", Slug.MISSING_OPTION, {}),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    name: str, text: str, slug: Slug, facts: dict[str, str]
) -> None:
    (problem,) = typed(MAGI_IMAGE, {"prompt": "x", name: text})[1]
    assert (problem.slug, problem.about, problem.facts) == (slug, name, facts)


def test_a_long_list_of_choices_is_shortened_in_words() -> None:
    (problem,) = typed(PIXVERSE_EFFECTS, {"effect": "Kis Me AY"})[1]
    assert problem.facts["suggestion"] == "Kiss Me AI"
    assert problem.facts["choices"].startswith("Kiss Me AI, Kiss, Anything, Robot")
    assert problem.facts["choices"].endswith(" or BOOM DROP")


def test_all_wrong_values_are_named_and_the_right_ones_kept() -> None:
    values, problems = typed(KLING_IMAGE, {"cfg": "2", "duration": "7", "negative": "rain"})
    assert [(problem.slug, problem.about) for problem in problems] == [
        (Slug.MISSING_OPTION, "prompt"),
        (Slug.UNKNOWN_CHOICE, "duration"),
        (Slug.ABOVE_MAXIMUM, "cfg"),
    ]
    assert values == {"duration": "5", "negative": "rain", "cfg": 0.5}


@given(st.sampled_from(["prompt", "duration", "negative", "cfg"]), st.text(max_size=20))
def test_every_text_is_a_value_or_a_problem_of_its_option(name: str, text: str) -> None:
    values, problems = typed(KLING_IMAGE, {"prompt": "x", name: text})
    assert {problem.about for problem in problems} <= {name}
    assert problems or name in values


@given(st.sampled_from(EFFECTS), st.sampled_from([str.lower, str.upper, str.title, str.strip]))
def test_every_effect_is_met_however_it_is_capitalised(effect: str, spell: Callable[[str], str]) -> None:
    assert typed(PIXVERSE_EFFECTS, {"effect": spell(effect)})[0]["effect"] == effect
