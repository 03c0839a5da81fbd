"""Decisions about requests, people and groups, as they are written down: who, what, whom, when and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.consent import Consent
from bot.domain.job import Job
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

LONGEST_REASON = 500
"""Characters of a reason that are kept."""


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


def about_request(what: Ruling, job: Job, *, by: str, at: datetime, why: str = "", detail: str = "") -> Decision:
    """A decision about a Job and whoever asked for it, in their group; `by` is an `Account.key`, or BY_ITSELF."""
    account, group = job.ask.account, job.ask.group
    return Decision(
        who=by,
        what=what,
        at=at,
        platform=account.platform,
        group=group,
        whom=account.key,
        job=job.id,
        why=why,
        detail=detail,
    )


def reason_line(text: str) -> str:
    """A reason as it was typed, as one line that fits."""
    return " ".join(text.split())[:LONGEST_REASON]


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What is written down together with the step it belongs to, in the same transaction."""

    decisions: tuple[Decision, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    consents: tuple[Consent, ...] = ()
