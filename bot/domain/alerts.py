"""What owners are told unasked: only what needs somebody, and when it no longer does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.notice import Notice, Tone

LOCKED = "fal-locked"
"""The key of fal not letting us in, which can be over and begin anew."""

LATEST = 10
"""Endings of an endpoint that are looked back upon."""

ENOUGH = 5
"""Fewer endings than this say nothing."""

FAILING = 0.6
"""The share of failures at which an endpoint is not worth anybody's waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to tell owners. `key` names what it is about: the same is told once."""

    key: str
    notice: Notice


def is_failing(endings: Sequence[bool]) -> bool:
    """Whether an endpoint should be paused; `endings`: of its latest Jobs, oldest first, whether each went well."""
    latest = endings[-LATEST:]
    return len(latest) >= ENOUGH and latest.count(False) / len(latest) >= FAILING


def locked_alert(why: str) -> Alert:
    """Fal does not let us in."""
    notice = Notice(
        text="fal refuses the key or has locked the account. Jobs wait and go on by themselves once it works again: "
        "check FAL_KEY and the balance at fal.",
        detail=why,
        tone=Tone.BAD,
    )
    return Alert(key=LOCKED, notice=notice)


def failing_alert(slug: str, title: str, failed: int, ended: int, *, rest_min: int, at: datetime) -> Alert:
    """An endpoint was paused by the bot."""
    notice = Notice(
        text=f"{failed} of the last {ended} reels of {title} failed at fal, so I've paused it. Nobody was charged for "
        f"them. I'll try it again in {rest_min} minutes and tell you when it is back.",
        tone=Tone.BAD,
    )
    return Alert(key=f"failing:{slug}:{at.isoformat()}", notice=notice)


def recovered_alert(slug: str, title: str, *, at: datetime) -> Alert:
    """A try of a paused endpoint went well."""
    notice = Notice(text=f"{title} makes reels again; I've put it back.", tone=Tone.GOOD)
    return Alert(key=f"recovered:{slug}:{at.isoformat()}", notice=notice)


def no_backup_alert(days: int, *, since: datetime) -> Alert:
    """Nobody has taken a backup for longer than the settings allow; `since` is when it was known of last."""
    notice = Notice(
        text=f"There has been no backup of my data for more than {days} {'day' if days == 1 else 'days'}. "
        "`reelroom backup FILE` takes one while I run.",
        tone=Tone.BAD,
    )
    return Alert(key=f"no-backup:{since.isoformat()}", notice=notice)
