"""When a program is to die: before or after its n-th commit, or around the n-th answer to a call of its own."""

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class When(StrEnum):
    """The moment, relative to a commit of the store or to a call of fal or of a platform."""

    BEFORE_COMMIT = "before the commit"
    AFTER_COMMIT = "after the commit"
    UNHEARD = "before it heard of"
    UNANSWERED = "before it answered"
    ANSWERED = "after it answered"

    @property
    def is_commit(self) -> bool:
        """Whether the program kills itself; calls kill it from outside."""
        return self in {When.BEFORE_COMMIT, When.AFTER_COMMIT}


COMMITS = (When.BEFORE_COMMIT, When.AFTER_COMMIT)
CALLS = (When.UNHEARD, When.UNANSWERED, When.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doom:
    """Strikes at the `nth` commit or call of this name, of any name when it is ""."""

    when: When
    what: str = ""
    nth: int = 1

    @override
    def __str__(self) -> str:
        return f"{self.when} {self.what or 'any'} #{self.nth}"


class Counting:
    """Counts what happens and says when the doom has come. Without a doom it never does."""

    def __init__(self, doom: Doom | None) -> None:
        self._doom = doom
        self._left = doom.nth if doom else 0

    def strikes(self, when: When, what: str) -> bool:
        """Count this moment; whether it is the one."""
        if self._doom is None or when is not self._doom.when or self._doom.what not in {"", what}:
            return False
        self._left -= 1
        return self._left == 0
