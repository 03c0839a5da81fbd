"""The Room's threads and lines. Every write has a key, so that writing the same again changes nothing or replaces.

A thread carries the id of the Ask that opened it. `changed` is called in the loop after every commit.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.room import Line, Opening, Thread
from bot.store.codec import micros, moment
from bot.store.database import Database, Row, Tx

Now = Callable[[], datetime]


class RoomStore:
    """Raises of every method: StoreUnavailable."""

    def __init__(self, database: Database, *, now: Now, changed: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._changed = changed

    async def open_ask(self, event_id: str, ask: str, thread: str, title: str, body: str) -> Opening | None:
        """Write what a person said, opening a thread when `thread` is ""; None when the thread is not there.

        The same event again gives the first answer and writes nothing.
        """

        async def work(tx: Tx) -> Opening | None:
            key = f"ask:{event_id}"
            for row in await tx.fetch("SELECT thread, subject, seq FROM room_lines WHERE key = $1", key):
                return Opening(ask=row["subject"], thread=row["thread"], after=row["seq"] - 1, created=False)
            if thread and not await tx.fetch("SELECT 1 FROM room_threads WHERE id = $1", thread):
                return None
            seq = await self._tick(tx)
            if not thread:
                await tx.run(
                    "INSERT INTO room_threads (id, number, title, created_at) VALUES ($1, $2, $3, $4)",
                    *(ask, seq, title, micros(self._now())),
                )
            await self._insert(tx, key, thread or ask, seq, "ask", ask, body)
            return Opening(ask=ask, thread=thread or ask, after=seq - 1, created=True)

        return await self._database.transact(work)

    async def withdraw_ask(self, ask: str) -> None:
        """Take back an ask that was not received after all, and the thread it opened."""

        async def work(tx: Tx) -> None:
            await tx.run("DELETE FROM room_lines WHERE kind = 'ask' AND subject = $1", ask)
            await tx.run(
                "DELETE FROM room_threads"
                " WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM room_lines WHERE thread = room_threads.id)",
                ask,
            )

        await self._database.transact(work)

    async def put(self, key: str, thread: str, kind: str, subject: str, body: str, *, tone: str = "") -> bool:
        """Write a line, or replace what it is and says; False when the thread is not there."""

        async def work(tx: Tx) -> bool:
            if not await tx.fetch("SELECT 1 FROM room_threads WHERE id = $1", thread):
                return False
            rows = await tx.fetch("SELECT kind, body FROM room_lines WHERE key = $1", key)
            if not rows:
                await self._insert(tx, key, thread, await self._tick(tx), kind, subject, body)
            elif (rows[0]["kind"], rows[0]["body"]) != (kind, body):
                await tx.run(
                    "UPDATE room_lines SET kind = $2, body = $3, seq = $4 WHERE key = $1",
                    *(key, kind, body, await self._tick(tx)),
                )
            if tone:
                await tx.run("UPDATE room_threads SET tone = $2 WHERE id = $1", thread, tone)
            return True

        return await self._database.transact(work)

    async def put_reel(self, key: str, thread: str, subject: str, body: str, poster: str) -> bool:
        """Write a reel once; what stands there already stays as it is. False when the thread is not there."""

        async def work(tx: Tx) -> bool:
            if not await tx.fetch("SELECT 1 FROM room_threads WHERE id = $1", thread):
                return False
            if not await tx.fetch("SELECT 1 FROM room_lines WHERE key = $1", key):
                await self._insert(tx, key, thread, await self._tick(tx), "reel", subject, body)
                await tx.run("UPDATE room_threads SET poster = $2 WHERE id = $1", thread, poster)
            return True

        return await self._database.transact(work)

    async def seq(self) -> int:
        """The latest change."""
        rows = await self._database.read("SELECT seq FROM room_clock")
        return int(rows[0]["seq"])

    async def lines_after(self, seq: int, *, thread: str = "", limit: int = 200) -> Sequence[Line]:
        """The lines changed after `seq`, oldest change first; of one thread, or of all."""
        rows = await self._database.read(
            "SELECT * FROM room_lines WHERE seq > $1 AND ($2 = '' OR thread = $2) ORDER BY seq LIMIT $3",
            *(seq, thread, limit),
        )
        return [_line(row) for row in rows]

    async def lines_of(self, thread: str) -> Sequence[Line]:
        """Everything in a thread, in order."""
        rows = await self._database.read("SELECT * FROM room_lines WHERE thread = $1 ORDER BY number", thread)
        return [_line(row) for row in rows]

    async def threads(self, *, before: int | None, limit: int) -> Sequence[Thread]:
        """The newest threads, or those older than the one with this number."""
        rows = await self._database.read(
            "SELECT * FROM room_threads WHERE ($1 IS NULL OR number < $1) ORDER BY number DESC LIMIT $2", before, limit
        )
        return [_thread(row) for row in rows]

    async def thread(self, thread: str) -> Thread | None:
        """One thread."""
        rows = await self._database.read("SELECT * FROM room_threads WHERE id = $1", thread)
        return _thread(rows[0]) if rows else None

    async def _tick(self, tx: Tx) -> int:
        rows = await tx.fetch("UPDATE room_clock SET seq = seq + 1 WHERE one = 1 RETURNING seq")
        tx.after_commit(self._changed)
        return int(rows[0]["seq"])

    async def _insert(self, tx: Tx, key: str, thread: str, seq: int, kind: str, subject: str, body: str) -> None:
        await tx.run(
            "INSERT INTO room_lines (key, thread, number, seq, kind, subject, body, created_at)"
            " VALUES ($1, $2, $3, $3, $4, $5, $6, $7)",
            *(key, thread, seq, kind, subject, body, micros(self._now())),
        )


def _line(row: Row) -> Line:
    return Line(
        key=row["key"],
        thread=row["thread"],
        number=row["number"],
        seq=row["seq"],
        kind=row["kind"],
        subject=row["subject"],
        body=row["body"],
        created_at=moment(row["created_at"]),
    )


def _thread(row: Row) -> Thread:
    return Thread(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        tone=row["tone"],
        poster=row["poster"],
        created_at=moment(row["created_at"]),
    )
