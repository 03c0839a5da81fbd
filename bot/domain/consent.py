"""Whether somebody lets their face be used: what they said before, and what their answers mean. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ask import Account, Ask, grp_of
from bot.domain.notice import Action

EVERYBODY = ""
"""The `asker` of what holds whoever asks."""

EVERYWHERE = ""
"""The `grp` of what holds in every group."""

PRIVATE = "private"
"""The `grp` of what was said in private."""


class Stance(StrEnum):
    """What is known of somebody's will."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody said and is remembered. `whom` and `asker` are accounts (`Account.key`).

    `asker` is who may, or may not, use their face; EVERYBODY for all. `until` None: until they say otherwise.
    """

    whom: str
    asker: str
    grp: str
    allowed: bool
    at: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody who was asked about a Job, and whether they have answered."""

    job: str
    whom: str
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A person's word, once in a group, that they use pictures of themselves or with permission."""

    platform: str
    group: str
    at: datetime

    @property
    def grp(self) -> str:
        """The group in one word: "discord:1"; "" in private."""
        return grp_of(self.platform, self.group)


YES = frozenset({Action.ALLOW_ONCE, Action.ALLOW_THEM, Action.ALLOW_ALL})
ANSWERS = YES | {Action.FORBID_ONCE, Action.FORBID}


def place_of(ask: Ask) -> str:
    """The `grp` in which an answer about an Ask holds."""
    return ask.grp or PRIVATE


def stance(kept: Sequence[Consent], askers: Container[str], now: datetime) -> Stance:
    """What somebody's own words, all that are `kept` for a group and for everywhere, say to who has these accounts.

    The latest that is about them counts, so that a "never" ends every yes before it and a later yes ends the "never".
    """
    about = [one for one in kept if (one.asker == EVERYBODY or one.asker in askers) and one.holds(now)]
    latest = max(about, key=lambda one: (one.at, one.asker != EVERYBODY), default=None)
    if latest is None:
        return Stance.UNKNOWN
    return Stance.GIVEN if latest.allowed else Stance.REFUSED


def others(ask: Ask, *, faces: bool) -> tuple[Account, ...]:
    """Everybody an Ask concerns but its author, once each.

    A profile picture is somebody's face whatever is made of it; who is merely mentioned may be in the picture, which
    matters where `faces` are put in motion.
    """
    concerned = (*ask.named, *(ask.mentioned if faces else ()))
    return tuple({one.key: one for one in concerned if one.key != ask.account.key}.values())


def to_be_asked(people: Sequence[Account], stances: Mapping[str, Stance]) -> tuple[Account, ...]:
    """Who of them must be asked, by what is known of each (`Account.key`)."""
    return tuple(one for one in people if stances.get(one.key, Stance.UNKNOWN) is Stance.UNKNOWN)


def refusing(people: Sequence[Account], stances: Mapping[str, Stance]) -> tuple[Account, ...]:
    """Who of them need not be asked, since they have said no."""
    return tuple(one for one in people if stances.get(one.key) is Stance.REFUSED)


def remembered(action: Action, whom: Account, ask: Ask, *, now: datetime, lasts: timedelta) -> Consent | None:
    """What is kept of an answer to an Ask, None where it was for this once. A "never" holds everywhere and for good."""
    place = place_of(ask)
    match action:
        case Action.ALLOW_THEM:
            return Consent(whom=whom.key, asker=ask.account.key, grp=place, allowed=True, at=now, until=now + lasts)
        case Action.ALLOW_ALL:
            return Consent(whom=whom.key, asker=EVERYBODY, grp=place, allowed=True, at=now, until=now + lasts)
        case Action.FORBID:
            return Consent(whom=whom.key, asker=EVERYBODY, grp=EVERYWHERE, allowed=False, at=now)
        case _:
            return None
