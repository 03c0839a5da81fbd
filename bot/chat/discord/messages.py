"""What a Notice looks like on Discord: words within the limits, nothing in them that formats or pings. Pure.

Plain content, no embeds: it needs no permission of its own and reads the same in a notification.
"""

import re
from dataclasses import dataclass
from enum import Enum

from discord.utils import escape_markdown, escape_mentions

from bot.chat.notices import bar, original
from bot.domain.notice import Action, Button, Notice
from bot.domain.typed import one_line, seen

CONTENT = 2000
ALT_TEXT = 1024
LABEL = 80
THREAD_NAME = 100
BUTTONS = 25
CUSTOM_ID = 100
"""Discord's limits, in characters and pieces: https://docs.discord.com/developers/resources/message"""

CUT = "…"
BUTTON_TEMPLATE = rf"(?P<action>{'|'.join(Action)}):(?P<subject>[0-9A-Za-z_-]{{1,64}})"
"""The custom id of every button; it carries all there is to know, so that a button works for years."""


_SPECIAL = re.compile(r"<(?=[@#/:at])")
"""What people, channels, commands, emoji and moments of time are written with."""

_NUMBERED = re.compile(r"^(\s*\d+)(?=[.)])", re.MULTILINE)
"""The beginning of a numbered list."""


class Weight(Enum):
    """How much a button asks to be pressed."""

    MAIN = "main"
    YES = "yes"
    NO = "no"
    PLAIN = "plain"


WEIGHTS = {
    Action.CONFIRM: Weight.YES,
    Action.STILL: Weight.YES,
    Action.OPEN: Weight.YES,
    Action.GO_ON: Weight.YES,
    Action.AGAIN: Weight.MAIN,
    Action.DELIVER: Weight.MAIN,
    Action.DELETE: Weight.NO,
    Action.ERASE: Weight.NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button as Discord takes it."""

    custom_id: str
    label: str
    weight: Weight


def plain(text: str) -> str:
    """The text as it was typed: its signs format nothing, call nobody and turn nothing."""
    return _NUMBERED.sub(r"\1\\", _SPECIAL.sub(r"\\<", escape_mentions(escape_markdown(seen(text)))))


def cut(text: str, most: int) -> str:
    """The text, or as much of it as fits."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def content(notice: Notice, *, mention: int = 0) -> str:
    """The whole message. Where it is too long, the words are cut and the small print stays."""
    head = f"<@{mention}> " if mention else ""
    tail = "".join(f"\n{line}" for line in (bar(notice), _small(notice), _link(notice)) if line)
    return head + cut(plain(notice.text), CONTENT - len(head) - len(tail)) + tail


def keys(notice: Notice) -> tuple[Key, ...]:
    """The buttons."""
    return tuple(_key(button) for button in notice.buttons[:BUTTONS])


def alt_text(notice: Notice) -> str:
    """What the reel shows, for who cannot see it."""
    return cut(f"A video: {seen(notice.text)}", ALT_TEXT)


def thread_name(title: str) -> str:
    """A name for a thread, never empty."""
    return cut(one_line(title), THREAD_NAME) or "Your reel"


def _key(button: Button) -> Key:
    custom_id = f"{button.action.value}:{button.subject}"
    return Key(
        custom_id=custom_id,
        label=cut(one_line(button.label), LABEL),
        weight=WEIGHTS.get(button.action, Weight.PLAIN),
    )


def _link(notice: Notice) -> str:
    """The address in angle brackets, so that Discord does not show beside a small reel the large one."""
    address = original(notice)
    return f"-# The original: <{address}>" if address else ""


def _small(notice: Notice) -> str:
    return f"-# {cut(plain(notice.detail), 300)}" if notice.detail else ""
