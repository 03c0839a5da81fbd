"""What happened to a Job, in order: from its own moments and the ledger's rows, each in a sentence for moderators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.ledger import BOT, Entry, EntryKind
from bot.domain.price import dollars
from bot.domain.registers import LedgerRow
from bot.domain.replies import state_words

WAITS: dict[Waiting, str] = {
    Waiting.CONFIRMATION: "the person's own yes",
    Waiting.MODERATOR: "a moderator",
    Waiting.CONSENT: "the person in the picture",
    Waiting.SCREENING: "a look at the picture",
}
"""What a Job in review waits for."""

REASONS: dict[Reason, str] = {
    Reason.NONE: "",
    Reason.BY_PERSON: "by the person who asked",
    Reason.BY_MODERATOR: "by a moderator",
    Reason.BY_RULE: "by a rule",
    Reason.NO_CONSENT: "the person in the picture would rather not",
    Reason.EXPIRED: "nobody answered in time",
    Reason.MEDIA_LOST: "its pictures were gone",
    Reason.FAL_SAID_NO: "the video service said no",
    Reason.UNKNOWN: "the video service never said whether it took it",
    Reason.LOST: "the video service lost it",
    Reason.NOWHERE: "there was nowhere to post it",
    Reason.NOT_FETCHED: "the reel could not be fetched",
    Reason.TOO_LARGE: "the reel is too large for where it was to stand, even made smaller",
    Reason.DOUBT: "it may stand in its thread already; the person was asked",
    Reason.WITHHELD: "it was withheld",
    Reason.SCREENED: "its picture was judged too revealing",
    Reason.EMPTY: "there was no video in the answer",
    Reason.TAKEN_DOWN: "by a moderator",
    Reason.GIVEN_BACK: "by a moderator, who gave the money back",
}
"""Why a Job ended or waits, behind its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that happened, or that is so now."""

    at: datetime
    text: str


def story(job: Job, rows: Sequence[LedgerRow]) -> tuple[Chapter, ...]:
    """Everything that is known of a Job's way, oldest first; `rows` are the ledger's of this Job."""
    told = [*_way(job), *(Chapter(at=row.at, text=text) for row in rows if (text := _money(row.entry)))]
    told.sort(key=lambda chapter: chapter.at)
    return (*told, Chapter(at=job.state_at, text=now_words(job)))


def now_words(job: Job) -> str:
    """Where a Job is, and why it is there: "Declined: nobody answered in time"."""
    words, why = state_words(job), why_words(job)
    return f"{words}: {why}" if why else words


def why_words(job: Job) -> str:
    """Why a Job is where it is, "" when its state says it all."""
    if job.state is State.IN_REVIEW:
        return " and ".join(WAITS[one] for one in sorted(job.waiting_for))
    return REASONS[job.reason]


def _way(job: Job) -> Iterable[Chapter]:
    yield Chapter(at=job.ask.received_at, text="Asked")
    yield Chapter(at=job.created_at, text=f"Taken in, with {dollars(job.hold_microusd)} set aside for it")
    if job.cancel_wanted_at:
        yield Chapter(at=job.cancel_wanted_at, text="Somebody wished it cancelled")
    if job.submitted_at:
        yield Chapter(at=job.submitted_at, text="Taken by the video service")
    if job.started_at:
        yield Chapter(at=job.started_at, text="Rendering began")


ENTRIES: dict[EntryKind, str] = {
    EntryKind.HOLD: "set aside",
    EntryKind.SETTLE: "paid",
    EntryKind.RELEASE: "set free",
    EntryKind.REFUND: "given back",
    EntryKind.LOSS: "lost",
    EntryKind.OVERRUN: "beyond what was set aside",
    EntryKind.GRANT: "granted",
}
"""What each kind of ledger row is called in a list."""

MONEY: dict[EntryKind, str] = {
    EntryKind.HOLD: "",
    EntryKind.GRANT: "",
    EntryKind.SETTLE: "Paid: {amount}",
    EntryKind.RELEASE: "Nothing was charged; what was set aside is free again",
    EntryKind.REFUND: "Given back: {amount}",
    EntryKind.LOSS: "Lost to the bot: {amount}, since nobody knows what became of it",
    EntryKind.OVERRUN: "Billed beyond what was set aside: {amount}, borne by the bot",
}
"""What each kind of ledger row says in a story; that there is a Hold is told already."""


def _money(entry: Entry) -> str:
    """What a row of the bot's own account says, "" for the other accounts: theirs is the same story."""
    return MONEY[entry.kind].format(amount=dollars(entry.amount_microusd)) if entry.account == BOT else ""
