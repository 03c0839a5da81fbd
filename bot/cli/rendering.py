"""`render` and `console`: what is done through the door of a running bot, or of one started for the occasion."""

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import typer

from bot.app import clock
from bot.app.parts import Plan
from bot.app.program import DOOR, started
from bot.chat.terminal.client import Decide, File, Terminal, decline
from bot.chat.terminal.progress import shown
from bot.cli.planning import demand_key, log_as_set, on_port, plan_of, sandboxed
from bot.domain.ask import Wish
from bot.domain.catalogue import Catalogue
from bot.domain.models import CUSTOM, MODEL
from bot.domain.notice import Notice
from bot.domain.wish import ALIASES, ON

_LINK = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A command line taken apart: what is wished, and the files to send with it."""

    wish: Wish
    files: tuple[File, ...]


async def render_one(
    config: Path, data: Path, words: Sequence[str], output: Path, *, sandbox_speed: float | None
) -> None:
    """Make one reel, with a progress bar, and put it where it is wanted."""
    plan = plan_of(config, data)
    log_as_set(plan.settings, quiet=True)
    line = read_line(words, plan.catalogue)
    async with _door(plan, sandbox_speed) as door:
        terminal = Terminal(door, new_id=clock.new_id, sleep=clock.sleep, decide=_asker())
        with shown(sys.stderr) as tell:
            async with terminal:
                made = await terminal.render(line.wish, line.files, output, on_progress=tell)
    size = f"{made.width_px} x {made.height_px} px, {made.seconds:g} s, {made.size_bytes / 1_000_000:.1f} MB"
    typer.echo(f"{made.path}: {size}")


async def print_console_link(data: Path, *, role: str, group: str, name: str) -> None:
    """A one-time link to the console of the running bot."""
    async with Terminal(data / DOOR, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        typer.echo(await terminal.console_link(role=role, group=group, name=name))


async def print_room_link(data: Path) -> None:
    """A one-time link into the Room of the running bot."""
    async with Terminal(data / DOOR, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        typer.echo(await terminal.login_link())


def read_line(words: Sequence[str], catalogue: Catalogue) -> Line:
    """`effect Kiss --image me.jpg --duration 8`: words before the first option are the command's lead."""
    command, *rest = words
    lead: list[str] = []
    pairs: list[tuple[str, str]] = []
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            lead.append(word)
            continue
        name, given, value = word[2:].partition("=")
        if not given:
            value = rest.pop(0) if rest and not rest[0].startswith("--") else ON
        pairs.append((ALIASES.get(name, name), value))
    wish = _with_lead(Wish(command=command.lstrip("/")), " ".join(lead), catalogue)
    files: list[File] = []
    for name, value in pairs:
        if name == MODEL:
            wish = replace(wish, model=value)
        elif _takes_files(name, catalogue) and not _LINK.match(value):
            files.append((name, Path(value)))
        else:
            wish = replace(wish, options={**wish.options, name: value})
    return Line(wish=wish, files=tuple(files))


def _with_lead(wish: Wish, lead: str, catalogue: Catalogue) -> Wish:
    if not lead:
        return wish
    if wish.command == CUSTOM:
        return replace(wish, model=lead)
    known = catalogue.commands.get(wish.command)
    return replace(wish, options={known.lead if known and known.lead else lead: lead})


def _takes_files(name: str, catalogue: Catalogue) -> bool:
    return any(option.is_media for one in catalogue.endpoints if (option := one.option(name)))


@asynccontextmanager
async def _door(plan: Plan, sandbox_speed: float | None) -> AsyncIterator[Path]:
    """The door of the bot that runs on this data folder, or of one started until the reel is made."""
    if sandbox_speed is not None:
        async with sandboxed(plan, sandbox_speed) as sandbox_plan, started(sandbox_plan) as program:
            yield program.door
        return
    if await _answers(plan.data / DOOR):
        yield plan.data / DOOR
        return
    demand_key(plan)
    async with started(on_port(plan, 0)) as program:
        yield program.door


async def _answers(door: Path) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_unix_connection(str(door))
        writer.close()
        return True
    return False


def _asker() -> Decide:
    """Questions go to the terminal, where there is one."""
    if not sys.stdin.isatty():
        return decline

    async def decide(notice: Notice) -> bool:
        return await anyio.to_thread.run_sync(lambda: typer.confirm(notice.text))

    return decide
