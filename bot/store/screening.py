"""Pictures that are judged: child Jobs with Holds of their own, and what their ends do to the Job that waits for them.

Everything happens in the transaction of the step it belongs to, so that a crash finds both or neither.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ask import Wish
from bot.domain.catalogue import SCREEN
from bot.domain.job import Event, Job, Reason, State, Waiting, advance
from bot.domain.judgement import concluded, decision_of, is_withheld
from bot.domain.ledger import BOT, SCREENING, Closing, Ending, Layer, periods_of
from bot.domain.order import Order
from bot.domain.quota import Counts, Policy, Usage, decide
from bot.domain.screener import Judgings
from bot.domain.screening import Outcome, Part, Screening
from bot.ports.clock import NewId, Now
from bot.ports.wakeups import Wakeups
from bot.store import codec
from bot.store.codec import dump, job_of, micros
from bot.store.database import Database, Fetch, Tx
from bot.store.decisions import write_decision
from bot.store.job_rows import update
from bot.store.ledger import balances, close_holds, take_hold

OVER_BUDGET = "the budget for judging pictures is spent"
"""Why nothing is judged, written down with the decision."""

WAITS = {Part.PICTURE: State.IN_REVIEW, Part.FRAME: State.COMPLETED}
"""In which state a Job waits for the judgement of what."""

ENDED = frozenset({State.COMPLETED, State.FAILED, State.CANCELLED})

RELEASED = Closing(ending=Ending.RELEASED)


async def begin(tx: Tx, parent: Job, judgings: Judgings, policy: Policy, ids: Sequence[str], now: datetime) -> Job:
    """Write a child Job for each Order, with its Hold; the parent, which where nobody judges is concluded about."""
    screening = Screening(parent=parent.id, part=judgings.part, bounds=judgings.bounds)
    layers = (
        Layer(account=SCREENING, whose="the screening's", limits=judgings.limits),
        Layer(account=BOT, whose="the bot's", limits=policy.bot),
    )
    if judgings.away or not await _fits(tx, judgings, layers, policy, now):
        detail = judgings.away or OVER_BUDGET
        return await _conclude(tx, parent, screening, Outcome.MISSING, detail=detail, now=now)
    for child_id, order in zip(ids, judgings.orders, strict=True):
        await _write_child(tx, child_id, parent, order, screening, now)
        await take_hold(
            tx,
            cause=child_id,
            amount_microusd=order.quote.hold_microusd,
            layers=layers,
            periods=periods_of(now, policy.zone),
            now=now,
        )
    return parent


async def children(fetch: Fetch, parent: str) -> Sequence[Job]:
    """The Jobs that judge another's pictures, in the order they were begun."""
    rows = await fetch("SELECT * FROM jobs WHERE parent = $1 AND parent <> '' ORDER BY created_at, id", parent)
    return [job_of(row) for row in rows]


async def touched(tx: Tx, before: Job, after: Job, now: datetime) -> Sequence[Job]:
    """What a step of one Job does to its parent or its children; the Jobs that are to be woken for it."""
    if after.screening is not None:
        return await _ended(tx, after, after.screening, now) if after.state in ENDED else []
    if before.state is State.IN_REVIEW and after.state is not State.IN_REVIEW:
        return await _let_go(tx, after.id, now)
    return []


async def _ended(tx: Tx, child: Job, screening: Screening, now: datetime) -> Sequence[Job]:
    """What a judgement, or the want of one, does to whoever waits for it."""
    parent = await _parent(tx, screening)
    probability = child.result.probability if child.result and child.state is State.COMPLETED else None
    outcome = screening.bounds.outcome(probability)
    if parent.state is not WAITS[screening.part] or (outcome is Outcome.MISSING and not _is_awaited(parent, child)):
        return []
    detail = f"the classifier failed ({child.failure or child.reason.value})"
    changed = await _conclude(tx, parent, screening, outcome, probability=probability, detail=detail, now=now)
    return [changed, *await touched(tx, parent, changed, now)]


async def _conclude(
    tx: Tx,
    parent: Job,
    screening: Screening,
    outcome: Outcome,
    *,
    probability: float | None = None,
    detail: str = "",
    waits_on: bool = True,
    now: datetime,
) -> Job:
    """Do to a Job that waits what follows, and write it down; the Job then. `waits_on`: for what is judged still."""
    decision = decision_of(parent, screening.part, outcome, probability=probability, detail=detail, at=now)
    if decision is not None:
        await write_decision(tx, decision)
    if screening.part is Part.FRAME:
        return await _withhold(tx, parent, now) if is_withheld(outcome, screening.bounds.missing) else parent
    others_open = waits_on and any(one.state not in ENDED for one in await children(tx.fetch, parent.id))
    found = concluded(parent.waiting_for, outcome, screening.bounds.missing, others_open=others_open)
    fields: dict[str, object] = {"waiting_for": found.waiting_for}
    if found.refused:
        refused = advance(parent.state, Event.REFUSED)
        fields = {"state": refused, "state_at": now, "reason": Reason.SCREENED, "next_at": None}
        await close_holds(tx, cause=parent.id, closing=RELEASED, now=now)
    elif not found.waiting_for:
        fields |= {"state": advance(parent.state, Event.APPROVED), "state_at": now, "next_at": None}
    elif Waiting.MODERATOR in found.waiting_for - parent.waiting_for:
        fields |= {"next_at": now + timedelta(seconds=screening.bounds.review_s)}
    row = await update(tx, parent, fields)
    return job_of(row) if row else parent


