"""Requests that are being put together step by step: each as one document, changed by compare-and-set."""

from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.domain.ask import Account
from bot.domain.wizard import Wizard
from bot.ports.clock import Now
from bot.store.codec import dump, micros
from bot.store.database import Database, Row, Tx

WIZARD = TypeAdapter(Wizard)

KEPT_FOR = timedelta(days=1)
"""A request nobody has gone on with for so long is forgotten."""


class WizardStore:
    """Fits `ports.wizards.Wizards`."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    async def begin(self, wizard: Wizard) -> None:
        """Keep a new one instead of what the person had begun in this group."""

        async def work(tx: Tx) -> None:
            whose = (wizard.account.platform, wizard.account.id, wizard.group)
            await tx.run("DELETE FROM wizards WHERE platform = $1 AND account = $2 AND place = $3", *whose)
            await tx.run(
                "INSERT INTO wizards (id, platform, account, place, version, body, at) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
                *(wizard.id, *whose, wizard.version, dump(WIZARD, wizard), micros(self._now())),
            )

        await self._database.transact(work)

    async def get(self, wizard_id: str) -> Wizard | None:
        """The one of this id, None when it has ended."""
        return _first(await self._database.read("SELECT body FROM wizards WHERE id = $1", wizard_id))

    async def of(self, account: Account, group: str) -> Wizard | None:
        """What a person has begun in a group."""
        return _first(
            await self._database.read(
                "SELECT body FROM wizards WHERE platform = $1 AND account = $2 AND place = $3",
                *(account.platform, account.id, group),
            )
        )

    async def turn(self, before: Wizard, after: Wizard) -> bool:
        """One step; False when somebody was faster."""

        async def work(tx: Tx) -> bool:
            turned = await tx.run(
                "UPDATE wizards SET version = $3, body = $4, at = $5 WHERE id = $1 AND version = $2",
                *(before.id, before.version, after.version, dump(WIZARD, after), micros(self._now())),
            )
            return turned == 1

        return await self._database.transact(work)

    async def end(self, wizard_id: str) -> None:
        """It has become an Ask, or was dropped."""

        async def work(tx: Tx) -> None:
            await tx.run("DELETE FROM wizards WHERE id = $1", wizard_id)

        await self._database.transact(work)


async def forget_wizards(database: Database, *, before: datetime) -> None:
    """Drop what nobody has gone on with since this moment."""

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM wizards WHERE at < $1", micros(before))

    await database.transact(work)


def _first(rows: list[Row]) -> Wizard | None:
    return WIZARD.validate_json(rows[0]["body"]) if rows else None
