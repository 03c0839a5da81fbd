"""One Person with several accounts: the code that joins them, and what is said about it. Pure.

A code is for one pair of eyes. It stands in the text of one Notice, is kept as a keyed hash alone, and is good once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ask import Account
from bot.domain.notice import Notice, Tone

LINK = "link"
"""The command."""

OFF = "off"
"""What separates an account, typed instead of a code."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Neither 0 nor O, neither 1 nor I nor L, and no U, which is much like V and makes words."""

LENGTH = 8
ENTROPY_BYTES = 16
"""Thirty letters do not divide a power of two; with so many bytes the difference is nothing."""

CODE_LIFE = timedelta(minutes=10)

MOST_WRONG = 5
"""Wrong codes an account may type before it has to wait: of 6.5e11 there are."""

WAIT = timedelta(minutes=15)

PLATFORMS: Mapping[str, str] = {"discord": "on Discord", "telegram": "on Telegram", "room": "in the Room"}
"""Where an account is, as a person says it."""


class Outcome(StrEnum):
    """What became of a code somebody typed."""

    JOINED = "joined"
    ALREADY = "already"
    OWN = "own"
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """`accounts` are all of the Person's by now; `again_at` is when the next try is let be (TOO_MANY)."""

    outcome: Outcome
    accounts: tuple[Account, ...] = ()
    again_at: datetime | None = None


def code_of(entropy: bytes) -> str:
    """A code of `ENTROPY_BYTES` random bytes."""
    number, letters = int.from_bytes(entropy), ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def typed_code(text: str) -> str | None:
    """The code somebody typed, however they wrote it; None when it cannot be one."""
    letters = "".join(text.replace("-", " ").split()).upper()
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else None


def shown(code: str) -> str:
    """In two halves, which are easier to carry over."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def account_scope(account: Account) -> str:
    """The scope of what an account usually wants, which goes with it wherever it is joined."""
    return f"account:{account.platform}:{account.id}"


def code_notice(code: str, accounts: Sequence[Account]) -> Notice:
    """How to join another account; `accounts` are the Person's so far."""
    minutes = int(CODE_LIFE.total_seconds()) // 60
    return Notice(
        text=f"To join another account of yours with this one, send me this from there within {minutes} minutes:\n"
        f"/{LINK} {shown(code)}\n"
        "From then on they have one budget, and what either has spent counts for both. "
        "Show the code to nobody: whoever types it is taken for you.",
        detail=joined_words(accounts),
        tone=Tone.WAITING,
        private=True,
    )


def redeemed_notice(redeemed: Redeemed, now: datetime) -> Notice:
    """What became of a code. The accounts stand in the small print, which can be left away before others' eyes."""
    match redeemed.outcome:
        case Outcome.JOINED:
            return Notice(
                text="Joined. Your accounts have one budget now, and what either has spent counts for both. "
                f"If this was not you, /{LINK} {OFF} takes this account out again.",
                detail=joined_words(redeemed.accounts),
                tone=Tone.GOOD,
                private=True,
            )
        case Outcome.ALREADY:
            text = "These accounts are joined already."
            return Notice(text=text, detail=joined_words(redeemed.accounts), private=True)
        case Outcome.OWN:
            return Notice(text="That code is for your other account: send it to me from there.", private=True)
        case Outcome.UNKNOWN:
            return Notice(
                text=f"I don't know that code; it may be over, or used. /{LINK} on your other account makes a new one.",
                tone=Tone.BAD,
                private=True,
            )
        case Outcome.TOO_MANY:
            return Notice(text=_patience(redeemed.again_at, now), tone=Tone.BAD, private=True)


def no_code_notice() -> Notice:
    """What was typed cannot be a code."""
    return Notice(
        text=f"That is no code: one has {LENGTH} letters and digits. /{LINK} alone makes one, "
        f"/{LINK} {OFF} takes this account out again.",
        tone=Tone.BAD,
        private=True,
    )


def separated_notice(left: Sequence[Account]) -> Notice:
    """This account is by itself again; `left` are those it was joined with, none when it was by itself before."""
    if not left:
        return Notice(text="This account is joined with no other.", private=True)
    return Notice(
        text="This account is by itself again. What was spent together stays spent: until each budget refills, what "
        "either side spends counts for both.",
        detail=f"It was joined with {named(left)}.",
        tone=Tone.GOOD,
        private=True,
    )


def joined_words(accounts: Sequence[Account]) -> str:
    """The accounts of one Person, as small print; "" for one by itself."""
    return f"Joined: {named(accounts)}" if len(accounts) > 1 else ""


def sent_privately_notice() -> Notice:
    """In a group, where the code must not be seen."""
    return Notice(text="I've written to you privately.", private=True)


def open_me_notice(address: str) -> Notice:
    """In a group, to somebody the bot may not write to; `address` opens their private chat and asks there."""
    return Notice(text=f"That is between you and me. Open me here, and I'll tell you:\n{address}", private=True)


def nobody_notice() -> Notice:
    """To somebody who speaks as a channel or a whole group: that is no account of one person."""
    return Notice(
        text="I can't see who you are here. Write to me as yourself, in private.", tone=Tone.BAD, private=True
    )


def _patience(again_at: datetime | None, now: datetime) -> str:
    left_s = (again_at - now).total_seconds() if again_at else 0.0
    minutes = max(1, -int(-left_s // 60))
    return f"Those were too many wrong codes. Try again in {minutes} minute{'' if minutes == 1 else 's'}."


def named(accounts: Sequence[Account]) -> str:
    """Accounts in words: "Ada on Discord, you in the Room"."""
    return ", ".join(f"{one.name or 'you'} {PLATFORMS.get(one.platform, f'on {one.platform}')}" for one in accounts)
