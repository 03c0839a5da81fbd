"""What waits for the bot: a queue that a long poll empties, confirmed by the next one's offset.

https://core.telegram.org/bots/api#getting-updates
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.emulators.bell import Bell
from tests.emulators.telegram.refusals import OTHER_POLL, WEBHOOK_SET, Refusal, refuse
from tests.emulators.telegram.things import Json

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""What comes only when it is asked for by name."""
FIRST = 700_000_001
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something the bot may hear of."""

    id: int
    kind: str
    payload: Json

    def body(self) -> Json:
        """As it is sent."""
        return {"update_id": self.id, self.kind: self.payload}


@dataclass(slots=True, kw_only=True, eq=False)
class Poll:
    """One getUpdates that waits. `ended`: why it may wait no longer."""

    ended: Refusal | None = None


class Updates:
    """`all` is everything ever told, `pending` what is not confirmed yet; `conflicts` counts 409s."""

    def __init__(self, bell: Bell) -> None:
        self.all: list[Update] = []
        self.pending: list[Update] = []
        self.allowed: list[str] = []
        """What setWebhook or getUpdates asked for last; empty: everything but what is unasked."""
        self.poll: Poll | None = None
        self.polls = 0
        self.conflicts = 0
        self.webhook_url = ""
        self.last = FIRST - 1
        """The id of the newest update."""
        self._bell = bell

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind."""
        return kind in self.allowed if self.allowed else kind not in UNASKED

    def tell(self, kind: str, payload: Json) -> None:
        """Something happened; what the bot did not ask for is forgotten at once."""
        if self.wants(kind):
            self.last += 1
            self.queue(Update(id=self.last, kind=kind, payload=payload))

    def queue(self, one: Update) -> None:
        """Into the queue, for the second time if a test says so."""
        self.all.append(one)
        self.pending.append(one)
        self._bell.ring()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember what the bot asks for; None keeps what it asked before."""
        if kinds is not None:
            self.allowed = list(kinds)

    def confirm(self, offset: int) -> None:
        """Everything below is done with; a negative one keeps so many."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [one for one in self.pending if one.id >= offset]

    async def take(self, limit: int, timeout_s: float) -> list[Update]:
        """The first of what is pending, waited for by the machine's time.

        Raises:
            Refusal: 409, when another poll came or a webhook was set.
        """
        if self.webhook_url:
            self.conflicts += 1
            raise refuse(WEBHOOK_SET, 409)
        self.end(OTHER_POLL)
        mine = Poll()
        self.poll, self.polls = mine, self.polls + 1
        self._bell.ring()
        if not self.pending and timeout_s > 0:
            await self._wait(mine, timeout_s)
        if mine.ended is not None:
            raise mine.ended
        self.poll = None
        self._bell.ring()
        return self.pending[:limit]

    async def _wait(self, mine: Poll, timeout_s: float) -> None:
        try:
            await self._bell.until(lambda: self.pending or mine.ended, timeout_s)
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            self.poll = None if self.poll is mine else self.poll
            raise

    def end(self, why: str) -> None:
        """The poll that waits is told that it may not; one whose client went away is forgotten by then."""
        if self.poll is not None:
            self.conflicts += 1
            self.poll.ended = refuse(why, 409)
            self.poll = None
            self._bell.ring()
