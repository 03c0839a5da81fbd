"""aiogram's models as a second validator, written by others from the newest Bot API.

A request must make its method's model, an object its type's; neither may leave anything over, however deep.
https://docs.aiogram.dev/en/latest/api/
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from aiogram import methods, types
from aiogram.methods.base import TelegramMethod
from pydantic import BaseModel, TypeAdapter, ValidationError

ATTACH = "attach://"
FILE = "file://"


@cache
def model(method: str) -> type[TelegramMethod[Any]] | None:
    """The model of a method."""
    found: type[TelegramMethod[Any]] | None = getattr(methods, method[:1].upper() + method[1:], None)
    return found


@cache
def returned(method: str) -> TypeAdapter[Any]:
    """What validates a method's result."""
    found = model(method)
    return TypeAdapter(Any if found is None else found.__returning__)


@cache
def update() -> TypeAdapter[types.Update]:
    """What validates an update."""
    return TypeAdapter(types.Update)


def parameters(method: str) -> frozenset[str]:
    """The parameters that aiogram knows of a method, old ones left out."""
    found = model(method)
    if found is None:
        return frozenset()
    return frozenset(name for name, one in found.model_fields.items() if not one.deprecated)


@cache
def fields(kind: str) -> frozenset[str]:
    """The fields that aiogram knows of a type."""
    found = getattr(types, kind, None)
    return frozenset() if found is None else frozenset(one.alias or name for name, one in found.model_fields.items())


def request(method: str, arguments: Mapping[str, str], files: Mapping[str, str]) -> list[str]:
    """What aiogram finds wrong with a request. `files` are its parts' file names."""
    found = model(method)
    if found is None:
        return ["aiogram knows no such method"]
    parts = {name: types.BufferedInputFile(b"", filename) for name, filename in files.items()}
    own = {name: one for name, one in parts.items() if name in found.model_fields}
    given: dict[str, Any] = {name: attached(parsed(raw), parts) for name, raw in arguments.items()} | own
    try:
        return list(left_over(found.model_validate(given)))
    except ValidationError as error:
        texts = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
    try:
        return list(left_over(found.model_validate(given | {name: arguments[name] for name in texts & set(arguments)})))
    except ValidationError as error:
        return explained(error)


def parsed(raw: str) -> Any:
    """A parameter's JSON if it looks like an object or a list, else its text."""
    if raw[:1] in {"{", "["}:
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return raw


def attached(value: Any, parts: Mapping[str, types.InputFile]) -> Any:
    """The value with every `attach://name` become the file."""
    match value:
        case str() if value.startswith(ATTACH):
            return parts.get(value.removeprefix(ATTACH), value)
        case str() if value.startswith(FILE):
            return types.BufferedInputFile(b"", value.removeprefix(FILE))
        case dict():
            return {key: attached(one, parts) for key, one in value.items()}
        case list():
            return [attached(one, parts) for one in value]
        case _:
            return value


def answer(method: str, result: Any) -> list[str]:
    """What aiogram finds wrong with a method's result."""
    return validated(returned(method), result)


def told(body: Any) -> list[str]:
    """What aiogram finds wrong with an update."""
    return validated(update(), body)


def validated(adapter: TypeAdapter[Any], value: Any) -> list[str]:
    """Parsed, and nothing left over."""
    try:
        return list(left_over(adapter.validate_python(value)))
    except ValidationError as error:
        return explained(error)


def left_over(value: Any, at: str = "") -> Iterator[str]:
    """Every field that no model has, however deep."""
    match value:
        case BaseModel():
            yield from (f"{at}.{name} is left over in {type(value).__name__}" for name in value.model_extra or {})
            for name in value.model_fields_set:
                yield from left_over(getattr(value, name, None), f"{at}.{name}")
        case list():
            for n, one in enumerate(value):
                yield from left_over(one, f"{at}[{n}]")
        case _:
            pass


def explained(error: ValidationError) -> list[str]:
    """What pydantic says, one line for each."""
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
