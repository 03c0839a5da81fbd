"""Which endpoints a command and a model name mean."""

import re
from collections.abc import Sequence

from bot.domain import match
from bot.domain.catalogue import Catalogue, Endpoint, Level, Option
from bot.domain.errors import Problem, Slug

CUSTOM = "custom"
"""The command that reaches every endpoint of the catalogue."""

MODEL = "model"
"""The option every command has beside its endpoints' own."""

_OWNER_PREFIX = "fal-ai/"


def under(catalogue: Catalogue, command: str) -> tuple[Endpoint, ...]:
    """The endpoints a command offers, its default first; all of them for `custom`, none for an unknown command.

    Under `custom` a model is called by its slug, since short names are unique only within a command.
    """
    known = catalogue.commands.get(command)
    if known is not None:
        return known.endpoints
    return catalogue.endpoints if command == CUSTOM else ()


def meant(endpoints: Sequence[Endpoint], model: str) -> tuple[Endpoint, ...]:
    """The endpoints a typed model means: one by slug or id, those of a model, else those of a family ("kling")."""
    if not model:
        return tuple(endpoints)
    handles = {handle: one for one in endpoints for handle in (one.slug, one.id, one.id.removeprefix(_OWNER_PREFIX))}
    by_handle = match.find(model, handles)
    if by_handle is not None:
        return (handles[by_handle],)
    by_model = match.find(model, dict.fromkeys(one.model for one in endpoints))
    if by_model is not None:
        return tuple(one for one in endpoints if one.model == by_model)
    family = _words(model)
    return tuple(one for one in endpoints if family and _is_of(family, one))


def unknown_model(endpoints: Sequence[Endpoint], model: str) -> Problem:
    """What to say when no endpoint is meant."""
    names = list(dict.fromkeys(one.model for one in endpoints))
    facts = {
        "given": match.shortened(model),
        "choices": match.listed(names),
        "suggestion": match.suggestion(model, names),
    }
    return Problem(slug=Slug.UNKNOWN_MODEL, about=MODEL, facts=facts)


def options(endpoints: Sequence[Endpoint], name: str) -> tuple[Option, ...]:
    """The option of this common name in every endpoint that has it."""
    return tuple(option for one in endpoints if (option := one.option(name)) is not None)


def typed_names(endpoints: Sequence[Endpoint]) -> tuple[str, ...]:
    """The common names a person may type, in the files' order."""
    every = (option for one in endpoints for option in one.options if option.level is not Level.OWNER)
    return tuple(dict.fromkeys(option.name for option in every))


def not_offered(endpoints: Sequence[Endpoint], family: Sequence[Endpoint], name: str) -> Problem:
    """What to say of an option that none of `endpoints` has; `family` are all endpoints of the command."""
    having = [one.model for one in family if (option := one.option(name)) and option.level is not Level.OWNER]
    if having and endpoints:
        facts = {"model": endpoints[0].model, "models": match.listed(list(dict.fromkeys(having)))}
        return Problem(slug=Slug.NOT_IN_MODEL, about=name, facts=facts)
    names = typed_names(endpoints)
    facts = {
        "given": match.shortened(name),
        "choices": match.listed(names),
        "suggestion": match.suggestion(name, names),
    }
    return Problem(slug=Slug.UNKNOWN_OPTION, about=name, facts=facts)


def _is_of(family: str, endpoint: Endpoint) -> bool:
    return any(f"{_words(name)}-".startswith(f"{family}-") for name in (endpoint.model, endpoint.slug))


def _words(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
