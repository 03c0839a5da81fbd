"""Whether each part of the bot works, since when, and what was wrong last; as far as anybody has heard."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Condition(StrEnum):
    """How a part is. UNHEARD: nothing was asked of it yet."""

    UNHEARD = "unheard"
    WORKS = "works"
    AWAY = "away"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One part. `since` is when its condition began, `why` what it is away or off for.

    `last_why` and `last_at` are what was wrong last, and when; they stay when it works again.
    """

    part: str
    condition: Condition = Condition.UNHEARD
    since: datetime
    why: str = ""
    last_why: str = ""
    last_at: datetime | None = None


def heard(before: Health, condition: Condition, now: datetime, why: str = "") -> Health:
    """The health after something was heard; who works on, or stays away, does so since the first word of it."""
    since = before.since if before.condition is condition else now
    after = dataclasses.replace(before, condition=condition, since=since, why=why)
    return dataclasses.replace(after, last_why=why, last_at=now) if why else after
