"""Writes an endpoint as the file a person would write: in the loader's order, commented, nothing said twice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never

import tomlkit
from tomlkit.items import Array, InlineTable, Integer, Item, Table, Trivia

from bot.domain.catalogue import Endpoint, FileCount, OneOf, OnlyWith, Option, Price, Rule, Value
from bot.domain.errors import ConfigInvalid, ConfigProblem

_HEAD = ("id", "title", "summary", "command", "model", "order", "typical_s")
_EXTRA = ("faces", "face_effects", "join", "fixed_seconds", "fixed_resolution", "fixed_fps", "retired")
_ORIGIN = ("source", "checked", "notes")
_COMMENTS: Mapping[str, str] = {
    "model": "what people type after --model",
    "order": "place within the command; the lowest is the default",
    "typical_s": "a first guess, until the bot has a history of its own",
    "retired": "fal no longer lists it; it works in the sandbox only",
    "estimated": "no official figure was found; held at one and a half times",
}
_BLANK_LINES = re.compile(r"\n{3,}")
_ROW_LENGTH = 88
_THOUSAND = 1_000


def write_endpoint(endpoint: Endpoint, folder: Path, *, replace: bool = False) -> Path:
    """Write `folder`/<slug>.toml, which loads back to an equal endpoint, and return its path.

    Raises:
        ConfigInvalid: The file exists (unless `replace`) or cannot be written.
    """
    path = folder / f"{endpoint.slug}.toml"
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="\n") as file:
            file.write(endpoint_text(endpoint))
    except FileExistsError as error:
        raise ConfigInvalid([ConfigProblem(file=path.as_posix(), key="", reason="exists already")]) from error
    except OSError as error:
        reason = f"cannot be written: {error.strerror}"
        raise ConfigInvalid([ConfigProblem(file=path.as_posix(), key="", reason=reason)]) from error
    return path


def endpoint_text(endpoint: Endpoint) -> str:
    """The text of the endpoint's file."""
    document = tomlkit.document()
    document.add(tomlkit.comment("".join(filter(str.isprintable, endpoint.title))))
    document.add(tomlkit.comment("Every key is explained in docs/adding-an-endpoint.md."))
    for names in (_HEAD, _EXTRA, _ORIGIN):
        values = _values(endpoint, names)
        if values:
            document.add(tomlkit.nl())
        for name, item in values.items():
            document.add(name, item)
    for name, part in _tables(endpoint).items():
        document.add(name, part)
    return _BLANK_LINES.sub("\n\n", tomlkit.dumps(document)).rstrip("\n") + "\n"


def _tables(endpoint: Endpoint) -> dict[str, Item]:
    tables: dict[str, Item] = {}
    if endpoint.options:
        options = tables["options"] = tomlkit.table(is_super_table=True)
        for option in endpoint.options:
            options.add(option.name, _option(option))
    if endpoint.rules:
        rules = tables["rules"] = tomlkit.aot()
        for rule in endpoint.rules:
            rules.append(_rule(rule))
    if endpoint.price:
        tables["price"] = _price(endpoint.price)
    return tables


def _values(part: Any, names: Iterable[str]) -> dict[str, Item]:
    """The named fields of a dataclass that differ from their default, in this order, with their comments."""
    known = {field.name: field for field in fields(part)}
    items: dict[str, Item] = {}
    for name in names:
        value = getattr(part, name)
        if name in _ALWAYS or value != _default(known[name]):
            items[name] = _item(value)
            if name in _COMMENTS:
                items[name].comment(_COMMENTS[name])
    return items


_ALWAYS = frozenset({"order", "typical_s", "base_microusd", "microusd"})


def _default(field: "Field[Any]") -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _option(option: Option) -> Table:
    table = tomlkit.table()
    names = [field.name for field in fields(option) if field.name not in {"name", "help"}]
    for name, item in _values(option, ["help", *names]).items():
        table.add(name, item)
    table.add(tomlkit.nl())
    return table


def _rule(rule: Rule) -> Table:
    match rule:
        case OnlyWith():
            kind = "only_with"
        case OneOf():
            kind = "one_of"
        case FileCount():
            kind = "file_count"
        case _:
            assert_never(rule)
    table = tomlkit.table()
    table.add("kind", kind)
    for field in fields(rule):
        table.add(field.name, _item(getattr(rule, field.name)))
    table.add(tomlkit.nl())
    return table


def _price(price: Price) -> Table:
    table = tomlkit.table()
    names = [field.name for field in fields(price) if field.name != "source"]
    for name, item in _values(price, ["source", *names]).items():
        table.add(name, item)
    return table


def _item(value: Any) -> Item:
    """A TOML item that reads back as the same value; thousands are set apart, long lists stand one row a line."""
    match value:
        case tuple():
            return _array(value)
        case Mapping():
            return _inline(value)
        case bool() | str() | int() | float() | Decimal():
            return _scalar(value)
        case _:
            return _inline(_values(value, [field.name for field in fields(value)]))


def _scalar(value: Value | Decimal) -> Item:
    match value:
        case bool():
            return tomlkit.item(value)
        case str():
            return tomlkit.string(str(value))
        case Decimal():
            return tomlkit.string(str(value))
        case float() if not value.is_integer():
            return tomlkit.item(value)
        case _:
            number = int(value)
            return Integer(number, Trivia(), f"{number:_}" if abs(number) >= _THOUSAND else str(number))


def _array(values: tuple[Any, ...]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.append(_item(value))
    return array.multiline(multiline=len(array.as_string()) > _ROW_LENGTH or any(map(_is_table, array)))


def _is_table(item: object) -> bool:
    return isinstance(item, InlineTable)


def _inline(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.add(key, value if isinstance(value, Item) else _item(value))
    return table
