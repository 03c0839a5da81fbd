"""The running program: everything built once, started, and stopped within a bound."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.app import clock
from bot.app.address import Address, open_address
from bot.app.console import build_badges, build_console, build_invitations, secrets_of
from bot.app.desks import build_intake, build_reception
from bot.app.discord import build_discord
from bot.app.janitor import Janitor
from bot.app.metrics import counting_faults
from bot.app.parts import (
    Kept,
    Plan,
    World,
    build_kept,
    build_world,
)
from bot.app.platforms import Platform
from bot.app.probes import build_probes
from bot.app.reminder import Reminder
from bot.app.stages import Stages, advancing, build_stages, named
from bot.app.telegram import build_telegram
from bot.app.telling import build_telling
from bot.app.webhooks import HOOK, build_hook, build_webhooks
from bot.chat.room.chat import ROOM
from bot.chat.room.room import Room
from bot.console.console import Console
from bot.domain.job import SETTLED, State
from bot.web.listener import Listener, Opening, open_door
from bot.web.session import Sessions
from bot.web.site import HOOKS_PATH, Hook, Probe, Site, door, guarded, login_url

log = logging.getLogger(__name__)

DOOR = "door"
"""The Unix socket in the data folder, by which `render` and `console` speak to a running bot."""

AT_ONCE = 64
"""Jobs taken on at the same time; most only wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A started program. `url` is where its pages are reached, `port` where it listens, `door` its Unix socket."""

    kept: Kept
    world: World
    site: Site
    url: str
    port: int
    door: Path
    stopping: asyncio.Event

    def login_url(self) -> str:
        """A one-time link into the Room."""
        return login_url(self.site)


Greeting = Callable[[Program], Awaitable[None]]
"""Called once everything is up; it may set `stopping`."""


@asynccontextmanager
async def started(plan: Plan) -> AsyncIterator[Program]:
    """The program, serving and working until the block is left.

    Raises:
        StoreUnusable, StoreUnavailable: the data folder cannot be used.
        ConfigInvalid: the address cannot be listened on.
    """
    async with AsyncExitStack() as stack:
        kept = await build_kept(plan, stack)
        stack.enter_context(counting_faults(kept.metrics))
        address = open_address(plan)
        stack.callback(address.listening.close)
        badges = build_badges(plan, kept)
        world = build_world(plan, kept, stack, build_invitations(badges, address))
        platforms = [one for one in (build_discord(plan, kept, world), build_telegram(plan, kept, world)) if one]
        webhooks = build_webhooks(plan, kept)
        stages = build_stages(plan, kept, world, webhooks.url if webhooks else None)
        hooks: dict[str, Hook] = {each.name: each.hook for each in platforms if each.hook is not None}
        if webhooks is not None:
            hooks[HOOK] = build_hook(plan, kept, world, webhooks, stages.watch)
        probes = build_probes(plan, kept, world, [each.name for each in platforms])
        console = build_console(plan, kept, world, badges, address)
        program, listener = _opened(plan, kept, world, address, console, hooks, probes)
        await _wake_everything(kept)
        tasks = _work(plan, kept, world, stages)
        for task in tasks:
            task.add_done_callback(partial(_ended, program.stopping))
        tasks += [asyncio.create_task(each.run(), name=each.name) for each in platforms]
        await listener.start()
        log.info("ready", extra={"url": program.url})
        try:
            yield program
        finally:
            program.stopping.set()
            await listener.stop()
            await asyncio.gather(*(each.drain() for each in platforms))
            await _wind_down(kept, tasks, platforms)


async def run(plan: Plan, *, greet: Greeting | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    async with started(plan) as program:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, program.stopping.set)
        if greet is not None:
            await greet(program)
        await program.stopping.wait()


def _opened(
    plan: Plan,
    kept: Kept,
    world: World,
    address: Address,
    console: Console,
    hooks: Mapping[str, Hook],
    probes: Mapping[str, Probe],
) -> tuple[Program, Listener]:
    room = _room(plan, kept, world)
    site = Site(
        routes=room.routes(),
        sessions=Sessions(secrets=secrets_of(plan, kept), now=clock.now, entropy=clock.entropy),
        hosts=address.hosts,
        base_url=address.base_url,
        lobby=room.lobby(),
        limits={**room.limits(), f"{HOOKS_PATH}{HOOK}": plan.settings.webhook.body_bytes},
        hooks=hooks,
        areas={console.PATH: console.app()},
        behind_door=console.behind_door(),
        probes=probes,
        probe_hosts=address.own_hosts,
    )
    door_path = plan.data / DOOR
    openings = [
        Opening(socket=address.listening, app=guarded(site)),
        Opening(socket=open_door(door_path), app=door(site)),
    ]
    program = Program(
        kept=kept,
        world=world,
        site=site,
        url=address.base_url,
        port=address.port,
        door=door_path,
        stopping=asyncio.Event(),
    )
    return program, Listener(openings, before_stop=partial(_stop_streams, kept))


def _room(plan: Plan, kept: Kept, world: World) -> Room:
    return Room(
        front=build_reception(plan, kept, world, ROOM),
        keep=world.uploads.keep,
        files=world.studio,
        rows=kept.room,
        bell=kept.bell,
        now=clock.now,
        new_id=clock.new_id,
        sandbox=plan.sandbox,
        upload_bytes=plan.settings.media.upload_bytes,
    )


def _stop_streams(kept: Kept) -> None:
    kept.bell.close()
    kept.pulse.close()


async def _wake_everything(kept: Kept) -> None:
    """After a start, the store says what is under way."""
    for ask_id in await kept.inbox.open_ids():
        kept.intake.nudge(ask_id)
    for job_id, state, next_at in await kept.jobs.open_ids():
        kept.work.nudge(job_id, at=next_at if state in {State.ADMITTED, State.IN_REVIEW} else None)
        if state not in SETTLED:
            kept.news.nudge(job_id)
    for job_id in [*await kept.jobs.unsaid_ids(), *await kept.afters.unsettled_ids()]:
        kept.news.nudge(job_id)


def _work(plan: Plan, kept: Kept, world: World, stages: Stages) -> list[asyncio.Task[None]]:
    intake = build_intake(plan, kept, world)
    telling = build_telling(plan, kept, world)
    janitor = Janitor(plan=plan, kept=kept, studio=world.studio, forget=world.fal.forget, now=clock.now)
    reminder = Reminder(
        data=plan.data,
        days=plan.settings.store.backup_days,
        memory=kept.people,
        alert=kept.alerts.tell,
        now=clock.now,
    )
    running = {
        "intake": kept.intake.run(named(intake.advance), concurrency=8),
        "work": kept.work.run(advancing(kept.jobs, stages), concurrency=AT_ONCE),
        "news": kept.news.run(named(telling), concurrency=AT_ONCE),
        "janitor": janitor.run(clock.sleep),
        "alerts": kept.alerts.run({name: chat for name, chat in world.chats.items() if name != ROOM}, clock.wait),
        "fuse": kept.fuse.run(clock.wait),
        "reminder": reminder.run(clock.sleep),
        "lag": kept.metrics.measure_lag(clock.sleep),
    }
    return [asyncio.create_task(each, name=name) for name, each in running.items()]


def _ended(stopping: asyncio.Event, task: asyncio.Task[None]) -> None:
    """A program that lost a part looks alive and does nothing: better to stop and be started again."""
    if not stopping.is_set():
        error = None if task.cancelled() else task.exception()
        log.critical("a part of the program has ended; stopping", extra={"part": task.get_name()}, exc_info=error)
        stopping.set()


async def _wind_down(kept: Kept, tasks: list[asyncio.Task[None]], platforms: Sequence[Platform]) -> None:
    """Let what is under way end, within the bound of each; what is cut off is resumed at the next start."""
    await asyncio.gather(kept.intake.close(), kept.work.close(), kept.news.close())
    await asyncio.gather(*(each.close() for each in platforms))
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            log.error("a part of the program had ended early", exc_info=result)
