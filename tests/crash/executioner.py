"""Stands at every door at which the program calls, fal's and its platform's, and kills it there as its doom says."""

from collections import Counter
from collections.abc import Awaitable, Callable

from tests.crash.doom import Counting, Doom, When

Kill = Callable[[], Awaitable[None]]


class Executioner:
    """`calls` are the names of those that the present program made, in order; `answered` counts those it was answered.

    One for all doors, so that "the n-th call" is the n-th of all.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.answered: Counter[str] = Counter()
        self._doom = Counting(None)
        self._kill: Kill | None = None

    def expect(self, doom: Doom | None, kill: Kill) -> None:
        """A new program will call; kill it as its doom says. The last one is forgotten."""
        self._doom = Counting(doom)
        self._kill = kill
        self.calls.clear()
        self.answered.clear()

    async def strikes(self, when: When, name: str) -> bool:
        """Whether this was the moment; if so, the caller is dead by now and can be answered no more."""
        if when is When.UNHEARD:
            self.calls.append(name)
        if when is When.ANSWERED:
            self.answered[name] += 1
        if not self._doom.strikes(when, name):
            return False
        if self._kill is not None:
            await self._kill()
        return True
