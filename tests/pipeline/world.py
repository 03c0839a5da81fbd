"""The whole pipeline on a real store and a real fal client, with a clock that a test moves by hand.

Nothing runs by itself: a test calls a stage's `advance` and looks at the store, at fal and at the thread.
"""

import itertools
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.after import Aftercare
from bot.actions.budgeting import Budgeting
from bot.actions.buttons import Buttons
from bot.actions.consent import Consenting
from bot.actions.demand import Demands
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.press import Presses
from bot.actions.review import Reviewing
from bot.app.stages import Stages, advancing
from bot.chat.room.chat import ROOM, RoomChat
from bot.domain.after import Hiding
from bot.domain.ask import Account, Ask, Attachment, Place
from bot.domain.catalogue import Catalogue
from bot.domain.errors import FalLocked
from bot.domain.job import Job, State
from bot.domain.ledger import Limits
from bot.domain.moderation import Faces, Rules
from bot.domain.notice import Action
from bot.domain.order import draft
from bot.domain.progress import Observation
from bot.domain.quota import Policy, Strangers, Tier
from bot.domain.sanction import StrikePolicy
from bot.domain.screener import Screener
from bot.domain.screening import Bounds, Missing
from bot.domain.wish import read
from bot.fal.client import FalClient, Patience
from bot.fal.hosts import FalHosts
from bot.pipeline.announce import Announce
from bot.pipeline.cards import Cards
from bot.pipeline.deliver import Deliver, DeliverSettings
from bot.pipeline.doubt import Doubt
from bot.pipeline.expose import Expose
from bot.pipeline.frames import Frames
from bot.pipeline.gate import Gate
from bot.pipeline.intake import Intake, IntakeSettings
from bot.pipeline.judging import Judging
from bot.pipeline.moderators import Moderators
from bot.pipeline.pace import Pace
from bot.pipeline.review import Review
from bot.pipeline.screeners import Screeners
from bot.pipeline.screening import Screening
from bot.pipeline.submit import Submit, SubmitSettings
from bot.pipeline.watch import Watch
from bot.ports.chat import Chat
from bot.ports.clock import Now
from bot.ports.media import Media, Uploads
from bot.ports.queue import WebhookUrl
from bot.ports.wakeups import Wakeups
from bot.store.afters import Afters
from bot.store.audit import audit
from bot.store.books import Books
from bot.store.budgets import Budgets
from bot.store.consents import Consents
from bot.store.database import open_database
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.inbox import Inbox
from bot.store.jobs import Jobs
from bot.store.people import People
from bot.store.room import RoomStore
from bot.store.sanctions import Sanctions
from bot.store.screening import Screenings
from tests.actions.consents import a_taking_back
from tests.actions.privacies import a_privacy
from tests.pipeline.example import EXAMPLE, Example, Faulty, Files, Wakes

FREE = Policy(zone=ZoneInfo("UTC"), everyone=Tier(name="everyone", limits=Limits()))
PATIENCE = Patience(connect_s=2.0, idle_s=5.0, submit_s=5.0, question_s=5.0, transfer_s=5.0)
PICTURE = b"a picture"
CALM = Rules(faces=Faces.OFF)
BOUNDS = Bounds(doubt_from=0.5, refuse_from=0.9, missing=Missing.REVIEW, review_s=86_400)
PATIENCE_S = 90


class HandClock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def go_on(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds, minutes=minutes, hours=hours)


@dataclass(slots=True, kw_only=True)
class Setting:
    """What a test wants otherwise than usual."""

    catalogue: Catalogue
    hosts: FalHosts
    concurrency: int = 2
    policy: Policy = FREE
    rules: Rules = CALM
    bounds: Bounds = BOUNDS
    judging: Limits = field(default_factory=Limits)
    hiding: Hiding = field(default_factory=Hiding)
    media: Media | None = None
    uploads: Uploads | None = None
    work: Wakeups | None = None
    clock: HandClock = field(default_factory=HandClock)
    now: Now | None = None
    webhook_url: WebhookUrl | None = None


