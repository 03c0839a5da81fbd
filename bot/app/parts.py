"""The objects of a running program, built group by group; nothing is built anywhere else."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.actions.invitation import Invitations
from bot.app import clock
from bot.app.alerts import Alerts
from bot.app.metrics import MeteredJobs, Metrics
from bot.app.pulse import Pulse
from bot.app.secret import SECRET_BYTES, kept_secret
from bot.app.vitals import Vitals, WatchedDatabase
from bot.chat.room.bell import Bell
from bot.chat.room.chat import RoomChat
from bot.domain.alerts import LOCKED, locked_alert
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Blame
from bot.domain.progress import Observation
from bot.fal.client import FalClient, Patience
from bot.fal.hosts import FalHosts
from bot.fal.kinds import KINDS
from bot.media.fetch import Fetcher
from bot.media.plots import Plotter
from bot.media.staging import Staging
from bot.media.studio import Studio
from bot.media.uploads import Uploads
from bot.media.worker import MediaWorker
from bot.pipeline.announce import Announce
from bot.pipeline.fuse import Fuse
from bot.pipeline.gate import Gate
from bot.ports.chat import Chat
from bot.ports.vitals import Vital
from bot.settings.environment import Settings
from bot.store.afters import Afters
from bot.store.alerts import AlertStore
from bot.store.consents import Consents
from bot.store.database import Database, open_database
from bot.store.inbox import Inbox
from bot.store.jobs import Jobs
from bot.store.people import People
from bot.store.registers import Registers
from bot.store.room import RoomStore
from bot.store.wakeups import HeapWakeups

DAY_S = 24 * 3600

STORE, FAL = "The store", "fal"
"""Parts whose health is told; the platforms name themselves."""

OpenStore = Callable[[Path], Awaitable[Database]]


async def open_whole(path: Path) -> Database:
    """The store, after every page of it was read: what a disk did to it is found before anything is built on it."""
    return await open_database(path, quick_check=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to build: settings, catalogue and the data folder. `open_store` is a seam for crash tests."""

    settings: Settings
    catalogue: Catalogue
    data: Path
    open_store: OpenStore = open_whole

    @property
    def sandbox(self) -> bool:
        """Whether fal is a sandbox."""
        return self.settings.fal.sandbox

    def path(self, name: str) -> Path:
        """A folder within the data folder, made if need be."""
        folder = self.data / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is on disk, and who wakes whom when it changes: `bell` rings for the Room's lines, `pulse` for Jobs."""

    database: Database
    inbox: Inbox
    jobs: Jobs
    people: People
    room: RoomStore
    intake: HeapWakeups
    work: HeapWakeups
    news: HeapWakeups
    bell: Bell
    pulse: Bell
    vitals: Vitals
    metrics: Metrics
    alerts: Alerts
    fuse: Fuse
    afters: Afters
    secret: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is outside: fal, media, the platforms. `observations` is what was last seen of Jobs at fal."""

    fal: FalClient
    studio: Studio
    uploads: Uploads
    plotter: Plotter
    chats: dict[str, Chat]
    gate: Gate
    invitations: Invitations
    observations: dict[str, Observation] = field(default_factory=dict)


async def build_kept(plan: Plan, stack: AsyncExitStack) -> Kept:
    """Open the store. Raises StoreUnusable, StoreUnavailable."""
    plan.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = await plan.open_store(plan.data / plan.settings.store.file)
    stack.push_async_callback(opened.close)
    vitals = Vitals(now=clock.now)
    database = WatchedDatabase(opened, vitals.of(STORE))
    grace_s = plan.settings.pipeline.shutdown_s
    intake, work, news = (HeapWakeups(clock.now, clock.wait, grace_s=grace_s) for _ in range(3))
    bell, pulse, metrics = Bell(), Bell(), Metrics()
    alerts = Alerts(AlertStore(database, now=clock.now, new_id=clock.new_id), vitals)
    people = People(database, now=clock.now)
    fuse = _fuse(plan, people, database, alerts)
    return Kept(
        database=database,
        inbox=Inbox(database, intake=intake, now=clock.now),
        jobs=MeteredJobs(
            database,
            metrics=metrics,
            stepped=fuse.stepped,
            work=work,
            news=Pulse(news, pulse.ring),
            now=clock.now,
            new_id=clock.new_id,
            review_lasts=timedelta(seconds=plan.settings.pipeline.review_s),
        ),
        people=people,
        room=RoomStore(database, now=clock.now, changed=bell.ring),
        intake=intake,
        work=work,
        news=news,
        bell=bell,
        pulse=pulse,
        vitals=vitals,
        metrics=metrics,
        alerts=alerts,
        fuse=fuse,
        afters=Afters(database, news=Pulse(news, pulse.ring), now=clock.now),
        secret=_secret(plan),
    )


def _secret(plan: Plan) -> bytes:
    given = plan.settings.secret
    return given.get_secret_value().encode() if given else kept_secret(plan.data, clock.entropy(SECRET_BYTES))


def _fuse(plan: Plan, people: People, database: Database, alerts: Alerts) -> Fuse:
    return Fuse(
        catalogue=plan.catalogue,
        pause=people.pause_endpoint,
        paused=Registers(database).paused,
        alert=alerts.tell,
        blames_person=lambda kind: KINDS.get(kind, (Blame.PROVIDER, False))[0] is Blame.PERSON,
        now=clock.now,
    )


def fal_hosts(plan: Plan) -> FalHosts:
    """Where fal is."""
    fal = plan.settings.fal
    return FalHosts(
        queue_url=fal.queue_url,
        rest_url=fal.rest_url,
        cdn_url=fal.cdn_url,
        api_url=fal.api_url,
        site_url=fal.site_url,
    )


def fal_client(plan: Plan, vital: Vital | None = None) -> FalClient:
    """A client of fal with the account's key."""
    key = plan.settings.fal_key
    return FalClient(
        fal_hosts(plan),
        key.get_secret_value() if key else "",
        now=clock.now,
        version=version("reelroom"),
        patience=Patience(submit_s=plan.settings.fal.submit_timeout_s),
        outputs_lifetime_s=plan.settings.fal.file_days * DAY_S,
        vital=vital,
    )


