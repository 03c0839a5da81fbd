"""Who somebody is across platforms, and what was remembered about them."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ask import Account
from bot.domain.consent import Declaration
from bot.domain.decision import Decision
from bot.domain.quota import Standing, account_of_talk, talk_of
from bot.ports.clock import Now
from bot.store.codec import micros, moment
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.decisions import write_decision
from bot.store.subjects import subject_of

PAUSED = "paused"
DECLARED = "declared"

FORGOTTEN = "forgotten"
"""The scope of settings that say, by the keyed hash of an account, which Person it was that was erased lately."""


async def person_of(fetch: Fetch, account: Account) -> str | None:
    """The Person behind an account, None when never seen. Who was erased lately is still the same."""
    rows = await fetch("SELECT person FROM accounts WHERE platform = $1 AND account = $2", account.platform, account.id)
    if not rows:
        subject = await subject_of(fetch, account.key)
        rows = await fetch("SELECT value AS person FROM settings WHERE scope = $1 AND key = $2", FORGOTTEN, subject)
    return str(rows[0]["person"]) if rows else None


async def one_persons(fetch: Fetch, account_key: str) -> Sequence[str]:
    """The accounts ("discord:123") of the Person behind one, itself first."""
    platform, _, account = account_key.partition(":")
    rows = await fetch(
        "SELECT other.platform, other.account FROM accounts AS one JOIN accounts AS other USING (person) "
        "WHERE one.platform = $1 AND one.account = $2 ORDER BY other.platform, other.account",
        *(platform, account),
    )
    return list(dict.fromkeys([account_key, *(f"{row['platform']}:{row['account']}" for row in rows)]))


def asker(account: Account) -> str:
    """An account as a Job keeps it."""
    return f"{account.platform}:{account.id}"


async def remember(tx: Tx, account: Account, person: str, *, now: datetime) -> None:
    """Keep the Person and the account; the display name is kept fresh."""
    await tx.run("INSERT INTO people (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", person, micros(now))
    await tx.run(
        "INSERT INTO accounts (platform, account, person, name) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (platform, account) DO UPDATE SET name = excluded.name WHERE excluded.name <> ''",
        account.platform,
        account.id,
        person,
        account.name,
    )


class People:
    """Reads about people and groups, and the settings that chat or console change while the bot runs."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    async def person(self, account: Account) -> str | None:
        """The Person behind an account, None when never seen."""
        return await person_of(self._database.read, account)

    async def meet(self, account: Account, fresh: str) -> str:
        """The Person behind an account; `fresh` becomes their id when nobody has seen them before."""
        known = await self.person(account)
        if known is not None:
            return known

        async def work(tx: Tx) -> str:
            person = await person_of(tx.fetch, account) or fresh
            await remember(tx, account, person, now=self._now())
            return person

        return await self._database.transact(work)

    async def setting(self, scope: str, key: str) -> str | None:
        """A setting kept in the store: scope "endpoint:<slug>", "group:<platform>:<id>", "person:<id>", "bot"."""
        rows = await self._database.read("SELECT value FROM settings WHERE scope = $1 AND key = $2", scope, key)
        return str(rows[0]["value"]) if rows else None

    async def paused(self, endpoint: str) -> str:
        """Why an endpoint takes no Orders now, "" when it does."""
        return await self.setting(f"endpoint:{endpoint}", PAUSED) or ""

    async def pause_endpoint(self, endpoint: str, reason: str) -> None:
        """Take no more Orders for an endpoint; an empty reason opens it again."""
        await self.keep_setting(f"endpoint:{endpoint}", PAUSED, reason)

    async def declared(self, account: Account, group: str) -> bool:
        """Whether the person has declared, in this group, that they may use the pictures they use."""
        person = await self.person(account)
        return (
            person is not None
            and await self.setting(f"person:{person}", f"{DECLARED}:{account.platform}:{group}") == "yes"
        )

    async def declare(self, account: Account, group: str, decision: Decision | None = None) -> None:
        """Remember that the person has declared it, with the decision; what they have said before is left as it is."""
        now = self._now()

        async def work(tx: Tx) -> None:
            person = await person_of(tx.fetch, account)
            where = f"person:{person}", f"{DECLARED}:{account.platform}:{group}"
            if person is None or await tx.fetch("SELECT 1 FROM settings WHERE scope = $1 AND key = $2", *where):
                return
            await write_setting(tx, *where, "yes", now=now)
            if decision is not None:
                await write_decision(tx, decision)

        await self._database.transact(work)

    async def declarations(self, person: str) -> Sequence[Declaration]:
        """What holds of a Person, the newest first."""
        rows = await self._database.read(
            "SELECT key, changed_at FROM settings WHERE scope = $1 AND key LIKE $2 AND value = 'yes' "
            "ORDER BY changed_at DESC, key",
            *(f"person:{person}", f"{DECLARED}:%"),
        )
        return [_declaration(row) for row in rows]

    async def revoke(self, person: str, platform: str, group: str, decision: Decision) -> bool:
        """Forget a declaration, with the decision; False when there is none."""

        async def work(tx: Tx) -> bool:
            gone = await tx.run(
                "DELETE FROM settings WHERE scope = $1 AND key = $2",
                *(f"person:{person}", f"{DECLARED}:{platform}:{group}"),
            )
            if gone:
                await write_decision(tx, decision)
            return bool(gone)

        return await self._database.transact(work)

    async def standing(self, platform: str, group: str) -> Standing:
        """What the owner decided about a group."""
        rows = await _standing(self._database.read, platform, group)
        account = account_of_talk(group)
        if not rows and account:
            subject = await subject_of(self._database.read, f"{platform}:{account}")
            rows = await _standing(self._database.read, platform, talk_of(subject))
        return Standing(rows[0]["standing"]) if rows else Standing.NEW

    async def decide(self, platform: str, group: str, standing: Standing, decision: Decision | None = None) -> None:
        """Remember it, with the decision it was."""

        async def work(tx: Tx) -> None:
            await tx.run(
                "INSERT INTO groups (platform, id, standing, changed_at) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT (platform, id) DO UPDATE "
                "SET standing = excluded.standing, changed_at = excluded.changed_at",
                platform,
                group,
                standing.value,
                micros(self._now()),
            )
            if decision is not None:
                await write_decision(tx, decision)

        await self._database.transact(work)

    async def keep_setting(self, scope: str, key: str, value: str) -> None:
        """Keep or replace a setting."""

        async def work(tx: Tx) -> None:
            await write_setting(tx, scope, key, value, now=self._now())

        await self._database.transact(work)


def _declaration(row: Row) -> Declaration:
    _, platform, group = str(row["key"]).split(":", 2)
    return Declaration(platform=platform, group=group, at=moment(row["changed_at"]))


async def write_setting(tx: Tx, scope: str, key: str, value: str, *, now: datetime) -> None:
    """Keep or replace a setting within a transaction."""
    await tx.run(
        "INSERT INTO settings (scope, key, value, changed_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        scope,
        key,
        value,
        micros(now),
    )


async def _standing(fetch: Fetch, platform: str, group: str) -> list[Row]:
    return await fetch("SELECT standing FROM groups WHERE platform = $1 AND id = $2", platform, group)