async def _withhold(tx: Tx, parent: Job, now: datetime) -> Job:
    fields = {"state": advance(parent.state, Event.WITHHELD), "state_at": now, "reason": Reason.WITHHELD}
    row = await update(tx, parent, {**fields, "next_at": None, "carded": ""})  # whatever they were told before
    return job_of(row) if row else parent


async def _parent(tx: Tx, screening: Screening) -> Job:
    rows = await tx.fetch("SELECT * FROM jobs WHERE id = $1", screening.parent)
    return job_of(rows[0])


def _is_awaited(parent: Job, child: Job) -> bool:
    """Whether this judgement is still waited for, by a Job in the state in which its kind is."""
    if child.screening is not None and child.screening.part is Part.FRAME:
        return child.cancel_wanted_at is None
    return Waiting.SCREENING in parent.waiting_for


async def _let_go(tx: Tx, parent: str, now: datetime) -> Sequence[Job]:
    """Nobody waits for these judgements any more."""
    rows = await tx.fetch(
        "UPDATE jobs SET version = version + 1, cancel_wanted_at = $2, next_at = NULL WHERE parent = $1 "
        "AND parent <> '' AND cancel_wanted_at IS NULL AND state IN ('admitted', 'submitting', 'uncertain', "
        "'submitted') RETURNING *",
        parent,
        micros(now),
    )
    return [job_of(row) for row in rows]


async def _fits(tx: Tx, judgings: Judgings, layers: Sequence[Layer], policy: Policy, now: datetime) -> bool:
    """Whether all of it can be paid for."""
    hold = sum(order.quote.hold_microusd for order in judgings.orders)
    found = await balances(tx.fetch, [layer.account for layer in layers], periods_of(now, policy.zone))
    usage = Usage(balances=found)
    return not decide(hold, layers=layers, counts=Counts(), usage=usage, now=now, zone=policy.zone)


async def _write_child(tx: Tx, child_id: str, parent: Job, order: Order, screening: Screening, now: datetime) -> None:
    """A Job whose place, person and weight are its parent's, and whose Ask says nothing that a person wrote."""
    ask = replace(parent.ask, id=child_id, event_id=child_id, wish=Wish(command=SCREEN), attachments=())
    await tx.run(
        "INSERT INTO jobs (id, state, person, weight, endpoint, ask, ordered, hold_microusd, place, of_group, "
        "created_at, state_at, asker, parent, screening) SELECT $1, 'admitted', person, weight, $2, $3, $4, $5, place, "
        "of_group, $6, $6, asker, id, $7 FROM jobs WHERE id = $8",
        child_id,
        order.endpoint,
        dump(codec.ASK, ask),
        dump(codec.ORDER, order),
        order.quote.hold_microusd,
        micros(now),
        dump(codec.SCREENING, screening),
        parent.id,
    )


class Screenings:
    """Fits `ports.screening.Screenings`. `work` and `news` are woken for the Jobs that change."""

    def __init__(self, database: Database, *, work: Wakeups, news: Wakeups, now: Now, new_id: NewId) -> None:
        self._database = database
        self._work = work
        self._news = news
        self._now = now
        self._new_id = new_id

    async def give_up(self, child: Job, why: str) -> bool:
        """Let the parent wait for no judgement any more; False when it does not."""
        screening, now = child.screening, self._now()
        if screening is None:
            return False

        async def work(tx: Tx) -> bool:
            parent = await _parent(tx, screening)
            now_there = await tx.fetch("SELECT state FROM jobs WHERE id = $1", child.id)
            if now_there[0]["state"] != child.state:  # it has moved on since it was read: perhaps it is judged
                return False
            if parent.state is not WAITS[screening.part] or not _is_awaited(parent, child):
                return False
            changed = await _conclude(tx, parent, screening, Outcome.MISSING, detail=why, waits_on=False, now=now)
            goes_on = changed.state is State.COMPLETED
            let_go = await (_let_go(tx, parent.id, now) if goes_on else touched(tx, parent, changed, now))
            self._wake(tx, changed, *let_go)
            return True

        return await self._database.transact(work)

    async def begin_frame(self, job: Job, judgings: Judgings, policy: Policy) -> Job:
        """Have a frame of a finished reel judged, once; the Job then, which is withheld or as it was."""
        now, ids = self._now(), [self._new_id() for _ in judgings.orders]

        async def work(tx: Tx) -> Job:
            rows = await tx.fetch("SELECT * FROM jobs WHERE id = $1", job.id)
            found = job_of(rows[0])
            if found.state is not State.COMPLETED or await _frame(tx.fetch, job.id):
                return found
            found = await begin(tx, found, judgings, policy, ids, now)
            for order in judgings.orders:
                for sha256 in {one for names in order.media.values() for one in names}:
                    await tx.run(
                        "INSERT INTO staged (sha256, job) VALUES ($1, $2) ON CONFLICT DO NOTHING", sha256, job.id
                    )
            self._wake(tx, found, *await children(tx.fetch, job.id))
            return found

        return await self._database.transact(work)

    async def frame(self, job_id: str) -> Job | None:
        """The Job that judges a frame of this one's reel, None while there is none."""
        return await _frame(self._database.read, job_id)

    def _wake(self, tx: Tx, *jobs: Job) -> None:
        for one in jobs:
            self._work.wake(tx, one.id, at=one.next_at)
            self._news.wake(tx, one.id)


async def _frame(fetch: Fetch, job_id: str) -> Job | None:
    found = (one for one in await children(fetch, job_id) if one.screening and one.screening.part is Part.FRAME)
    return next(found, None)
