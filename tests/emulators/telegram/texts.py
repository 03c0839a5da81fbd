"""Entities: what Telegram itself finds in a text. Offsets and lengths count UTF-16 units.

https://core.telegram.org/bots/api#messageentity
"""

import re
from collections.abc import Mapping

from tests.emulators.telegram.things import Json, User

PATTERNS = {
    "bot_command": r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])",
    "mention": r"(?<![\w/@])@[A-Za-z0-9_]{3,32}\b",
    "hashtag": r"(?<![\w#])#\w*[^\W\d]\w*",
    "url": r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]",
    "email": r"[\w.+-]+@[\w-]+\.[\w.]*\w",
}


def units(text: str) -> int:
    """How many UTF-16 units a text takes."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """A piece of a text, by UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def spot(text: str, start: int, end: int) -> Json:
    """Where characters lie, in units."""
    return {"offset": units(text[:start]), "length": units(text[start:end])}


def found(text: str) -> list[Json]:
    """Commands, mentions, hashtags, addresses; the earlier pattern wins where two overlap."""
    taken: list[tuple[int, int]] = []
    entities = []
    for kind in ("url", "email", "bot_command", "mention", "hashtag"):
        for match in re.finditer(PATTERNS[kind], text):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                entities.append({"type": kind, **spot(text, *match.span())})
    return ordered(entities)


def ordered(entities: list[Json]) -> list[Json]:
    """By where they begin, the longer first."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def together(text: str, given: list[Json]) -> list[Json]:
    """What a sender marked, and what Telegram finds outside of it."""
    busy = [(one["offset"], one["offset"] + one["length"]) for one in given]
    free = [
        one
        for one in found(text)
        if all(one["offset"] + one["length"] <= start or end <= one["offset"] for start, end in busy)
    ]
    return ordered([*given, *free])


def named(text: str, people: Mapping[str, User], written: Mapping[int, Json]) -> list[Json]:
    """Mentions of people by a word of the text, for those who have no username. `written`: users by id, as JSON."""
    return [
        {"type": "text_mention", **spot(text, text.index(word), text.index(word) + len(word)), "user": written[who.id]}
        for word, who in people.items()
    ]


def commands(text: str, entities: list[Json]) -> list[str]:
    """The commands in a text, as written."""
    return [cut(text, one["offset"], one["length"]) for one in entities if one["type"] == "bot_command"]
