"""How a request is written: words, then `--name value`, quotes where wanted. Text in, segments out, no meaning yet.

A value runs to the next option. An apostrophe is never a quote. A quote counts only where a word begins; inside one,
nothing begins, and "" stands for one ". A phone that turned `--` into a dash is understood where the name is known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_FLAG = re.compile(r"(?P<dash>--|-?[—–]{1,2})(?P<name>[^\W\d_][\w-]*)(?:[=:]|(?=\s)|$)")  # noqa: RUF001  phones write these dashes
_PAIR = re.compile(r"(?P<name>[^\W\d_][\w-]*)=")
_QUOTED = re.compile(r'"(?P<straight>(?:[^"]|"")*+)"|[“„](?P<curly>[^“„”"]*+)[“”"]')
_OPENING = '"“„'
_UNSAFE = re.compile(r'["“”„=]|(?:^|\s)[-—–]+[^\W\d_]')  # noqa: RUF001  what _FLAG would take for an option


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One option as written.

    `name` is "" for the words before the first option. `value` is None where nothing was written, "" only for an
    empty pair of quotes. `open_quote`: a quote was opened and never closed; the value is then the text as it stands.
    """

    name: str
    value: str | None
    open_quote: bool = False


def segments(text: str, known: Callable[[str], bool], *, pairs: bool = False) -> tuple[Segment, ...]:
    """The text in order, the words before the first option first (always present, maybe empty).

    `known` says whether a name is an option; it is asked only about names after a typographic dash. With `pairs`,
    `name=value` begins an option too.
    """
    found: list[Segment] = []
    name, start, cursor, fresh, is_open = "", 0, 0, True, False
    while cursor < len(text):
        head = _head(text, cursor, known, pairs=pairs) if fresh else None
        if head is not None:
            found.append(_segment(name, text[start:cursor], open_quote=is_open))
            name, start, is_open = head["name"], head.end(), False
            cursor = head.end()
            continue
        quoted = _QUOTED.match(text, cursor) if fresh else None
        is_open = is_open or (fresh and quoted is None and text[cursor] in _OPENING)
        fresh = quoted is None and text[cursor].isspace()
        cursor = quoted.end() if quoted else cursor + 1
    found.append(_segment(name, text[start:], open_quote=is_open))
    return tuple(found)


def begins_option(text: str, *, pairs: bool) -> bool:
    """Whether the text begins with an option instead of a word."""
    return _head(text, 0, lambda _: False, pairs=pairs) is not None


def written(value: str) -> str:
    """A value so that `segments` reads exactly it again, in quotes only where they are needed."""
    if value and value == value.strip() and not _UNSAFE.search(value):
        return value
    return '"' + value.replace('"', '""') + '"'


def _head(text: str, at: int, known: Callable[[str], bool], *, pairs: bool) -> re.Match[str] | None:
    flag = _FLAG.match(text, at)
    if flag is not None and (flag["dash"] == "--" or known(flag["name"])):
        return flag
    return _PAIR.match(text, at) if pairs else None


def _segment(name: str, raw: str, *, open_quote: bool) -> Segment:
    text = raw.strip()
    quoted = _QUOTED.fullmatch(text)
    if quoted is None:
        return Segment(name=name, value=text or None, open_quote=open_quote)
    straight = quoted["straight"]
    return Segment(name=name, value=quoted["curly"] if straight is None else straight.replace('""', '"'))
