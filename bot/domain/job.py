"""The states of a Job and every way from one to another: one table, and this file is the only place for it.

`advance(state, event)` looks the table up. An event its state has no row for raises `IllegalTransition` and changes
nothing. Documents and diagrams are generated from `TRANSITIONS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ask import Ask, Place
from bot.domain.errors import IllegalTransition
from bot.domain.order import Order
from bot.domain.screening import Screening


class State(StrEnum):
    """Where a Job is."""

    IN_REVIEW = "in_review"
    ADMITTED = "admitted"
    SUBMITTING = "submitting"
    UNCERTAIN = "uncertain"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class Event(StrEnum):
    """What can happen to a Job."""

    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PICKED = "picked"
    MEDIA_LOST = "media_lost"
    ACCEPTED = "accepted"
    NOT_TAKEN = "not_taken"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    COMPLETED = "completed"
    FAILED = "failed"
    FAL_CANCELLED = "fal_cancelled"
    LOST = "lost"
    CLAIMED = "claimed"
    WITHHELD = "withheld"
    POSTED = "posted"
    NOWHERE_TO_POST = "nowhere_to_post"
    ASKED_AGAIN = "asked_again"


class Waiting(StrEnum):
    """What a Job in review waits for."""

    CONFIRMATION = "confirmation"
    MODERATOR = "moderator"
    CONSENT = "consent"
    SCREENING = "screening"


class Reason(StrEnum):
    """Why a Job ended, or waits, as it does; `domain/notice.py` has the sentence."""

    NONE = ""
    BY_PERSON = "by_person"
    BY_MODERATOR = "by_moderator"
    BY_RULE = "by_rule"
    NO_CONSENT = "no_consent"
    EXPIRED = "expired"
    MEDIA_LOST = "media_lost"
    FAL_SAID_NO = "fal_said_no"
    UNKNOWN = "unknown"
    LOST = "lost"
    NOWHERE = "nowhere"
    TOO_LARGE = "too_large"
    NOT_FETCHED = "not_fetched"
    DOUBT = "doubt"
    WITHHELD = "withheld"
    SCREENED = "screened"
    EMPTY = "empty"
    TAKEN_DOWN = "taken_down"
    GIVEN_BACK = "given_back"


TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.IN_REVIEW: {
        Event.APPROVED: State.ADMITTED,
        Event.REFUSED: State.REFUSED,
        Event.EXPIRED: State.REFUSED,
        Event.CANCELLED: State.CANCELLED,
    },
    State.ADMITTED: {
        Event.PICKED: State.SUBMITTING,
        Event.CANCELLED: State.CANCELLED,
        Event.MEDIA_LOST: State.FAILED,
    },
    State.SUBMITTING: {
        Event.ACCEPTED: State.SUBMITTED,
        Event.NOT_TAKEN: State.ADMITTED,
        Event.REJECTED: State.FAILED,
        Event.IN_DOUBT: State.UNCERTAIN,
    },
    State.UNCERTAIN: {
        Event.ACCEPTED: State.SUBMITTED,
        Event.LOST: State.FAILED,
    },
    State.SUBMITTED: {
        Event.COMPLETED: State.COMPLETED,
        Event.FAILED: State.FAILED,
        Event.FAL_CANCELLED: State.CANCELLED,
        Event.LOST: State.FAILED,
    },
    State.COMPLETED: {
        Event.CLAIMED: State.DELIVERING,
        Event.WITHHELD: State.UNDELIVERED,
    },
    State.DELIVERING: {
        Event.POSTED: State.DELIVERED,
        Event.NOWHERE_TO_POST: State.UNDELIVERED,
    },
    State.DELIVERED: {},
    State.UNDELIVERED: {Event.ASKED_AGAIN: State.DELIVERING},
    State.FAILED: {Event.COMPLETED: State.COMPLETED},
    State.CANCELLED: {},
    State.REFUSED: {},
}
"""Every legal step. `FAILED` is left only by a late result of a Job given up as unknown or lost."""

SETTLED = frozenset({State.DELIVERED, State.CANCELLED, State.REFUSED, State.FAILED, State.UNDELIVERED})
"""States in which nothing more happens by itself."""

AT_FAL = frozenset({State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED})
"""States in which a Job may occupy one of fal's places."""


