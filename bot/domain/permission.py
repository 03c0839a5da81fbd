"""Who may press what: one table of role and action. A role is what somebody is *to this Job*, not a rank alone."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.ask import Account
from bot.domain.errors import Slug
from bot.domain.notice import Action


class Role(StrEnum):
    """What somebody is to a Job or an Ask; the strongest that fits."""

    ASKER = "asker"
    OWNER = "owner"
    MODERATOR = "moderator"
    MEMBER = "member"


ANYBODY = frozenset(Role)
ASKER_ONLY = frozenset({Role.ASKER})
IN_CHARGE = frozenset({Role.ASKER, Role.OWNER, Role.MODERATOR})
LOOKS_AFTER = frozenset({Role.OWNER, Role.MODERATOR})
OWNER_ONLY = frozenset({Role.OWNER})

MAY: Mapping[Action, frozenset[Role]] = {
    Action.CANCEL: IN_CHARGE,
    Action.CONFIRM: ASKER_ONLY,
    Action.DECLINE: IN_CHARGE,
    Action.STILL: ASKER_ONLY,
    Action.DROP: IN_CHARGE,
    Action.AGAIN: ANYBODY,
    Action.CHANGE: ANYBODY,
    Action.EXTEND: ANYBODY,
    Action.DELIVER: IN_CHARGE,
    Action.SHOW: IN_CHARGE,
    Action.DELETE: IN_CHARGE,
    Action.REPORT: ANYBODY,
    Action.OPEN: OWNER_ONLY,
    Action.SHUT: OWNER_ONLY,
    Action.PAUSE: OWNER_ONLY,
    Action.RESUME: OWNER_ONLY,
    Action.CONSOLE: LOOKS_AFTER,
}
"""Spending money is the asker's own yes; Again and Change are the presser's own Ask, with their own price.

An endpoint is everybody's, so only an owner stops it.
"""

NOBODY = Account(platform="", id="")
"""The asker of what nobody asked for, as a group's door and an endpoint: there a role is what one is to the bot."""


def role_of(presser: Account, asker: Account) -> Role:
    """What `presser` is to something `asker` asked for."""
    if (presser.platform, presser.id) == (asker.platform, asker.id):
        return Role.ASKER
    if presser.is_owner:
        return Role.OWNER
    return Role.MODERATOR if presser.is_moderator else Role.MEMBER


def refusal(action: Action) -> Slug:
    """What is said to somebody who may not."""
    match MAY[action]:
        case allowed if allowed == ASKER_ONLY:
            return Slug.ASKER_ALONE
        case allowed if allowed == OWNER_ONLY:
            return Slug.OWNER_ALONE
        case _:
            return Slug.NOT_YOURS


def may(presser: Account, action: Action, asker: Account) -> bool:
    """Whether `presser` may do this to something `asker` asked for."""
    return role_of(presser, asker) in MAY[action]
