"""`run`, `demo`, `sandbox`: the commands that stay."""

import asyncio
import signal
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

import typer

from bot.app import clock
from bot.app.local_fal import local_fal
from bot.app.program import Program, run
from bot.chat.terminal.client import Terminal
from bot.chat.terminal.progress import shown
from bot.cli.planning import demand_key, log_as_set, plan_of, sandboxed
from bot.log import set_up_logging
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import load_catalogue

DEMO_TEXT = "/effect Kiss Me AI"
DEMO_PICTURE = "demo.jpg"
_WELCOME = """
The Room is open:

  {link}

Open it in a browser (the link is good once), drop a photo and type /effect Kiss Me AI
Ctrl-C ends the demo."""


async def run_bot(config: Path, data: Path, *, log_json: bool) -> None:
    """Run until told to stop."""
    plan = plan_of(config, data)
    demand_key(plan)
    log_as_set(plan.settings, as_json=log_json)
    await run(plan, greet=_say_where)


async def _say_where(program: Program) -> None:
    typer.echo(f"The Room is open: {program.login_url()}")
    typer.echo("(the link is good once, for ten minutes; a new one: reelroom console --room)")
    typer.echo("The console, for those who own and moderate: reelroom console")


async def run_sandbox(config: Path, settings: SandboxSettings, *, port: int) -> None:
    """A local fal until told to stop."""
    catalogue = load_catalogue(config / "endpoints")
    set_up_logging(level="INFO", secrets=())
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with local_fal(catalogue, settings, port=port) as url:
        typer.echo(f"The sandbox stands at {url}, for fal's own clients too (docs/sandbox.md).")
        await stopping.wait()


async def run_demo(config: Path, *, stays: bool, speed: float, port: int) -> None:
    """A local fal, the Room, and a first reel, all in a temporary folder that stays as long as the command."""
    plan = plan_of(config, Path())
    log_as_set(plan.settings, quiet=True)

    async def greet(program: Program) -> None:
        await _first_reel(program, Path(tempfile.gettempdir()) / "reelroom-demo.mp4")
        if stays:
            typer.echo(_WELCOME.format(link=program.login_url()))
        else:
            program.stopping.set()

    async with sandboxed(plan, speed, port=port) as demo:
        await run(demo, greet=greet)


async def _first_reel(program: Program, target: Path) -> None:
    with as_file(files("bot.cli") / DEMO_PICTURE) as picture, shown(sys.stdout) as progress:
        async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
            made = await terminal.render(DEMO_TEXT, [picture], target, on_progress=progress)
    typer.echo(f"Your first reel: {made.path}")