@dataclass(slots=True, kw_only=True)
class World:
    """Everything there is; stages can be built anew, as after a crash."""

    setting: Setting
    clock: HandClock
    now: Now
    database: Faulty
    inbox: Inbox
    jobs: Jobs
    people: People
    groups: Groups
    budgets: Budgets
    sanctions: Sanctions
    afters: Afters
    consents: Consents
    rows: RoomStore
    client: FalClient
    files: Files
    example: Example
    work: Wakeups
    news: Wakes
    asks: Wakes
    alerts: list[FalLocked]
    observations: dict[str, Observation] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    gate: Gate = field(init=False)
    submit: Submit = field(init=False)
    watch: Watch = field(init=False)
    deliver: Deliver = field(init=False)
    announce: Announce = field(init=False)
    cards: Cards = field(init=False)
    expose: Expose = field(init=False)
    aftercare: Aftercare = field(init=False)
    judging: Judging = field(init=False)
    intake: Intake = field(init=False)
    review: Review = field(init=False)
    screening: Screening = field(init=False)
    demand: Demands = field(init=False)
    presses: Presses = field(init=False)
    buttons: Buttons = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    @property
    def chats(self) -> Mapping[str, Chat]:
        return {EXAMPLE: self.example, ROOM: RoomChat(self.rows)}

    @property
    def media(self) -> Media:
        return self.setting.media or self.files

    def restart(self) -> None:
        """Forget all that is only in memory."""
        setting, jobs, now = self.setting, self.jobs, self.now
        catalogue, chats = setting.catalogue, self.chats
        self.observations.clear()
        self.gate = gate = Gate(now=now, alert=self.alerts.append)
        self.review = Review(jobs=jobs, now=now)
        self.demand = Demands(sanctions=self.sanctions, standings=self.people, strangers=Strangers.WELCOME, now=now)
        self.aftercare = Aftercare(
            jobs=jobs,
            afters=self.afters,
            groups=self.groups,
            demand=self.demand,
            hiding=setting.hiding,
            policy=StrikePolicy(),
            now=now,
        )
        self.presses = Presses(
            inbox=self.inbox,
            jobs=jobs,
            now=now,
            new_id=self.new_id,
            demand=self.demand,
            take_down=self.aftercare.take_down,
        )
        self.buttons = Buttons(
            presses=self.presses,
            doorkeeping=Doorkeeping(standings=self.people, now=now),
            reviewing=Reviewing(jobs=jobs, demand=self.demand, timeout=timedelta(hours=24), now=now),
            consenting=Consenting(
                jobs=jobs, consents=self.consents, demand=self.demand, lasts=timedelta(days=180), now=now
            ),
            privacy=a_privacy(self.database, self.presses, now),
            budgeting=Budgeting(
                budgets=self.budgets,
                balances=Books(self.database),
                demand=self.demand,
                policy=setting.policy,
                now=now,
            ),
            taking_back=a_taking_back(self.database, now),
            aftercare=self.aftercare,
        )
        moderators = Moderators(chats=chats, groups=self.groups)
        self.expose = Expose(
            jobs=jobs,
            afters=self.afters,
            media=self.media,
            chats=chats,
            catalogue=catalogue,
            moderators=moderators,
        )
        self.cards = Cards(
            jobs=jobs,
            moderators=moderators,
            catalogue=catalogue,
            groups=self.groups,
            sanctions=self.sanctions,
            decisions=Decisions(self.database),
            now=now,
        )
        self.announce = Announce(
            jobs=jobs,
            consents=self.consents,
            chats=chats,
            catalogue=catalogue,
            observations=self.observations,
            gate=gate,
            now=now,
        )
        self.submit = self.submitting(self.client)
        self.watch = Watch(
            jobs=jobs,
            queue=self.client,
            catalogue=catalogue,
            gate=gate,
            doubt=Doubt(jobs=jobs, queue=self.client, catalogue=catalogue, now=now),
            pace=Pace(jobs=jobs, catalogue=catalogue, webhooks=setting.webhook_url is not None, now=now),
            observations=self.observations,
            pause=self.people.pause_endpoint,
            free_failures_per_day=2,
            now=now,
        )
        self.deliver = Deliver(
            jobs=jobs,
            media=self.media,
            chats=chats,
            catalogue=catalogue,
            now=now,
            settings=DeliverSettings(),
            may_post=self.frames().may_post,
        )
        self.screening = Screening(
            screenings=self.screenings(),
            patience=timedelta(seconds=PATIENCE_S),
            now=now,
        )
        self.judging = Judging(
            rules=setting.rules,
            policy=setting.policy,
            standings=self.people,
            groups=self.groups,
            budgets=self.budgets,
            sanctions=self.sanctions,
            consents=self.consents,
            now=now,
            screeners=self.screeners(),
        )
        self.intake = Intake(
            inbox=self.inbox,
            jobs=jobs,
            media=self.media,
            uploads=setting.uploads or self.files,
            chats=chats,
            catalogue=catalogue,
            judging=self.judging,
            standings=self.people,
            now=now,
            settings=IntakeSettings(),
        )

    def screenings(self) -> Screenings:
        """What judges pictures, in the store."""
        return Screenings(self.database, work=self.work, news=self.news, now=self.now, new_id=self.new_id)

    def frames(self) -> Frames:
        """What has frames of reels judged."""
        return Frames(
            screenings=self.screenings(),
            screeners=self.screeners(),
            groups=self.groups,
            media=self.media,
            policy=self.setting.policy,
        )

    def screeners(self) -> Screeners:
        """Who judges pictures."""
        setting = self.setting
        judge = next(iter(setting.catalogue.judges), None)
        screener = Screener(endpoint=judge, bounds=setting.bounds, limits=setting.judging)
        return Screeners(screener=screener, rules=setting.rules, standings=self.people)

    def submitting(self, client: FalClient) -> Submit:
        """The submit stage over this client."""
        return Submit(
            jobs=self.jobs,
            queue=client,
            media=self.media,
            catalogue=self.setting.catalogue,
            gate=self.gate,
            work=self.work,
            webhook_url=self.setting.webhook_url or (lambda _: None),
            now=self.now,
            settings=SubmitSettings(concurrency=self.setting.concurrency),
        )

    def advance(self) -> Any:
        """What the program's wake-ups would call."""
        stages = Stages(
            review=self.review,
            submit=self.submit,
            watch=self.watch,
            deliver=self.deliver,
            screening=self.screening,
        )
        return advancing(self.jobs, stages)

    def new_id(self) -> str:
        return f"job{next(self.numbers):04}"

    def ask(
        self, text: str, *, who: str = "ann", files: Sequence[Attachment] = (), group: str = "", place: str = "thread"
    ) -> Ask:
        """What somebody asks on the example platform."""
        number = self.new_id()
        return Ask(
            id=number,
            event_id=f"event-{number}",
            account=Account(platform=EXAMPLE, id=who, name=who),
            group=group,
            place=Place(platform=EXAMPLE, address=place),
            wish=read(text, self.setting.catalogue).wish,
            attachments=tuple(files),
            received_at=self.now(),
        )

    def picture(self, data: bytes = PICTURE, name: str = "me.jpg") -> Attachment:
        """A file on the example platform."""
        self.example.files[name] = [data]
        return Attachment(platform=EXAMPLE, handle=name, name=name, content_type="image/jpeg", size_bytes=len(data))

    async def admitted(self, text: str = "/video a paper boat", **more: Any) -> Job:
        """A Job, through the inbox and intake."""
        return await self.taken_in(self.ask(text, **more))

    async def taken_in(self, ask: Ask) -> Job:
        """The same for an Ask that is made already."""
        draft(ask.wish, ask.attachments, self.setting.catalogue, sandbox=False)
        await self.inbox.receive(ask)
        await self.intake.advance(ask.id)
        return await self.job(ask.id)

    async def at_fal(self, text: str = "/video a paper boat", **more: Any) -> Job:
        """A Job that fal has."""
        job = await self.admitted(text, **more)
        await self.submit.advance(job)
        job = await self.job(job.id)
        assert job.state is State.SUBMITTED, job.state
        return job

    async def job(self, job_id: str) -> Job:
        """The Job as it is now."""
        found = await self.jobs.get(job_id)
        assert found is not None
        return found

    async def children(self, job: Job) -> list[Job]:
        """The Jobs that judge its pictures, as they are now."""
        rows = await self.database.read("SELECT id FROM jobs WHERE parent = $1 ORDER BY created_at, id", job.id)
        return [await self.job(row["id"]) for row in rows]

    async def watched(self, job: Job) -> Job:
        """The Job after one look at fal."""
        await self.watch.advance(await self.job(job.id))
        return await self.job(job.id)

    async def delivered(self, job: Job) -> Job:
        """The Job after one attempt to deliver."""
        await self.deliver.advance(await self.job(job.id))
        return await self.job(job.id)

    async def pressed(self, action: Action, subject: str, who: str = "ann") -> str:
        """What a button answers."""
        return (await self.presses.press(action, subject, Account(platform=EXAMPLE, id=who))).text

    def is_shut(self) -> bool:
        """Whether the gate is."""
        return self.gate.is_shut

    async def money(self, job: Job) -> set[tuple[str, str, int]]:
        """The ledger's rows of a Job but its Holds: whose, what, how much."""
        rows = await self.database.read(
            "SELECT account, kind, amount_microusd FROM ledger WHERE cause = $1 AND kind <> 'hold'", job.id
        )
        return {(row["account"].partition(":")[0], row["kind"], row["amount_microusd"]) for row in rows}

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int((await self.database.read(f"SELECT count(*) AS n FROM {table}"))[0]["n"])  # noqa: S608  names are ours


