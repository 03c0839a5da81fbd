"""What people said about their faces, and who was asked about which Job."""

from collections.abc import Sequence

from bot.domain.consent import Asked, Consent
from bot.store.codec import micros, moment
from bot.store.database import Database, Row, Tx


async def write_consent(tx: Tx, one: Consent) -> None:
    """Keep or replace what somebody said, within a transaction."""
    await tx.run(
        "INSERT INTO consents (whom, asker, grp, allowed, at, until) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (whom, grp, asker) DO UPDATE "
        "SET allowed = excluded.allowed, at = excluded.at, until = excluded.until",
        one.whom,
        one.asker,
        one.grp,
        int(one.allowed),
        micros(one.at),
        None if one.until is None else micros(one.until),
    )


async def write_asked(tx: Tx, job: str, whom: Sequence[str]) -> None:
    """Somebody is asked about a Job, within the transaction that makes it."""
    for one in whom:
        await tx.run("INSERT INTO asked (job, whom) VALUES ($1, $2)", job, one)


async def answered(tx: Tx, one: Asked) -> bool:
    """They have answered; False when they had before, or were never asked."""
    return await tx.run("UPDATE asked SET answered = 1 WHERE job = $1 AND whom = $2 AND answered = 0", *_of(one)) == 1


async def is_awaited(tx: Tx, job: str) -> bool:
    """Whether somebody has still to answer about a Job."""
    return bool(await tx.fetch("SELECT 1 FROM asked WHERE job = $1 AND answered = 0 LIMIT 1", job))


class Consents:
    """Reads what is kept, and forgets what is withdrawn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self, account_key: str, grp: str) -> Sequence[Consent]:
        """What somebody said in a group and for everywhere."""
        rows = await self._database.read(
            "SELECT * FROM consents WHERE whom = $1 AND grp IN ($2, '') ORDER BY at", account_key, grp
        )
        return [_consent(row) for row in rows]

    async def all_of(self, account_key: str) -> Sequence[Consent]:
        """Everything somebody said, the newest first."""
        rows = await self._database.read("SELECT * FROM consents WHERE whom = $1 ORDER BY at DESC", account_key)
        return [_consent(row) for row in rows]

    async def withdraw(self, account_key: str) -> int:
        """Forget everything somebody said; how much that was."""
        return await self._database.transact(lambda tx: tx.run("DELETE FROM consents WHERE whom = $1", account_key))

    async def asked(self, job_id: str) -> Sequence[Asked]:
        """Who was asked about a Job."""
        rows = await self._database.read("SELECT * FROM asked WHERE job = $1 ORDER BY whom", job_id)
        return [Asked(job=row["job"], whom=row["whom"], answered=bool(row["answered"])) for row in rows]


def _of(one: Asked) -> tuple[str, str]:
    return one.job, one.whom


def _consent(row: Row) -> Consent:
    return Consent(
        whom=row["whom"],
        asker=row["asker"],
        grp=row["grp"],
        allowed=bool(row["allowed"]),
        at=moment(row["at"]),
        until=None if row["until"] is None else moment(row["until"]),
    )
