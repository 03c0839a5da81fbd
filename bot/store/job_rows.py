"""Statements about rows of `jobs` that several parts of the store need, each within somebody's transaction."""

from collections.abc import Mapping, Sequence

from bot.domain.fairness import AtFal
from bot.domain.job import Job, Waiting
from bot.store.codec import WAITING_FOR, column, moment
from bot.store.database import Database, Row, Tx


async def at_fal(source: Tx | Database) -> Sequence[AtFal]:
    """The Jobs that may occupy a place at fal."""
    fetch = source.read if isinstance(source, Database) else source.fetch
    rows = await fetch(
        "SELECT id, person, endpoint, coalesce(started_at, submitted_at, state_at) AS since FROM jobs "
        "WHERE state IN ('submitting', 'uncertain', 'submitted')"
    )
    return [
        AtFal(job=row["id"], person=row["person"], endpoint=row["endpoint"], since=moment(row["since"])) for row in rows
    ]


async def still_waits(tx: Tx, job: Job, what: Waiting | None) -> bool:
    """Whether a Job still waits for this; true when nothing is asked."""
    if what is None:
        return True
    rows = await tx.fetch("SELECT waiting_for FROM jobs WHERE id = $1", job.id)
    return bool(rows) and what in WAITING_FOR.validate_json(rows[0]["waiting_for"])


async def update(tx: Tx, job: Job, fields: Mapping[str, object]) -> Row | None:
    """Change a Job that is still in the state it was read in, for the same reason; its row, None when it is not.

    A moderator who takes a reel down changes the reason alone: whoever had read it before posts it no more.
    """
    sets, args = assignments(fields, first=4)
    rows = await tx.fetch(
        f"UPDATE jobs SET version = version + 1, {sets} WHERE id = $1 AND state = $2 AND reason = $3 RETURNING *",  # noqa: S608  names are ours
        job.id,
        job.state.value,
        job.reason.value,
        *args,
    )
    return rows[0] if rows else None


def assignments(fields: Mapping[str, object], *, first: int) -> tuple[str, list[object]]:
    """`a = $3, b = $4` and the arguments; a Ticket also fills the column that keeps request ids unique."""
    pairs = [column(name, value) for name, value in sorted(fields.items())]
    ticket = fields.get("ticket")
    if ticket is not None:
        pairs.append(("request_id", getattr(ticket, "request_id", None)))
    return ", ".join(f"{name} = ${number}" for number, (name, _) in enumerate(pairs, first)), [v for _, v in pairs]
