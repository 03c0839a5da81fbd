"""A denied word is found in every costume, and an innocent word in none."""
# ruff: noqa: RUF001  letters in costume are what this is about

import string
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lookalikes import ALIKE, LETTERS
from bot.domain.words import denied_word, plain, skeleton
from bot.settings.moderation import ModerationSection
from tests.source import ROOT

SHIPPED = ModerationSection.model_validate(tomllib.loads((ROOT / "config" / "moderation.toml").read_text("utf-8")))
PROMPTS = [
    line
    for line in Path(__file__).with_name("innocent_prompts.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
WORDS = ("naked", "porn", "nude", "topless", "pussy", "striptease", "genitalia", "pole dance")
LOOKALIKES: Mapping[str, list[str]] = {
    letter: [chr(number) for number, seen in LETTERS.items() if seen == letter] for letter in string.ascii_lowercase
}
ACCENTS = "\u0301\u0308\u0327\u0336\u20dd"
UNSEEN = "\u200b\u200d\u00ad\ufe0f\u2060\u034f\u115f"
MATHS = (0x1D400, 0x1D434, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670)
"""Where each mathematical alphabet begins that has all its letters in a row."""


def shipped(text: str) -> str:
    """What the shipped rules find."""
    return denied_word(text, SHIPPED.denied_words, SHIPPED.innocent_phrases)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_an_innocent_prompt_passes_the_shipped_rules(prompt: str) -> None:
    assert shipped(prompt) == ""


def test_there_are_a_few_hundred_of_them_and_many_are_near_misses() -> None:
    near = [prompt for prompt in PROMPTS if denied_word(prompt, SHIPPED.denied_words)]
    parts = [prompt for prompt in PROMPTS if any(word in skeleton(prompt) for word in SHIPPED.denied_words)]
    assert len(PROMPTS) >= 400
    assert len(near) >= 30, "let pass only by an innocent phrase"
    assert len(parts) >= 40, "let pass only because words are whole words"


@pytest.mark.parametrize("word", SHIPPED.denied_words)
def test_every_shipped_word_is_found_in_a_sentence(word: str) -> None:
    assert shipped(f"please: {word.upper()}, in the rain") != ""


EVASIONS = [
    "naked", "NAKED", "half-naked man", "a naked, happy cat", "nakéd", "n\u00e0k\u0065\u0301d", "(naked)", "naked\nman",
    "naked_man", "naked!!!", "naked69", "69naked", "naked🇫🇷", "🇫🇷naked", "naked👀", "“naked”", "#naked", "@naked",
    "ｎａｋｅｄ", "𝐍𝐚𝐤𝐞𝐝", "𝓷𝓪𝓴𝓮𝓭", "𝖓𝖆𝖐𝖊𝖉", "ⓝⓐⓚⓔⓓ", "🅝🅐🅚🅔🅓", "🄽🄰🄺🄴🄳", "🅽🅰🅺🅴🅳", "n🅰ked", "🇳🇦🇰🇪🇩", "ⁿᵃᵏᵉᵈ", "ɴᴀᴋᴇᴅ",
    "nаkеd", "пакеd", "ոaked", "ηaκed", "nαked", "ꓠꓮꓗꓰꓓ", "ΝΑΚΕD", "nɑked", "na\u200bked", "na\u00adked", "n\ufe0faked",
    "n\u2060a\u2060ked", "n\u034faked", "n\u115faked", "n\U000e0101aked",
    "n a k e d", "n  a  k  e  d", "N A K E D", "n.a.k.e.d", "n-a-k-e-d", "n - a - k - e - d", "n_a_k_e_d", "n'a'k'e'd",
    "n/a/k/e/d", "n. a. k. e. d.", "na.ked", "na-ked", "na_ked", "na~ked", "na*ked", "n...aked", "n-------aked",
    "na🙂ked", "n•a•k•e•d", "na\u0336ked", "n\na\nk\ne\nd",
    "nakeeeed", "naaaaaaaked", "nakedddd", "nnnaaakkkeeeddd", "nakked", "nnaakkeedd",
    "n4ked", "nak3d", "n4k3d", "n@ked", "n@k3d", "nak€d", "n4k€d!", "n4 is no word, but n4k3d is",
    "n*ked", "na**d", "nak*d", "n**ed",
]  # fmt: skip
OTHERS = [
    ("porn", "p0rn"), ("porn", "p*rn"), ("porn", "pоrn"), ("porn", "p o r n"), ("porn", "pr0n p0rnnn"),
    ("pussy", "pu$$y"), ("pussy", "pu55y"), ("pussy", "puzzy"), ("pussy", "pvssy"), ("pussy", "p u s s y"),
    ("pussy", "p u ss y"), ("pussy", "puss.y"), ("pussy", "pus.sy"), ("tits", "t1ts"), ("tits", "t!t$"),
    ("tits", "tlts"),
    ("tits", "t i t s"), ("tits", "7its"), ("tits", "tiiits"), ("anal", "anal!"), ("anal", "ana1"), ("anal", "an@|"),
    ("boobs", "b00bs"), ("boobs", "8oob5"), ("boobs", "boobz"), ("boobs", "booooobs"), ("pole dance", "pole-dance"),
    ("pole dance", "poledance"), ("pole dance", "p0le d4nce"), ("pole dance", "p o l e d a n c e"),
    ("pole dance", "a Pole \n Dance"), ("@ss", "kick @ss now"), ("c++", "c++"), ("Straße", "STRASSE"), ("été", "ete"),
    ("ass", "a$$"), ("ass", "a55"), ("sex", "$3x"), ("69", "69"), ("裸体", "她的裸体画"), ("порно", "п о р н о"),
    ("ヌード", "ヌード写真"), ("누드", "누드를"),
]  # fmt: skip


@pytest.mark.parametrize("text", EVASIONS)
def test_a_word_is_found_in_every_costume(text: str) -> None:
    assert denied_word(text, ("naked",)) == "naked"


@pytest.mark.parametrize(("word", "text"), OTHERS)
def test_so_are_short_words_phrases_and_words_with_signs(word: str, text: str) -> None:
    assert denied_word(text, ("flower", word)) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("naked", ""), ("naked", "nakedness"), ("naked", "snaked along"), ("naked", "na ked"), ("naked", "baked"),
        ("naked", "n a k e"), ("naked", "*****"), ("naked", "n****"), ("naked", "*aked"), ("hot", "hoot"),
        ("god", "good"), ("ass", "as"), ("ass", "a s"), ("ass", "class"), ("ass", "bass"), ("cunt", "Scunthorpe"),
        ("hell", "he'll"), ("shed", "she'd"), ("boob", "8008"), ("kill", "k!!!"), ("tit", "title"), ("sex", "Essex"),
        ("penis", "the pen is red"), ("therapist", "the rapist's opposite"), ("rape", "grape"), ("rape", "raper"),
        ("pussy", "pus sy"), ("c++", "c"), ("c++", "c+"), ("@ss", "ss"), ("pole dance", "pole and dance"),
        ("ヌード", "ヌトリア"), ("", "anything"), (" ", "any thing"), ("\u200b", "anything"),
    ],
)  # fmt: skip
def test_an_innocent_text_is_let_pass(word: str, text: str) -> None:
    assert denied_word(text, (word,)) == ""


