"""A real store with its parts, for tests of what is kept: the clock is ours and every wake-up is written down."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.domain.ask import Account, Ask
from bot.domain.job import Event, Job, Reason, State
from bot.domain.ledger import Closing, Ending
from bot.domain.linking import Outcome
from bot.domain.moderation import Verdict
from bot.domain.order import Order
from bot.domain.quota import Admission, Policy
from bot.ports.wakeups import Tx
from bot.store.afters import Afters
from bot.store.audit import Audit, audit
from bot.store.budgets import Budgets
from bot.store.consents import Consents
from bot.store.database import Database, open_database
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.inbox import Inbox
from bot.store.jobs import Jobs
from bot.store.linking import LinkStore
from bot.store.people import People
from bot.store.sanctions import Sanctions
from tests.builders import UTC_ZONE, Clock, Ids, a_policy, a_result, a_ticket, an_ask, an_order

RELEASED = Closing(ending=Ending.RELEASED)


@dataclass(slots=True)
class Recorded:
    """A Wakeups port that writes down what is woken, once the transaction is committed."""

    woken: list[tuple[str, datetime | None]] = field(default_factory=list)

    def wake(self, tx: Tx, key: str, *, at: datetime | None = None) -> None:
        tx.after_commit(lambda: self.woken.append((key, at)))

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        self.woken.append((key, at))

    async def run(self, advance: Callable[[str], Awaitable[float | None]], *, concurrency: int) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def taken(self) -> list[tuple[str, datetime | None]]:
        """What was woken since the last look."""
        found, self.woken = self.woken, []
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The store and what stands on it."""

    path: Path
    database: Database
    inbox: Inbox
    jobs: Jobs
    people: People
    links: LinkStore
    budgets: Budgets
    groups: Groups
    sanctions: Sanctions
    afters: Afters
    consents: Consents
    decisions: Decisions
    clock: Clock
    intake: Recorded
    work: Recorded
    news: Recorded

    async def admit(
        self,
        ask: Ask | None = None,
        order: Order | None = None,
        policy: Policy | None = None,
        verdict: Verdict | None = None,
    ) -> Admission:
        """Receive an Ask and ask to admit it."""
        ask = ask or an_ask()
        await self.inbox.receive(ask)
        return await self.jobs.admit(ask, order or an_order(), verdict or Verdict(), policy or a_policy())

    async def admitted(self, name: str = "ask-1", **changes: object) -> Job:
        """A Job in ADMITTED."""
        admission = await self.admit(an_ask(name, **changes))
        assert admission.job is not None
        return admission.job

    async def submitted(self, name: str = "ask-1", **changes: object) -> Job:
        """A Job in SUBMITTED."""
        job = await self.step(await self.admitted(name, **changes), Event.PICKED)
        return await self.step(job, Event.ACCEPTED, ticket=a_ticket(f"request-{name}"))

    async def completed(self, name: str = "ask-1", *, cost: int = 200_000, **changes: object) -> Job:
        """A Job in COMPLETED, paid."""
        job = await self.submitted(name, **changes)
        paid = Closing(ending=Ending.PAID, cost_microusd=cost)
        return await self.step(job, Event.COMPLETED, closing=paid, cost_microusd=cost, result=a_result())

    async def in_state(self, state: State, name: str = "ask-1") -> Job:
        """A Job led to one of the later states by legal steps."""
        match state:
            case State.COMPLETED:
                return await self.completed(name)
            case State.UNDELIVERED:
                job = await self.step(await self.completed(name), Event.CLAIMED)
                return await self.step(job, Event.NOWHERE_TO_POST, reason=Reason.NOWHERE)
            case State.DELIVERED:
                job = await self.step(await self.completed(name), Event.CLAIMED)
                return await self.step(job, Event.POSTED, reel_receipt="line-2")
            case _:
                raise ValueError(state)

    async def step(self, job: Job, event: Event, **rest: object) -> Job:
        """One step that must succeed."""
        stepped = await self.jobs.record(job, event, **rest)  # type: ignore[arg-type]  # passed on
        assert stepped is not None
        return stepped

    async def join(self, maker: Account, typer: Account) -> None:
        """What a code that one account makes and the other types does."""
        digest = f"the hash of a code of {maker.platform}:{maker.id} at {self.clock.at}"
        await self.links.offer(maker, digest)
        assert (await self.links.redeem(typer, digest)).outcome in {Outcome.JOINED, Outcome.ALREADY}

    async def audit(self) -> Audit:
        """What the store's own audit says."""
        return await audit(self.database)

    async def counts(self) -> dict[str, int]:
        """How many rows each table of money and people has."""
        tables = ("inbox", "people", "accounts", "jobs", "ledger", "balances", "staged")
        # The names are these seven.
        rows = {table: await self.database.read(f"SELECT count(*) AS n FROM {table}") for table in tables}  # noqa: S608
        return {table: found[0]["n"] for table, found in rows.items()}

    async def ledger(self, cause: str = "ask-1") -> Sequence[tuple[str, str, int]]:
        """The rows of one Job: account, kind, amount, in the order they were written."""
        rows = await self.database.read(
            "SELECT account, kind, amount_microusd FROM ledger WHERE cause = $1 ORDER BY seq", cause
        )
        return [(row["account"], row["kind"], row["amount_microusd"]) for row in rows]


@asynccontextmanager
async def shop(path: Path) -> AsyncIterator[Shop]:
    """An open store of its own file, with the shipped schema."""
    database = await open_database(path)
    clock, ids = Clock(), Ids()
    intake, work, news = Recorded(), Recorded(), Recorded()
    try:
        yield Shop(
            path=path,
            database=database,
            inbox=Inbox(database, intake=intake, now=clock),
            jobs=Jobs(database, work=work, news=news, now=clock, new_id=ids),
            people=People(database, now=clock),
            links=LinkStore(database, zone=UTC_ZONE, now=clock, new_id=ids),
            groups=Groups(database, now=clock),
            budgets=Budgets(database, now=clock, new_id=ids),
            sanctions=Sanctions(database, now=clock),
            afters=Afters(database, news=news, now=clock),
            consents=Consents(database),
            decisions=Decisions(database),
            clock=clock,
            intake=intake,
            work=work,
            news=news,
        )
    finally:
        await database.close()