@asynccontextmanager
async def world(folder: Path, setting: Setting) -> AsyncIterator[World]:
    """A world of its own; at its end the ledger is proved."""
    clock = setting.clock
    now = setting.now or clock.now
    database = Faulty(await open_database(folder / "store.db", busy_s=0.05))
    files, news, asks = Files(folder / "files"), Wakes(), Wakes()
    work = setting.work or Wakes()
    numbers = itertools.count(1)
    client = client_of(setting.hosts, now)
    made = World(
        setting=setting,
        clock=clock,
        now=now,
        database=database,
        inbox=Inbox(database, intake=asks, now=now),
        jobs=Jobs(database, work=work, news=news, now=now, new_id=lambda: f"person{next(numbers):04}"),
        people=People(database, now=now),
        groups=Groups(database, now=now),
        budgets=Budgets(database, now=now, new_id=lambda: f"person{next(numbers):04}"),
        sanctions=Sanctions(database, now=now),
        afters=Afters(database, news=news, now=now),
        consents=Consents(database),
        rows=RoomStore(database, now=now, changed=lambda: None),
        client=client,
        files=files,
        example=Example(),
        work=work,
        news=news,
        asks=asks,
        alerts=[],
    )
    try:
        yield made
        found = await audit(database)
        assert not found.findings
    finally:
        await client.close()
        await database.close()


def client_of(hosts: FalHosts, now: Now) -> FalClient:
    """A client of fal, without the public authorities: they take long to load, and nothing here is encrypted."""
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return FalClient(hosts, "key-id:key-secret", now=now, patience=PATIENCE, ssl_context=bare)


def limited(**limits: int) -> Policy:
    """A policy with limits for everybody, in micro-dollars by period."""
    return replace(FREE, everyone=Tier(name="everyone", limits=Limits(**limits)))
