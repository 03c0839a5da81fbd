"""What is kept of a Person: counted, exported, forgotten. The ledger is never touched: it names a Person by id alone.

Accounts that were erased keep their number until the month of it is over, since whoever is new has a whole budget.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ask import Account
from bot.domain.job import Job
from bot.domain.ledger import PERSON, periods_of
from bot.domain.linking import account_scope
from bot.domain.privacy import (
    AT_REST,
    Holdings,
    forgettable,
    standing_in_group,
    without_content,
    without_person,
)
from bot.ports.clock import Now
from bot.store.codec import ASK, ORDER, PLACE, dump, job_of, micros, moment
from bot.store.consents import forget_said
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.people import person_of, write_setting

ERASED = "erased"
"""The scope of settings that say when a Person was erased."""

WATERMARK = "forgotten_until"
BATCH = 200


class PrivacyStore:
    """Fits `ports.privacy.Archive`."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    async def holdings(self, account: Account) -> Holdings | None:
        """What is kept of the Person behind an account, counted; None when they were never seen or are forgotten."""
        read = self._database.read
        person = await person_of(read, account)
        if person is None:
            return None
        accounts = await _accounts(read, person)
        jobs = await read("SELECT state FROM jobs WHERE person = $1 AND asker <> '' AND parent = ''", person)
        settings = sum(
            [len(await read("SELECT 1 FROM settings WHERE scope = $1", one)) for one in _scopes(person, accounts)]
        )
        if not jobs and not settings and await _erased_at(read, person) is not None:
            return None
        return Holdings(
            person=person,
            accounts=accounts,
            jobs=len(jobs),
            making=sum(row["state"] not in AT_REST for row in jobs),
            settings=settings,
            entries=len(await _entries(read, person)),
        )

    async def in_the_making(self, person: str) -> Sequence[Job]:
        """Their Jobs that have not ended."""
        rows = await self._database.read(
            "SELECT * FROM jobs WHERE person = $1 AND parent = '' ORDER BY created_at", person
        )
        return [job for job in map(job_of, rows) if job.state not in AT_REST]

    async def export(self, person: str) -> str:
        """All that is kept of them, as JSON."""
        read = self._database.read
        accounts = await _accounts(read, person)
        jobs = await read(
            "SELECT * FROM jobs WHERE person = $1 AND asker <> '' AND parent = '' ORDER BY created_at", person
        )
        settings = [
            {"scope": one, **_plain(row)}
            for one in _scopes(person, accounts)
            for row in await read("SELECT key, value, changed_at FROM settings WHERE scope = $1 ORDER BY key", one)
        ]
        wizards = [
            json.loads(row["body"])
            for one in accounts
            for row in await read("SELECT body FROM wizards WHERE platform = $1 AND account = $2", one.platform, one.id)
        ]
        held: Mapping[str, Any] = {
            "person": person,
            "accounts": [{"platform": one.platform, "id": one.id, "name": one.name} for one in accounts],
            "settings": settings,
            "begun": wizards,
            "faces": await _rows(read, "SELECT * FROM consents WHERE whom = $1 ORDER BY at", accounts),
            "requests": [_request(row) for row in jobs],
            "money": [_plain(row) for row in await _entries(read, person)],
        }
        return json.dumps(held, ensure_ascii=False, indent=2)

    async def erase(self, person: str) -> None:
        """Forget them; what is still needed for a Job under way goes once that has ended."""
        now = self._now()

        async def work(tx: Tx) -> None:
            accounts = await _accounts(tx.fetch, person)
            for one in accounts:
                whose = (one.platform, one.id)
                await tx.run("DELETE FROM wizards WHERE platform = $1 AND account = $2", *whose)
                await tx.run("DELETE FROM link_codes WHERE platform = $1 AND account = $2", *whose)
                await tx.run("DELETE FROM acquaintances WHERE platform = $1 AND account = $2", *whose)
                await forget_said(tx, one.key)
                await tx.run(
                    "UPDATE inbox SET state = 'done', ask = '' WHERE platform = $1 AND state <> 'done' "
                    "AND json_extract(ask, '$.account.id') = $2",
                    *whose,
                )
            for scope in _scopes(person, accounts):
                await tx.run("DELETE FROM settings WHERE scope = $1", scope)
            await tx.run("UPDATE accounts SET name = '' WHERE person = $1", person)
            await write_setting(tx, ERASED, person, str(micros(now)), now=now)
            await _erase_jobs(tx, person, now, until=now)

        await self._database.transact(work)


async def forget_prompts(database: Database, *, before: datetime, now: datetime) -> None:
    """Forget what was typed and sent for Jobs from before this moment that have ended; a batch per transaction."""
    while await database.transact(lambda tx: _forget_batch(tx, before, now)):
        pass


