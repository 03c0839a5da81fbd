"""What a change of rules would have done to requests that were let in: tried out before it is kept. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.denials import denials, is_named, names_of
from bot.domain.errors import Problem
from bot.domain.house_rules import Reviews, Rules
from bot.domain.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A request on which the new rules would have had another word.

    `problems` would have refused it; `waits`: it would have waited for a moderator; `covered`: its reel would have been
    posted covered.
    """

    job: Job
    problems: tuple[Problem, ...] = ()
    waits: bool = False
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of trying: so many requests were looked at, and these are the ones caught."""

    looked_at: int
    caught: tuple[Caught, ...]


def tried(jobs: Sequence[Job], catalogue: Catalogue, before: Rules, after: Rules) -> Trial:
    """Every one of these requests on which the rules after a change say more than those before it.

    Whose request it was counts as it did then; how many reels somebody has had, and faces, are not asked again.
    """
    return Trial(looked_at=len(jobs), caught=tuple(_caught(jobs, catalogue, before, after)))


def _caught(jobs: Sequence[Job], catalogue: Catalogue, before: Rules, after: Rules) -> Iterator[Caught]:
    for job in jobs:
        endpoint = catalogue.endpoint(job.order.endpoint)
        if endpoint is None:
            continue
        old = denials(job.ask, job.order, endpoint, before)
        problems = tuple(one for one in denials(job.ask, job.order, endpoint, after) if one not in old)
        waits = _waits(job, endpoint, after) and not _waits(job, endpoint, before)
        covered = _covers(job, endpoint, after) and not _covers(job, endpoint, before)
        if problems or waits or covered:
            yield Caught(job=job, problems=problems, waits=waits, covered=covered)


def _waits(job: Job, endpoint: Endpoint, rules: Rules) -> bool:
    account = job.ask.account
    if account.is_owner or account.is_moderator:
        return False
    return rules.review is Reviews.ALWAYS or is_named(rules.reviewed, names_of(job.order, endpoint))


def _covers(job: Job, endpoint: Endpoint, rules: Rules) -> bool:
    return is_named(rules.covered, names_of(job.order, endpoint))
