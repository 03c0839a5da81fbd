"""Updates of one platform as received, each once: written before the platform is told that they arrived."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.ask import Ask
from bot.ports.clock import Now
from bot.ports.updates import Arrived, Kept, update_key
from bot.ports.wakeups import Wakeups
from bot.store.codec import micros, moment
from bot.store.database import Database, Row, Tx
from bot.store.inbox import insert

KNOWN_FOR = timedelta(days=2)
"""An update that is done is known for so long; Telegram repeats one for a day at most, and begins its numbers anew
after a week of quiet: https://core.telegram.org/bots/api#update"""


class UpdateStore:
    """Fits `ports.updates.Updates`. Every update that becomes ready wakes `work` with its key."""

    def __init__(self, database: Database, platform: str, *, work: Wakeups, intake: Wakeups, now: Now) -> None:
        self._database = database
        self._platform = platform
        self._work = work
        self._intake = intake
        self._now = now

    async def receive(self, arrived: Sequence[Arrived]) -> int:
        """Keep a batch in one transaction, each update once; how many were new."""

        async def work(tx: Tx) -> int:
            new = 0
            for one in arrived:
                added = await tx.run(
                    "INSERT INTO updates (platform, id, lane, gathers, body, state, received_at) "
                    "VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT (platform, id) DO NOTHING",
                    *(self._platform, one.id, one.lane, one.gathers, one.body, micros(self._now())),
                )
                if added:
                    self._work.wake(tx, update_key(one.lane, one.id))
                new += added
            return new

        return await self._database.transact(work)

    async def open(self, number: int) -> Kept | None:
        """The update, None when it is done."""
        rows = await self._database.read(
            "SELECT * FROM updates WHERE platform = $1 AND id = $2 AND state = 'open'", self._platform, number
        )
        return _kept(rows[0]) if rows else None

    async def gathered(self, gathers: str) -> Sequence[Kept]:
        """The open updates that belong together, in the order of their ids."""
        rows = await self._database.read(
            "SELECT * FROM updates WHERE platform = $1 AND gathers = $2 AND gathers <> '' AND state = 'open' "
            "ORDER BY id",
            *(self._platform, gathers),
        )
        return [_kept(row) for row in rows]

    async def is_over(self, gathers: str) -> bool:
        """Whether one of those that belong together is done."""
        rows = await self._database.read(
            "SELECT 1 FROM updates WHERE platform = $1 AND gathers = $2 AND gathers <> '' AND state = 'done' LIMIT 1",
            *(self._platform, gathers),
        )
        return bool(rows)

    async def done(self, numbers: Sequence[int]) -> None:
        """These are done."""
        await self._database.transact(lambda tx: self._done(tx, numbers))

    async def ask(self, ask: Ask, numbers: Sequence[int], *, hold_s: float) -> bool:
        """Keep the Ask that came of these updates, and they are done; False when its event is here already."""

        async def work(tx: Tx) -> bool:
            added = await insert(tx, ask)
            if added:
                self._intake.wake(tx, ask.id, at=self._now() + timedelta(seconds=hold_s))
            await self._done(tx, numbers)
            return added

        return await self._database.transact(work)

    async def open_keys(self) -> Sequence[str]:
        """The keys of all that is not done, oldest first."""
        rows = await self._database.read(
            "SELECT lane, id FROM updates WHERE platform = $1 AND state = 'open' ORDER BY received_at, id",
            self._platform,
        )
        return [update_key(row["lane"], row["id"]) for row in rows]

    async def _done(self, tx: Tx, numbers: Sequence[int]) -> None:
        for number in numbers:
            await tx.run(
                "UPDATE updates SET state = 'done', body = '' WHERE platform = $1 AND id = $2", self._platform, number
            )


class ReceiptStore:
    """Fits `ports.updates.Receipts`, for one platform."""

    def __init__(self, database: Database, platform: str, *, now: Now) -> None:
        self._database = database
        self._platform = platform
        self._now = now

    async def receipt(self, key: str) -> str:
        """The receipt, "" when nothing was said."""
        rows = await self._database.read(
            "SELECT receipt FROM said WHERE platform = $1 AND key = $2", self._platform, key
        )
        return str(rows[0]["receipt"]) if rows else ""

    async def keep_receipt(self, key: str, receipt: str) -> None:
        """Keep or replace it."""

        async def work(tx: Tx) -> None:
            await tx.run(
                "INSERT INTO said (platform, key, receipt, at) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT (platform, key) DO UPDATE SET receipt = excluded.receipt, at = excluded.at",
                *(self._platform, key, receipt, micros(self._now())),
            )

        await self._database.transact(work)


async def forget_updates(database: Database, *, before: datetime) -> None:
    """Drop what was done, and which message was said what with, before this moment."""

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM updates WHERE state = 'done' AND received_at < $1", micros(before))
        await tx.run("DELETE FROM said WHERE at < $1", micros(before))

    await database.transact(work)


def _kept(row: Row) -> Kept:
    return Kept(id=row["id"], body=row["body"], gathers=row["gathers"], received_at=moment(row["received_at"]))
