"""Every Job and its money. A step is a compare-and-set; its money and its wake-ups are in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.ask import Ask
from bot.domain.consent import Asked
from bot.domain.decision import Along
from bot.domain.errors import IllegalTransition
from bot.domain.fairness import AtFal, Candidate
from bot.domain.job import AT_FAL, ENDS_MONEY, Event, Job, Reason, State, Waiting, advance, step
from bot.domain.ledger import Closing
from bot.domain.moderation import Verdict
from bot.domain.order import Order
from bot.domain.progress import Durations, durations_of
from bot.domain.quota import Admission, Policy
from bot.ports.clock import NewId, Now
from bot.ports.wakeups import Wakeups
from bot.store.admission import Candidacy, admit
from bot.store.along import write_along
from bot.store.codec import job_of, micros, moment
from bot.store.consents import answered, is_awaited
from bot.store.database import Database, Row, Tx
from bot.store.job_rows import assignments, at_fal, still_waits, update
from bot.store.ledger import close_holds
from bot.store.screening import children, touched

HISTORY = 200
"""Runs of an endpoint that its percentiles are taken from."""

IN_LINE = AT_FAL | {State.ADMITTED}
"""States whose leaving may be another Job's turn; one that was cancelled may have been woken in another's stead."""

STEPS_ALONE = frozenset({"state", "state_at", "reason", "waiting_for", "hold_microusd", "cost_microusd"})
"""Fields that change with a step and its money, and not otherwise."""


class Jobs:
    """The jobs table. `work` is woken for what must be done, `news` for what must be said."""

    def __init__(
        self,
        database: Database,
        *,
        work: Wakeups,
        news: Wakeups,
        now: Now,
        new_id: NewId,
        review_lasts: timedelta = timedelta(minutes=15),
    ) -> None:
        self._database = database
        self._work = work
        self._news = news
        self._now = now
        self._new_id = new_id
        self._review_lasts = review_lasts
        self._durations: dict[str, Durations] = {}

    async def admit(self, ask: Ask, order: Order, verdict: Verdict, policy: Policy) -> Admission:
        """See `bot.store.admission`."""
        now = self._now()
        one = Candidacy(
            ask=ask,
            order=order,
            verdict=verdict,
            policy=policy,
            now=now,
            new_person=self._new_id(),
            expires_at=now + (verdict.lasts or self._review_lasts),
            new_children=[self._new_id() for _ in verdict.judgings.orders] if verdict.judgings else (),
        )

        async def work(tx: Tx) -> Admission:
            admission = await admit(tx, one)
            if admission.job:
                for job in (admission.job, *(await children(tx.fetch, admission.job.id) if verdict.judgings else ())):
                    self._wake(tx, job)
            return admission

        return await self._database.transact(work)

    async def get(self, job_id: str) -> Job | None:
        """The Job."""
        rows = await self._database.read("SELECT * FROM jobs WHERE id = $1", job_id)
        return job_of(rows[0]) if rows else None

    async def record(
        self,
        job: Job,
        event: Event,
        *,
        closing: Closing | None = None,
        reason: Reason = Reason.NONE,
        next_at: datetime | None = None,
        places: Callable[[Sequence[AtFal]], bool] | None = None,
        waiting: Waiting | None = None,
        along: Along | None = None,
        **changes: object,
    ) -> Job | None:
        """Make one step; None when the Job is no longer as it was read, or `places` says no.

        Raises:
            IllegalTransition: no such step, or money where the step must not end it, or none where it must.
        """
        target = step(job, event)
        if ((job.state, event) in ENDS_MONEY) is not (closing is not None):
            raise IllegalTransition(f"{job.state} by {event} with closing {closing}")
        now = self._now()
        fields = {**changes, "state": target, "state_at": now, "reason": reason, "next_at": next_at}
        if job.ticket is None and target is State.SUBMITTED:
            fields.setdefault("submitted_at", now)

        async def work(tx: Tx) -> Job | None:
            there = places is None or places(await at_fal(tx))
            row = await update(tx, job, fields) if there and await still_waits(tx, job, waiting) else None
            if row is None:
                return None
            await close_holds(tx, cause=job.id, closing=closing, now=now)
            await write_along(tx, along)
            stepped = await self._woken(tx, job, row)
            if job.state in IN_LINE and target not in AT_FAL:
                await self._wake_one_waiting(tx, now)
            return stepped

        return await self._database.transact(work)

    async def approve(
        self, job: Job, what: Waiting, *, along: Along | None = None, answer: Sequence[Asked] = ()
    ) -> Job | None:
        """One thing a review waits for is given; ADMITTED when it was the last. None when it no longer waits for it.

        `answer`: by one of those who were asked, for each account of theirs; given is what all of them said yes to.
        """
        now = self._now()

        async def work(tx: Tx) -> Job | None:
            rows = await tx.fetch("SELECT * FROM jobs WHERE id = $1", job.id)
            found = job_of(rows[0]) if rows else None
            if found is None or found.state is not State.IN_REVIEW or what not in found.waiting_for:
                return None
            if answer and not any([await answered(tx, one) for one in answer]):
                return None
            if answer and await is_awaited(tx, job.id):
                await write_along(tx, along)
                self._wake(tx, found)
                return found
            left = found.waiting_for - {what}
            step = {} if left else {"state": advance(found.state, Event.APPROVED), "state_at": now, "next_at": None}
            row = await update(tx, found, {"waiting_for": left, **step})
            if row is None:
                return None
            await write_along(tx, along)
            return await self._woken(tx, found, row)

        return await self._database.transact(work)

    async def note(self, job_id: str, **changes: object) -> None:
        """Write fields that are no step; a wish to cancel and a hint wake the work.

        Raises:
            IllegalTransition: a field that only a step may change.
        """
        if not STEPS_ALONE.isdisjoint(changes):
            raise IllegalTransition(f"{sorted(STEPS_ALONE & changes.keys())} change by a step alone")

        async def work(tx: Tx) -> None:
            sets, args = assignments(changes, first=2)
            rows = await tx.fetch(
                f"UPDATE jobs SET version = version + 1, {sets} WHERE id = $1 RETURNING *",  # noqa: S608  names are ours
                job_id,
                *args,
            )
            if (changes.get("cancel_wanted_at") or changes.get("hinted")) and rows:
                self._wake(tx, job_of(rows[0]), now=True)

        await self._database.transact(work)

    async def took(self, job: Job, seconds: float) -> None:
        """Remember how long a run took."""

        async def work(tx: Tx) -> None:
            await tx.run(
                "INSERT INTO durations (endpoint, job, seconds) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                job.order.endpoint,
                job.id,
                seconds,
            )

        await self._database.transact(work)
        self._durations.pop(job.order.endpoint, None)

    async def at_fal(self) -> Sequence[AtFal]:
        """The Jobs that may occupy a place at fal."""
        return await at_fal(self._database)

    async def waiting(self, now: datetime, *, each: int) -> Sequence[Candidate]:
        """Every person's oldest due Jobs that wait for a turn, `each` of them at most, and of their judgings."""
        rows = await self._database.read(
            "SELECT id, person, created_at, weight, parent FROM (SELECT id, person, created_at, weight, parent, "
            "row_number() OVER (PARTITION BY person, parent <> '' ORDER BY created_at, id) AS nth "
            "FROM jobs WHERE state = 'admitted' "
            "AND (next_at IS NULL OR next_at <= $1)) AS due WHERE nth <= $2 ORDER BY created_at",
            micros(now),
            each,
        )
        return [
            Candidate(
                job=row["id"],
                person=row["person"],
                created_at=moment(row["created_at"]),
                weight=row["weight"],
                judges=bool(row["parent"]),
            )
            for row in rows
        ]

    async def last_served(self) -> Mapping[str, datetime]:
        """When the latest Job of every waiting person went to fal; the judging of a picture takes nobody's turn."""
        rows = await self._database.read(
            "SELECT person, max(submitted_at) AS at FROM jobs WHERE submitted_at IS NOT NULL AND parent = '' "
            "AND person IN (SELECT person FROM jobs WHERE state = 'admitted') GROUP BY person"
        )
        return {row["person"]: moment(row["at"]) for row in rows}

    async def request_ids(self, endpoint: str) -> frozenset[str]:
        """Fal request ids already bound to a Job of this endpoint."""
        rows = await self._database.read(
            "SELECT request_id FROM jobs WHERE endpoint = $1 AND request_id IS NOT NULL", endpoint
        )
        return frozenset(str(row["request_id"]) for row in rows)

    async def open_ids(self) -> Sequence[tuple[str, State, datetime | None]]:
        """Every Job that is not at rest, oldest first, with the time it wants attention; a hint disturbs the rest."""
        rows = await self._database.read(
            "SELECT id, state, next_at FROM jobs WHERE state IN "
            "('in_review', 'admitted', 'submitting', 'uncertain', 'submitted', 'completed', 'delivering') "
            "AND NOT (state = 'completed' AND parent <> '') OR (state = 'failed' AND hinted <> '') ORDER BY created_at"
        )
        return [
            (row["id"], State(row["state"]), None if row["next_at"] is None else moment(row["next_at"])) for row in rows
        ]

    async def unsaid_ids(self) -> Sequence[str]:
        """Jobs whose state differs from what was last said about them."""
        rows = await self._database.read("SELECT id FROM jobs WHERE said <> state AND parent = '' ORDER BY created_at")
        return [str(row["id"]) for row in rows]

    async def ahead(self, job: Job) -> int:
        """How many Jobs wait for a turn that were admitted before this one."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM jobs WHERE state = 'admitted' AND created_at < $1", micros(job.created_at)
        )
        return int(rows[0]["n"])

    async def durations(self, endpoint: str) -> Durations:
        """Percentiles of this endpoint's latest runs, read again after each run."""
        if endpoint in self._durations:
            return self._durations[endpoint]
        rows = await self._database.read(
            "SELECT seconds FROM durations WHERE endpoint = $1 ORDER BY job DESC LIMIT $2", endpoint, HISTORY
        )
        self._durations[endpoint] = durations_of([float(row["seconds"]) for row in rows])
        return self._durations[endpoint]

    async def billed_failures(self, person: str, since: datetime) -> int:
        """How many of a person's Jobs failed at fal and were billed since then."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM jobs WHERE person = $1 AND created_at >= $2 AND state = 'failed' "
            "AND cost_microusd > 0 AND parent = ''",
            person,
            micros(since),
        )
        return int(rows[0]["n"])

    async def _woken(self, tx: Tx, before: Job, row: Row) -> Job:
        """The Job after its step; it is woken, and so are those that judge its pictures, or whose it judged."""
        stepped = job_of(row)
        for one in (stepped, *await touched(tx, before, stepped, self._now())):
            self._wake(tx, one)
        return stepped

    def _wake(self, tx: Tx, job: Job, *, now: bool = False) -> None:
        self._work.wake(tx, job.id, at=None if now else job.next_at)
        self._news.wake(tx, job.id)

    async def _wake_one_waiting(self, tx: Tx, now: datetime) -> None:
        """A place at fal may be free: a Job that waits looks at whose turn it is.

        One that backs off is left to its own time: woken before it, it would find that it is not its turn, and its
        later wake-up would be gone.
        """
        rows = await tx.fetch(
            "SELECT id FROM jobs WHERE state = 'admitted' AND (next_at IS NULL OR next_at <= $1) "
            "ORDER BY created_at LIMIT 1",
            micros(now),
        )
        for row in rows:
            self._work.wake(tx, row["id"])
