"""Marks in a text: HTML, MarkdownV2, or entities as given. https://core.telegram.org/bots/api#formatting-options"""

import re
from html import unescape
from typing import Any

from tests.emulators.telegram.markdown import Markdown
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.texts import spot, units
from tests.emulators.telegram.things import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
TOKEN = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>|<|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


def parsed(raw: str, mode: str, given: list[Any]) -> tuple[str, list[Json]]:
    """The text that is read, and the marks in it.

    Raises:
        Refusal: The marks cannot be parsed.
    """
    match mode.lower():
        case "" | "none":
            return raw, checked(raw, given)
        case "html":
            return html(raw)
        case "markdownv2":
            return Markdown(raw).read()
        case "markdown":
            raise NotImplementedError("the old Markdown is not emulated")
        case _:
            raise refuse("unsupported parse_mode")


def checked(raw: str, given: list[Any]) -> list[Json]:
    """Marks as given, if they lie within the text."""
    kept = []
    for one in given:
        if not isinstance(one, dict) or not {"type", "offset", "length"} <= set(one):
            raise refuse("can't parse MessageEntity: Can't find field \"type\"")
        if one["offset"] < 0 or one["offset"] + one["length"] > units(raw):
            raise refuse(f"entity beginning at UTF-16 offset {one['offset']} ends after the end of the text")
        kept.append({key: value for key, value in one.items() if value is not None})
    return kept


def html(raw: str) -> tuple[str, list[Json]]:
    """HTML of Telegram's few tags."""
    out, opened, entities, last = "", [], [], 0
    for token in TOKEN.finditer(raw):
        out += raw[last : token.start()]
        last, at = token.end(), len(raw[: token.start()].encode())
        closing, tag, rest = token.group(1, 2, 3)
        name = (tag or "").lower()
        if token.group(0).startswith("&"):
            out += unescape(token.group(0))
        elif name not in TAGS:
            words = f'Unsupported start tag "{name}"' if name else "Unclosed start tag"
            raise refuse(f"can't parse entities: {words} at byte offset {at}")
        elif not closing:
            opened.append((name, rest, len(out)))
        else:
            entities.append(closed(name, opened, out, at))
    if opened:
        raise refuse(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return out + raw[last:], [one for one in entities if one["length"]]


def closed(name: str, opened: list[tuple[str, str, int]], out: str, at: int) -> Json:
    """The mark that ends here."""
    if not opened:
        raise refuse(f"can't parse entities: Unexpected end tag at byte offset {at}")
    tag, rest, start = opened.pop()
    if tag != name:
        raise refuse(
            f'can\'t parse entities: Unmatched end tag at byte offset {at}, expected "</{tag}>", found "</{name}>"'
        )
    extra: dict[str, Any] = {}
    link = re.search(r"href\s*=\s*[\"']?([^\"'>\s]+)", rest)
    if tag == "a" and link:
        extra["url"] = unescape(link.group(1))
    return {"type": TAGS[tag], **spot(out, start, len(out)), **extra}


def trimmed(words: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without blanks at either end, the marks moved along."""
    lead = units(words[: len(words) - len(words.lstrip())])
    short = words.strip()
    size, moved = units(short), []
    for one in entities:
        start = max(one["offset"] - lead, 0)
        end = min(one["offset"] + one["length"] - lead, size)
        if end > start:
            moved.append(one | {"offset": start, "length": end - start})
    return short, moved
