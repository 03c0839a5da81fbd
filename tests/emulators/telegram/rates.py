"""Flood limits: a message a second to a chat with short bursts, twenty a minute to a group, thirty a second over all.

Off unless a test turns it on. They run by the emulator's own clock, which may be the bot's. Telegram tells no numbers;
these are its advice, taken at its word: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
Edits count as messages do. Who asks again too early is told again, and what is left of the time.
"""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from tests.emulators.clock import Clock
from tests.emulators.telegram.refusals import Refusal, too_many

EVERYWHERE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many in so many seconds."""

    count: int
    window_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A 429 that was earned: by which method, in which chat, for how long, by which limit."""

    method: str
    chat: int
    retry_after_s: int
    limit: str


@dataclass(slots=True, kw_only=True)
class Limits:
    """What is allowed: of one a second, five at once are a short burst, if the next five seconds are quiet."""

    chat: Allowance = field(default_factory=lambda: Allowance(count=5, window_s=5))
    group: Allowance = field(default_factory=lambda: Allowance(count=20, window_s=60))
    overall: Allowance = field(default_factory=lambda: Allowance(count=30, window_s=1))


class Rates:
    """`penalties` are all 429s in order, `sent` how many requests passed; `limits` may be changed by a test."""

    def __init__(self, clock: Clock) -> None:
        self.on = False
        self.limits = Limits()
        self.penalties: list[Penalty] = []
        self.sent = 0
        self._clock = clock
        self._passed: dict[tuple[str, int], deque[float]] = {}
        self._until: dict[int, float] = {}

    def admit(self, method: str, chat: int, *, group: bool, weight: int = 1) -> None:
        """Take so many places in the chat's windows and in everybody's.

        Raises:
            Refusal: There is none; nothing is taken.
        """
        if not self.on:
            return
        now = self._clock.now().timestamp()
        waits = {"penalty": max(self._until.get(one, 0) - now for one in (chat, EVERYWHERE))}
        windows = [("chat", chat, self.limits.chat), ("overall", EVERYWHERE, self.limits.overall)]
        windows += [("group", chat, self.limits.group)] if group else []
        waits |= {name: self._wait((name, key), allowance, now, weight) for name, key, allowance in windows}
        limit, wait = max(waits.items(), key=lambda each: each[1])
        if wait > 0:
            raise self._punish(method, chat, limit, max(ceil(wait), 1), now)
        for name, key, _ in windows:
            self._passed[name, key].extend([now] * weight)
        self.sent += weight

    def _punish(self, method: str, chat: int, limit: str, seconds: int, now: float) -> Refusal:
        self.penalties.append(Penalty(method=method, chat=chat, retry_after_s=seconds, limit=limit))
        self._until[EVERYWHERE if limit == "overall" else chat] = now + seconds
        return too_many(seconds)

    def _wait(self, key: tuple[str, int], allowance: Allowance, now: float, weight: int) -> float:
        """Seconds until there is room for so many."""
        passed = self._passed.setdefault(key, deque())
        while passed and passed[0] + allowance.window_s <= now:
            passed.popleft()
        excess = len(passed) + weight - allowance.count
        if excess <= 0 or not passed:
            return 0
        return passed[min(excess, len(passed)) - 1] + allowance.window_s - now
