"""Decisions about requests, people and groups, as they are written down: who, what, whom, when and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.consent import Consent
from bot.domain.sanction import Sanction


class Ruling(StrEnum):
    """What was decided."""

    OPENED = "opened"
    SHUT = "shut"
    APPROVED = "approved"
    REFUSED = "refused"
    STRUCK = "struck"
    TIMED_OUT = "timed_out"
    BANNED = "banned"
    LIFTED = "lifted"
    TAKEN_DOWN = "taken_down"
    COVERED = "covered"
    KEPT = "kept"
    REFUNDED = "refunded"
    RULES_CHANGED = "rules_changed"
    CONSENTED = "consented"
    OBJECTED = "objected"
    DECLARED = "declared"
    REVOKED = "revoked"
    BUDGET_CHANGED = "budget_changed"
    GRANTED = "granted"
    PAUSED = "paused"
    RESUMED = "resumed"
    ERASED = "erased"
    DOUBTED = "doubted"
    UNSCREENED = "unscreened"
    WITHHELD = "withheld"


BY_ITSELF = "reelroom"
"""Who decided what followed from a rule alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. `who` and `whom` are accounts (`Account.key`), "" where there is none.

    `platform` and `group` say where it holds, both "" for everywhere. `why` is the reason that was given, and may be
    read by the person; `detail` is what exactly was decided ("denied words: +frog").
    """

    who: str
    what: Ruling
    at: datetime
    platform: str = ""
    group: str = ""
    whom: str = ""
    job: str = ""
    why: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What is written down together with the step it belongs to, in the same transaction."""

    decisions: tuple[Decision, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    consents: tuple[Consent, ...] = ()
