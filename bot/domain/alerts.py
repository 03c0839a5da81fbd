"""What owners are told unasked: only what needs somebody, and when it no longer does."""

from collections.abc import Sequence

from bot.domain.notice import Notice, Tone

LATEST = 10
"""Endings of an endpoint that are looked back upon."""

ENOUGH = 5
"""Fewer endings than this say nothing."""

FAILING = 0.6
"""The share of failures at which an endpoint is not worth anybody's waiting."""


def is_failing(endings: Sequence[bool]) -> bool:
    """Whether an endpoint should be paused; `endings`: of its latest Jobs, oldest first, whether each went well."""
    latest = endings[-LATEST:]
    return len(latest) >= ENOUGH and latest.count(False) / len(latest) >= FAILING


def locked_notice(why: str) -> Notice:
    """Fal does not let us in."""
    return Notice(
        text="fal refuses the key or has locked the account. Jobs wait and go on by themselves once it works again: "
        "check FAL_KEY and the balance at fal.",
        detail=why,
        tone=Tone.BAD,
    )


def failing_notice(title: str, failed: int, ended: int, rest_min: int) -> Notice:
    """An endpoint was paused by the bot."""
    return Notice(
        text=f"{failed} of the last {ended} reels of {title} failed at fal, so I've paused it. Nobody was charged for "
        f"them. I'll try it again in {rest_min} minutes and tell you when it is back.",
        tone=Tone.BAD,
    )


def recovered_notice(title: str) -> Notice:
    """A try of a paused endpoint went well."""
    return Notice(text=f"{title} makes reels again; I've put it back.", tone=Tone.GOOD)


def no_backup_notice(days: int) -> Notice:
    """Nobody has taken a backup for longer than the settings allow."""
    return Notice(
        text=f"There has been no backup of my data for more than {days} {'day' if days == 1 else 'days'}. "
        "`reelroom backup FILE` takes one while I run.",
        tone=Tone.BAD,
    )
