"""Requests that fal is to forget: written down where somebody is erased, and dropped once it has."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.job import Job
from bot.store.codec import micros
from bot.store.database import Database, Tx

FAL_KEEPS = timedelta(days=31)
"""After so long fal has forgotten by itself: https://fal.ai/docs/documentation/model-apis/inference/payloads"""


async def write_forgotten(tx: Tx, job: Job, *, now: datetime) -> None:
    """Fal is to forget a Job, where it ever had it, within a transaction."""
    if job.ticket is not None:
        await tx.run(
            "INSERT INTO to_forget_at_fal (request_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            *(job.ticket.request_id, micros(now)),
        )


async def to_forget(database: Database, *, limit: int) -> Sequence[str]:
    """The ids of requests fal is still to forget, oldest first."""
    rows = await database.read("SELECT request_id FROM to_forget_at_fal ORDER BY at, request_id LIMIT $1", limit)
    return [str(row["request_id"]) for row in rows]


async def has_forgotten(database: Database, request_id: str) -> None:
    """Fal has."""
    await database.transact(lambda tx: tx.run("DELETE FROM to_forget_at_fal WHERE request_id = $1", request_id))


async def give_up_forgetting(database: Database, *, before: datetime) -> None:
    """Drop what was written down before this moment."""
    await database.transact(lambda tx: tx.run("DELETE FROM to_forget_at_fal WHERE at < $1", micros(before)))
