"""`/consent`: what somebody has said about their own face, and taking it back. Pure.

What was said is marked by whom and where it is about, whichever account said it: nobody's marks lead to anybody
else's words, since they are looked for among the presser's own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.consent import EVERYBODY, EVERYWHERE, PRIVATE, Consent
from bot.domain.notice import Action, Button, Notice, Tone

CONSENT = "consent"
"""The command."""

ALL = "all"
"""The mark of everything at once."""

MARK = 16
SHOWN = 10
"""So many are listed, each with a button of its own."""

SAID_NOTHING = (
    "I remember nothing you have said about your face. Whoever names you in a request, or uses your profile picture, "
    "needs your yes: I ask you first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people ("discord:123") and groups are called, as far as it is known."""

    people: Mapping[str, str]
    groups: Mapping[str, str]


def mark_of(said: Consent) -> str:
    """What stands in its button."""
    return hashlib.sha256(f"{said.grp}\n{said.asker}".encode()).hexdigest()[:MARK]


def latest(said: Sequence[Consent], now: datetime) -> tuple[Consent, ...]:
    """What still holds, the newest of each mark, newest first."""
    newest: dict[str, Consent] = {}
    for one in sorted(said, key=lambda one: one.at, reverse=True):
        if one.holds(now):
            newest.setdefault(mark_of(one), one)
    return tuple(newest.values())


def marked(said: Sequence[Consent], mark: str) -> tuple[Consent, ...]:
    """What a button takes back, on whichever account it was said."""
    return tuple(one for one in said if mark in {ALL, mark_of(one)})


def consents_notice(said: Sequence[Consent], names: Names, *, taken: bool = False) -> Notice:
    """What holds, a line and a button each; `taken`: something was just taken back."""
    first = "Taken back; I'll ask you again. " if taken else ""
    tone = Tone.GOOD if taken else Tone.PLAIN
    if not said:
        return Notice(text=f"{first}{SAID_NOTHING}", tone=tone, private=True)
    shown = said[:SHOWN]
    more = f"… and {len(said) - SHOWN} more." if len(said) > SHOWN else ""
    lines = [f"{first}What you have said about your face:", *(_line(one, names) for one in shown), more]
    buttons = [_button(mark_of(one), f"Take back: {_whom(one, names)}") for one in shown]
    if len(said) > 1:
        buttons.append(_button(ALL, "Take all of it back"))
    return Notice(text="\n".join(filter(None, lines)), tone=tone, private=True, buttons=tuple(buttons))


def spelled(said: Consent) -> str:
    """What exactly was taken back, for the record."""
    return f"{'yes' if said.allowed else 'no'} to {said.asker or 'everybody'} in {said.grp or 'every group'}"


def _line(one: Consent, names: Names) -> str:
    until = f", until {_day(one.until)}" if one.until else ""
    return f"• {'Yes' if one.allowed else 'No'} to {_whom(one, names)} {_where(one, names)}{until}"


def _whom(one: Consent, names: Names) -> str:
    return "everybody" if one.asker == EVERYBODY else names.people.get(one.asker) or "somebody"


def _where(one: Consent, names: Names) -> str:
    match one.grp:
        case place if place == EVERYWHERE:
            return "everywhere"
        case place if place == PRIVATE:
            return "in private"
        case place:
            return f"in {names.groups.get(place) or 'a group'}"


def _day(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y}"


def _button(mark: str, label: str) -> Button:
    return Button(action=Action.TAKE_BACK, subject=mark, label=label)
