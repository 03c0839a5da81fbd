"""What the program asks of a chat platform that has a life of its own."""

from typing import Protocol

from bot.web.site import Hook


class Platform(Protocol):
    """Built without a word to the network; off platforms are not built at all."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    @property
    def hook(self) -> Hook | None:
        """How its servers call us, None when they do not."""
        ...

    async def run(self) -> None:
        """One life after another, until it is closed or cancelled; it never raises for the network's sake."""
        ...

    async def drain(self) -> None:
        """Let nobody in any more, and what was begun end within a bound."""
        ...

    async def close(self) -> None:
        """End the life; the stages have ended by then."""
        ...
