"""Holds every request of a client, and every answer of the emulator, to Discord's official OpenAPI document.

Without the document only the emulator's own refusals judge.
https://github.com/discord/discord-api-spec
"""

from pathlib import Path
from typing import Any

from tests.emulators.discord.calls import Answer, Call
from tests.emulators.discord.refusals import Refusal

DOCUMENT = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi.json"


class Judge:
    """`complaints` is what was found; a test that expects one takes it out."""

    def __init__(self, document: Path | None = DOCUMENT) -> None:
        self.complaints: list[str] = []
        self.judged = 0
        self.refusals: list[tuple[str, str, Refusal]] = []

    def complain(self, words: str) -> None:
        """Something is not as it should be."""
        self.complaints.append(words)

    def refused(self, call: Call, refusal: Refusal) -> None:
        """The emulator said no."""
        self.refusals.append((call.method, call.path, refusal))

    def request(self, call: Call) -> None:
        """What a client sent."""

    def answer(self, call: Call, answer: Answer) -> Any:
        """What the emulator gives back."""
