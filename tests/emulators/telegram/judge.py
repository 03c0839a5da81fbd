"""Judges every request of a client, and everything the emulator emits."""

from typing import Any

from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.refusals import Refusal


class Judge:
    """`complaints` is what was found; a test that provokes one takes it out (`complaints.clear()`)."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.refusals: list[tuple[str, Refusal]] = []
        """Every no of the emulator with its method, in order."""

    def complain(self, words: str) -> None:
        """Something is not as it should be."""
        self.complaints.append(words)

    def refused(self, method: str, refusal: Refusal) -> None:
        """The emulator said no."""
        self.refusals.append((method, refusal))

    def request(self, call: Call, *, known: bool) -> None:
        """What a client sent."""
        if not known:
            self.complain(f"request {call.method}: the emulator has no such method")

    def answer(self, method: str, result: Any) -> None:
        """What the emulator gives back."""

    def update(self, body: Any) -> None:
        """What the emulator tells."""
