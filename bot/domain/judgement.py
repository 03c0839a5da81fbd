"""What a judgement of a picture does to the request that waits for it, and how it is written down. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import BY_ITSELF, Decision, Ruling, about_request
from bot.domain.job import Job, Waiting
from bot.domain.screening import Missing, Outcome, Part
from bot.domain.sentences import capital


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What follows for a request in review: it is refused, or goes on waiting for this (for nothing: it goes on)."""

    refused: bool
    waiting_for: frozenset[Waiting]


def concluded(waiting_for: Collection[Waiting], outcome: Outcome, missing: Missing, *, others_open: bool) -> Conclusion:
    """What follows for a request in review. `others_open`: more of its pictures are still being judged.

    Whatever else it waits for, it goes on waiting for.
    """
    waiting = frozenset(waiting_for)
    if outcome is Outcome.REFUSED:
        return Conclusion(refused=True, waiting_for=waiting)
    left = waiting if others_open else waiting - {Waiting.SCREENING}
    asks = outcome is Outcome.DOUBTFUL or (outcome is Outcome.MISSING and missing is Missing.REVIEW)
    return Conclusion(refused=False, waiting_for=left | {Waiting.MODERATOR} if asks else left)


def is_withheld(outcome: Outcome, missing: Missing) -> bool:
    """Whether a finished reel waits for a moderator to look at it; it is paid for, and thrown away by nobody."""
    if outcome is Outcome.MISSING:
        return missing is Missing.REVIEW
    return outcome in {Outcome.DOUBTFUL, Outcome.REFUSED}


RULINGS: Mapping[Part, Mapping[Outcome, Ruling]] = {
    Part.PICTURE: {
        Outcome.DOUBTFUL: Ruling.DOUBTED,
        Outcome.REFUSED: Ruling.REFUSED,
        Outcome.MISSING: Ruling.UNSCREENED,
    },
    Part.FRAME: {
        Outcome.DOUBTFUL: Ruling.WITHHELD,
        Outcome.REFUSED: Ruling.WITHHELD,
        Outcome.MISSING: Ruling.UNSCREENED,
    },
}
"""What is written down; that a picture was allowed stands with its Job alone."""


def decision_of(
    parent: Job, part: Part, outcome: Outcome, *, probability: float | None = None, detail: str = "", at: datetime
) -> Decision | None:
    """The decision to be written down about a request, None where there was none to be made."""
    ruling = RULINGS[part].get(outcome)
    if ruling is None:
        return None
    known = detail if probability is None else likelihood(probability)
    return about_request(ruling, parent, by=BY_ITSELF, at=at, detail=f"{part.value}: {known}")


def why_asked(decisions: Sequence[Decision]) -> str:
    """Why moderators are asked about a picture: "Picture: 62% likely not safe for work."; "" for another reason."""
    asked = (one for one in decisions if one.what in {Ruling.DOUBTED, Ruling.UNSCREENED, Ruling.WITHHELD})
    return next((f"{capital(one.detail)}." for one in asked), "")


def judgement_words(job: Job) -> str:
    """What a judgement says, for moderators: "62% likely not safe for work: doubtful"; "" while there is none."""
    probability = job.result.probability if job.result else None
    if job.screening is None or probability is None:
        return ""
    return f"{likelihood(probability)}: {job.screening.bounds.outcome(probability).value}"


def likelihood(probability: float) -> str:
    """A probability as people read it: "62% likely not safe for work"."""
    return f"{probability:.0%} likely not safe for work"
