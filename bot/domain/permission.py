"""Who may do what, and where: one table of role, action and place.

A role is what somebody is *to this thing*, not a rank alone: an owner who asked for a reel is its asker, and a
moderator who is in the picture is the one asked. A moderator is one in their own group and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ask import Account, Ask
from bot.domain.errors import Slug
from bot.domain.job import Job
from bot.domain.notice import Action


class Role(StrEnum):
    """What somebody is to a Job, an Ask or a group; the first that fits, in this order.

    ASKED: whose yes it waits for. VIEWER: may look at a group's console. STRANGER: in a group that is not open.
    """

    ASKED = "asked"
    BANNED_ASKER = "banned_asker"
    BANNED = "banned"
    ASKER = "asker"
    OWNER = "owner"
    MODERATOR = "moderator"
    VIEWER = "viewer"
    STRANGER = "stranger"
    MEMBER = "member"


class Where(StrEnum):
    """Where somebody does it: in the thing's own group (or its own private talk), in private, or in another group."""

    HERE = "here"
    PRIVATE = "private"
    ELSEWHERE = "elsewhere"


class Deed(StrEnum):
    """What is done by a command or on the console and is no button; of a group unless it says otherwise."""

    RULES = "rules"
    STRIKE = "strike"
    TIME_OUT = "time_out"
    BAN = "ban"
    BAN_EVERYWHERE = "ban_everywhere"
    LIFT = "lift"
    REVOKE = "revoke"
    REFUND = "refund"
    RAISE = "raise"
    LOWER = "lower"
    GRANT = "grant"
    PAUSE_GROUP = "pause_group"
    RESUME_GROUP = "resume_group"
    PAUSE_BOT = "pause_bot"
    LOOK = "look"
    LOOK_AT_ALL = "look_at_all"


Doing = Action | Deed

_ALL = frozenset(Where)
_HERE = frozenset({Where.HERE})
_Row = Mapping[Role, frozenset[Where]]

_THEIRS: _Row = {Role.ASKER: _ALL}
_SELF: _Row = {**_THEIRS, Role.BANNED_ASKER: _ALL}
_OWNERS: _Row = {Role.OWNER: _ALL}
_IN_CHARGE: _Row = {Role.OWNER: _ALL, Role.MODERATOR: _HERE}
_THEIRS_OR_IN_CHARGE: _Row = {**_THEIRS, **_IN_CHARGE}
_LET_GO: _Row = {**_THEIRS_OR_IN_CHARGE, Role.BANNED_ASKER: _ALL}
_PRESENT: _Row = {
    **_THEIRS,
    **_OWNERS,
    Role.MODERATOR: _HERE,
    Role.VIEWER: _HERE,
    Role.ASKED: _HERE,
    Role.MEMBER: _HERE,
}
_WHOSE_FACE: _Row = {Role.ASKED: _ALL}
_LOOKING: _Row = {**_IN_CHARGE, Role.VIEWER: _HERE}

