"""Admission: the quota decided, the Hold taken, the Job written and the inbox row consumed, in one transaction."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.alerts import Alert
from bot.domain.ask import Ask
from bot.domain.budget import Budget
from bot.domain.errors import Problem, Slug
from bot.domain.job import State
from bot.domain.ledger import Bond, Layer, Periods, periods_of
from bot.domain.moderation import Verdict
from bot.domain.order import Order
from bot.domain.quota import Admission, Policy, Usage, decide
from bot.domain.thresholds import Gauge, admitted_alerts, pauses, refused_alerts
from bot.store.alerts import write_alert
from bot.store.budgets import read_budget, read_house
from bot.store.codec import ASK, ORDER, PLACE, WAITING_FOR, dump, job_of, micros, moment
from bot.store.consents import write_asked
from bot.store.database import Row, Tx
from bot.store.inbox import consume
from bot.store.ledger import balances, take_hold
from bot.store.people import asker, person_of, remember
from bot.store.purses import bond_of
from bot.store.screening import begin

BYPASSED = "beyond their own limit, which is put aside for them"
"""The note on the Hold of who has a bypass, where it made a difference."""


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What somebody may spend, and has spent, as this transaction finds it."""

    ask: Ask
    policy: Policy
    budget: Budget
    person: str
    bond: Bond | None
    usage: Usage
    gauge: Gauge

    def layers(self, policy: Policy) -> tuple[Layer, ...]:
        """Every account that must have room by a policy; the same accounts by each."""
        return policy.layers(self.ask.account, self.person, self.ask.group, self.bond)


async def admit(tx: Tx, one: Candidacy) -> Admission:
    """Admit, or say everything that forbids it. Admitting an Ask twice gives the same Job.

    What owners are to be told about the bot's budgets is written down with it; a refusal writes nothing else.

    An Ask that was let go while it was looked at gives neither a Job nor a problem.
    """
    known = await tx.fetch("SELECT * FROM jobs WHERE id = $1", one.ask.id)
    if known:
        return Admission(job=job_of(known[0]))
    if await tx.fetch("SELECT 1 FROM inbox WHERE id = $1 AND state = 'done'", one.ask.id):
        return Admission(job=None)
    room = await _room(tx, one)
    hold = one.order.quote.hold_microusd
    problems = (*pauses(room.gauge, room.budget), *_decide(one, room, room.policy))
    if problems:
        if any(problem.slug is Slug.OVER_BUDGET for problem in problems):
            await _alert(tx, f"{one.ask.id}r", refused_alerts(room.gauge, hold), one.now)
        return Admission(job=None, problems=problems)
    bypassed = bool(_decide(one, room, dataclasses.replace(room.policy, bypass=frozenset())))
    await remember(tx, one.ask.account, room.person, now=one.now)
    row = await _write_job(tx, one, room)
    await write_asked(tx, one.ask.id, [account.key for account in one.verdict.asked])
    await take_hold(
        tx,
        cause=one.ask.id,
        amount_microusd=hold,
        layers=room.layers(room.policy),
        periods=room.gauge.periods,
        now=one.now,
        note=BYPASSED if bypassed else "",
    )
    await consume(tx, one.ask.id)
    job, judgings = job_of(row), one.verdict.judgings
    judged = sum(order.quote.hold_microusd for order in judgings.orders) if judgings else 0
    await _alert(tx, f"{one.ask.id}a", admitted_alerts(room.gauge, hold + judged), one.now)
    if judgings is not None:
        job = await begin(tx, job, judgings, room.policy, one.new_children, one.now)
    return Admission(job=job, bypassed=bypassed)


def _decide(one: Candidacy, room: _Room, policy: Policy) -> tuple[Problem, ...]:
    return decide(
        one.order.quote.hold_microusd,
        layers=room.layers(policy),
        counts=policy.counts(one.ask.account),
        usage=room.usage,
        now=one.now,
        zone=policy.zone,
    )


async def _room(tx: Tx, one: Candidacy) -> _Room:
    """What there is to spend, by the settings as they are in this transaction."""
    account, group = one.ask.account, one.ask.group
    budget = await read_budget(tx.fetch, account.platform, group)
    house = await read_house(tx.fetch)
    policy = one.policy.of_group(budget).of_house(house)
    person = await person_of(tx.fetch, account) or one.new_person
    periods = periods_of(one.now, policy.zone)
    bond = await bond_of(tx.fetch, person, periods)
    usage = await _usage(tx, policy.layers(account, person, group, bond), person, periods, one.now)
    gauge = Gauge(policy=policy, house=house, balances=usage.balances, periods=periods, now=one.now)
    return _Room(ask=one.ask, policy=policy, budget=budget, person=person, bond=bond, usage=usage, gauge=gauge)


async def _alert(tx: Tx, head: str, alerts: Iterable[Alert], now: datetime) -> None:
    for number, alert in enumerate(alerts):
        await write_alert(tx, alert, new_id=f"{head}{number}", now=now)


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


async def _write_job(tx: Tx, one: Candidacy, room: _Room) -> Row:
    waits = bool(one.verdict.waiting_for)
    rows = await tx.fetch(
        "INSERT INTO jobs (id, state, person, weight, endpoint, ask, ordered, waiting_for, hold_microusd, place, "
        "of_group, created_at, state_at, next_at, asker) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14) RETURNING *",
        one.ask.id,
        (State.IN_REVIEW if waits else State.ADMITTED).value,
        room.person,
        room.policy.tier(one.ask.account).weight,
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
