"""What stands in the Room, as its store and its pages share it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in a thread: an ask, a status, a reel, or something said.

    `number` is its place, `seq` its latest change: whoever has seen everything up to a seq is brought up to date by
    the lines above it. `subject` is the Job or Ask it is about; `body` is JSON of `chat/room/wire.py`.
    """

    key: str
    thread: str
    number: int
    seq: int
    kind: str
    subject: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread in the list: `tone` of its latest status, `poster` the hash of its latest reel ("" before)."""

    id: str
    number: int
    title: str
    tone: str
    poster: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where an ask stands. `after` is the seq before it, to follow from there; `created`: it was not there before."""

    ask: str
    thread: str
    after: int
    created: bool
