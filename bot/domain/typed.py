"""What people type, made fit to stand among our own words. Pure.

It keeps every letter that can be seen, and none of the signs that turn, hide or break the words around it.
"""

import re

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u3164\ufeff\uffa0\ufff0-\uffff"
)
_TAGS = "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_HALVES = "\ud800-\udfff"
"""Halves of a pair that lost the other one: no database and no network takes them."""

_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
"""The flags of Scotland and others are written in letters that cannot be seen anywhere else."""

_DRESSING = re.compile(f"({_FLAG})|[{_TURNING}{_UNSEEN}{_TAGS}{_CONTROLS}{_HALVES}]")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def seen(text: str) -> str:
    """The text without what cannot be seen or turns what follows; its lines stay.

    Joiners stay too: emoji and several scripts are written with them.
    """
    return _DRESSING.sub(lambda found: found[1] or "", text)


def one_line(text: str) -> str:
    """The same on one line, so that it can be no line of ours."""
    return seen(_BREAKS.sub(" ", text)).strip()
