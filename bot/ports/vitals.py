"""How a part of the program tells how it is, to whoever wants to know. None of it may fail or take time."""

from typing import Protocol


class Vital(Protocol):
    """One part's."""

    def works(self) -> None:
        """It has just done what it is for."""

    def away(self, why: str) -> None:
        """It cannot for now, and is trying again by itself. `why` is shown to people: no URL and no secret in it."""

    def off(self, why: str) -> None:
        """It cannot until somebody does something."""