def test_an_innocent_phrase_is_let_pass_and_hides_nothing_else() -> None:
    words, innocent = ("naked", "pole dance"), ("naked eye", "Naked Mole-Rat")
    assert denied_word("seen with the naked eye", words, innocent) == ""
    assert denied_word("a naked mole-rat", words, innocent) == ""
    assert denied_word("a naked-mole rat", words, innocent) == ""
    assert denied_word("naked, with the naked eye", words, innocent) == "naked"
    assert denied_word("naked eyes", words, innocent) == "naked"
    assert denied_word("pole naked eye dance", words, innocent) == ""
    assert denied_word("pole-naked eye-dance", words, innocent) == ""
    assert denied_word("n naked eye a k e d", ("naked",), innocent) == ""


def test_an_innocent_phrase_is_one_only_as_it_is_written() -> None:
    assert denied_word("n4ked eye", ("naked",), ("naked eye",)) == "naked"


def test_an_empty_rule_denies_nothing_and_hides_nothing() -> None:
    words, innocent = ("", " ", "naked"), ("", "\u200b")
    assert denied_word("a naked cat", words, innocent) == "naked"
    assert denied_word("a cat", words, innocent) == ""


def test_the_first_of_the_rules_is_named() -> None:
    assert denied_word("nude and naked", ("naked", "nude")) == "naked"


