"""Typed words against known ones: punctuation and case do not matter, one match or none, and a guess when none.

Nothing here decides what is allowed; it only says which of the given candidates was meant.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

_SHOWN = 8
"""Longer lists are cut in a sentence: the people who need all of them have completion and `/models`."""

_KEPT = 6
_QUOTED = 60
_CUTOFF = 60.0
RESEMBLING = 60.0
"""How much of a shown text must resemble what is searched for, of a hundred."""

_MEASURE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)")


def key(text: str) -> str:
    """The letters and digits of `text`, case folded: what is left when people type as people do."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def find(text: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that `text` spells, exactly or apart from case and punctuation; None when none or several."""
    known = list(candidates)
    if text in known:
        return text
    for spelled in (str.casefold, key):
        wanted = spelled(text.strip())
        found = [candidate for candidate in known if wanted and spelled(candidate) == wanted]
        if len(found) == 1:
            return found[0]
    return None


def find_measure(text: str, candidates: Sequence[str], unit: str) -> str | None:
    """Like `find`, and also by number where people add or drop the unit: "8s" for "8", "720" for "720p"."""
    found = find(text, candidates)
    typed = _MEASURE.fullmatch(text.strip().casefold())
    if found is not None or typed is None:
        return found
    same = [candidate for candidate in candidates if _same_measure(typed, candidate, unit)]
    return same[0] if len(same) == 1 else None


def _same_measure(typed: re.Match[str], candidate: str, unit: str) -> bool:
    known = _MEASURE.fullmatch(candidate.casefold())
    if known is None or float(known["number"]) != float(typed["number"]):
        return False
    return not typed["unit"] or typed["unit"][0] == (known["unit"] or unit or "s")[0]


def suggestion(text: str, candidates: Iterable[str]) -> str:
    """The candidate that `text` most resembles, or "" when it resembles none."""
    keys = {candidate: key(candidate) for candidate in candidates}
    best = process.extractOne(key(text), keys, scorer=fuzz.ratio, score_cutoff=_CUTOFF)
    return best[2] if best and key(text) else ""


def search(text: str, shown: Mapping[str, str], *, most: int) -> list[str]:
    """The candidates whose shown text is `text`, then those that begin with it, contain it, and resemble it.

    All of them, as they stand, when `text` has neither letters nor digits. At most `most` are given.
    """
    wanted = key(text)
    if not wanted:
        return list(shown)[:most]
    keys = {candidate: key(label) for candidate, label in shown.items()}
    same = [one for one, spelled in keys.items() if spelled == wanted]
    begins = [one for one, spelled in keys.items() if spelled.startswith(wanted)]
    contains = [one for one, spelled in keys.items() if wanted in spelled]
    alike = process.extract(wanted, keys, scorer=fuzz.partial_ratio, score_cutoff=RESEMBLING, limit=most)
    return list(dict.fromkeys([*same, *begins, *contains, *(one[2] for one in alike)]))[:most]


def shortened(text: str) -> str:
    """The typed text as a sentence can quote it: on one line, and cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"


def listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: "5 or 8", "a, b, c, d, e, f or 25 more"."""
    shown = list(words)
    if len(shown) > _SHOWN:
        shown = [*shown[:_KEPT], f"{len(words) - _KEPT} more"]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)
