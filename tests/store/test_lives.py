"""Many random lives of Jobs on one real store: whatever happens, the money is exact and no limit was passed.

The machine keeps books of its own, simply: per Job what was held and what became of it. The store must agree.
"""

import asyncio
import itertools
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from typing_extensions import override

from bot.domain.ask import Account
from bot.domain.errors import IllegalTransition, Slug
from bot.domain.job import ENDS_MONEY, TRANSITIONS, Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending, Layer, Limits, Period, Periods, is_personal, periods_of
from bot.domain.moderation import Verdict
from bot.domain.quota import Counts
from tests.builders import Clock, a_policy, a_ticket, an_ask, an_order
from tests.store.shop import Shop, shop

T = TypeVar("T")

POLICY = a_policy(
    person=Limits(day=900, month=2_000),
    member=Limits(day=700),
    group=Limits(day=1_200, week=2_500),
    bot=Limits(day=1_500, month=4_000),
    counts=Counts(jobs_at_once=4),
)
PEOPLE = tuple(Account(platform="room", id=name) for name in ("anna", "ben", "cleo"))
REVIEWS = st.sampled_from([frozenset(), frozenset({Waiting.MODERATOR}), frozenset({Waiting.MODERATOR, *Waiting})])
DYING = [Event.FAILED, Event.FAL_CANCELLED]
"""Events with which fal may say that it billed a failure."""


