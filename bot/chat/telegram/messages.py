"""What a Notice looks like on Telegram: words within the limits, nothing in them that formats or pings. Pure.

Everything is sent without a parse mode, so that no sign formats; what Telegram links by itself is undone here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.notices import bar, original
from bot.domain.notice import Action, Button, Notice
from bot.domain.typed import one_line, seen
from bot.domain.wizard_keys import TOKEN

TEXT = 4096
CAPTION = 1024
ALERT = 200
"""Telegram's limits, in UTF-16 units to be on the safe side: https://core.telegram.org/bots/api#sendmessage"""

LABEL = 60
KEYS = 100
ROW = 3
CUT = "…"

BUTTON = re.compile(rf"(?P<action>{'|'.join(Action)}):(?P<subject>[0-9A-Za-z_-]{{1,48}})")
"""The data of every button: 64 bytes at most, and all there is to know, so that it works for years."""

WIZARD = re.compile(rf"w:(?P<wizard>[0-9A-Za-z]{{1,24}}):(?P<version>[0-9]{{1,6}}):(?P<token>{TOKEN.pattern})")
"""The data of a Wizard's button: which, at which step, and what is chosen."""

_CALLS = re.compile(r"@(?=\w)")
"""What Telegram would make a mention of, and notify somebody by."""

JOINER = "\u2060"


class Style(StrEnum):
    """The colours a button can have."""

    YES = "success"
    NO = "danger"
    MAIN = "primary"


STYLES = {
    Action.CONFIRM: Style.YES,
    Action.STILL: Style.YES,
    Action.OPEN: Style.YES,
    Action.GO_ON: Style.YES,
    Action.AGAIN: Style.MAIN,
    Action.DELIVER: Style.MAIN,
    Action.DELETE: Style.NO,
    Action.ERASE: Style.NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button as Telegram takes it; `style` is "" for a plain one."""

    label: str
    data: str
    style: str = ""


def quiet(text: str) -> str:
    """The text as it was typed, calling nobody."""
    return _CALLS.sub(lambda found: found[0] + JOINER, seen(text))


def text(notice: Notice) -> str:
    """The whole message. Where it is too long, the words are cut and the small print stays."""
    return _within(notice, TEXT)


def caption(notice: Notice) -> str:
    """What stands with a reel."""
    return _within(notice, CAPTION)


def alert(notice: Notice) -> str:
    """The answer to a press."""
    return cut(seen(notice.text), ALERT)


def keys(buttons: tuple[Button, ...]) -> tuple[tuple[Key, ...], ...]:
    """The buttons in rows."""
    made = [
        Key(
            label=cut(one_line(button.label), LABEL),
            data=f"{button.action.value}:{button.subject}",
            style=STYLES.get(button.action, ""),
        )
        for button in buttons[:KEYS]
    ]
    return tuple(tuple(made[start : start + ROW]) for start in range(0, len(made), ROW))


def units(words: str) -> int:
    """The length as Telegram counts it."""
    return len(words.encode("utf-16-le")) // 2


def cut(words: str, most: int) -> str:
    """The words, or as much of them as fits."""
    if units(words) <= most:
        return words
    kept = words.encode("utf-16-le")[: 2 * (most - units(CUT))].decode("utf-16-le", errors="ignore")
    return kept + CUT


def _within(notice: Notice, most: int) -> str:
    address = original(notice)
    small = cut(quiet(notice.detail), 300) if notice.detail else ""
    lines = (bar(notice), small, f"The original: {address}" if address else "")
    tail = "".join(f"\n{line}" for line in lines if line)
    return cut(quiet(notice.text), most - units(tail)) + tail
