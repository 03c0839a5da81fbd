"""What `reelroom catalogue` learns from fal's documents: a new endpoint, and where ours have drifted."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from bot.app import clock
from bot.app.documents import fetch_document
from bot.cli.endpoint_listing import endpoints_folder, load, named
from bot.cli.failures import failure
from bot.domain import match, models
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.fal.openapi import drift, endpoint_from_document
from bot.settings.catalogue_checks import check_catalogue
from bot.settings.commands import COMMANDS
from bot.settings.endpoint_checks import check_endpoint
from bot.settings.endpoint_writer import write_endpoint

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


def add(endpoint_id: str, command: str, saved: Path | None, config: Path) -> None:
    """Write a new endpoint file from fal's document, or a saved one. Raises ConfigInvalid, FalMissing, FalError."""
    catalogue, folder = load(config), endpoints_folder(config)
    document = _document(endpoint_id, saved, config)
    today = clock.now().date().isoformat()
    made = endpoint_from_document(document, endpoint_id, command or _command_of(endpoint_id), checked=today)
    fitting = _fitted(made, catalogue)
    _check(fitting, catalogue, folder)
    path = write_endpoint(fitting, folder)
    typer.echo(f"{path}: written, offered as /{fitting.command} --model {fitting.model}")
    typer.echo("It has no price yet: it works in the sandbox, and is off against fal until you add one.")
    for note in fitting.notes:
        typer.echo(note)


def has_drifted(name: str, saved: Path | None, config: Path) -> bool:
    """Whether our files and fal's documents have drifted apart, and says where. Raises ConfigInvalid, FalError."""
    if saved and not name:
        raise failure("--from holds one document; say which endpoint it is of")
    catalogue = load(config)
    listed = [endpoint for endpoint in catalogue.everything if not endpoint.retired]
    drifts = [
        f"{endpoint.slug}: {line}"
        for endpoint in ([named(catalogue, name)] if name else listed)
        for line in drift(endpoint, _document(endpoint.id, saved, config))
    ]
    typer.echo("\n".join(drifts) or "No drift.")
    return bool(drifts)


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
    findings = [*check_endpoint(endpoint), *_together(endpoint, catalogue.everything)]
    if findings:
        file = str(folder / f"{endpoint.slug}.toml")
        raise ConfigInvalid([ConfigProblem(file=file, key=key, reason=reason) for key, reason in findings])


def _together(endpoint: Endpoint, others: Sequence[Endpoint]) -> list[tuple[str, str]]:
    return [finding for _, finding in check_catalogue((*others, endpoint))]
