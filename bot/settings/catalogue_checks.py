"""What must hold between endpoints: no name twice, one kind per common option, and commands a chat can carry."""

from collections.abc import Iterator, Sequence

from bot.domain.catalogue import SCREEN, Command, Endpoint, Option
from bot.settings.commands import CUSTOM, build_commands, in_order
from bot.settings.option_checks import Finding

MOST_OPTIONS = 22
"""Discord takes 25 options of a command; `model`, `person` and `more` are ours."""

MOST_CHARACTERS = 8_000
"""Discord's limit for names, descriptions and choices of one command together."""

MOST_CHOICES = 25
"""Options with more choices are completed while typing, so their choices do not count.
https://discord.com/developers/docs/interactions/application-commands
"""

_OWN_OPTIONS_CHARACTERS = 300


def check_catalogue(endpoints: Sequence[Endpoint]) -> Iterator[tuple[Endpoint, Finding]]:
    """Every finding with the endpoint in whose file it is best mended."""
    ordered = in_order(endpoints)
    yield from _check_ids(ordered)
    for command in build_commands([one for one in ordered if one.command != SCREEN]).values():
        if command.name != CUSTOM:
            yield from _check_names(command)
            yield from _check_kinds(command)
        for finding in _check_size(command):
            yield command.endpoints[-1], finding


def _check_ids(endpoints: Sequence[Endpoint]) -> Iterator[tuple[Endpoint, Finding]]:
    seen: dict[str, Endpoint] = {}
    for endpoint in endpoints:
        if endpoint.id in seen:
            yield endpoint, ("id", f"{endpoint.id} is described in {seen[endpoint.id].slug}.toml already")
        seen.setdefault(endpoint.id, endpoint)


def _check_names(command: Command) -> Iterator[tuple[Endpoint, Finding]]:
    """A name after --model may be a model, a slug or an id; within a command each means one endpoint."""
    owners: dict[str, Endpoint] = {}
    for endpoint in command.endpoints:
        for name in (endpoint.slug, endpoint.id):
            owners.setdefault(name, endpoint)
    for endpoint in command.endpoints:
        owner = owners.setdefault(endpoint.model, endpoint)
        if owner is not endpoint:
            yield endpoint, ("model", f"{endpoint.model!r} already means {owner.slug} in the command {command.name}")


def _check_kinds(command: Command) -> Iterator[tuple[Endpoint, Finding]]:
    first: dict[str, tuple[Option, Endpoint]] = {}
    for endpoint in command.endpoints:
        for option in endpoint.options:
            known, where = first.setdefault(option.name, (option, endpoint))
            if option.kind is not known.kind:
                reason = f"is {option.kind.value} here but {known.kind.value} in {where.slug}.toml, of the same command"
                yield endpoint, (f"options.{option.name}.kind", reason)


def _check_size(command: Command) -> Iterator[Finding]:
    if len(command.options) > MOST_OPTIONS:
        yield (
            "options",
            f"the command {command.name} would have {len(command.options)} main options; {MOST_OPTIONS} fit",
        )
    size = characters_of(command)
    if size > MOST_CHARACTERS:
        yield "options", f"the command {command.name} would have {size:,} characters; {MOST_CHARACTERS:,} fit"


def characters_of(command: Command) -> int:
    """What Discord counts of a command: names, descriptions, and each choice as name and value."""
    size = len(command.name) + len(command.makes) + _OWN_OPTIONS_CHARACTERS
    if len(command.endpoints) <= MOST_CHOICES:
        size += sum(2 * len(endpoint.model) for endpoint in command.endpoints)
    for option in command.options:
        size += len(option.name) + len(option.help)
        if len(option.choices) <= MOST_CHOICES:
            size += sum(2 * len(choice) for choice in option.choices)
    return size
