"""Moments and lengths of time as a person says them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta


def when(at: datetime, now: datetime) -> str:
    """A moment of the near future or past: "14:30 UTC" today, "20 November, 14:30 UTC" otherwise."""
    moment = at.astimezone(UTC)
    same_day = moment.date() == now.astimezone(UTC).date()
    day = "" if same_day else f"{moment.day} {moment:%B}, "
    return f"{day}{moment:%H:%M} UTC"


SPAN = re.compile(r"(?P<number>[0-9]{1,4})\s?(?P<unit>m|min|h|d|w)", re.IGNORECASE)
"""A length of time as it is typed: "30m", "12 h", "7d"."""

UNITS: Mapping[str, timedelta] = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def span_of(text: str) -> timedelta | None:
    """The length of time that is typed, None when it is none or nothing at all."""
    found = SPAN.fullmatch(text.strip())
    span = int(found["number"]) * UNITS[found["unit"].casefold()] if found else None
    return span or None