ENDS_MONEY = frozenset(
    {
        (State.IN_REVIEW, Event.REFUSED),
        (State.IN_REVIEW, Event.EXPIRED),
        (State.IN_REVIEW, Event.CANCELLED),
        (State.ADMITTED, Event.CANCELLED),
        (State.ADMITTED, Event.MEDIA_LOST),
        (State.SUBMITTING, Event.REJECTED),
        (State.UNCERTAIN, Event.LOST),
        (State.SUBMITTED, Event.COMPLETED),
        (State.SUBMITTED, Event.FAILED),
        (State.SUBMITTED, Event.FAL_CANCELLED),
        (State.SUBMITTED, Event.LOST),
    }
)
"""The steps that end the Holds, each in its own transaction with the step; no other step may."""


def advance(state: State, event: Event) -> State:
    """The state after `event`.

    Raises:
        IllegalTransition: `state` has no row for `event`.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(f"{state} has no way out by {event}") from None


REMOVED = frozenset({Reason.TAKEN_DOWN, Reason.GIVEN_BACK})
"""Why a finished reel is nobody's to see any more: a moderator took it down, and perhaps gave the money back."""

GIVEN_UP = frozenset({Reason.UNKNOWN, Reason.LOST})
"""Why a FAILED Job may still be completed by a late result: we stopped waiting, fal never said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """fal's handle of a submitted Job. The URLs are fal's own and are followed, never rebuilt."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str


class Phase(StrEnum):
    """The three things fal's queue says of a request; success and failure are both COMPLETED."""

    IN_QUEUE = "in_queue"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatus:
    """One look at fal's queue. `position` counts those before us; `inference_s` is what fal measured."""

    phase: Phase
    position: int | None = None
    error: str = ""
    error_type: str = ""
    inference_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One request in the account's history at fal; `input` is None where fal does not return it."""

    request_id: str
    endpoint_id: str
    submitted_at: datetime | None
    input: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What fal made: where the video is, and what it said it billed (None: it did not say).

    Of a picture that was judged there is no video, but how likely it is not safe for work.
    """

    video_url: str
    content_type: str = ""
    file_name: str = ""
    size_bytes: int | None = None
    seed: int | None = None
    billable_units: str | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """The finished video on our disk. `sha256` names the file; `seconds` is its running time."""

    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    seconds: float
    has_audio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An Order on its way.

    `ask` and `order` are what was asked and what it became; `sent` is the input as it was posted to fal, written
    before the POST, so that a lost answer can be matched.
    `receipt` is the platform's handle of the status message, `reel_receipt` of the posted reel. `failure` is fal's
    word for why it failed, `remark` a moderator's for why they said no. `carded` is what moderators were last told of
    it ("": nothing). `hinted` is the request id that a call of fal's named: to be looked at, not believed.
    `screening` makes it the child of another Job, whose pictures it judges: it is never announced and ends COMPLETED.
    `cost_microusd` is what was settled, None before. `version` grows with every change.
    """

    id: str
    state: State
    ask: Ask
    order: Order
    person: str
    waiting_for: frozenset[Waiting] = frozenset()
    reason: Reason = Reason.NONE
    failure: str = ""
    remark: str = ""
    screening: Screening | None = None
    hold_microusd: int = 0
    cost_microusd: int | None = None
    sent: Mapping[str, object] | None = None
    ticket: Ticket | None = None
    result: Result | None = None
    reel: Reel | None = None
    place: Place
    receipt: str = ""
    reel_receipt: str = ""
    said: str = ""
    carded: str = ""
    attempts: int = 0
    hinted: str = ""
    cancel_wanted_at: datetime | None = None
    created_at: datetime
    state_at: datetime
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    next_at: datetime | None = None
    version: int = 0


def step(job: Job, event: Event) -> State:
    """The state of `job` after `event`.

    Raises:
        IllegalTransition: its state has no row for `event`, or it failed for good and not for want of an answer.
    """
    if job.state is State.FAILED and job.reason not in GIVEN_UP:
        raise IllegalTransition(f"{job.state} by {job.reason} has no way out")
    return advance(job.state, event)
