"""What of a Notice looks the same wherever messages are written. Pure."""

from urllib.parse import quote

from bot.domain.notice import Action, Button, Notice

BAR = 12

LONGEST_ADDRESS = 500
"""An address that is longer would push the words aside; there is none then."""

SAFE = ":/?#[]@!$&'()*+,;=%~"
"""What stays as it is in an address; anything else could end it early, or format."""


def bar(notice: Notice) -> str:
    """How far it has come, "" where that is not known."""
    if notice.progress is None:
        return ""
    share = min(1.0, max(0.0, notice.progress))
    full = round(share * BAR)
    return f"{'▰' * full}{'▱' * (BAR - full)} {round(share * 100)} %"


def original(notice: Notice) -> str:
    """The address of the reel as fal made it, "" where there is none to offer."""
    address = quote(notice.link, safe=SAFE)
    return address if len(address) <= LONGEST_ADDRESS else ""


def reel_buttons(notice: Notice, job: str, *, extends: bool) -> tuple[Button, ...]:
    """What stands under a reel: what the notice offers, and what only makes sense beside a message."""
    more = [
        *([Button(action=Action.EXTEND, subject=job, label="Extend")] if extends else []),
        Button(action=Action.DELETE, subject=job, label="Delete"),
        Button(action=Action.REPORT, subject=job, label="Report"),
    ]
    return (*notice.buttons, *more)
