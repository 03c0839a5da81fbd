"""`/admin` as text: every subcommand, its parts by their looks, and whatever is none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.admin import HELP, SUBS, Part, Sub, Takes, parts_of, sub_named, typed
from bot.domain.errors import Refused, Slug
from bot.domain.permission import Deed
from tests.builders import ANNA, BEN

EVERYTHING = Sub(
    name="everything",
    makes="all there is",
    deed=Deed.LOOK,
    parts=(
        Part(name="person", help="who", takes=Takes.PERSON, required=True),
        Part(name="amount", help="how much", takes=Takes.AMOUNT),
        Part(name="lasts", help="how long", takes=Takes.SPAN),
        Part(name="switch", help="what", takes=Takes.CHOICE, choices={"pause": "Pause", "resume": "Go on"}),
        Part(name="reason", help="why", takes=Takes.WORDS),
    ),
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", {}),
        ("@ben 5 12h be kind", {"person": "@ben", "amount": "5", "lasts": "12h", "reason": "be kind"}),
        ("Pause $2.50 @ben", {"switch": "pause", "amount": "$2.50", "person": "@ben"}),
        ("7d telegram:12345", {"lasts": "7d", "person": "telegram:12345"}),
        ("123456 123456", {"person": "123456", "amount": "123456"}),
        ("<@123> no 5 of these", {"person": "<@123>", "reason": "no 5 of these"}),
        ("1.5.2", {"reason": "1.5.2"}),
    ],
)
def test_words_are_told_apart_by_their_looks(text: str, parts: dict[str, str]) -> None:
    assert parts_of(EVERYTHING, text.split()) == parts


def test_who_is_known_already_is_not_looked_for() -> None:
    assert parts_of(EVERYTHING, ["@ben"], named=True) == {"reason": "@ben"}
    assert parts_of(EVERYTHING, ["123456"], named=True) == {"amount": "123456"}


def test_a_word_too_many_is_refused_where_nothing_takes_words() -> None:
    bare = Sub(name="bare", makes="nothing", deed=Deed.LOOK)
    with pytest.raises(Refused) as caught:
        parts_of(bare, ["now"])
    assert caught.value.problems[0].slug is Slug.UNKNOWN_OPTION


@given(st.text(max_size=80))
def test_no_text_is_anything_but_an_errand_or_refused(text: str) -> None:
    try:
        errand = typed(text, account=ANNA, group="club", event="1")
    except Refused:
        return
    assert set(errand.values) <= {part.name for part in errand.sub.parts}


@given(st.lists(st.sampled_from(["@ben", "5", "12h", "pause", "be", "kind"]), max_size=9))
def test_no_word_is_lost(words: list[str]) -> None:
    found = parts_of(EVERYTHING, words)
    assert sorted(" ".join(found.values()).split()) == sorted(words)


def test_a_subcommand_is_found_however_it_is_spelled_and_a_typo_is_helped() -> None:
    assert sub_named("STATUS") is SUBS["status"]
    assert sub_named("") is SUBS[HELP]
    with pytest.raises(Refused) as caught:
        sub_named("consloe")
    assert caught.value.problems[0].facts["suggestion"] == "console"


def test_only_who_is_wanted_is_named() -> None:
    assert typed("status", account=ANNA, group="club", event="1", whom=BEN).whom is None


@pytest.mark.parametrize("sub", SUBS.values(), ids=lambda sub: sub.name)
def test_every_subcommand_can_be_offered_in_a_menu(sub: Sub) -> None:
    names = [part.name for part in sub.parts]
    assert len(set(names)) == len(names) <= 25
    assert all(name.isascii() and name.islower() for name in (sub.name, *names))
    assert all(0 < len(text) <= 100 for text in (sub.makes, *(part.help for part in sub.parts)))
    assert sum(part.takes is Takes.WORDS for part in sub.parts) <= 1
    assert sum(part.takes is Takes.PERSON for part in sub.parts) <= 1
