"""Admission: the quota decided, the Hold taken, the Job written and the inbox row consumed, in one transaction."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.ask import Ask
from bot.domain.job import State
from bot.domain.ledger import Layer, Periods, periods_of
from bot.domain.moderation import Verdict
from bot.domain.order import Order
from bot.domain.quota import Admission, Policy, Usage, decide
from bot.store.codec import ASK, ORDER, PLACE, WAITING_FOR, dump, job_of, micros, moment
from bot.store.consents import write_asked
from bot.store.database import Row, Tx
from bot.store.inbox import consume
from bot.store.ledger import balances, take_hold
from bot.store.people import asker, person_of, remember
from bot.store.purses import bond_of
from bot.store.screening import begin


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """Everything admission needs to know about one Ask."""

    ask: Ask
    order: Order
    verdict: Verdict
    policy: Policy
    now: datetime
    new_person: str
    expires_at: datetime
    new_children: Sequence[str] = ()


async def admit(tx: Tx, one: Candidacy) -> Admission:
    """Admit, or say everything that forbids it and change nothing. Admitting an Ask twice gives the same Job.

    An Ask that was let go while it was looked at gives neither a Job nor a problem.
    """
    known = await tx.fetch("SELECT * FROM jobs WHERE id = $1", one.ask.id)
    if known:
        return Admission(job=job_of(known[0]))
    if await tx.fetch("SELECT 1 FROM inbox WHERE id = $1 AND state = 'done'", one.ask.id):
        return Admission(job=None)
    person = await person_of(tx.fetch, one.ask.account) or one.new_person
    periods = periods_of(one.now, one.policy.zone)
    bond = await bond_of(tx.fetch, person, periods)
    layers = one.policy.layers(one.ask.account, person, one.ask.group, bond)
    problems = decide(
        one.order.quote.hold_microusd,
        layers=layers,
        counts=one.policy.counts(one.ask.account),
        usage=await _usage(tx, layers, person, periods, one.now),
        now=one.now,
        zone=one.policy.zone,
    )
    if problems:
        return Admission(job=None, problems=problems)
    await remember(tx, one.ask.account, person, now=one.now)
    row = await _write_job(tx, one, person)
    await write_asked(tx, one.ask.id, [account.key for account in one.verdict.asked])
    await take_hold(
        tx,
        cause=one.ask.id,
        amount_microusd=one.order.quote.hold_microusd,
        layers=layers,
        periods=periods,
        now=one.now,
    )
    await consume(tx, one.ask.id)
    job, judgings = job_of(row), one.verdict.judgings
    if judgings is not None:
        job = await begin(tx, job, judgings, one.policy, one.new_children, one.now)
    return Admission(job=job)


async def _usage(tx: Tx, layers: Sequence[Layer], person: str, periods: Periods, now: datetime) -> Usage:
    running = await tx.fetch(
        "SELECT count(*) AS n FROM jobs WHERE person = $1 AND parent = '' "
        "AND state IN ('in_review', 'admitted', 'submitting', 'uncertain', 'submitted')",
        person,
    )
    recent = await tx.fetch(
        "SELECT count(*) AS n FROM jobs WHERE person = $1 AND parent = '' AND created_at > $2",
        person,
        micros(now - timedelta(hours=1)),
    )
    last = await tx.fetch("SELECT max(created_at) AS at FROM jobs WHERE person = $1 AND parent = ''", person)
    return Usage(
        balances=await balances(tx.fetch, [layer.account for layer in layers], periods),
        running=running[0]["n"],
        last_hour=recent[0]["n"],
        last_at=None if last[0]["at"] is None else moment(last[0]["at"]),
    )


async def _write_job(tx: Tx, one: Candidacy, person: str) -> Row:
    waits = bool(one.verdict.waiting_for)
    rows = await tx.fetch(
        "INSERT INTO jobs (id, state, person, weight, endpoint, ask, ordered, waiting_for, hold_microusd, place, "
        "of_group, created_at, state_at, next_at, asker) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14) RETURNING *",
        one.ask.id,
        (State.IN_REVIEW if waits else State.ADMITTED).value,
        person,
        one.policy.tier(one.ask.account).weight,
        one.order.endpoint,
        dump(ASK, one.ask),
        dump(ORDER, one.order),
        dump(WAITING_FOR, one.verdict.waiting_for),
        one.order.quote.hold_microusd,
        dump(PLACE, one.ask.place),
        one.ask.grp,
        micros(one.now),
        micros(one.expires_at) if waits else None,
        asker(one.ask.account),
    )
    for sha256 in sorted({name for names in one.order.media.values() for name in names}):
        await tx.run("INSERT INTO staged (sha256, job) VALUES ($1, $2)", sha256, one.ask.id)
    return rows[0]