async def finish_erasures(database: Database, *, zone: ZoneInfo, now: datetime) -> None:
    """Forget what had still been in the making, and the accounts of who did not come back within the month."""
    for row in await database.read("SELECT key, value FROM settings WHERE scope = $1", ERASED):
        person, at = str(row["key"]), moment(int(row["value"]))
        over = periods_of(at, zone).month != periods_of(now, zone).month
        await database.transact(partial(_finish, person=person, at=at, now=now, over=over))


async def _finish(tx: Tx, *, person: str, at: datetime, now: datetime, over: bool) -> None:
    left = await _erase_jobs(tx, person, now, until=at)
    if left or not over:
        return
    came_back = await tx.fetch("SELECT 1 FROM jobs WHERE person = $1 AND created_at > $2 LIMIT 1", person, micros(at))
    if not came_back:
        await tx.run("DELETE FROM accounts WHERE person = $1", person)
    await tx.run("DELETE FROM settings WHERE scope = $1 AND key = $2", ERASED, person)


async def _erase_jobs(tx: Tx, person: str, now: datetime, *, until: datetime) -> int:
    """Take who it was from a Person's Jobs up to a moment; how many could not be yet."""
    left = 0
    rows = await tx.fetch(
        "SELECT * FROM jobs WHERE person = $1 AND asker <> '' AND created_at <= $2", person, micros(until)
    )
    for job in map(job_of, rows):
        if not forgettable(job, age=now - job.state_at, erased=True):
            left += 1
            continue
        ask, order, place = without_person(job)
        await _forget(tx, job.id)
        await tx.run("DELETE FROM room_lines WHERE subject = $1", job.id)
        await tx.run(
            "UPDATE jobs SET ask = $2, ordered = $3, place = $4, asker = '', receipt = '', reel_receipt = $5, "
            "reel = NULL, result = NULL, ticket = NULL, hinted = '', version = version + 1 WHERE id = $1",
            *(job.id, dump(ASK, ask), dump(ORDER, order), dump(PLACE, place), standing_in_group(job)),
        )
    return left


async def _forget_batch(tx: Tx, before: datetime, now: datetime) -> bool:
    """Whether there may be more. Where it came to is kept, so that no row is looked at twice."""
    rows = await tx.fetch("SELECT value FROM settings WHERE scope = 'bot' AND key = $1", WATERMARK)
    since, _, latest = str(rows[0]["value"] if rows else "0:").partition(":")
    found = await tx.fetch(
        "SELECT * FROM jobs WHERE (created_at, id) > ($1, $2) AND created_at < $3 ORDER BY created_at, id LIMIT $4",
        *(int(since), latest, micros(before), BATCH),
    )
    for job in map(job_of, found):
        if forgettable(job, age=now - job.state_at, erased=False):
            ask, order, place = without_content(job)
            await _forget(tx, job.id)
            await tx.run(
                "UPDATE jobs SET ask = $2, ordered = $3, place = $4, version = version + 1 WHERE id = $1",
                *(job.id, dump(ASK, ask), dump(ORDER, order), dump(PLACE, place)),
            )
    if found:
        await write_setting(tx, "bot", WATERMARK, f"{found[-1]['created_at']}:{found[-1]['id']}", now=now)
    return len(found) == BATCH


async def _forget(tx: Tx, job: str) -> None:
    """What fal was sent, and which media of ours it was made from."""
    await tx.run("UPDATE jobs SET sent = NULL WHERE id = $1", job)
    await tx.run("DELETE FROM staged WHERE job = $1", job)


async def _accounts(fetch: Fetch, person: str) -> tuple[Account, ...]:
    rows = await fetch("SELECT * FROM accounts WHERE person = $1 ORDER BY platform, account", person)
    return tuple(Account(platform=row["platform"], id=row["account"], name=row["name"]) for row in rows)


async def _erased_at(fetch: Fetch, person: str) -> str | None:
    rows = await fetch("SELECT value FROM settings WHERE scope = $1 AND key = $2", ERASED, person)
    return str(rows[0]["value"]) if rows else None


async def _entries(fetch: Fetch, person: str) -> list[Row]:
    """The lines of the Person's own account; what a group and the bot spent on them has the same causes."""
    return await fetch(
        "SELECT cause, account, kind, amount_microusd, day, note, at FROM ledger WHERE account = $1 ORDER BY seq",
        f"{PERSON}:{person}",
    )


async def _rows(fetch: Fetch, sql: str, accounts: Sequence[Account]) -> list[dict[str, Any]]:
    """What is kept by account."""
    return [_plain(row) for one in accounts for row in await fetch(sql, one.key)]


def _scopes(person: str, accounts: Sequence[Account]) -> tuple[str, ...]:
    return (f"person:{person}", *map(account_scope, accounts))


def _request(row: Row) -> dict[str, Any]:
    job = job_of(row)
    told = _plain(row)
    documents = ("ask", "ordered", "sent", "ticket", "result", "reel", "place", "waiting_for")
    return told | {name: json.loads(told[name]) if told[name] else None for name in documents} | {"state": job.state}


def _plain(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in row.keys()}  # noqa: SIM118  a row is no mapping
