"""Judges every request of a client, and everything the emulator emits.

By the Bot API's machine-readable description when that lies beside the repository, by aiogram's models, and by the
emulator's own refusals: a request that Telegram would call malformed is a client's fault, whatever the world is like.
"""

import re
from functools import cache
from typing import Any

from tests.emulators.published import published
from tests.emulators.telegram import models
from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.document import Document
from tests.emulators.telegram.refusals import Refusal

NAME = "telegram-bot-api.json"

FAULTY = re.compile(
    r"can't parse|object expected|array of|must be |unsupported|unallowed|is empty|is too long|is required|"
    r"there is no \w+ in the request|wrong parameter action|BUTTON_DATA_INVALID|BOT_COMMAND|REACTIONS_TOO_MANY|"
    r"MESSAGE_TOO_LONG|method not found|Entity Too Large|too big for a|entity beginning|"
    r"IMAGE_PROCESS_FAILED|PHOTO_INVALID_DIMENSIONS|can't use file of type|not specified",
    re.IGNORECASE,
)
"""Refusals that a correct client never meets."""


@cache
def official() -> Document | None:
    """The description, None where it is absent."""
    path = published(NAME)
    return None if path is None else Document(path, newer=models.fields)


class Judge:
    """`complaints` is what was found; a test that provokes one takes it out (`complaints.clear()`)."""

    def __init__(self, document: Document | None = None) -> None:
        self.complaints: list[str] = []
        self.refusals: list[tuple[str, Refusal]] = []
        """Every no of the emulator with its method, in order."""
        self.judged = 0
        """How many requests, results and updates were looked at."""
        self._document = document or official()

    def complain(self, words: str) -> None:
        """Something is not as it should be."""
        self.complaints.append(words)

    def words(self) -> list[str]:
        """What all refusals said, in order."""
        return [refusal.description for _, refusal in self.refusals]

    def refused(self, method: str, refusal: Refusal) -> None:
        """The emulator said no."""
        self.refusals.append((method, refusal))
        if FAULTY.search(refusal.description):
            self.complain(f"request {method}: refused, {refusal}")

    def request(self, call: Call, *, known: bool) -> None:
        """What a client sent; `known`: the emulator has this method."""
        self.judged += 1
        at = f"request {call.method}"
        if not known:
            self.complain(f"{at}: the emulator has no such method")
        files = {name: one.filename for name, one in call.files.items()}
        if self._document is not None:
            newer = models.parameters(call.method)
            self._find(at, self._document.request(call.method, call.arguments, files, newer))
        self._find(at, models.request(call.method, call.arguments, files))

    def answer(self, method: str, result: Any) -> None:
        """What the emulator gives back."""
        self.judged += 1
        if self._document is not None:
            self._find(f"answer to {method}", self._document.answer(method, result))
        self._find(f"answer to {method}", models.answer(method, result))

    def update(self, body: Any) -> None:
        """What the emulator tells."""
        self.judged += 1
        if self._document is not None:
            self._find("update", self._document.wrong("Update", body))
        self._find("update", models.told(body))

    def _find(self, at: str, found: list[str]) -> None:
        self.complaints += [f"{at}: {each}" for each in found]
