"""Whether a text contains a denied word, in whatever costume it comes. Pure.

Both are brought to a skeleton first: case, accents, look-alike letters and invisible signs put aside. A word is then
looked for as a whole word, with what people write for its letters (`n4ked`), signs between them (`n.a-ked`), letters
standing apart (`n a k e d`), letters drawn out (`naaaked`) and letters starred out (`n*ked`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from bot.domain.lookalikes import ALIKE, LETTERS, SAME

PATTERNS = 4096
"""Denied words whose patterns are remembered; a bot has some dozens."""

DRAWN_OUT = 3
"""So many equal letters in a row are no spelling of anything."""

LONG_WORD = 5
"""From so many letters on a doubled letter ("nakked") makes no other word."""

TAKEN_OUT = "\ue000"
"""What an innocent phrase leaves behind: no letter, no sign and no space, so that what stood around it stays apart."""

_INVISIBLE = frozenset(
    {*"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0", *map(chr, range(0xFE00, 0xFE10))}
)
_LETTER = r"[^\W\d_]"
_SIGN = rf"(?:_|[^\w\s{TAKEN_OUT}'\u2019])"
_INSIDE = rf"{_SIGN}{{0,3}}"
_APART = rf"(?:\s?(?:{_SIGN}|['\u2019]){{1,3}}\s?|\s)"
_MORE = "{1,9}"  # bounded, so that no text takes long
_BETWEEN = rf"{_INSIDE}\s?{_INSIDE}"
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of languages that put no space between words: what is written in them is found inside others."""


def plain(text: str) -> str:
    """Case, accents, letters in costume, invisible signs and runs of space put aside. For comparing names."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(char for char in decomposed if not _is_dressing(char)).split())


def skeleton(text: str) -> str:
    """The same, with look-alike letters as the ones they look like, and runs of one sign or letter cut to three."""
    seen = unicodedata.normalize("NFKD", text).translate(LETTERS).replace(TAKEN_OUT, "")
    bare = plain(plain(seen).translate(LETTERS))
    short = re.sub(r"(.)\1{3,}", r"\1\1\1", bare)
    return re.sub(rf"({_SIGN}{{3}}){_SIGN}+", r"\1", short)


def denied_word(text: str, words: Iterable[str], innocent: Iterable[str] = ()) -> str:
    """The first of `words` that is in `text`, "" when there is none; phrases of `innocent` are taken out first."""
    clean = skeleton(text)
    for phrase in map(skeleton, innocent):
        parts = re.findall(r"[^\W_]+", phrase)
        spelled = rf"(?:\s|{_SIGN}){{1,5}}".join(parts)
        clean = re.sub(_bounded(spelled, phrase), TAKEN_OUT, clean) if parts else clean
    return next((word for word in words if _is_in(word, clean)), "")


def _is_dressing(char: str) -> bool:
    """Accents, and what cannot be seen: joiners, soft hyphens, variation selectors, fillers."""
    return (
        char in _INVISIBLE
        or "\U000e0100" <= char <= "\U000e01ef"
        or unicodedata.combining(char) != 0
        or unicodedata.category(char) in {"Me", "Cf"}
    )


def _is_in(word: str, clean: str) -> bool:
    wanted = skeleton(word)
    letters = sum(char.isalpha() for char in wanted)
    if not wanted:
        return False
    whole, apart = _patterns(wanted)
    if any(3 * _letters(found) >= letters for found in whole.finditer(clean)):
        return True
    if apart is not None and any(2 * _letters(found) >= letters for found in apart.finditer(clean)):
        return True
    return "*" in clean and wanted.isalpha() and any(_is_starred(wanted, one) for one in _starred(clean))


def _letters(found: re.Match[str]) -> int:
    """Digits and signs alone are no word, whatever they resemble: "8008" is a number."""
    return sum(char.isalpha() for char in found.group())


@lru_cache(maxsize=PATTERNS)
def _patterns(wanted: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """The word with signs inside it, and, if it is long enough, with each of its letters standing alone."""
    parts = [_runs(part) for part in wanted.split()]
    is_long = sum(char.isalpha() for char in wanted) >= LONG_WORD
    inside = (_INSIDE.join(_run(char, count, is_long=is_long) for char, count in part) for part in parts)
    whole = re.compile(_bounded(_BETWEEN.join(inside), wanted))
    runs = [run for part in parts for run in part]
    if sum(count for _, count in runs) < DRAWN_OUT:
        return whole, None
    alone = _APART.join(rf"(?:{_kind(char)}{_APART}?){{{count - 1}}}{_kind(char)}{_MORE}" for char, count in runs)
    return whole, re.compile(_bounded(alone, wanted))


def _runs(part: str) -> tuple[tuple[str, int], ...]:
    return tuple((char, len(list(run))) for char, run in groupby(SAME.get(char, char) for char in part))


def _run(char: str, count: int, *, is_long: bool) -> str:
    """So many of one letter, or more; one letter of a short word must be one, or drawn out: "hot" is not "hoot"."""
    kind = _kind(char)
    if count > 1 or is_long or not char.isalnum():
        return rf"(?:{kind}{_INSIDE}){{{count - 1}}}{kind}{_MORE}"
    alike = "".join(one for one in char + ALIKE.get(char, "") if one.isalnum())
    return rf"(?:{kind}(?![{alike}])|{kind}{{{DRAWN_OUT},9}})"


def _kind(char: str) -> str:
    return f"[{re.escape(char + ALIKE.get(char, ''))}]"


def _bounded(pattern: str, word: str) -> str:
    """A pattern that stands by itself, also when it begins or ends with a sign ("@ss")."""
    return pattern if _UNSPACED.search(word) else rf"(?<!{_LETTER})(?:{pattern})(?!{_LETTER})"


def _starred(clean: str) -> Iterator[str]:
    """The words of a text in which stars stand for letters."""
    return (found.group() for found in re.finditer(rf"(?<!{_LETTER}){_LETTER}(?:{_LETTER}|\*)*", clean))


def _is_starred(wanted: str, given: str) -> bool:
    """Whether some letters of the word, at most half and never the first, are stars."""
    if len(wanted) != len(given) or 2 * given.count("*") > len(given):
        return False
    return all(char in {letter, "*"} for letter, char in zip(wanted, given, strict=True))
