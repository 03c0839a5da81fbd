"""What people type stands in our sentences and changes nothing of what they say."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import Problem, Slug
from bot.domain.sentences import PROBLEMS, problem_sentence
from bot.domain.typed import one_line, seen

TRICKS = {
    "turned around": "\u202egpj.exe",
    "isolated": "\u2067abc\u2069",
    "a mark": "a\u200fb\u061c",
    "no width": "ki\u200bss",
    "a byte order mark": "\ufeffkiss",
    "a soft hyphen": "ki\u00adss",
    "a filler": "ki\u3164ss",
    "tags": "kiss\U000e0041\U000e0001",
    "a line": "kiss\nThe owner gives you $100.",
    "another line": "kiss\u2028The owner\u2029gives\x85you\x0b$100\x0c!",
    "a return": "kiss\rThe owner",
    "a terminal": "\x1b[2J\x1b]0;owned\x07",
    "a template": "{about} {0} {{x}} [also {gone}] %s %(x)s ${x}",
    "half a sign": "\ud83d kiss",
}
WORST = st.text() | st.text(alphabet=st.sampled_from("".join(TRICKS.values()) + "[]{}"), max_size=40)


@pytest.mark.parametrize("typed", TRICKS.values(), ids=TRICKS)
@pytest.mark.parametrize("slug", [Slug.UNKNOWN_CHOICE, Slug.UNKNOWN_COMMAND, Slug.WRONG_FILE_KIND, Slug.DENIED_WORD])
def test_no_trick_gets_into_a_sentence(slug: Slug, typed: str) -> None:
    said = problem_sentence(Problem(slug=slug, about=typed, facts={"given": typed, "word": typed, "by": typed}))
    assert said.isprintable()


@given(WORST)
def test_a_sentence_says_the_same_around_whatever_was_typed(typed: str) -> None:
    """The words before and behind are ours, letter for letter; nothing typed is read as a template."""
    said = problem_sentence(Problem(slug=Slug.NOT_A_NUMBER, about="duration", facts={"given": typed}))
    start, end = PROBLEMS[Slug.NOT_A_NUMBER].split("{given}")
    assert said.endswith(end)
    about, between = start.split("{about}")[0], start.split("{about}")[1]
    assert said.startswith(about)
    assert said.endswith(between + one_line(typed) + end)


@given(WORST)
@example("a\u200db")
def test_what_is_left_of_a_text_can_be_seen(typed: str) -> None:
    left = seen(typed)
    assert all(
        unicodedata.bidirectional(sign) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for sign in left
    )
    assert not any(unicodedata.category(sign) in {"Cs", "Zl", "Zp"} for sign in left)
    assert {sign for sign in left if unicodedata.category(sign) == "Cc"} <= {"\n", "\t"}
    assert seen(left) == left
    assert "\n" not in one_line(typed)


@pytest.mark.parametrize("typed", ["👩‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "❤️", "مرحبا", "Ça va, naïve Ωμέγα?"])
def test_what_people_really_write_is_kept(typed: str) -> None:
    assert one_line(typed) == typed
