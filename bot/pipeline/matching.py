"""Which of the account's requests at fal is the one whose answer was lost. Decided by equality, never by likeness."""

from collections.abc import Sequence

from bot.domain.job import HistoryEntry, Job


def match(job: Job, entries: Sequence[HistoryEntry], taken: frozenset[str]) -> str | None:
    """The request id of an entry with exactly the input we sent and bound to no other Job, or None.

    Uploads are made anew for every attempt, so an input with media is unique. Two equal inputs without media are
    exchangeable: whichever Job gets which request, each gets a reel of what it asked for.
    """
    if job.sent is None:
        return None
    found = [one.request_id for one in entries if one.input == job.sent and one.request_id not in taken]
    return found[0] if found else None
