"""What goes wrong, by rule: which request, the how-manieth of them, and how.

    discord.faults.add(Fault("POST", "/channels/*/messages", nth=2, how=Drop(after=True)))

A pattern's `*` stands for any one segment; `**` for the rest. Requests are counted per rule from its adding.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An answer instead of Discord's: a gateway's page (`html`), or JSON with a code. `after`: it was done."""

    status: int
    code: int = 0
    message: str = "Something went wrong"
    html: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The connection dies, before anything was done or (`after`) when it was done and nobody heard of it."""

    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """429. `cloudflare`: without the `Via` header and in HTML, as when an address is banned."""

    retry_after_s: float
    scope: str = "user"
    cloudflare: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Slow:
    """Held for so long by the machine's time, or until `release`; before it is done or (`after`) before it is told."""

    seconds: float = 30
    after: bool = False
    holding: int = 0
    """How many requests wait right now."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let it go on."""
        self.gate.set()

    async def held(self, told: Callable[[], None]) -> None:
        """Wait; whoever looks is told that somebody does."""
        self.holding += 1
        told()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.seconds):
                await self.gate.wait()
        self.holding -= 1


How = Status | Drop | Limited | Slow


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One rule. It strikes the `nth` matching request (from 1) and the `times - 1` after it; `times=0`: for ever."""

    method: str
    path: str
    how: How
    nth: int = 1
    times: int = 1
    seen: int = 0
    struck: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one of those it counts."""
        shape = re.escape(self.path).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
        return self.method in {"*", method} and re.fullmatch(shape, path) is not None


class Faults:
    """The rules in force. Paths are those of the API (`/channels/1/messages`), or begin with `/cdn`."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, method: str, path: str, how: How, *, nth: int = 1, times: int = 1) -> Fault:
        """A new rule; it tells how often it was met (`seen`) and how often it struck."""
        rule = Fault(method=method, path=path, how=how, nth=nth, times=times)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """All is well again."""
        self.rules.clear()

    def strike(self, method: str, path: str) -> How | None:
        """What befalls this request; every matching rule counts it."""
        struck: How | None = None
        for rule in self.rules:
            if rule.matches(method, path):
                rule.seen += 1
                within = rule.seen >= rule.nth and (rule.times == 0 or rule.seen < rule.nth + rule.times)
                if within and struck is None:
                    rule.struck += 1
                    struck = rule.how
        return struck
