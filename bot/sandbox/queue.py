"""fal's queue as pure state: what was submitted, in which order it starts, and how it ended.

Nothing here waits or reads a clock: `sandbox.py` calls these methods with the time. One account, one line; `low`
priority stands behind `normal`. Only three statuses exist; how a run went is told by its answer.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.catalogue import Endpoint
from bot.sandbox.answers import Answer
from bot.sandbox.faults import Fault, Kind, Where

NAMESPACES = frozenset({"workflows", "comfy"})
"""Owners whose application names have three segments (fal's own clients carry this list)."""


class Status(StrEnum):
    """Where a request is, in fal's words."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


class Cancelled(StrEnum):
    """What a cancel is answered with."""

    OK = "OK"
    REQUESTED = "CANCELLATION_REQUESTED"
    TOO_LATE = "ALREADY_COMPLETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line a model wrote while it ran."""

    message: str
    at: datetime
    level: str = "INFO"

    def as_json(self) -> dict[str, str]:
        """As fal's status shows it."""
        stamp = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"message": self.message, "level": self.level, "source": "USER", "timestamp": stamp}


@dataclass(slots=True, kw_only=True)
class Submission:
    """One request that was taken, and all that became of it.

    `base_url` is the address the caller used, so that links lead back the same way. `ahead` counts strangers'
    requests that this one still waits for. `faults` are the run's own; `spent` those that struck once already.
    """

    id: str
    endpoint: Endpoint
    arguments: Any
    base_url: str
    submitted_at: datetime
    low_priority: bool = False
    direct: bool = False
    webhook_url: str = ""
    start_within_s: float | None = None
    lifecycle: str = ""
    faults: tuple[Fault, ...] = ()
    spent: set[Fault] = dataclasses.field(default_factory=set)
    ahead: int = 0
    ready: bool = False
    status: Status = Status.IN_QUEUE
    started_at: datetime | None = None
    completed_at: datetime | None = None
    cancel_wanted: bool = False
    logs: list[LogLine] = dataclasses.field(default_factory=list)
    answer: Answer | None = None
    error: str = ""
    error_type: str = ""
    payloads_deleted: bool = False

    @property
    def app(self) -> str:
        """The application: what status, result and cancel URLs are built on."""
        return app_of(self.endpoint.id)

    @property
    def url(self) -> str:
        """The result's URL; status and cancel stand under it."""
        return f"{self.base_url}/{self.app}/requests/{self.id}"

    def fault(self, kind: Kind) -> Fault | None:
        """The run's own fault of this kind, or None."""
        return next((fault for fault in self.faults if fault.kind is kind), None)

    def strike(self, where: Where) -> Fault | None:
        """A fault of the wire that this request asked for itself and that has not struck yet."""
        for fault in self.faults:
            if fault.strikes(where) and fault not in self.spent:
                self.spent.add(fault)
                return fault
        return None

    def inference_s(self) -> float | None:
        """How long it ran, None while it has not ended or when it never started."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()


def app_of(endpoint_id: str) -> str:
    """The first two segments of an endpoint id, three in a namespace."""
    parts = endpoint_id.split("/")
    return "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])


class Queue:
    """All submissions of one account."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._all: dict[str, Submission] = {}
        self._waiting: dict[str, Submission] = {}
        self._running: set[str] = set()

    def add(self, submission: Submission) -> None:
        """Put a submission at the end of the line."""
        self._all[submission.id] = submission
        self._waiting[submission.id] = submission

    def get(self, request_id: str) -> Submission | None:
        """The submission of this id, or None."""
        return self._all.get(request_id)

    def everything(self) -> Iterable[Submission]:
        """Every submission, in the order they came."""
        return self._all.values()

    def waiting_for(self, endpoint_id: str) -> int:
        """How many requests of this endpoint stand in the line."""
        return sum(1 for one in self._waiting.values() if one.endpoint.id == endpoint_id)

    def is_full(self) -> bool:
        """Whether as many run as may run at once."""
        return len(self._running) >= self._concurrency

    def position(self, submission: Submission) -> int:
        """How many stand before it: our own, and the strangers it was given."""
        return sum(1 for _ in self._before(submission)) + submission.ahead

    def next_ready(self) -> Submission | None:
        """Who starts now: the first in the line that is ready, if a place is free."""
        if self.is_full():
            return None
        ready = (one for one in self._waiting.values() if one.ready)
        first = next(ready, None)
        if first is None or not first.low_priority:
            return first
        return next((one for one in ready if not one.low_priority), first)

    def start(self, submission: Submission, now: datetime) -> None:
        """Take it out of the line and let it run."""
        self._waiting.pop(submission.id)
        self._running.add(submission.id)
        submission.status = Status.IN_PROGRESS
        submission.started_at = now
        submission.ahead = 0

    def complete(self, submission: Submission, answer: Answer, now: datetime, error_type: str = "") -> None:
        """End it with this answer. An ended submission keeps its first answer."""
        if submission.status is Status.COMPLETED:
            return
        self._waiting.pop(submission.id, None)
        self._running.discard(submission.id)
        submission.status = Status.COMPLETED
        submission.completed_at = now
        submission.answer = answer
        submission.error_type = error_type
        if error_type:
            payload = answer.payload()
            submission.error = str(payload["detail"]) if isinstance(payload, dict) else ""
        elif not answer.ok:
            submission.error = f"Invalid status code: {answer.status}"

    def cancel(self, submission: Submission) -> Cancelled:
        """What a cancel means now; ending the run is the caller's."""
        if submission.status is Status.COMPLETED:
            return Cancelled.TOO_LATE
        submission.cancel_wanted = True
        return Cancelled.OK if submission.status is Status.IN_QUEUE else Cancelled.REQUESTED

    def _before(self, submission: Submission) -> Iterator[Submission]:
        passed = False
        for other in self._waiting.values():
            if other is submission:
                if not submission.low_priority:
                    return
                passed = True
            elif not other.low_priority or (submission.low_priority and not passed):
                yield other


def result_gone(submission: Submission, now: datetime, *, retention_s: float) -> bool:
    """Whether the result is no longer kept: its time is over, it was deleted, or a fault says so."""
    if submission.payloads_deleted or submission.fault(Kind.EXPIRED):
        return True
    ended = submission.completed_at
    return ended is not None and now - ended > timedelta(seconds=retention_s)
