"""What is kept of a Person: counted and exported; and what was typed, forgotten by its age."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.ask import Account
from bot.domain.job import Job
from bot.domain.ledger import PERSON
from bot.domain.privacy import AT_REST, Holdings, forgettable
from bot.ports.clock import Now
from bot.store.codec import job_of, micros
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.erasing import accounts_of, erase, erased_at, forget_content, scopes
from bot.store.people import person_of, write_setting
from bot.store.subjects import subject_of

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
        accounts = await accounts_of(read, person)
        jobs = await read("SELECT state FROM jobs WHERE person = $1 AND asker <> '' AND parent = ''", person)
        settings = sum(
            [len(await read("SELECT 1 FROM settings WHERE scope = $1", one)) for one in scopes(person, accounts)]
        )
        if not jobs and not settings and await erased_at(read, person) is not None:
            return None
        return Holdings(
            person=person,
            accounts=accounts,
            jobs=len(jobs),
            making=sum(row["state"] not in AT_REST for row in jobs),
            settings=settings,
            entries=len(await _entries(read, person)),
            answers=sum([len(await _consents(read, one)) for one in accounts]),
            rulings=sum([len(await _decisions(read, one)) for one in accounts]),
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
        accounts = await accounts_of(read, person)
        jobs = await read(
            "SELECT * FROM jobs WHERE person = $1 AND asker <> '' AND parent = '' ORDER BY created_at", person
        )
        settings = [
            {"scope": one, **_plain(row)}
            for one in scopes(person, accounts)
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
            "faces": [_plain(row) for one in accounts for row in await _consents(read, one)],
            "requests": [_request(row) for row in jobs],
            "money": [_plain(row) for row in await _entries(read, person)],
            "decisions": [_plain(row) for one in accounts for row in await _decisions(read, one)],
            "sanctions": [_plain(row) for one in accounts for row in await _sanctions(read, one)],
        }
        return json.dumps(held, ensure_ascii=False, indent=2)

    async def erase(self, person: str) -> None:
        """Forget them; what is still needed for a Job under way goes once that has ended."""
        await self._database.transact(lambda tx: erase(tx, person, self._now()))


async def forget_prompts(database: Database, *, before: datetime, now: datetime) -> None:
    """Forget what was typed and sent for Jobs from before this moment that have ended; a batch per transaction."""
    while await database.transact(lambda tx: _forget_batch(tx, before, now)):
        pass


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
            await forget_content(tx, job)
    if found:
        await write_setting(tx, "bot", WATERMARK, f"{found[-1]['created_at']}:{found[-1]['id']}", now=now)
    return len(found) == BATCH


async def _entries(fetch: Fetch, person: str) -> list[Row]:
    """The lines of the Person's own account; what a group and the bot spent on them has the same causes."""
    return await fetch(
        "SELECT cause, account, kind, amount_microusd, day, note, at FROM ledger WHERE account = $1 ORDER BY seq",
        f"{PERSON}:{person}",
    )


async def _consents(fetch: Fetch, one: Account) -> list[Row]:
    """What they said about their face; what others said to them is those others' own."""
    return await fetch("SELECT * FROM consents WHERE whom = $1 ORDER BY at", one.key)


async def _decisions(fetch: Fetch, one: Account) -> list[Row]:
    """What was decided about them, and why; by whom is not theirs."""
    return await fetch(
        "SELECT at, platform, grp, what, job, why, detail FROM decisions WHERE whom = $1 AND whom <> '' ORDER BY seq",
        one.key,
    )


async def _sanctions(fetch: Fetch, one: Account) -> list[Row]:
    """What was given against them, over or not."""
    return await fetch(
        "SELECT kind, grp, why, at, until, lifted_at FROM sanctioned JOIN sanctions ON number = sanction "
        "WHERE subject = $1 ORDER BY number",
        await subject_of(fetch, one.key),
    )


def _request(row: Row) -> dict[str, Any]:
    job = job_of(row)
    told = _plain(row)
    documents = ("ask", "ordered", "sent", "ticket", "result", "reel", "place", "waiting_for")
    return told | {name: json.loads(told[name]) if told[name] else None for name in documents} | {"state": job.state}


def _plain(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in row.keys()}  # noqa: SIM118  a row is no mapping
