"""What a person sees of a button they pressed, while it happens."""

from collections.abc import Generator
from typing import Any

from tests.emulators.bell import PATIENCE_S, Bell
from tests.emulators.telegram.things import Query


class Press:
    """One press of a button, as the person sees it."""

    def __init__(self, query: Query, bell: Bell) -> None:
        self.query = query
        self._bell = bell

    @property
    def answered(self) -> bool:
        """Whether it was."""
        return self.query.answer is not None

    @property
    def text(self) -> str:
        """What it was answered with; empty for a silent answer."""
        return str((self.query.answer or {}).get("text", ""))

    @property
    def alert(self) -> bool:
        """Whether that came in a window of its own."""
        return bool((self.query.answer or {}).get("alert"))


class Pressed(Press):
    """One that is on its way. Await it, and it is answered: its bar stopped running, with or without words."""

    def __await__(self) -> Generator[Any, None, Press]:
        """The press, once it is answered."""
        return self._answered().__await__()

    async def _answered(self) -> Press:
        await self._bell.until(lambda: self.answered, PATIENCE_S, f"an answer to {self.query.data!r}")
        return Press(self.query, self._bell)
