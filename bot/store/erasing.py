"""Somebody is forgotten: at once what is said of their accounts, and each Job once it has ended.

The ledger is never touched: it names a Person by an id of ours. What keeps anybody from getting more than they had by
being forgotten stays as keyed hashes of their accounts: what was given against them, and until the month is over the
Person they were, since whoever is new has a whole budget.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.job import Job
from bot.domain.ledger import periods_of
from bot.domain.linking import account_scope
from bot.domain.privacy import forgettable, standing_in_group, without_content, without_person
from bot.domain.quota import Standing, talk_of
from bot.store.at_fal import write_forgotten
from bot.store.budgets import forget_member
from bot.store.codec import ASK, ORDER, PLACE, dump, job_of, micros, moment
from bot.store.database import Database, Fetch, Tx
from bot.store.decisions import write_decision
from bot.store.people import FORGOTTEN, write_setting
from bot.store.sanctions import share_sanctions
from bot.store.subjects import subject_of

ERASED = "erased"
"""The scope of settings that say when a Person was erased."""

ROOM = "room"


async def accounts_of(fetch: Fetch, person: str) -> tuple[Account, ...]:
    """The accounts of a Person."""
    rows = await fetch("SELECT * FROM accounts WHERE person = $1 ORDER BY platform, account", person)
    return tuple(Account(platform=row["platform"], id=row["account"], name=row["name"]) for row in rows)


async def erased_at(fetch: Fetch, person: str) -> datetime | None:
    """When a Person was erased, None when they were not."""
    rows = await fetch("SELECT value FROM settings WHERE scope = $1 AND key = $2", ERASED, person)
    return moment(int(rows[0]["value"])) if rows else None


def scopes(person: str, accounts: Sequence[Account]) -> tuple[str, ...]:
    """Where a Person's settings are kept."""
    return (f"person:{person}", *map(account_scope, accounts))


async def erase(tx: Tx, person: str, now: datetime) -> None:
    """Forget a Person; what is still needed for a Job under way goes once that has ended."""
    accounts = await accounts_of(tx.fetch, person)
    for one in accounts:
        await share_sanctions(tx, one.key)
    for one in accounts:
        await _erase_begun(tx, one)
        await _erase_moderation(tx, one, now)
        await _erase_talk(tx, one)
    for scope in scopes(person, accounts):
        await tx.run("DELETE FROM settings WHERE scope = $1", scope)
    await tx.run("UPDATE accounts SET name = '' WHERE person = $1", person)
    await write_setting(tx, ERASED, person, str(micros(now)), now=now)
    await write_decision(tx, Decision(who="", what=Ruling.ERASED, at=now, detail=person))
    await _finish(tx, person=person, at=now, now=now, over=False)


async def finish_erasures(database: Database, *, zone: ZoneInfo, now: datetime) -> None:
    """Forget what had still been in the making, and, once their month is over, that they were here at all."""
    for row in await database.read("SELECT key, value FROM settings WHERE scope = $1", ERASED):
        person, at = str(row["key"]), moment(int(row["value"]))
        over = periods_of(at, zone).month != periods_of(now, zone).month
        await database.transact(partial(_finish, person=person, at=at, now=now, over=over))


async def _finish(tx: Tx, *, person: str, at: datetime, now: datetime, over: bool) -> None:
    accounts = await accounts_of(tx.fetch, person)
    left = await _erase_jobs(tx, person, now, until=at)
    for one in accounts:
        left += await _erase_named(tx, one, now, until=at)
    if any(one.platform == ROOM for one in accounts):
        await _erase_room(tx, person, until=at)
    if left:
        return
    came_back = await tx.fetch("SELECT 1 FROM jobs WHERE person = $1 AND created_at > $2 LIMIT 1", person, micros(at))
    if not came_back:
        for one in accounts:
            await write_setting(tx, FORGOTTEN, await subject_of(tx.fetch, one.key), person, now=now)
        await tx.run("DELETE FROM accounts WHERE person = $1", person)
    if over:
        await tx.run("DELETE FROM settings WHERE scope = $1 AND value = $2", FORGOTTEN, person)
        await tx.run("DELETE FROM settings WHERE scope = $1 AND key = $2", ERASED, person)


async def _erase_begun(tx: Tx, one: Account) -> None:
    """What they had begun and not asked for yet."""
    whose = (one.platform, one.id)
    await tx.run("DELETE FROM wizards WHERE platform = $1 AND account = $2", *whose)
    await tx.run("DELETE FROM acquaintances WHERE platform = $1 AND account = $2", *whose)
    await tx.run(
        "DELETE FROM link_codes WHERE (platform, account) = ($1, $2) OR (used_platform, used_account) = ($1, $2)",
        *whose,
    )
    await tx.run("DELETE FROM link_guesses WHERE platform = $1 AND account = $2", *whose)
    await tx.run(
        "UPDATE inbox SET state = 'done', ask = '' WHERE platform = $1 AND state <> 'done' "
        "AND json_extract(ask, '$.account.id') = $2",
        *whose,
    )


