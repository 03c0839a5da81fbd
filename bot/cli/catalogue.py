"""`reelroom catalogue`: look at the endpoints, add one from fal's document, see where they have drifted.

As in `main`, commands import what they need when they are called.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import in_plain_words

app = typer.Typer(name="catalogue", help="The endpoints: list, show, add, diff, docs.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The folder of the settings.", show_default=True)]
AsJson = Annotated[bool, typer.Option("--json", help="For a machine to read.")]
Saved = Annotated[Path | None, typer.Option("--from", help="A saved OpenAPI document instead of asking fal.")]

CONFIG = Path("config")
PAGE = Path("docs/endpoints.md")


@app.command("list")
def list_endpoints(config: Config = CONFIG, *, as_json: AsJson = False) -> None:
    """Every endpoint, by command, with its usual price."""
    from bot.cli.endpoint_listing import print_endpoints

    with in_plain_words():
        print_endpoints(config, as_json=as_json)


@app.command("show")
def show_endpoint(name: str, config: Config = CONFIG, *, as_json: AsJson = False) -> None:
    """One endpoint with its options, rules and price. NAME is a slug, an endpoint id or a model."""
    from bot.cli.endpoint_listing import print_endpoint

    with in_plain_words():
        print_endpoint(name, config, as_json=as_json)


@app.command("add")
def add_endpoint(
    endpoint_id: str,
    command: Annotated[str, typer.Option("--command", help="Offered under; guessed from the id when left out.")] = "",
    saved: Saved = None,
    config: Config = CONFIG,
) -> None:
    """Write a new endpoint file from fal's OpenAPI document."""
    from bot.cli.endpoint_adding import add

    with in_plain_words():
        add(endpoint_id, command, saved, config)


@app.command("diff")
def diff_endpoints(
    name: Annotated[str, typer.Argument(help="A slug, an endpoint id or a model; all of them when left out.")] = "",
    saved: Saved = None,
    config: Config = CONFIG,
) -> None:
    """Where our files and fal's documents have drifted apart; code 1 when they have."""
    from bot.cli.endpoint_adding import has_drifted

    with in_plain_words():
        drifted = has_drifted(name, saved, config)
    if drifted:
        raise typer.Exit(1)


@app.command("docs")
def write_docs(
    config: Config = CONFIG,
    output: Annotated[Path, typer.Option("--output", help="The page to write.")] = PAGE,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when the page is out of date.")] = False,
) -> None:
    """Write docs/endpoints.md: every endpoint, option, limit, price and rule."""
    from bot.cli.endpoint_listing import write_page

    with in_plain_words():
        write_page(config, output, is_check=check)
