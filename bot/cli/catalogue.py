"""`reelroom catalogue`: look at the endpoints, add one from fal's document, see where they have drifted."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app import clock
from bot.app.documents import fetch_document
from bot.cli import endpoint_words as words
from bot.cli.endpoint_pages import endpoints_page
from bot.cli.failures import failure, in_plain_words
from bot.domain import match, models
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.fal.openapi import drift, endpoint_from_document
from bot.settings.catalogue_checks import check_catalogue
from bot.settings.commands import COMMANDS
from bot.settings.endpoint_checks import check_endpoint
from bot.settings.endpoint_writer import write_endpoint
from bot.settings.endpoints import load_catalogue

app = typer.Typer(name="catalogue", help="The endpoints: list, show, add, diff, docs.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The folder of the settings.", show_default=True)]
AsJson = Annotated[bool, typer.Option("--json", help="For a machine to read.")]
Saved = Annotated[Path | None, typer.Option("--from", help="A saved OpenAPI document instead of asking fal.")]

CONFIG = Path("config")
PAGE = Path("docs/endpoints.md")
_FOLDER = "endpoints"
_PIPE_WIDTH = 200
_TASKS = {
    "effects": "effect",
    "image-to-video": "animate",
    "text-to-video": "video",
    "transition": "transition",
    "elements": "blend",
    "reference-to-video": "blend",
    "extend": "extend",
    "modify": "restyle",
    "reframe": "reframe",
    "sound-effects": "sound",
    "lipsync": "lipsync",
}
"""What a word in an endpoint's id says about the command it belongs to."""


@app.command("list")
def list_endpoints(config: Config = CONFIG, *, as_json: AsJson = False) -> None:
    """Every endpoint, by command, with its usual price."""
    with in_plain_words():
        catalogue = load_catalogue(config / _FOLDER)
    if as_json:
        _print_json([_plain(endpoint) for endpoint in catalogue.endpoints])
        return
    table = Table("Command", "Model", "Endpoint", "Price", "")
    for endpoint in catalogue.endpoints:
        facts = ", ".join(words.fixed_facts(endpoint))
        table.add_row(f"/{endpoint.command}", endpoint.model, endpoint.slug, words.usual_price(endpoint), facts)
    _console().print(table)


@app.command("show")
def show_endpoint(name: str, config: Config = CONFIG, *, as_json: AsJson = False) -> None:
    """One endpoint with its options, rules and price. NAME is a slug, an endpoint id or a model."""
    with in_plain_words():
        endpoint = _named(load_catalogue(config / _FOLDER), name)
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


@app.command("add")
def add_endpoint(
    endpoint_id: str,
    command: Annotated[str, typer.Option("--command", help="Offered under; guessed from the id when left out.")] = "",
    saved: Saved = None,
    config: Config = CONFIG,
) -> None:
    """Write a new endpoint file from fal's OpenAPI document."""
    with in_plain_words():
        catalogue = load_catalogue(config / _FOLDER)
        document = _document(endpoint_id, saved, config)
        today = clock.now().date().isoformat()
        made = endpoint_from_document(document, endpoint_id, command or _command_of(endpoint_id), checked=today)
        fitting = _fitted(made, catalogue)
        _check(fitting, catalogue, config / _FOLDER)
        path = write_endpoint(fitting, config / _FOLDER)
    typer.echo(f"{path}: written, offered as /{fitting.command} --model {fitting.model}")
    typer.echo("It has no price yet: it works in the sandbox, and is off against fal until you add one.")
    for note in fitting.notes:
        typer.echo(note)


@app.command("diff")
def diff_endpoints(
    name: Annotated[str, typer.Argument(help="A slug, an endpoint id or a model; all of them when left out.")] = "",
    saved: Saved = None,
    config: Config = CONFIG,
) -> None:
    """Where our files and fal's documents have drifted apart; code 1 when they have."""
    if saved and not name:
        raise failure("--from holds one document; say which endpoint it is of")
    drifted = False
    with in_plain_words():
        catalogue = load_catalogue(config / _FOLDER)
        listed = [endpoint for endpoint in catalogue.endpoints if not endpoint.retired]
        for endpoint in [_named(catalogue, name)] if name else listed:
            for line in drift(endpoint, _document(endpoint.id, saved, config)):
                drifted = True
                typer.echo(f"{endpoint.slug}: {line}")
    if drifted:
        raise typer.Exit(1)
    typer.echo("No drift.")


@app.command("docs")
def write_docs(
    config: Config = CONFIG,
    output: Annotated[Path, typer.Option("--output", help="The page to write.")] = PAGE,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when the page is out of date.")] = False,
) -> None:
    """Write docs/endpoints.md: every endpoint, option, limit, price and rule."""
    with in_plain_words():
        page = endpoints_page(load_catalogue(config / _FOLDER))
    if not check:
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


def _named(catalogue: Catalogue, name: str) -> Endpoint:
    """The one endpoint a name means."""
    found = models.meant(catalogue.endpoints, name)
    if len(found) == 1:
        return found[0]
    slugs = [endpoint.slug for endpoint in found or catalogue.endpoints]
    if found:
        raise failure(f"{name!r} could be {match.listed(slugs)}")
    guess = match.suggestion(name, [*slugs, *(endpoint.model for endpoint in catalogue.endpoints)])
    raise failure(f"there is no endpoint {name!r}{f'; did you mean {guess}?' if guess else ''}")


def _document(endpoint_id: str, saved: Path | None, config: Path) -> Mapping[str, Any]:
    """The OpenAPI document, from a file or from fal. Raises ConfigInvalid, FalMissing, FalUnavailable."""
    if saved is None:
        return fetch_document(endpoint_id, config)
    try:
        document = json.loads(saved.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = f"cannot be read as JSON: {error}"
        raise ConfigInvalid([ConfigProblem(file=str(saved), key="", reason=reason)]) from error
    if not isinstance(document, dict):
        raise ConfigInvalid([ConfigProblem(file=str(saved), key="", reason="is no OpenAPI document")])
    return document


def _command_of(endpoint_id: str) -> str:
    found = next((command for task, command in _TASKS.items() if task in endpoint_id), None)
    if found is None:
        raise failure(f"say with --command what {endpoint_id} is offered under: {match.listed(list(COMMANDS)[:-1])}")
    return found


def _fitted(endpoint: Endpoint, catalogue: Catalogue) -> Endpoint:
    """The endpoint with names its command has room for: a field's own where the common one means another kind."""
    family = models.under(catalogue, endpoint.command)
    kinds = {option.name: option.kind for one in family for option in one.options}
    options = [
        option
        if kinds.get(option.name, option.kind) is option.kind
        else dataclasses.replace(
            option, name=option.field.lower() if option.field != option.name else f"{option.name}_2"
        )
        for option in endpoint.options
    ]
    taken = {one.model for one in family}
    model = endpoint.slug[:32].strip("-.") if endpoint.model in taken else endpoint.model
    return dataclasses.replace(endpoint, options=tuple(options), model=model)


def _check(endpoint: Endpoint, catalogue: Catalogue, folder: Path) -> None:
    """Raises ConfigInvalid when the catalogue would not load with this endpoint; then nothing is written."""
    findings = [*check_endpoint(endpoint), *_together(endpoint, catalogue.endpoints)]
    if findings:
        file = str(folder / f"{endpoint.slug}.toml")
        raise ConfigInvalid([ConfigProblem(file=file, key=key, reason=reason) for key, reason in findings])


def _together(endpoint: Endpoint, others: Sequence[Endpoint]) -> list[tuple[str, str]]:
    return [finding for _, finding in check_catalogue((*others, endpoint))]
