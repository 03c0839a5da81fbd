"""Accounts joined to one Person by a code, and separated again: each one transaction, with the money in it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations
from zoneinfo import ZoneInfo

from bot.domain.ask import Account
from bot.domain.ledger import periods_of
from bot.domain.linking import CODE_LIFE, MOST_WRONG, WAIT, Outcome, Redeemed, account_scope
from bot.ports.clock import NewId, Now
from bot.store import purses
from bot.store.codec import micros, moment
from bot.store.consents import share_refusals
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.people import asker, person_of, remember, write_setting
from bot.store.sanctions import share_sanctions


class LinkStore:
    """Fits `ports.linking.Links`. `zone` is the clock by which budgets refill."""

    def __init__(self, database: Database, *, zone: ZoneInfo, now: Now, new_id: NewId) -> None:
        self._database = database
        self._zone = zone
        self._now = now
        self._new_id = new_id

    async def offer(self, account: Account, digest: str) -> Sequence[Account]:
        """Keep the hash of a code this account made, instead of an older one; all accounts of its Person so far."""
        now, fresh = self._now(), self._new_id()

        async def work(tx: Tx) -> Sequence[Account]:
            person = await _known(tx, account, fresh, now)
            await tx.run(
                "INSERT INTO link_codes (platform, account, digest, ends_at) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT (platform, account) DO UPDATE SET digest = excluded.digest, ends_at = excluded.ends_at, "
                "used_platform = '', used_account = ''",
                *(account.platform, account.id, digest, micros(now + CODE_LIFE)),
            )
            return await _accounts(tx.fetch, person)

        return await self._database.transact(work)

    async def redeem(self, account: Account, digest: str) -> Redeemed:
        """Join the account, and those it is one with, to whoever made the code; one use, and few wrong ones.

        What was done is answered again: an answer may have been lost.
        """
        now, fresh = self._now(), self._new_id()

        async def work(tx: Tx) -> Redeemed:
            again_at = await _waits_until(tx, account, now)
            if again_at is not None:
                return Redeemed(outcome=Outcome.TOO_MANY, again_at=again_at)
            mine = await person_of(tx.fetch, account)
            code = await _live_code(tx, digest, now)
            theirs = await person_of(tx.fetch, _maker(code)) if code else None
            outcome = _outcome(code, account, together=mine is not None and mine == theirs)
            if outcome is Outcome.UNKNOWN or theirs is None:
                await _guessed_wrong(tx, account, now)
                return Redeemed(outcome=Outcome.UNKNOWN)
            if outcome is Outcome.JOINED and mine != theirs:
                await self._join(tx, theirs, await _known(tx, account, fresh, now), now=now)
                await tx.run(
                    "UPDATE link_codes SET used_platform = $2, used_account = $3 WHERE digest = $1",
                    *(digest, account.platform, account.id),
                )
            person = await person_of(tx.fetch, account) or theirs
            return Redeemed(outcome=outcome, accounts=await _accounts(tx.fetch, person))

        return await self._database.transact(work)

    async def separate(self, account: Account) -> Sequence[Account]:
        """Make the account a Person by itself; those it leaves, none when it was by itself."""
        now, person, bond = self._now(), self._new_id(), self._new_id()

        async def work(tx: Tx) -> Sequence[Account]:
            before = await person_of(tx.fetch, account)
            left = await _others(tx.fetch, account)
            if before is None or not left:
                return ()
            await share_sanctions(tx, account.key)
            await share_refusals(tx, account.key)
            await tx.run("INSERT INTO people (id, created_at) VALUES ($1, $2)", person, micros(now))
            await tx.run(
                "UPDATE accounts SET person = $1 WHERE platform = $2 AND account = $3",
                *(person, account.platform, account.id),
            )
            await tx.run(
                "UPDATE jobs SET person = $1, version = version + 1 WHERE person = $2 AND asker = $3",
                *(person, before, asker(account)),
            )
            await _share_settings(tx, f"person:{before}", f"person:{person}", now)
            periods = periods_of(now, self._zone)
            await purses.separate(tx, stays=before, leaves=person, fresh=bond, periods=periods, now=now)
            return left

        return await self._database.transact(work)

    async def others(self, account: Account) -> Sequence[Account]:
        """The other accounts of its Person."""
        return await _others(self._database.read, account)

    async def are_one(self, one: Account, other: Account) -> bool:
        """Whether both are the same Person's."""
        if (one.platform, one.id) == (other.platform, other.id):
            return True
        person = await person_of(self._database.read, one)
        return person is not None and person == await person_of(self._database.read, other)

    async def _join(self, tx: Tx, one: str, other: str, *, now: datetime) -> None:
        """Everything of one Person becomes the other's: of the older one, so that no row is copied to and fro."""
        stays, goes = await _by_age(tx, one, other)
        await purses.join(tx, stays=stays, goes=goes, periods=periods_of(now, self._zone), now=now)
        accounts = [*await _accounts(tx.fetch, stays), *await _accounts(tx.fetch, goes)]
        await tx.run("UPDATE accounts SET person = $1 WHERE person = $2", stays, goes)
        await tx.run("UPDATE jobs SET person = $1, version = version + 1 WHERE person = $2", stays, goes)
        await _share_settings(tx, f"person:{goes}", f"person:{stays}", now)
        for source, target in permutations(accounts, 2):
            await _share_settings(tx, account_scope(source), account_scope(target), now)


