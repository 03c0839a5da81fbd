"""Decisions as they were made: written in the transaction of what they decide, and never changed."""

from collections.abc import Sequence

from bot.domain.decision import Decision, Ruling
from bot.store.codec import micros, moment
from bot.store.database import Database, Row, Tx


async def write_decision(tx: Tx, one: Decision) -> None:
    """Add a decision within a transaction."""
    await tx.run(
        "INSERT INTO decisions (at, platform, grp, who, what, whom, job, why, detail) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        micros(one.at),
        one.platform,
        one.group,
        one.who,
        one.what.value,
        one.whom,
        one.job,
        one.why,
        one.detail,
    )


class Decisions:
    """Reads what was decided, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_group(
        self, platform: str, group: str, *, limit: int, before: int | None = None
    ) -> Sequence[tuple[int, Decision]]:
        """Decisions about one group and those for everywhere, each with its number.

        `before` is the number of the oldest one seen, for the page after it.
        """
        rows = await self._database.read(
            "SELECT * FROM decisions WHERE (seq < $3 OR $3 IS NULL) "
            "AND ((platform = $1 AND grp = $2) OR (platform = '' AND grp = '')) ORDER BY seq DESC LIMIT $4",
            *(platform, group, before, limit),
        )
        return [(row["seq"], _decision(row)) for row in rows]

    async def latest(self, *, limit: int, before: int | None = None) -> Sequence[tuple[int, Decision]]:
        """Decisions about anything, each with its number."""
        rows = await self._database.read(
            "SELECT * FROM decisions WHERE seq < $1 OR $1 IS NULL ORDER BY seq DESC LIMIT $2", before, limit
        )
        return [(row["seq"], _decision(row)) for row in rows]

    async def about(self, account_key: str, *, limit: int) -> Sequence[Decision]:
        """Decisions about somebody."""
        rows = await self._database.read(
            "SELECT * FROM decisions WHERE whom = $1 AND whom <> '' ORDER BY seq DESC LIMIT $2", account_key, limit
        )
        return [_decision(row) for row in rows]

    async def of_job(self, job_id: str) -> Sequence[Decision]:
        """Decisions about a Job."""
        rows = await self._database.read(
            "SELECT * FROM decisions WHERE job = $1 AND job <> '' ORDER BY seq DESC", job_id
        )
        return [_decision(row) for row in rows]


def _decision(row: Row) -> Decision:
    return Decision(
        who=row["who"],
        what=Ruling(row["what"]),
        at=moment(row["at"]),
        platform=row["platform"],
        group=row["grp"],
        whom=row["whom"],
        job=row["job"],
        why=row["why"],
        detail=row["detail"],
    )
