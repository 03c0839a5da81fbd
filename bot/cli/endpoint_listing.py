"""What `reelroom catalogue` prints and writes of the endpoints."""

import dataclasses
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import endpoint_words as words
from bot.cli.endpoint_pages import endpoints_page
from bot.cli.failures import failure
from bot.domain import match, models
from bot.domain.catalogue import Catalogue, Endpoint
from bot.settings.endpoints import load_catalogue

_PIPE_WIDTH = 200


def load(config: Path) -> Catalogue:
    """The catalogue of a folder of settings.

    Raises:
        ConfigInvalid: When a file of it is wrong.
    """
    return load_catalogue(endpoints_folder(config))


def endpoints_folder(config: Path) -> Path:
    """Where the endpoint files are."""
    return config / "endpoints"


def print_endpoints(config: Path, *, as_json: bool) -> None:
    """Every endpoint, by command, with its usual price. Raises ConfigInvalid."""
    catalogue = load(config)
    if as_json:
        _print_json([_plain(endpoint) for endpoint in catalogue.everything])
        return
    table = Table("Command", "Model", "Endpoint", "Price", "")
    for endpoint in catalogue.everything:
        facts = ", ".join(words.fixed_facts(endpoint))
        table.add_row(f"/{endpoint.command}", endpoint.model, endpoint.slug, words.usual_price(endpoint), facts)
    _console().print(table)


def print_endpoint(name: str, config: Path, *, as_json: bool) -> None:
    """One endpoint with its options, rules and price. Raises ConfigInvalid; ends the command when there is none."""
    endpoint = named(load(config), name)
    if as_json:
        _print_json(_plain(endpoint))
        return
    console = _console()
    console.print(f"{endpoint.title}: {endpoint.summary}", markup=False, style="bold")
    facts = [f"/{endpoint.command} --model {endpoint.model}", endpoint.id, *words.fixed_facts(endpoint)]
    console.print(" · ".join(facts), markup=False)
    table = Table("Option", "Takes", "Default", "Given", "Help")
    for option in endpoint.options:
        cells = (words.takes(option), words.standing(option), words.reach(option), option.help)
        table.add_row(option.name, *cells)
    console.print(table)
    price = words.price_lines(endpoint.price) if endpoint.price else []
    for title, lines in (("Rules", words.rule_lines(endpoint)), ("Price", price), ("Notes", endpoint.notes)):
        if lines:
            console.print("\n".join([f"{title}:", *(f"  {line}" for line in lines)]), markup=False, highlight=False)


def write_page(config: Path, output: Path, *, is_check: bool) -> None:
    """docs/endpoints.md; with `is_check` nothing is written, and a page that is out of date ends the command."""
    page = endpoints_page(load(config))
    if not is_check:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
        typer.echo(f"{output}: written")
    elif not output.is_file() or output.read_text(encoding="utf-8") != page:
        raise failure(f"{output} is out of date; run `reelroom catalogue docs`")
    else:
        typer.echo(f"{output}: up to date")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    """A value of the catalogue as JSON has it; decimals become text, so that none is rounded."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def named(catalogue: Catalogue, name: str) -> Endpoint:
    """The one endpoint a name means; the command ends when it means none, or several."""
    found = models.meant(catalogue.everything, name)
    if len(found) == 1:
        return found[0]
    slugs = [endpoint.slug for endpoint in found or catalogue.everything]
    if found:
        raise failure(f"{name!r} could be {match.listed(slugs)}")
    guess = match.suggestion(name, [*slugs, *(endpoint.model for endpoint in catalogue.everything)])
    raise failure(f"there is no endpoint {name!r}{f'; did you mean {guess}?' if guess else ''}")
