"""What goes wrong with Telegram, by rule: which method, the how-manieth of its calls, and how.

    telegram.faults.add("sendVideo", Drop(after=True), nth=2)

`*` is any method, `file/**` every download. Calls are counted per rule from its adding.
"""

from dataclasses import dataclass

from tests.emulators.rules import Drop, Rule, Rules, Slow

__all__ = ["Drop", "Faults", "How", "Limited", "Slow", "Status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An answer instead of Telegram's: a gateway's page (`html`), or its JSON with a code. `after`: it was done."""

    status: int
    description: str = "Internal Server Error"
    html: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """429, with the seconds to wait."""

    retry_after_s: int


How = Status | Drop | Limited | Slow


class Faults(Rules[How]):
    """The rules in force, by method."""

    def add(self, method: str, how: How, *, nth: int = 1, times: int = 1) -> Rule[How]:
        """A new rule; it tells how often it was met (`seen`) and how often it struck."""
        return self.rule(method, how, nth=nth, times=times)
