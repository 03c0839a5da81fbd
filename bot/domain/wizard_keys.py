"""The keys of a wizard's screen, and how they stand on it.

A token is what the key does, its place on the screen, and a checksum of what it stands for: a key that was drawn
before the catalogue changed fits none of today's. It is good for one version of the Wizard, and says nothing by itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from bot.domain import wizard_words as words
from bot.domain.match import shortened
from bot.domain.notice import Tone
from bot.domain.wizard import Wizard

ROWS = 7
WIDE = 2
NARROW = 4
SHORT = 8
"""Labels no longer than this stand four in a row."""

FEW = NARROW * ROWS
"""So many fit on one page, when they are short."""

CANCEL = "x"
"""The token of every Cancel: it is good whatever has become of the screen."""

TOKEN = re.compile(r"x|[a-z][0-9]{1,3}-[0-9a-f]{1,4}")
"""What a token looks like: short, ASCII, and fit for a button's data."""

Row = tuple["Key", ...]


class Act(StrEnum):
    """What a key does; `Key.value` says to what."""

    CANCEL = "x"
    BACK = "b"
    PAGE = "p"
    ALL = "a"
    PICK = "c"
    OPEN = "o"
    LEAVE = "l"
    ENOUGH = "e"
    ANEW = "n"
    MAKE = "m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something to press, before it has a token."""

    act: Act
    label: str
    value: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A screen before its keys have tokens; empty rows are left out."""

    text: str
    rows: tuple[Row, ...]
    writes: bool = False
    sends: bool = False


def tokens(drawn: Page) -> Iterator[str]:
    """The tokens of a page's keys, in order."""
    for place, key in enumerate(key for row in drawn.rows for key in row):
        check = crc32(f"{key.act}:{key.value}:{key.label}".encode()) & 0xFFFF
        yield CANCEL if key.act is Act.CANCEL else f"{key.act}{place}-{check:x}"


def marked(label: str, *, now: bool) -> str:
    """A label that says when it is the choice that stands."""
    return words.cut(f"{words.CHOSEN}{label}" if now else label)


def grid(keys: Sequence[Key], each: int) -> tuple[Row, ...]:
    """The keys in rows of so many."""
    return tuple(tuple(keys[start : start + each]) for start in range(0, len(keys), each))


def paged(wizard: Wizard, keys: Sequence[Key], each: int) -> tuple[Row, ...]:
    """The page of a list that the step is at, with what leads to the others and out of a search."""
    size = each * ROWS
    pages = max(1, -(-len(keys) // size))
    now = min(wizard.page, pages - 1)
    leads = (
        Key(act=Act.PAGE, label=words.BEFORE, value=str((now - 1) % pages)),
        Key(act=Act.PAGE, label=f"{now + 1}/{pages}", value="0"),
        Key(act=Act.PAGE, label=words.AFTER, value=str((now + 1) % pages)),
    )
    everything = (Key(act=Act.ALL, label=words.ALL),) if wizard.search else ()
    return (*grid(keys[now * size : (now + 1) * size], each), leads if pages > 1 else (), everything)


def how(wizard: Wizard, keys: Sequence[Key], each: int) -> str:
    """How to find one's way in such a list."""
    if wizard.search:
        return words.FOUND.format(text=shortened(wizard.search))
    return words.SEARCH if len(keys) > each * ROWS else words.CHOOSE