@pytest.mark.parametrize(
    "text",
    ["i!|l1" * 4000, "n*" * 10_000, "n.a.k.e." * 5000, "@$" * 10_000, "n a k e " * 5000, "+t7" * 12_000, "*" * 20_000],
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    assert denied_word(text, (*WORDS, "lilili", "tittits", "illicit", "assistants")) in {"", "lilili", "illicit"}


def by(letter: Callable[[str], st.SearchStrategy[str]]) -> Callable[[str], st.SearchStrategy[str]]:
    """Something done to every letter of a word on its own."""
    return lambda word: st.tuples(*(letter(char) for char in word)).map("".join)


def _accented(char: str) -> st.SearchStrategy[str]:
    return st.text(ACCENTS + UNSEEN, max_size=2).map(lambda marks: char + marks if char != " " else char)


def _seen(char: str) -> st.SearchStrategy[str]:
    return st.sampled_from([char, char.upper(), *LOOKALIKES.get(char, [])])


def _full_width(char: str) -> st.SearchStrategy[str]:
    return st.sampled_from([char, chr(ord(char) + 0xFEE0)] if char != " " else [" "])


def _maths(char: str) -> st.SearchStrategy[str]:
    at = ord(char) - ord("a")
    return st.sampled_from([char, *(chr(start + 26 + at) for start in MATHS)] if char != " " else [" "])


def _drawn_out(char: str) -> st.SearchStrategy[str]:
    return st.sampled_from([1, 3, 4, 9]).map(lambda times: char * times if char != " " else char)


def _apart(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([" ", "  ", ".", " . ", "-", "_", "~", "·"]).map(
        lambda sign: sign.join(word.replace(" ", ""))
    )


def _with_signs(word: str) -> st.SearchStrategy[str]:
    signs = st.lists(st.sampled_from(["", "", ".", "-", "_", "~~", "..."]), min_size=len(word), max_size=len(word))
    return signs.map(lambda found: "".join(map("".join, zip(word, found, strict=True))))


def _digits(word: str) -> st.SearchStrategy[str]:
    """Every second letter at most: whatever is written in signs alone could be anything."""

    def dressed(at: int, char: str) -> st.SearchStrategy[str]:
        return st.sampled_from([char, *ALIKE.get(char, "")] if at % 2 else [char])

    return st.tuples(*(dressed(at, char) for at, char in enumerate(word))).map("".join)


def _cased(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word, word.upper(), word.title(), word.swapcase()])


COSTUMES: Sequence[Callable[[str], st.SearchStrategy[str]]] = (
    _cased,
    by(_accented),
    by(_seen),
    by(_full_width),
    by(_maths),
    by(_drawn_out),
    _apart,
    _with_signs,
    _digits,
)


@given(
    word=st.sampled_from(WORDS),
    costume=st.sampled_from(COSTUMES),
    around=st.sampled_from(["{}", "a {} man", "x, {}!", "({})", "{}\n2"]),
    data=st.data(),
)
def test_no_costume_gets_past(
    word: str, costume: Callable[[str], st.SearchStrategy[str]], around: str, data: st.DataObject
) -> None:
    assert denied_word(around.format(data.draw(costume(word))), ("flower", word)) == word


@given(text=st.text(max_size=60))
def test_putting_costumes_aside_a_second_time_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert skeleton(skeleton(text)) == skeleton(text)


@given(text=st.text(max_size=60))
def test_a_skeleton_is_bare(text: str) -> None:
    bare = skeleton(text)
    assert not any(unicodedata.combining(char) or unicodedata.category(char) == "Cf" for char in bare)
    assert not any(bare[at] == bare[at + 1] == bare[at + 2] == bare[at + 3] for at in range(len(bare) - 3))
    assert not LETTERS.keys() & set(map(ord, bare))


@given(words=st.lists(st.text(max_size=12), max_size=4), text=st.text(max_size=40))
def test_any_text_can_be_a_rule(words: list[str], text: str) -> None:
    assert denied_word(text, words, words) in {"", *words}


@pytest.mark.parametrize(("number", "seen"), LETTERS.items())
def test_every_lookalike_is_one_and_leads_to_no_other(number: int, seen: str) -> None:
    assert seen.strip().isascii()
    assert skeleton(chr(number)) == seen.strip()
