"""A group's own rules, key by key, as its moderators change them."""

from contextlib import suppress
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused, Slug
from bot.domain.group_rules import KEYS, MOST_NAMES, Edit, GroupRules, Holds, described, edited, value_of
from bot.domain.house_rules import Faces, Reviews, Rules
from bot.domain.sentences import problem_sentence
from bot.settings.moderation import ModerationSection

FRESH = GroupRules()
NAMED = [key for key, known in KEYS.items() if known.holds is Holds.NAMES]
NUMBERS = [key for key, known in KEYS.items() if known.holds is Holds.NUMBER]


def refusal(key: str, *values: str, edit: Edit = Edit.SET) -> tuple[Slug, str]:
    with pytest.raises(Refused) as caught:
        edited(FRESH, key, edit, values)
    (problem,) = caught.value.problems
    return problem.slug, problem_sentence(problem)


def test_every_field_of_the_rules_has_one_key_and_the_files_have_the_same_names() -> None:
    of_rules = [known.field for known in KEYS.values() if not known.own]
    assert sorted(of_rules) == sorted(field.name for field in fields(Rules) if field.name != "by")
    assert set(KEYS) - set(ModerationSection.model_fields) == {"moderators_place"}
    assert sorted(known.field for known in KEYS.values() if known.own) == sorted(
        field.name for field in fields(GroupRules) if field.name != "rules"
    )


@pytest.mark.parametrize("key", NAMED)
def test_names_are_added_taken_away_and_replaced(key: str) -> None:
    group = edited(FRESH, key, Edit.ADD, ["Bikini Up", "  pole   dance "])
    assert value_of(group, key) == ("Bikini Up", "pole dance")
    assert value_of(edited(group, key, Edit.ADD, ["BIKINI UP", "x"]), key) == ("Bikini Up", "pole dance", "x")
    assert value_of(edited(group, key, Edit.REMOVE, ["bikíni up", "nothing"]), key) == ("pole dance",)
    assert value_of(edited(group, key, Edit.SET, ["y", "", " "]), key) == ("y",)
    assert edited(group, key, Edit.SET, []) == FRESH


@pytest.mark.parametrize("key", NUMBERS)
def test_numbers_are_set_within_bounds_and_unset(key: str) -> None:
    group = edited(FRESH, key, Edit.SET, ["7"])
    assert value_of(group, key) == 7
    assert edited(group, key, Edit.SET, []) == FRESH
    for wrong in ("seven", "-1", "1.5", "٣", "²"):
        assert refusal(key, wrong)[0] is Slug.NOT_WHOLE
    assert refusal(key, "9" * 30)[0] is Slug.ABOVE_MAXIMUM


def test_words_are_chosen_in_any_case() -> None:
    assert edited(FRESH, "faces", Edit.SET, ["REVIEW"]).rules.faces is Faces.REVIEW
    assert edited(FRESH, "review", Edit.SET, ["newcomers"]).rules.review is Reviews.NEWCOMERS
    assert edited(edited(FRESH, "faces", Edit.SET, ["ask"]), "faces", Edit.SET, []) == FRESH
    assert refusal("faces", "perhaps") == (
        Slug.UNKNOWN_CHOICE,
        "The faces cannot be “perhaps”. It can be off, declare, ask or review.",
    )


def test_the_moderators_place_is_a_text_of_the_platforms() -> None:
    group = edited(FRESH, "moderators_place", Edit.SET, ["-100123/7"])
    assert group.moderators_place == "-100123/7"
    assert edited(group, "moderators_place", Edit.REMOVE, []) == FRESH


@pytest.mark.parametrize("spelled", ["denied words", "Denied_Words", "denied-words"])
def test_a_key_is_known_however_it_is_spelled(spelled: str) -> None:
    assert edited(FRESH, spelled, Edit.ADD, ["x"]).rules.words == ("x",)


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    slug, said = refusal("denied_wrods", "x")
    assert slug is Slug.UNKNOWN_CHOICE
    assert said.startswith("The rule cannot be “denied_wrods”. Did you mean “denied words”?")


def test_a_rule_lists_only_so_many_names() -> None:
    assert refusal("denied_words", *(f"word{number}" for number in range(MOST_NAMES + 1)))[0] is Slug.ABOVE_MAXIMUM


def test_what_a_group_has_set_is_said_key_by_key() -> None:
    group = edited(FRESH, "denied_words", Edit.ADD, ["frog", "toad"])
    group = edited(edited(group, "faces", Edit.SET, ["review"]), "hide_after_reports", Edit.SET, ["0"])
    assert described(group) == ("denied words: frog, toad", "faces: review", "hide after reports: 0")
    assert described(FRESH) == ()


@given(
    edits=st.lists(
        st.tuples(st.sampled_from(list(KEYS)), st.sampled_from(Edit), st.lists(st.text(max_size=8), max_size=3)),
        max_size=8,
    )
)
def test_whatever_was_done_setting_nothing_undoes_it(edits: list[tuple[str, Edit, list[str]]]) -> None:
    group = FRESH
    for key, edit, values in edits:
        with suppress(Refused):
            group = edited(group, key, edit, values)
    for key in KEYS:
        group = edited(group, key, Edit.SET, [])
    assert group == FRESH
