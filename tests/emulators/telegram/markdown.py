"""Marks in MarkdownV2, without quotations and custom emoji. https://core.telegram.org/bots/api#markdownv2-style"""

import re
from dataclasses import dataclass

from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.texts import ordered, spot
from tests.emulators.telegram.things import Json

MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
"""The longer first: `__` is never two `_`."""
RESERVED = set("_*[]()~`>#+-=|{}.!")
VERBATIM = {"pre", "code"}
LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
NAMES = {"text_link": "TextUrl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A mark that has begun: its kind, where in the text that is read, and where in bytes of what was written."""

    kind: str
    at: int
    byte: int
    language: str = ""


class Markdown:
    """Reads one text."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._at = 0
        self._out = ""
        self._opened: list[Opened] = []
        self._found: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """The text that is read, and the marks in it.

        Raises:
            Refusal: A reserved character stands alone, or a mark has no end.
        """
        while self._at < len(self._raw):
            self._step()
        if self._opened:
            last = self._opened[-1]
            name = NAMES.get(last.kind, last.kind.capitalize())
            raise refuse(f"can't parse entities: Can't find end of {name} entity at byte offset {last.byte}")
        return self._out, ordered(self._found)

    def _step(self) -> None:
        rest = self._raw[self._at :]
        inside = self._opened[-1].kind if self._opened else ""
        if rest[0] == "\\" and len(rest) > 1 and rest[1].isascii():
            self._out, self._at = self._out + rest[1], self._at + 2
        elif inside in VERBATIM and not rest.startswith("`" if inside == "code" else "```"):
            self._plain(rest[0])
        elif inside == "text_link" and rest[0] == "]":
            self._link()
        elif (mark := next((one for one in MARKS if rest.startswith(one)), None)) is not None:
            self._mark(mark)
        elif rest[0] in RESERVED:
            words = f"Character '{rest[0]}' is reserved and must be escaped with the preceding '\\'"
            raise refuse(f"can't parse entities: {words}")
        else:
            self._plain(rest[0])

    def _plain(self, character: str) -> None:
        self._out, self._at = self._out + character, self._at + 1

    def _mark(self, mark: str) -> None:
        kind = MARKS[mark]
        if self._opened and self._opened[-1].kind == kind and mark != "[":
            self._at += len(mark)
            self._close({"language": language} if (language := self._opened[-1].language) else {})
            return
        byte = len(self._raw[: self._at].encode())
        self._at += len(mark)
        language = ""
        if kind == "pre":
            named = LANGUAGE.match(self._raw, self._at)
            language = named.group(1) if named else ""
            self._at += len(language)
            self._at += self._raw[self._at : self._at + 1] == "\n"
        self._opened.append(Opened(kind=kind, at=len(self._out), byte=byte, language=language))

    def _link(self) -> None:
        """The address behind the words, if there is one."""
        self._at += 1
        target = re.compile(r"\(((?:\\.|[^)\\])*)\)").match(self._raw, self._at)
        if self._raw[self._at : self._at + 1] == "(" and target is None:
            at = len(self._raw[: self._at + 1].encode())
            raise refuse(f"can't parse entities: Can't find end of a URL at byte offset {at}")
        if target is not None:
            self._at = target.end()
            self._close({"url": re.sub(r"\\(.)", r"\1", target.group(1))})
        else:
            self._opened.pop()

    def _close(self, extra: Json) -> None:
        one = self._opened.pop()
        if len(self._out) > one.at:
            self._found.append({"type": one.kind, **spot(self._out, one.at, len(self._out)), **extra})
