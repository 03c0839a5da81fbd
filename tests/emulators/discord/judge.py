"""Judges every request of a client, and every answer of the emulator.

Requests by the official document when it lies beside the repository, and by the emulator's own refusals: a form that
Discord would call invalid is a client's fault, whatever the world looks like. Answers by the document.
"""

from functools import cache
from pathlib import Path

from tests.emulators.discord.calls import Answer, Call
from tests.emulators.discord.document import Document
from tests.emulators.discord.refusals import Refusal

DOCUMENT = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi.json"

FAULTY = {30015, 30032, 50006, 50035, 50109}
"""Refusals that a correct client never meets."""

EXCUSED = ("REPLIES_UNKNOWN_MESSAGE",)
"""Invalid forms that are the world's fault: the message may have been deleted meanwhile."""


@cache
def official() -> Document | None:
    """The document, None where it is absent."""
    return Document(DOCUMENT) if DOCUMENT.is_file() else None


class Judge:
    """`complaints` is what was found; a test that provokes one takes it out (`complaints.clear()`)."""

    def __init__(self, document: Document | None = None) -> None:
        self.complaints: list[str] = []
        self.refusals: list[Refusal] = []
        """Every no of the emulator, in order."""
        self.judged = 0
        """How many requests and answers the document was asked about."""
        self._document = document or official()

    def complain(self, words: str) -> None:
        """Something is not as it should be."""
        self.complaints.append(words)

    def codes(self) -> list[int]:
        """The codes of all refusals, in order."""
        return [one.code for one in self.refusals]

    def refused(self, call: Call, refusal: Refusal) -> None:
        """The emulator said no."""
        self.refusals.append(refusal)
        if refusal.code in FAULTY and not any(each in str(refusal.errors) for each in EXCUSED):
            self.complain(f"request {call.method} {call.path}: refused, {refusal} {refusal.errors or ''}")

    def request(self, call: Call) -> None:
        """What a client sent."""
        if self._document is not None:
            self.judged += 1
            query = dict(call.query)
            found = self._document.request(call.method, call.path, query, call.body, multipart=call.multipart)
            self.complaints += [f"request {call.method} {call.path}: {each}" for each in found]

    def answer(self, call: Call, answer: Answer) -> None:
        """What the emulator gives back."""
        if self._document is not None:
            self.judged += 1
            found = self._document.answer(call.method, call.path, answer.status, answer.body)
            self.complaints += [f"answer to {call.method} {call.path}: {each}" for each in found]