async def forget_codes(database: Database, *, before: datetime) -> None:
    """Drop codes that were over, and wrong guesses that were made, before this moment."""

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM link_codes WHERE ends_at < $1", micros(before))
        await tx.run("DELETE FROM link_guesses WHERE at < $1", micros(before))

    await database.transact(work)


async def _known(tx: Tx, account: Account, fresh: str, now: datetime) -> str:
    """The Person behind an account, `fresh` when it was never seen."""
    person = await person_of(tx.fetch, account) or fresh
    await remember(tx, account, person, now=now)
    return person


async def _accounts(fetch: Fetch, person: str) -> tuple[Account, ...]:
    rows = await fetch(
        "SELECT platform, account, name FROM accounts WHERE person = $1 ORDER BY platform, account", person
    )
    return tuple(Account(platform=row["platform"], id=row["account"], name=row["name"]) for row in rows)


async def _others(fetch: Fetch, account: Account) -> tuple[Account, ...]:
    person = await person_of(fetch, account)
    found = await _accounts(fetch, person) if person else ()
    return tuple(one for one in found if (one.platform, one.id) != (account.platform, account.id))


async def _by_age(tx: Tx, *people: str) -> tuple[str, str]:
    older, younger = await tx.fetch("SELECT id FROM people WHERE id IN ($1, $2) ORDER BY created_at, id", *people)
    return str(older["id"]), str(younger["id"])


async def _live_code(tx: Tx, digest: str, now: datetime) -> Row | None:
    rows = await tx.fetch("SELECT * FROM link_codes WHERE digest = $1 AND ends_at > $2", digest, micros(now))
    return rows[0] if rows else None


def _maker(code: Row) -> Account:
    return Account(platform=code["platform"], id=code["account"])


def _outcome(code: Row | None, account: Account, *, together: bool) -> Outcome:
    """What typing this code means; a used one is good only to be told again what it did."""
    if code is None:
        return Outcome.UNKNOWN
    if (code["platform"], code["account"]) == (account.platform, account.id):
        return Outcome.OWN
    if code["used_account"]:
        again = (code["used_platform"], code["used_account"]) == (account.platform, account.id) and together
        return Outcome.JOINED if again else Outcome.UNKNOWN
    return Outcome.ALREADY if together else Outcome.JOINED


async def _waits_until(tx: Tx, account: Account, now: datetime) -> datetime | None:
    """When an account that guessed too often may try again, None when it may now."""
    rows = await tx.fetch(
        "SELECT wrong, at FROM link_guesses WHERE platform = $1 AND account = $2", account.platform, account.id
    )
    again_at = moment(rows[0]["at"]) + WAIT if rows and rows[0]["wrong"] >= MOST_WRONG else now
    return again_at if again_at > now else None


async def _guessed_wrong(tx: Tx, account: Account, now: datetime) -> None:
    """Count it; what lies longer back than the wait counts no more."""
    await tx.run(
        "INSERT INTO link_guesses (platform, account, wrong, at) VALUES ($1, $2, 1, $3) "
        "ON CONFLICT (platform, account) DO UPDATE SET at = excluded.at, "
        "wrong = CASE WHEN link_guesses.at > $4 THEN link_guesses.wrong + 1 ELSE 1 END",
        *(account.platform, account.id, micros(now), micros(now - WAIT)),
    )


async def _share_settings(tx: Tx, source: str, target: str, now: datetime) -> None:
    """Settings of one scope where another has none of its own."""
    rows = await tx.fetch(
        "SELECT key, value FROM settings AS mine WHERE scope = $1 AND NOT EXISTS "
        "(SELECT 1 FROM settings WHERE scope = $2 AND key = mine.key)",
        *(source, target),
    )
    for row in rows:
        await write_setting(tx, target, row["key"], row["value"], now=now)
