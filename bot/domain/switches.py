"""What is said when an endpoint is paused or put back, to who did it."""

from bot.domain.notice import Notice, Tone

PAUSE_LENGTH = 200
"""The most letters of a reason."""


def paused_notice(title: str) -> Notice:
    """Nothing new begins on it."""
    return Notice(text=f"{title} is paused. What was asked for before still runs.", tone=Tone.GOOD, private=True)


def resumed_notice(title: str) -> Notice:
    """It is there again."""
    return Notice(text=f"{title} is back.", tone=Tone.GOOD, private=True)
