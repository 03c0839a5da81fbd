"""What goes wrong with Discord, by rule: which request, the how-manieth of them, and how.

    discord.faults.add("POST", "/channels/*/messages", Drop(after=True), nth=2)

A pattern's `*` stands for any one segment; `**` for the rest. Requests are counted per rule from its adding.
"""

from dataclasses import dataclass

from tests.emulators.rules import Drop, Rule, Rules, Slow

__all__ = ["Drop", "Faults", "How", "Limited", "Slow", "Status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An answer instead of Discord's: a gateway's page (`html`), or JSON with a code. `after`: it was done."""

    status: int
    code: int = 0
    message: str = "Something went wrong"
    html: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """429. `cloudflare`: without the `Via` header and in HTML, as when an address is banned."""

    retry_after_s: float
    scope: str = "user"
    cloudflare: bool = False


How = Status | Drop | Limited | Slow


class Faults(Rules[How]):
    """The rules in force. Paths are those of the API (`/channels/1/messages`), or begin with `/cdn`."""

    def add(self, method: str, path: str, how: How, *, nth: int = 1, times: int = 1) -> Rule[How]:
        """A new rule; it tells how often it was met (`seen`) and how often it struck."""
        return self.rule(f"{method} {path}", how, nth=nth, times=times)

    def strike(self, method: str, path: str) -> How | None:
        """What befalls this request; every matching rule counts it."""
        return self.befalls(f"{method} {path}")