class Lives(RuleBasedStateMachine):
    """Asks, admissions and steps in any order; `jobs` are Jobs as somebody last saw them, often out of date."""

    jobs: Bundle[Job] = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.asked = 0
        self.books: dict[tuple[str, str], Counter[str]] = {}
        self.when: dict[str, Periods] = {}
        self.overrun = 0
        self.lost = 0

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(target=jobs)
    def opens_with_a_job_of_everybody(self) -> MultipleResults[Job]:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.shop: Shop = self.do(self.stack.enter_async_context(shop(Path(folder) / "reelroom.db")))
        return multiple(*itertools.chain(*(self._ask(account, "club", 200, frozenset()) for account in PEOPLE)))

    @property
    def clock(self) -> Clock:
        return self.shop.clock

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(3600 * hours)

    @rule(
        target=jobs,
        account=st.sampled_from(PEOPLE),
        group=st.sampled_from(["", "club"]),
        hold=st.sampled_from([0, 1, 200, 333, 700]),
        waiting=REVIEWS,
    )
    def asks(self, account: Account, group: str, hold: int, waiting: frozenset[Waiting]) -> MultipleResults[Job]:
        return multiple(*self._ask(account, group, hold, waiting))

    def _ask(self, account: Account, group: str, hold: int, waiting: frozenset[Waiting]) -> list[Job]:
        """The Job, if it was admitted, which must be exactly when it fits by our own books."""
        self.asked += 1
        ask = an_ask(f"ask-{self.asked}", account=account, group=group, received_at=self.clock.at)
        admission = self.do(self.shop.admit(ask, an_order(hold), POLICY, Verdict(waiting_for=waiting)))
        over = [problem for problem in admission.problems if problem.slug is Slug.OVER_BUDGET]
        crowded = len(admission.problems) > len(over)
        layers = POLICY.layers(account, self._person(account), group)
        fits = all(used + hold <= limit for layer in layers for used, limit in self._used(layer))
        assert (fits, bool(crowded or over)) in {(True, crowded), (False, True)}
        if admission.job is None:
            return []
        self.when[ask.id] = periods_of(self.clock.at, POLICY.zone)
        for layer in POLICY.layers(account, admission.job.person, group):
            self.books[ask.id, layer.account] = Counter(held=hold, hold=hold)
        return [admission.job]

    def _person(self, account: Account) -> str:
        return self.do(self.shop.people.person(account)) or "nobody yet"

    def _used(self, layer: Layer) -> list[tuple[int, int]]:
        """What our own books say is used of every limit of a layer in the periods of now, and the limit."""
        now = periods_of(self.clock.at, POLICY.zone)
        found = []
        for period in Period:
            limit = layer.limits.of(period)
            books = [
                book for (cause, account), book in self.books.items() if self._is(cause, account, layer, period, now)
            ]
            if limit is not None:
                found.append((sum(book["held"] + book["spent"] for book in books), limit))
        return found

    def _is(self, cause: str, account: str, layer: Layer, period: Period, now: Periods) -> bool:
        return account == layer.account and self.when[cause].name(period) == now.name(period)

    @rule(job=jobs)
    def asks_again_with_the_same_id(self, job: Job) -> None:
        admission = self.do(self.shop.jobs.admit(job.ask, job.order, Verdict(), POLICY))
        assert admission.job is not None
        assert admission.job.id == job.id

    @rule(target=jobs, job=consumes(jobs), what=st.sampled_from(Waiting))
    def somebody_approves(self, job: Job, what: Waiting) -> Job:
        return self.do(self.shop.jobs.approve(job, what)) or job

    @rule(
        target=jobs,
        job=jobs,
        choices=st.lists(st.sampled_from([0, 1, 2, 3]), min_size=1, max_size=2),
        cost=st.sampled_from([1_000, 700, 150, 1, 0]),
        person_pays=st.booleans(),
        hasty=st.booleans(),
        late=st.booleans(),
    )
    def some_steps(self, job: Job, choices: list[int], cost: int, *, person_pays: bool, hasty: bool, late: bool) -> Job:
        """The next legal steps: of the Job as it was once seen (`late`), or is; `hasty`: at fal before anything."""
        job = job if late else self._as_it_is(job)
        for choice in ([0, 0] if hasty and job.state is State.ADMITTED else []) + choices:
            job = self._legal_step(job, choice, cost, person_pays=person_pays)
        return job

    def _as_it_is(self, job: Job) -> Job:
        found = self.do(self.shop.jobs.get(job.id))
        assert found is not None
        return found

    def _legal_step(self, job: Job, choice: int, cost: int, *, person_pays: bool) -> Job:
        events = list(TRANSITIONS[job.state])
        if not events or (job.state is State.FAILED and job.reason is not Reason.LOST):
            return job
        event = events[choice % len(events)]
        if event is Event.APPROVED:
            return job
        closing = _closing(event, cost, person_pays=person_pays) if (job.state, event) in ENDS_MONEY else None
        changes: dict[str, Any] = {"ticket": a_ticket(f"request-{job.id}")} if event is Event.ACCEPTED else {}
        reason = Reason.LOST if event is Event.LOST else Reason.NONE
        stepped = self.do(self.shop.jobs.record(job, event, closing=closing, reason=reason, **changes))
        if stepped is not None and closing is not None:
            self._close(job, closing)
        return stepped or job

    @rule(job=jobs, event=st.sampled_from(Event))
    def an_illegal_step(self, job: Job, event: Event) -> None:
        if event in TRANSITIONS[job.state]:
            return
        try:
            self.do(self.shop.jobs.record(job, event))
        except IllegalTransition:
            return
        raise AssertionError(f"{job.state} by {event} went through")

    def _close(self, job: Job, closing: Closing) -> None:
        """The same in words of our own: who pays, who is let off, and what nobody had set aside."""
        for (cause, account), book in self.books.items():
            if cause != job.id:
                continue
            book["held"] -= book["hold"]
            spared = closing.ending is Ending.RELEASED or (
                is_personal(account) and (closing.ending is Ending.LOST or self._owner_bears(closing))
            )
            due = book["hold"] if closing.ending is Ending.LOST else closing.cost_microusd
            book["spent"] += 0 if spared else min(due, book["hold"])
            if account == "bot" and closing.ending is Ending.LOST:
                self.lost += due
            if account == "bot" and not spared and due > book["hold"]:
                self.overrun += due - book["hold"]
                book["spent"] += due - book["hold"]

    def _owner_bears(self, closing: Closing) -> bool:
        return closing.ending is Ending.BILLED_FAILURE and not closing.person_pays

    @invariant()
    def the_audit_is_quiet_and_the_books_agree(self) -> None:
        if not hasattr(self, "shop"):
            return
        found = self.do(self.shop.audit())
        assert found.findings == ()
        assert (found.overruns, found.losses) == (self.overrun, self.lost)
        assert self._stored() == self._booked()

    def _stored(self) -> dict[str, tuple[int, int]]:
        rows = self.do(
            self.shop.database.read(
                "SELECT account, sum(held) AS held, sum(spent) AS spent, min(held) AS least, min(spent) AS poorest "
                "FROM balances WHERE period LIKE 'month:%' GROUP BY account"
            )
        )
        assert all(row["least"] >= 0 and row["poorest"] >= 0 for row in rows)
        return {row["account"]: (row["held"], row["spent"]) for row in rows}

    def _booked(self) -> dict[str, tuple[int, int]]:
        totals: dict[str, Counter[str]] = {}
        for (_, account), book in self.books.items():
            totals.setdefault(account, Counter()).update(book)
        return {account: (book["held"], book["spent"]) for account, book in totals.items()}

    @override
    def teardown(self) -> None:
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.close()


def _closing(event: Event, cost: int, *, person_pays: bool) -> Closing:
    if event is Event.COMPLETED:
        return Closing(ending=Ending.PAID, cost_microusd=cost)
    if event is Event.LOST:
        return Closing(ending=Ending.LOST)
    if event in DYING and cost:
        return Closing(ending=Ending.BILLED_FAILURE, cost_microusd=cost, person_pays=person_pays)
    return Closing(ending=Ending.RELEASED)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure small takes longer than reading it
    suppress_health_check=[HealthCheck.too_slow],
)
