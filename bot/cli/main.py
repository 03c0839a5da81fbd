"""The command line. Every command ends with 0, or with one clear line on standard error and another number.

Commands import what they need when they are called, so that `--help` answers at once.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import catalogue
from bot.cli.failures import in_plain_words
from bot.domain.badge import Rank

Config = Annotated[Path, typer.Option("--config", metavar="DIR", help="Where the settings are.")]
Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where jobs, money and reels are kept.")]
Json = Annotated[bool, typer.Option("--json", help="For machines to read.")]

CONFIG = Path("config")
DATA = Path("data")

app = typer.Typer(
    name="reelroom",
    help="A chat bot that turns a message into a video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(catalogue.app, name="catalogue", help="The endpoints.")


@app.command()
def run(config: Config = CONFIG, data: Data = DATA, *, log_json: Annotated[bool, typer.Option()] = False) -> None:
    """Run the bot, as configured."""
    from bot.cli.serving import run_bot

    asyncio.run(run_bot(config, data, log_json=log_json))


@app.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Make one reel and end.")] = False,
    stay: Annotated[bool, typer.Option("--stay", help="Keep the Room open, even without a terminal.")] = False,
    speed: Annotated[float, typer.Option(min=0.1, help="How much faster than real the sandbox works.")] = 12.0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The Room's port; 0 takes a free one.")] = 0,
    config: Config = CONFIG,
) -> None:
    """Everything at once, without key, token or network: a local fal, the Room, and a first reel."""
    from bot.cli.serving import run_demo

    stays = stay or (sys.stdin.isatty() and not once)
    asyncio.run(run_demo(config, stays=stays, speed=speed, port=port))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8930,
    speed: Annotated[float, typer.Option(min=0.01, help="Divides every simulated wait, never a video's length.")] = 1.0,
    fail: Annotated[list[str] | None, typer.Option(help="A fault, as docs/sandbox.md describes them.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests in progress at once.")] = 2,
    key: Annotated[str | None, typer.Option(help="The only key that is let in; any is, without it.")] = None,
    config: Config = CONFIG,
) -> None:
    """A local fal alone, usable by fal's own clients."""
    from bot.cli.serving import run_sandbox
    from bot.sandbox.settings import SandboxSettings

    settings = SandboxSettings(speed=speed, fail=tuple(fail or ()), concurrency=concurrency, key=key)
    asyncio.run(run_sandbox(config, settings, port=port))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def render(
    context: typer.Context,
    command: Annotated[str, typer.Argument(help="What to make: effect, animate, video, …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the reel goes.")] = Path("reel.mp4"),
    *,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Use a local fal instead of the real one.")] = False,
    sandbox_speed: Annotated[float, typer.Option(min=0.1, help="How much faster than real it works.")] = 12.0,
    config: Config = CONFIG,
    data: Data = DATA,
) -> None:
    """Make one reel: reelroom render effect "Kiss Me AI" --image me.jpg -o kiss.mp4."""
    from bot.cli.rendering import render_one

    words = [command, *context.args]
    asyncio.run(render_one(config, data, words, output, sandbox_speed=sandbox_speed if sandbox else None))


@app.command()
def check(
    config: Config = CONFIG,
    *,
    live: Annotated[bool, typer.Option("--live", help="Also ask fal whether the key works.")] = False,
    as_json: Json = False,
) -> None:
    """Say everything that can be wrong with the configuration, all at once."""
    from bot.cli.checking import check_all

    asyncio.run(check_all(config, live=live, as_json=as_json))


@app.command()
def jobs(
    config: Config = CONFIG,
    data: Data = DATA,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    *,
    as_json: Json = False,
) -> None:
    """List the latest jobs."""
    from bot.cli.keeping import list_jobs, store_file

    asyncio.run(list_jobs(store_file(config, data), limit=limit, as_json=as_json))


@app.command()
def audit(config: Config = CONFIG, data: Data = DATA, *, as_json: Json = False) -> None:
    """Recompute every balance and replay every admission; end with 1 when anything is not exact."""
    from bot.cli.keeping import audit_store, store_file

    asyncio.run(audit_store(store_file(config, data), as_json=as_json))


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write.")], config: Config = CONFIG, data: Data = DATA
) -> None:
    """Copy the store to a file, also while the bot runs."""
    from bot.cli.keeping import back_up, store_file

    asyncio.run(back_up(store_file(config, data), target))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")], config: Config = CONFIG, data: Data = DATA
) -> None:
    """Put a backup in the store's place; what was there is kept beside it."""
    from bot.cli.keeping import put_back, store_file

    asyncio.run(put_back(source, store_file(config, data)))


@app.command()
def export(config: Config = CONFIG, data: Data = DATA) -> None:
    """Write everything the store knows to standard output, as lines of JSON."""
    from bot.cli.keeping import export_store, store_file

    asyncio.run(export_store(store_file(config, data)))


@app.command()
def migrate(config: Config = CONFIG, data: Data = DATA) -> None:
    """Bring the store up to date (`run` does it too)."""
    from bot.cli.keeping import migrate_store, store_file

    asyncio.run(migrate_store(store_file(config, data)))


@app.command()
def console(
    data: Data = DATA,
    role: Annotated[Rank, typer.Option(help="What the link lets in as.")] = Rank.OWNER,
    group: Annotated[str, typer.Option(help="Whose moderator or viewer, as discord:123; every group without it.")] = "",
    name: Annotated[str, typer.Option(help="Whom the console writes down for what is done.")] = "",
    *,
    room: Annotated[bool, typer.Option("--room", help="A link into the Room instead.")] = False,
) -> None:
    """Print a one-time login link to the console of the running bot."""
    from bot.cli.rendering import print_console_link, print_room_link

    asyncio.run(print_room_link(data) if room else print_console_link(data, role=role, group=group, name=name))


def main() -> None:
    """Run a command; what went wrong is said in one line."""
    with in_plain_words():
        app()
