"""What goes wrong, by rule: which request, the how-manieth of them, and how.

A rule's shape is compared with a request's name. `*` stands for any one segment between slashes, `**` for the rest.
Requests are counted per rule from its adding.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

How = TypeVar("How")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The connection dies, before anything was done or (`after`) when it was done and nobody heard of it."""

    after: bool = False


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


@dataclass(slots=True, kw_only=True, eq=False)
class Rule(Generic[How]):
    """One rule. It strikes the `nth` matching request (from 1) and the `times - 1` after it; `times=0`: for ever."""

    shape: str
    how: How
    nth: int = 1
    times: int = 1
    seen: int = 0
    struck: int = 0

    def matches(self, name: str) -> bool:
        """Whether a request is one of those it counts."""
        shape = re.escape(self.shape).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
        return re.fullmatch(shape, name) is not None


class Rules(Generic[How]):
    """The rules in force."""

    def __init__(self) -> None:
        self.rules: list[Rule[How]] = []

    def rule(self, shape: str, how: How, *, nth: int, times: int) -> Rule[How]:
        """A new rule; it tells how often it was met (`seen`) and how often it struck."""
        made = Rule(shape=shape, how=how, nth=nth, times=times)
        self.rules.append(made)
        return made

    def clear(self) -> None:
        """All is well again."""
        self.rules.clear()

    def befalls(self, name: str) -> How | None:
        """What befalls this request; every matching rule counts it."""
        struck: How | None = None
        for rule in self.rules:
            if rule.matches(name):
                rule.seen += 1
                within = rule.seen >= rule.nth and (rule.times == 0 or rule.seen < rule.nth + rule.times)
                if within and struck is None:
                    rule.struck += 1
                    struck = rule.how
        return struck
