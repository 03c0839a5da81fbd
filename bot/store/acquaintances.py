"""Whom the bot has met in a group, by the name they go by there. Only who speaks to it is kept."""

from datetime import datetime, timedelta

from bot.domain.ask import Account
from bot.ports.clock import Now
from bot.store.codec import micros, moment
from bot.store.database import Database, Tx

FRESH = timedelta(days=1)
"""Somebody who comes often is written down again no sooner."""

KNOWN_FOR = timedelta(days=180)
"""Who has not come back for so long is forgotten."""


class AcquaintanceStore:
    """Fits `ports.acquaintances.Acquaintances`, for one platform."""

    def __init__(self, database: Database, platform: str, *, now: Now) -> None:
        self._database = database
        self._platform = platform
        self._now = now

    async def met(self, group: str, username: str, account: Account) -> None:
        """Keep the name; one the account had before is dropped."""
        now, name = self._now(), username.casefold()
        rows = await self._database.read(
            "SELECT account, name, at FROM acquaintances WHERE platform = $1 AND grp = $2 AND username = $3",
            *(self._platform, group, name),
        )
        known = [(row["account"], row["name"]) for row in rows if now - moment(row["at"]) < FRESH]
        if known == [(account.id, account.name)]:
            return

        async def work(tx: Tx) -> None:
            await tx.run(
                "DELETE FROM acquaintances WHERE platform = $1 AND grp = $2 AND account = $3",
                *(self._platform, group, account.id),
            )
            await tx.run(
                "INSERT INTO acquaintances (platform, grp, username, account, name, at) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (platform, grp, username) DO UPDATE "
                "SET account = excluded.account, name = excluded.name, at = excluded.at",
                *(self._platform, group, name, account.id, account.name, micros(now)),
            )

        await self._database.transact(work)

    async def find(self, group: str, username: str) -> Account | None:
        """Who goes by a name in a group."""
        rows = await self._database.read(
            "SELECT account, name FROM acquaintances WHERE platform = $1 AND grp = $2 AND username = $3",
            *(self._platform, group, username.casefold()),
        )
        return Account(platform=self._platform, id=rows[0]["account"], name=rows[0]["name"]) if rows else None


async def forget_acquaintances(database: Database, *, before: datetime) -> None:
    """Drop who has not spoken since this moment."""

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM acquaintances WHERE at < $1", micros(before))

    await database.transact(work)