MAY: Mapping[Doing, _Row] = {
    Action.CANCEL: _LET_GO,
    Action.CONFIRM: _THEIRS,
    Action.DECLINE: _LET_GO,
    Action.STILL: _THEIRS,
    Action.DROP: _LET_GO,
    Action.AGAIN: _PRESENT,
    Action.CHANGE: _PRESENT,
    Action.EXTEND: _PRESENT,
    Action.DELIVER: _THEIRS_OR_IN_CHARGE,
    Action.SHOW: _THEIRS_OR_IN_CHARGE,
    Action.DELETE: _LET_GO,
    Action.REPORT: {**_PRESENT, Role.ASKED: _ALL, Role.STRANGER: _HERE},
    Action.OPEN: _OWNERS,
    Action.SHUT: _OWNERS,
    Action.PAUSE: _OWNERS,
    Action.RESUME: _OWNERS,
    Action.CONSOLE: _IN_CHARGE,
    Action.APPROVE: _IN_CHARGE,
    Action.REFUSE: _IN_CHARGE,
    Action.SILENCE: _IN_CHARGE,
    Action.ALLOW_ONCE: _WHOSE_FACE,
    Action.ALLOW_THEM: _WHOSE_FACE,
    Action.ALLOW_ALL: _WHOSE_FACE,
    Action.FORBID_ONCE: _WHOSE_FACE,
    Action.FORBID: _WHOSE_FACE,
    Action.TAKE_BACK: _WHOSE_FACE,
    Action.TAKE_DOWN: _IN_CHARGE,
    Action.TAKE_DOWN_STRIKE: _IN_CHARGE,
    Action.KEEP: _IN_CHARGE,
    Action.ERASE: _SELF,
    Action.GO_ON: _OWNERS,
    Action.GIVE_BACK: _IN_CHARGE,
    Deed.RULES: _IN_CHARGE,
    Deed.STRIKE: _IN_CHARGE,
    Deed.TIME_OUT: _IN_CHARGE,
    Deed.BAN: _IN_CHARGE,
    Deed.BAN_EVERYWHERE: _OWNERS,
    Deed.LIFT: _IN_CHARGE,
    Deed.REVOKE: _IN_CHARGE,
    Deed.REFUND: _IN_CHARGE,
    Deed.RAISE: _OWNERS,
    Deed.LOWER: _IN_CHARGE,
    Deed.GRANT: _OWNERS,
    Deed.PAUSE_GROUP: _IN_CHARGE,
    Deed.RESUME_GROUP: _IN_CHARGE,
    Deed.PAUSE_BOT: _OWNERS,
    Deed.LOOK: _LOOKING,
    Deed.LOOK_AT_ALL: _OWNERS,
}
"""Spending money is the asker's own yes, and a face its owner's; Again and Change are the presser's own Ask.

An endpoint is everybody's, so only an owner stops it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presser:
    """Somebody who does something, in `group` ("" in private).

    `account.is_moderator` is said of that group. None: of the thing's own, whichever that is. `banned`: there or
    everywhere. `is_open`: the owner lets the group in. `views`: they may look at its console.
    """

    account: Account
    group: str | None = None
    banned: bool = False
    is_open: bool = True
    views: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What it is done to: something `asker` asked for, or the group itself.

    `asked` are the accounts (`Account.key`) whose yes it waits for.
    """

    platform: str
    group: str
    asker: Account | None = None
    asked: frozenset[str] = frozenset()


THE_BOT = About(platform="", group="")
"""What belongs to no group, as an endpoint: there a role is what somebody is to the bot."""


def about(thing: Job | Ask, *, asked: frozenset[str] = frozenset()) -> About:
    """A Job or an Ask as something that is done to."""
    ask = thing.ask if isinstance(thing, Job) else thing
    return About(platform=ask.account.platform, group=ask.group, asker=ask.account, asked=asked)


def role_of(presser: Presser, to: About) -> Role:
    """What somebody is to something."""
    account = presser.account
    is_asker = to.asker is not None and account.key == to.asker.key
    fits = {
        Role.ASKED: account.key in to.asked,
        Role.BANNED_ASKER: presser.banned and is_asker and not account.is_owner,
        Role.BANNED: presser.banned and not account.is_owner,
        Role.ASKER: is_asker,
        Role.OWNER: account.is_owner,
        Role.MODERATOR: account.is_moderator,
        Role.VIEWER: presser.views,
        Role.STRANGER: not presser.is_open,
    }
    return next((role for role, fitting in fits.items() if fitting), Role.MEMBER)


def where(presser: Presser, to: About) -> Where:
    """Where somebody stands when they do it."""
    if presser.group is None or (presser.account.platform, presser.group) == (to.platform, to.group):
        return Where.HERE
    return Where.ELSEWHERE if presser.group else Where.PRIVATE


def may(presser: Presser, doing: Doing, to: About) -> bool:
    """Whether somebody may do this to something."""
    return where(presser, to) in MAY[doing].get(role_of(presser, to), frozenset())


_WHOSE: Mapping[frozenset[Role], Slug] = {
    frozenset(_THEIRS): Slug.ASKER_ALONE,
    frozenset(_SELF): Slug.ASKER_ALONE,
    frozenset(_OWNERS): Slug.OWNER_ALONE,
    frozenset(_WHOSE_FACE): Slug.ASKED_ALONE,
    frozenset(_IN_CHARGE): Slug.MODERATOR_ALONE,
    frozenset(_LOOKING): Slug.MODERATOR_ALONE,
}


def refusal(doing: Doing) -> Slug:
    """What is said to somebody who may not."""
    return _WHOSE.get(frozenset(MAY[doing]), Slug.NOT_YOURS)
