"""Moments and lengths of time as a person says them."""

from datetime import UTC, datetime


def when(at: datetime, now: datetime) -> str:
    """A moment of the near future or past: "14:30 UTC" today, "20 November, 14:30 UTC" otherwise."""
    moment = at.astimezone(UTC)
    same_day = moment.date() == now.astimezone(UTC).date()
    day = "" if same_day else f"{moment.day} {moment:%B}, "
    return f"{day}{moment:%H:%M} UTC"
