"""Strikes, timeouts and bans: what somebody was given, where it holds, and until when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Problem, Slug
from bot.domain.spans import when

EVERYWHERE = ""
"""The `grp` of what holds in every group and in private."""


class Kind(StrEnum):
    """What it is, from the least to the most."""

    STRIKE = "strike"
    TIMEOUT = "timeout"
    BAN = "ban"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """One of them. `whom` and `by` are accounts (`Account.key`); `whom` is "" once that person was erased.

    `grp` is the group it holds in ("discord:1"), or EVERYWHERE. `until` None: until it is lifted.
    """

    kind: Kind
    whom: str
    grp: str
    by: str
    at: datetime
    until: datetime | None = None
    why: str = ""
    number: int = 0

    def holds(self, now: datetime) -> bool:
        """Whether it is not over yet."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikePolicy:
    """What strikes lead to: so many that hold at once are a timeout. `strikes` 0: they lead to nothing."""

    lasts: timedelta = timedelta(days=30)
    strikes: int = 3
    timeout: timedelta = timedelta(hours=24)

    def leads_to_timeout(self, standing: int) -> bool:
        """Whether this many strikes, the newest among them, are one too many."""
        return self.strikes > 0 and standing >= self.strikes


def shutting_out(sanctions: Sequence[Sanction], now: datetime) -> Sanction | None:
    """What keeps somebody out now: a ban before a timeout, and of these the one that lasts longest."""
    out = [one for one in sanctions if one.kind is not Kind.STRIKE and one.holds(now)]
    return max(out, key=lambda one: (one.kind is Kind.BAN, one.until is None, one.until or now), default=None)


def strikes(sanctions: Sequence[Sanction], now: datetime) -> int:
    """How many strikes hold."""
    return sum(one.kind is Kind.STRIKE and one.holds(now) for one in sanctions)


def problem_of(sanction: Sanction, now: datetime) -> Problem:
    """What is said to somebody who is kept out."""
    slug = Slug.BANNED if sanction.kind is Kind.BAN else Slug.TIMED_OUT
    facts = {
        "until": when(sanction.until, now) if sanction.until else "",
        "why": sanction.why,
        "here": "anywhere" if sanction.grp == EVERYWHERE else "in this group",
    }
    return Problem(slug=slug, facts=facts)