def build_world(plan: Plan, kept: Kept, stack: AsyncExitStack, invitations: Invitations) -> World:
    """Fal's client, the media studio, the platforms; `invitations` lead into the console."""
    media = plan.settings.media
    hosts = fal_hosts(plan)
    client = fal_client(plan, kept.vitals.of(FAL))
    stack.push_async_callback(client.close)
    staging = Staging(plan.path("media"))
    studio = Studio(
        staging=staging,
        reels=Staging(plan.path("reels"), suffix=".mp4"),
        worker=MediaWorker(),
        fitter=MediaWorker(),
        fetcher=Fetcher(trusted_hosts=hosts.trusted_hosts() | frozenset(media.trusted_hosts)),
        max_bytes=media.upload_bytes,
        max_reel_bytes=media.reel_bytes,
        max_pixels=media.picture_megapixels * 1_000_000,
    )
    stack.push_async_callback(studio.close)
    gate = Gate(
        now=clock.now,
        alert=lambda error: kept.alerts.tell_soon(locked_alert(str(error))),
        over=lambda: kept.alerts.over(LOCKED),
    )
    uploads = Uploads(staging, max_bytes=media.upload_bytes)
    drawing = MediaWorker()
    stack.push_async_callback(drawing.close)
    return World(
        fal=client,
        studio=studio,
        uploads=uploads,
        plotter=Plotter(drawing),
        chats={"room": RoomChat(kept.room)},
        gate=gate,
        invitations=invitations,
    )


def build_announce(plan: Plan, kept: Kept, world: World) -> Announce:
    """The stage that says what changed."""
    return Announce(
        jobs=kept.jobs,
        consents=Consents(kept.database),
        chats=world.chats,
        catalogue=plan.catalogue,
        observations=world.observations,
        gate=world.gate,
        now=clock.now,
    )
