"""What people said about their faces, and who was asked about which Job."""

from collections.abc import Sequence
from itertools import permutations

from bot.domain.consent import EVERYWHERE, Asked, Consent
from bot.domain.decision import Decision
from bot.store.codec import micros, moment
from bot.store.database import Database, Row, Tx
from bot.store.decisions import write_decision
from bot.store.people import one_persons


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


async def share_refusals(tx: Tx, account_key: str) -> None:
    """What one account of a Person forbade is forbidden for each one's face, within the transaction that separates.

    A yes stays with the account that gave it: by then the others may be somebody else's.
    """
    accounts = await one_persons(tx.fetch, account_key)
    for source, target in permutations(accounts, 2):
        await tx.run(
            "INSERT INTO consents (whom, asker, grp, allowed, at, until) "
            "SELECT $2, asker, grp, allowed, at, until FROM consents WHERE whom = $1 AND allowed = 0 "
            "ON CONFLICT DO NOTHING",
            *(source, target),
        )


class Consents:
    """Reads what is kept, and forgets what is withdrawn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accounts(self, account_key: str) -> Sequence[str]:
        """The accounts of the Person behind one, itself among them."""
        return await one_persons(self._database.read, account_key)

    async def kept(self, account_key: str, grp: str) -> Sequence[Consent]:
        """What somebody said by any account in a group and for everywhere."""
        return [one for one in await self.all_of(account_key) if one.grp in {grp, EVERYWHERE}]

    async def all_of(self, account_key: str) -> Sequence[Consent]:
        """Everything somebody said by any account, the newest first."""
        said: list[Consent] = []
        for one in await self.accounts(account_key):
            rows = await self._database.read("SELECT * FROM consents WHERE whom = $1", one)
            said += [_consent(row) for row in rows]
        return sorted(said, key=lambda one: one.at, reverse=True)

    async def withdraw(self, said: Sequence[Consent], decision: Decision) -> int:
        """Forget what somebody said, with the decision; how much that was."""

        async def work(tx: Tx) -> int:
            gone = 0
            for one in said:
                gone += await tx.run(
                    "DELETE FROM consents WHERE whom = $1 AND grp = $2 AND asker = $3", one.whom, one.grp, one.asker
                )
            if gone:
                await write_decision(tx, decision)
            return gone

        return await self._database.transact(work)

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