async def _erase_moderation(tx: Tx, one: Account, now: datetime) -> None:
    """Their words about their face, and their name in decisions; what was given against them stays without it.

    Whoever was asked for their yes and is gone can no longer give it: what waits for it waits in vain.
    """
    hashed = await subject_of(tx.fetch, one.key)
    await tx.run("DELETE FROM consents WHERE whom = $1 OR asker = $1", one.key)
    await tx.run("UPDATE asked SET whom = $2 WHERE whom = $1 AND answered = 0", one.key, hashed)
    await tx.run("UPDATE decisions SET whom = '', why = '' WHERE whom = $1", one.key)
    await tx.run("UPDATE decisions SET who = '' WHERE who = $1", one.key)
    await tx.run("UPDATE sanctions SET whom = '' WHERE whom = $1", one.key)
    await tx.run("UPDATE sanctions SET made_by = '' WHERE made_by = $1", one.key)
    await forget_member(tx, one.key, now=now)
    await tx.run("UPDATE OR REPLACE reports SET who = $2 WHERE who = $1", one.key, hashed)
    await tx.run("UPDATE afters SET decided_by = '' WHERE decided_by = $1", one.key)


async def _erase_talk(tx: Tx, one: Account) -> None:
    """The group of one that a private talk is; where owners shut it, it stays shut."""
    talk, shut = talk_of(one.id), talk_of(await subject_of(tx.fetch, one.key))
    await tx.run("UPDATE decisions SET grp = '' WHERE platform = $1 AND grp = $2", one.platform, talk)
    await tx.run(
        "UPDATE OR REPLACE groups SET id = $3 WHERE platform = $1 AND id = $2 AND standing = $4",
        *(one.platform, talk, shut, Standing.OFF.value),
    )
    await tx.run("DELETE FROM groups WHERE platform = $1 AND id = $2", one.platform, talk)


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
        await write_forgotten(tx, job, now=now)
        await forget_content(tx, job)
        await tx.run("DELETE FROM asked WHERE job = $1", job.id)
        await tx.run(
            "UPDATE jobs SET ask = $2, ordered = $3, place = $4, asker = '', receipt = '', reel_receipt = $5, "
            "reel = NULL, result = NULL, ticket = NULL, hinted = '', failure = '', remark = '' "
            "WHERE id = $1",
            *(job.id, dump(ASK, ask), dump(ORDER, order), dump(PLACE, place), standing_in_group(job)),
        )
    return left


async def _erase_named(tx: Tx, one: Account, now: datetime, *, until: datetime) -> int:
    """Forget what others asked for with their face in it; for how many it is too early."""
    left = 0
    rows = await tx.fetch(
        "SELECT jobs.* FROM asked JOIN jobs ON jobs.id = asked.job WHERE asked.whom IN ($1, $2) AND created_at <= $3",
        *(one.key, await subject_of(tx.fetch, one.key), micros(until)),
    )
    for job in map(job_of, rows):
        if not forgettable(job, age=now - job.state_at, erased=True):
            left += 1
            continue
        await write_forgotten(tx, job, now=now)
        await forget_content(tx, job)
        await tx.run("DELETE FROM asked WHERE job = $1", job.id)
    return left


async def _erase_room(tx: Tx, person: str, *, until: datetime) -> None:
    """Threads of the Room, which is one Person's, go whole once nothing asked for in them is in the making."""
    rows = await tx.fetch("SELECT place FROM jobs WHERE person = $1 AND asker LIKE 'room:%'", person)
    needed = {PLACE.validate_json(row["place"]).address for row in rows}
    for thread in await tx.fetch("SELECT id FROM room_threads WHERE created_at <= $1", micros(until)):
        if thread["id"] not in needed:
            await tx.run("DELETE FROM room_lines WHERE thread = $1", thread["id"])
            await tx.run("DELETE FROM room_threads WHERE id = $1", thread["id"])


async def forget_content(tx: Tx, job: Job) -> None:
    """Forget what was typed and sent, which media of ours it was made from, and where it was said."""
    ask, order, place = without_content(job)
    await tx.run("DELETE FROM staged WHERE job = $1", job.id)
    await tx.run(
        "UPDATE jobs SET sent = NULL, ask = $2, ordered = $3, place = $4, version = version + 1 WHERE id = $1",
        *(job.id, dump(ASK, ask), dump(ORDER, order), dump(PLACE, place)),
    )
