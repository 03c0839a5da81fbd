"""What a soak came to, and the table of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.price import dollars

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Counts, money in micro-dollars, bytes and seconds. `lost` and `doubled` are differences in words, as are others.

    `audit` is the last line of `reelroom audit`, `is_exact` whether it ended well.
    """

    lasted_s: float
    asks: int
    jobs: int
    reels: int
    submits: int
    charged: int
    differences: Sequence[str]
    is_exact: bool
    audit: str
    memory_then: float
    memory_now: float
    lag_p99_s: float

    @property
    def growth(self) -> float:
        """How much more memory it has at the end than after the first quarter, as a share."""
        return self.memory_now / self.memory_then - 1

    def table(self) -> str:
        """For people to read."""
        rows = {
            "lasted": f"{self.lasted_s:.0f} s",
            "asks": f"{self.asks}",
            "jobs": f"{self.jobs}",
            "submits": f"{self.submits}",
            "reels": f"{self.reels}",
            "charged": dollars(self.charged),
            "differences": f"{len(self.differences)}",
            "ledger": self.audit,
            "memory after the first quarter": f"{self.memory_then / MEGABYTE:.1f} MB",
            "memory at the end": f"{self.memory_now / MEGABYTE:.1f} MB ({self.growth:+.1%})",
            "loop lag, p99": f"at most {self.lag_p99_s * 1000:.0f} ms",
        }
        lines = [f"{name:<32}{value}" for name, value in rows.items()]
        return "\n".join([*lines, *self.differences])
