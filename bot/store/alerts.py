"""What owners are to be told, kept until it was: each once for what it is about, and once on each platform."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.domain.alerts import Alert
from bot.domain.notice import Notice
from bot.ports.clock import NewId, Now
from bot.store.codec import dump, micros
from bot.store.database import Database, Tx

NOTICE = TypeAdapter(Notice)

NEWS_FOR = timedelta(days=1)
"""What could not be told for so long is no news; the log has it."""

KNOWN_FOR = timedelta(days=40)
"""So long the same is not told again: longer than any budget's month."""


async def write_alert(tx: Tx, alert: Alert, *, new_id: str, now: datetime) -> bool:
    """Keep it within the transaction of what it is about; False when the same is known."""
    added = await tx.run(
        "INSERT INTO alerts (id, key, notice, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        *(new_id, alert.key, dump(NOTICE, alert.notice), micros(now)),
    )
    return added == 1


class AlertStore:
    """Fits `ports.alerts.Queue`."""

    def __init__(self, database: Database, *, now: Now, new_id: NewId) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    async def keep(self, alert: Alert) -> bool:
        """Keep it to be told; False when the same is known."""
        new_id, now = self._new_id(), self._now()
        return await self._database.transact(lambda tx: write_alert(tx, alert, new_id=new_id, now=now))

    async def over(self, key: str) -> None:
        """It is over: when it begins anew, it is told anew."""

        async def work(tx: Tx) -> None:
            await tx.run("DELETE FROM alerts_told WHERE alert IN (SELECT id FROM alerts WHERE key = $1)", key)
            await tx.run("DELETE FROM alerts WHERE key = $1", key)

        await self._database.transact(work)

    async def untold(self, platform: str) -> Sequence[tuple[str, Notice]]:
        """What is still to be told on a platform, oldest first, each with its id."""
        rows = await self._database.read(
            "SELECT id, notice FROM alerts WHERE at > $2 "
            "AND NOT EXISTS (SELECT 1 FROM alerts_told WHERE alert = alerts.id AND platform = $1) ORDER BY at, id",
            *(platform, micros(self._now() - NEWS_FOR)),
        )
        return [(str(row["id"]), NOTICE.validate_json(row["notice"])) for row in rows]

    async def told(self, alert_id: str, platform: str) -> None:
        """It was told there."""
        await self._database.transact(
            lambda tx: tx.run(
                "INSERT INTO alerts_told (alert, platform) VALUES ($1, $2) ON CONFLICT DO NOTHING", alert_id, platform
            )
        )


async def forget_alerts(database: Database, *, before: datetime) -> None:
    """Drop what was raised before this moment."""

    async def work(tx: Tx) -> None:
        await tx.run(
            "DELETE FROM alerts_told WHERE alert IN (SELECT id FROM alerts WHERE at < $1)",
            micros(before),
        )
        await tx.run("DELETE FROM alerts WHERE at < $1", micros(before))

    await database.transact(work)
