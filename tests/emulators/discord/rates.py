"""Rate limits with Discord's headers: a bucket per route and top-level id, and one for everything.

Off unless a test turns it on. Windows run by the machine's own time, since clients wait by it; `scale` shortens them.
https://docs.discord.com/developers/topics/rate-limits
"""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

GLOBAL = 50
INVALID_LIMIT = 10_000
EXEMPT = ("/interactions/", "/webhooks/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many in so many seconds."""

    count: int
    window_s: float


USUAL = Allowance(count=50, window_s=1)
ALLOWANCES = {
    "POST /channels/{channel}/messages": Allowance(count=5, window_s=5),
    "PATCH /channels/{channel}/messages/{message}": Allowance(count=5, window_s=5),
    "DELETE /channels/{channel}/messages/{message}": Allowance(count=5, window_s=1),
    "POST /channels/{channel}/messages/{message}/threads": Allowance(count=50, window_s=300),
    "POST /channels/{channel}/threads": Allowance(count=50, window_s=300),
    "PATCH /channels/{channel}": Allowance(count=5, window_s=15),
    "POST /users/@me/channels": Allowance(count=10, window_s=10),
    "POST /webhooks/{application}/{token}": Allowance(count=5, window_s=2),
    "PATCH /webhooks/{application}/{token}/messages/{message}": Allowance(count=5, window_s=2),
}
"""Measured by people over the years; Discord promises none of them, clients must read the headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a request may pass, and the headers either way."""

    passes: bool
    headers: dict[str, str]
    retry_after_s: float = 0
    everywhere: bool = False


class Rates:
    """`elapsed` tells seconds; `refused` counts 429s, `invalid` what Discord counts against an address."""

    def __init__(self, elapsed: Callable[[], float], wall: Callable[[], float]) -> None:
        self.on = False
        self.scale = 1.0
        self.allowances = dict(ALLOWANCES)
        self.per_second = GLOBAL
        self.refused = 0
        self.invalid = 0
        self._elapsed = elapsed
        self._wall = wall
        self._passed: dict[str, deque[float]] = {}

    def count(self, status: int, scope: str | None = None) -> None:
        """An answer was given; 401, 403 and 429 (but shared ones) make an address suspicious."""
        self.refused += status == 429
        self.invalid += status in {401, 403} or (status == 429 and scope != "shared")

    def admit(self, route: str, major: str) -> Verdict:
        """Take a place in the route's bucket and in everybody's."""
        if not self.on:
            return Verdict(passes=True, headers={})
        now = self._elapsed()
        if not route.split(" ", 1)[1].startswith(EXEMPT):
            wait = self._wait("everything", self.per_second, self.scale, now)
            if wait:
                headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
                return Verdict(passes=False, headers=headers, retry_after_s=wait, everywhere=True)
        allowance = self.allowances.get(route, USUAL)
        window = allowance.window_s * self.scale
        key = f"{route} {major}"
        wait = self._wait(key, allowance.count, window, now)
        taken = self._passed[key]
        reset = taken[0] + window - now
        headers = {
            "X-RateLimit-Limit": str(allowance.count),
            "X-RateLimit-Remaining": str(allowance.count - len(taken)),
            "X-RateLimit-Reset": f"{self._wall() + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        if wait:
            return Verdict(passes=False, headers=headers | {"X-RateLimit-Scope": "user"}, retry_after_s=wait)
        return Verdict(passes=True, headers=headers)

    def _wait(self, key: str, count: int, window: float, now: float) -> float:
        """Seconds until there is room; 0 when there was, and it is taken."""
        passed = self._passed.setdefault(key, deque())
        while passed and passed[0] + window <= now:
            passed.popleft()
        if len(passed) >= count:
            return passed[0] + window - now
        passed.append(now)
        return 0
