"""What is said by and to those who look after a group: its rules, its cards, and what was decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.decision import Ruling
from bot.domain.group_rules import KEYS
from bot.domain.match import listed
from bot.domain.notice import Action, Notice, Tone
from bot.domain.sanction import EVERYWHERE, Kind, Sanction, shutting_out, strikes
from bot.domain.sentences import capital
from bot.domain.spans import when

RULINGS: Mapping[Ruling, str] = {
    Ruling.OPENED: "opened the group",
    Ruling.SHUT: "closed the group",
    Ruling.APPROVED: "approved a request",
    Ruling.REFUSED: "refused a request",
    Ruling.STRUCK: "gave a strike",
    Ruling.TIMED_OUT: "gave a timeout",
    Ruling.BANNED: "banned",
    Ruling.LIFTED: "lifted what was held",
    Ruling.TAKEN_DOWN: "took a reel down",
    Ruling.COVERED: "covered a reel",
    Ruling.KEPT: "kept a reel",
    Ruling.REFUNDED: "gave money back",
    Ruling.RULES_CHANGED: "changed the rules",
    Ruling.CONSENTED: "agreed to a picture",
    Ruling.OBJECTED: "objected to a picture",
    Ruling.DECLARED: "declared to use pictures with permission",
    Ruling.REVOKED: "took back",
    Ruling.BUDGET_CHANGED: "changed a budget",
    Ruling.GRANTED: "granted money",
    Ruling.PAUSED: "paused",
    Ruling.RESUMED: "resumed",
    Ruling.ERASED: "erased what was known of somebody",
    Ruling.DOUBTED: "was in doubt about a picture",
    Ruling.UNSCREENED: "could not have a picture judged",
    Ruling.WITHHELD: "withheld a reel",
}
"""What each ruling says of whoever made it."""

ITSELF = "Reelroom by itself"
"""Who decided what followed from a rule alone."""


def rules_notice(lines: Sequence[str]) -> Notice:
    """What a group has set, a key a line."""
    if not lines:
        return Notice(text="This group has no rules of its own; those of the bot hold.", private=True)
    return Notice(text="\n".join(["What this group has set, besides the rules of the bot:", *lines]), private=True)


def rule_notice(key: str, value: tuple[str, ...] | str | int | None, *, is_set: bool) -> Notice:
    """One thing a group can set, as it is now."""
    known = KEYS[key]
    told = ", ".join(value) if isinstance(value, tuple) else str(value)
    choices = f" It can be {listed(known.choices)}." if known.choices else ""
    stands = told if is_set else "nothing of this group's own"
    return Notice(text=f"{key}: {stands}\n{capital(known.help)}.{choices}", private=True)


def rules_changed_notice(lines: Sequence[str]) -> Notice:
    """To the moderator who changed something."""
    return Notice(
        text="\n".join(["Done. What this group has set now:", *(lines or ["nothing"])]), tone=Tone.GOOD, private=True
    )


def unreached_notice(name: str) -> Notice:
    """To somebody who named, in private, a person the bot may not write to."""
    return Notice(
        text=f"I need a yes from {name or 'them'}, and can't write to them. Ask me in a group you share, or have them "
        "send me /start first and then ask again."
    )


def consent_notice(action: Action, asker: str) -> Notice:
    """To the person who said whether their face may be used."""
    return Notice(text=CONSENTED[action].format(asker=asker or "them"), tone=Tone.GOOD, private=True)


CONSENTED: Mapping[Action, str] = {
    Action.ALLOW_ONCE: "Thank you. That's for this one alone.",
    Action.ALLOW_THEM: "Thank you. I won't ask again when {asker} uses your picture here. /consent takes that back.",
    Action.ALLOW_ALL: "Thank you. I won't ask again when somebody uses your picture here. /consent takes that back.",
    Action.FORBID_ONCE: "All right, I've let it go.",
    Action.FORBID: "All right. I've let it go, and nobody will make reels with your picture. /consent takes that back.",
}
"""What each answer means, to who gave it."""


def undeclared_notice(name: str) -> Notice:
    """To the moderator who took somebody's declaration back."""
    return Notice(text=f"Taken back. {name or 'They'} will be asked again before the next face effect.", private=True)


def approved_notice(*, waits: bool) -> Notice:
    """To the moderator who said yes."""
    text = "Approved. It goes on as soon as the others have said yes too." if waits else "Approved. It's on its way."
    return Notice(text=text, tone=Tone.GOOD, private=True)


def refused_notice(*, until: datetime | None = None, now: datetime | None = None) -> Notice:
    """To the moderator who said no, and perhaps gave a timeout."""
    pause = f" They can ask again from {when(until, now)} on." if until and now else ""
    return Notice(text=f"Refused; nothing was charged.{pause}", private=True)


def sanctioned_notice(name: str, given: Sanction, held: Sequence[Sanction], most: int, now: datetime) -> Notice:
    """To whoever gave a strike, a timeout or a ban. `held` is all that holds now; `most` strikes are a timeout."""
    who, here = name or "They", "anywhere" if given.grp == EVERYWHERE else "in this group"
    until = f" until {when(given.until, now)}" if given.until else ""
    if given.kind is Kind.STRIKE:
        number = strikes(held, now)
        counted = f"strike {number} of {most}" if most else f"strike {number}"
        text = f"That is {counted} for {name or 'them'}; it counts{until}.{_kept_out(who, held, now)}"
    else:
        text = f"{who} can't ask for reels {here}{until or ' any more'}."
    return Notice(text=text, tone=Tone.GOOD, private=True)


def lifted_notice(name: str, number: int) -> Notice:
    """To whoever lifted what held against somebody."""
    if not number:
        return Notice(text=f"Nothing holds against {name or 'them'} here.", private=True)
    return Notice(text=f"Lifted what held against {name or 'them'} here.", tone=Tone.GOOD, private=True)


def _kept_out(who: str, held: Sequence[Sanction], now: datetime) -> str:
    out = shutting_out(held, now)
    if out is None:
        return ""
    until = f" until {when(out.until, now)}" if out.until else " any more"
    return f" {who} can't ask for reels{until}."
