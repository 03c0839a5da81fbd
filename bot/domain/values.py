"""Typed text into values, by a pydantic model built from the Endpoint.

Strict about what it takes: a whole number is digits, a flag is a word for yes or no, a choice is one of the choices.
"""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import override

from bot.domain.catalogue import Endpoint, Kind, Level, Option, Value
from bot.domain.errors import Problem, Slug
from bot.domain.match import find_measure, listed, shortened, suggestion

_YES = frozenset({"on", "true", "yes", "y", "1"})
_NO = frozenset({"off", "false", "no", "n", "0"})
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_MISSING = "missing"
_TYPES: Mapping[Kind, type[Value]] = {
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.FLAG: bool,
}


def validation_model(endpoint: Endpoint) -> type[BaseModel]:
    """The model that turns typed text, by common name, into this endpoint's values.

    It knows every option that a person may set and that is no file. Its errors carry our slugs as their type and the
    facts as their context; `typed` reads them.
    """
    fields: dict[str, Any] = {}
    for index, option in enumerate(endpoint.options):
        if option.level is Level.OWNER or option.is_media:
            continue
        reader = BeforeValidator(partial(_read, option))
        default = ... if option.required and option.default is None else option.default
        # Names of our own, so that no option can collide with an attribute of BaseModel.
        fields[f"option_{index}"] = (Annotated[_TYPES[option.kind] | None, reader], Field(default, alias=option.name))
    config = ConfigDict(extra="forbid", strict=True, frozen=True)
    return create_model("Values", __config__=config, **fields)


class _Itself:
    """An endpoint as a key: itself, and no other that looks like it."""

    __slots__ = ("endpoint",)

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    @override
    def __hash__(self) -> int:
        return id(self.endpoint)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.endpoint is self.endpoint


@lru_cache(maxsize=1024)
def _model_of(one: _Itself) -> type[BaseModel]:
    """Building a model takes milliseconds, and a request is tried on every endpoint of its command."""
    return validation_model(one.endpoint)


def typed(endpoint: Endpoint, texts: Mapping[str, str]) -> tuple[dict[str, Value], tuple[Problem, ...]]:
    """The values of these texts with defaults and the owner's fixed values, in the file's order; and all problems.

    `texts` must only name options that the endpoint offers and that are no files. With problems, the values are
    those that could be read.
    """
    try:
        read = _model_of(_Itself(endpoint)).model_validate(texts)
    except ValidationError as error:
        problems = tuple(_problem(detail) for detail in error.errors())
        wrong = {problem.about for problem in problems}
        right = [option for option in endpoint.options if option.name in texts and option.name not in wrong]
        return _complete(endpoint, {option.name: _read(option, texts[option.name]) for option in right}), problems
    return _complete(endpoint, read.model_dump(by_alias=True, exclude_none=True)), ()


def ranged(option: Option) -> dict[str, str]:
    """The bounds of an option as facts, with its unit: {"minimum": "81 frames", "maximum": "100 frames"}."""
    bounds = {"minimum": option.minimum, "maximum": option.maximum}
    return {name: f"{bound:,g} {option.unit}".strip() for name, bound in bounds.items() if bound is not None}


def _complete(endpoint: Endpoint, given: Mapping[str, Value]) -> dict[str, Value]:
    standing = {option.name: option.default if option.fixed is None else option.fixed for option in endpoint.options}
    wanted = {**standing, **given}
    return {name: value for name, value in wanted.items() if value is not None}


def _problem(detail: ErrorDetails) -> Problem:
    about = str(detail["loc"][0])
    if detail["type"] == _MISSING:
        return Problem(slug=Slug.MISSING_OPTION, about=about)
    return Problem(slug=Slug(detail["type"]), about=about, facts=detail.get("ctx", {}))


def _refusal(slug: Slug, text: str, **facts: str) -> PydanticCustomError:
    return PydanticCustomError(slug.value, "refused", {"given": shortened(text), **facts})


def _read(option: Option, text: str) -> Value:
    """The value of one text.

    Raises:
        PydanticCustomError: with a slug as its type and the facts as its context.
    """
    match option.kind:
        case Kind.CHOICE:
            return _choice(option, text)
        case Kind.FLAG:
            return _flag(text)
        case Kind.INTEGER | Kind.NUMBER:
            return _bounded(option, text)
        case Kind.TEXT:
            return _text(option, text)
        case Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            raise TypeError(f"{option.name} takes a file")


def _choice(option: Option, text: str) -> str:
    found = find_measure(text, option.choices, option.unit) or find_measure(text, list(option.accepts), option.unit)
    if found is None:
        guess = suggestion(text, [*option.choices, *option.accepts])
        raise _refusal(Slug.UNKNOWN_CHOICE, text, choices=listed(option.choices), suggestion=guess)
    return found


def _flag(text: str) -> bool:
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise _refusal(Slug.NOT_A_FLAG, text)
    return word in _YES


def _bounded(option: Option, text: str) -> int | float:
    digits = text.strip().casefold()
    if option.unit:
        digits = re.sub(
            rf"(?<=[0-9])\s*(?:{re.escape(option.unit.casefold())}|{re.escape(option.unit[0].casefold())})$", "", digits
        )
    if not _NUMBER.fullmatch(digits):
        raise _refusal(Slug.NOT_A_NUMBER, text)
    if option.kind is Kind.INTEGER and not _WHOLE.fullmatch(digits):
        raise _refusal(Slug.NOT_WHOLE, text)
    number = int(digits) if option.kind is Kind.INTEGER else float(digits)
    if option.minimum is not None and number < option.minimum:
        raise _refusal(Slug.BELOW_MINIMUM, text, **ranged(option))
    if option.maximum is not None and number > option.maximum:
        raise _refusal(Slug.ABOVE_MAXIMUM, text, **ranged(option))
    return number


def _text(option: Option, text: str) -> str:
    if option.required and not text.strip():
        raise PydanticCustomError(Slug.MISSING_OPTION.value, "refused")
    if option.max_length is not None and len(text) > option.max_length:
        facts = {"length": f"{len(text):,} characters", "maximum": f"{option.max_length:,} characters"}
        raise _refusal(Slug.TOO_LONG, text, **facts)
    return text
