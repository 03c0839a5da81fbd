"""The judging of pictures by a classifier at fal: when, within which bounds, and what follows for a request. Pure.

Each picture is judged by a Job of its own, the child of the one that waits for it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scrutiny(StrEnum):
    """What is judged, from the least to the most. PICTURES: what goes in. ALL: what comes out as well."""

    OFF = "off"
    PICTURES = "pictures"
    ALL = "all"


class Missing(StrEnum):
    """What becomes of a request whose picture nobody judged in time."""

    ALLOW = "allow"
    REVIEW = "review"


class Part(StrEnum):
    """What is judged: a picture that was given, or a frame of the reel that was made."""

    PICTURE = "picture"
    FRAME = "frame"


class Outcome(StrEnum):
    """What a judgement comes to."""

    ALLOWED = "allowed"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From which probability on a picture is in doubt, and from which it is refused; what follows without one.

    `review_s`: how long a moderator is then waited for.
    """

    doubt_from: float
    refuse_from: float
    missing: Missing
    review_s: float

    def outcome(self, probability: float | None) -> Outcome:
        """What a probability comes to; None: nobody judged."""
        if probability is None:
            return Outcome.MISSING
        if probability >= self.refuse_from:
            return Outcome.REFUSED
        return Outcome.DOUBTFUL if probability >= self.doubt_from else Outcome.ALLOWED


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What a child Job is for: whose picture it judges, and by which bounds, as they were when it was asked for."""

    parent: str
    part: Part
    bounds: Bounds
