"""Events as received, unique by (platform, event id): written before anything is acknowledged or fetched."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.ask import Ask, InboxRow
from bot.ports.clock import Now
from bot.ports.wakeups import Wakeups
from bot.store.codec import ASK, dump, micros
from bot.store.database import Database, Tx

EVENTS_KNOWN_FOR = timedelta(days=7)
"""An event that is done is known for so long; no platform sends one again after a day."""


class Inbox:
    """Asks that wait for intake. Every change that makes a row ready wakes `intake` with the Ask's id."""

    def __init__(self, database: Database, *, intake: Wakeups, now: Now) -> None:
        self._database = database
        self._intake = intake
        self._now = now

    async def receive(self, ask: Ask, *, hold_s: float = 0.0) -> bool:
        """Keep an Ask; False when its event is already here, whatever became of it.

        Intake is woken `hold_s` after the commit, or at once by `begin`.
        """

        async def work(tx: Tx) -> bool:
            added = await insert(tx, ask)
            if added:
                self._intake.wake(tx, ask.id, at=self._now() + timedelta(seconds=hold_s) if hold_s else None)
            return added

        return await self._database.transact(work)

    def begin(self, ask_id: str) -> None:
        """Wake intake for an Ask that was held."""
        self._intake.nudge(ask_id)

    async def row(self, ask_id: str) -> InboxRow | None:
        """The row, None once consumed."""
        rows = await self._database.read(
            "SELECT ask, state, attempts FROM inbox WHERE id = $1 AND state <> 'done'", ask_id
        )
        if not rows:
            return None
        row = rows[0]
        return InboxRow(
            ask=ASK.validate_json(row["ask"]),
            attempts=row["attempts"],
            away=row["state"] == "away",
            confirmed=row["state"] == "confirmed",
        )

    async def consume(self, ask_id: str) -> None:
        """Done without a Job: what was asked is forgotten, that it was asked is not."""
        await self._database.transact(lambda tx: consume(tx, ask_id))

    async def ask_away(self, ask_id: str) -> None:
        """We asked whether it is still wanted; the row waits for a press."""
        await self._move(ask_id, "open", "away")

    async def still_wanted(self, ask_id: str) -> bool:
        """It is. False when the row no longer waits for this."""
        return await self._move(ask_id, "away", "confirmed")

    async def tried(self, ask_id: str) -> None:
        """One more attempt failed for a passing reason."""

        async def work(tx: Tx) -> None:
            await tx.run("UPDATE inbox SET attempts = attempts + 1 WHERE id = $1", ask_id)

        await self._database.transact(work)

    async def open_ids(self) -> Sequence[str]:
        """The rows intake has to look at, oldest first."""
        rows = await self._database.read(
            "SELECT id FROM inbox WHERE state IN ('open', 'confirmed') ORDER BY received_at, id"
        )
        return [str(row["id"]) for row in rows]

    async def _move(self, ask_id: str, before: str, then: str) -> bool:
        async def work(tx: Tx) -> bool:
            moved = await tx.run("UPDATE inbox SET state = $3 WHERE id = $1 AND state = $2", ask_id, before, then)
            if moved:
                self._intake.wake(tx, ask_id)
            return moved == 1

        return await self._database.transact(work)


async def insert(tx: Tx, ask: Ask) -> bool:
    """Keep an Ask within a transaction; False when its event is already here."""
    added = await tx.run(
        "INSERT INTO inbox (id, platform, event_id, ask, state, received_at) "
        "VALUES ($1, $2, $3, $4, 'open', $5) ON CONFLICT (platform, event_id) DO NOTHING",
        ask.id,
        ask.account.platform,
        ask.event_id,
        dump(ASK, ask),
        micros(ask.received_at),
    )
    return added == 1


async def consume(tx: Tx, ask_id: str) -> None:
    """Mark a row done and drop its text, within a transaction."""
    await tx.run("UPDATE inbox SET state = 'done', ask = '' WHERE id = $1", ask_id)


async def forget_events(database: Database, *, before: datetime) -> None:
    """Forget that something came, where it is done and came before this moment: an event may be named after people."""

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM inbox WHERE state = 'done' AND received_at < $1", micros(before))

    await database.transact(work)
