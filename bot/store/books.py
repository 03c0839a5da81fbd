"""Reads for people who ask about their own things."""

from collections.abc import Mapping, Sequence

from bot.domain.ask import Account
from bot.domain.job import Job
from bot.domain.ledger import Balance, Bond, Period, Periods
from bot.store.codec import job_of
from bot.store.database import Database
from bot.store.ledger import balances
from bot.store.people import person_of
from bot.store.purses import bond_of


class Books:
    """What a person has asked for and spent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, account: Account) -> str | None:
        """The Person behind an account, None when never seen."""
        return await person_of(self._database.read, account)

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""
        return await balances(self._database.read, accounts, periods)

    async def bond(self, person: str, periods: Periods) -> Bond | None:
        """What a Person still spends from together with those they were one with; None when nothing."""
        return await bond_of(self._database.read, person, periods)

    async def jobs_of(self, account: Account, *, limit: int) -> Sequence[Job]:
        """The latest Jobs of the Person behind an account, newest first."""
        rows = await self._database.read(
            "SELECT jobs.* FROM jobs JOIN accounts ON accounts.person = jobs.person "
            "WHERE accounts.platform = $1 AND accounts.account = $2 AND jobs.asker <> '' AND jobs.parent = '' "
            "ORDER BY jobs.created_at DESC, jobs.id DESC LIMIT $3",
            account.platform,
            account.id,
            limit,
        )
        return [job_of(row) for row in rows]

    async def latest(self, *, limit: int) -> Sequence[Job]:
        """The newest Jobs of everybody first, for a look from outside."""
        rows = await self._database.read(
            "SELECT * FROM jobs WHERE parent = '' ORDER BY created_at DESC, id DESC LIMIT $1", limit
        )
        return [job_of(row) for row in rows]
