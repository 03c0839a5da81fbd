"""fal's dialect of JSON schema: the input fields of an endpoint's OpenAPI document, in fal's own order.

Schema keys are the endpoint id in Pascal case; order is only in `x-fal-order-properties`; a reference may be wrapped
in `allOf` or stand beside null in `anyOf`. What we cannot offer (objects, lists of objects) has no kind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.catalogue import Kind, Send, Value
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.domain.rules import written

Schema = Mapping[str, Any]

MANY_FILES = 10
"""How many files a list takes where the document does not say."""

_REF = "#/components/schemas/"
_WRAPPERS = ("allOf", "anyOf", "oneOf")
_MEDIA = {"image": Kind.IMAGE, "video": Kind.VIDEO, "audio": Kind.AUDIO}
_MEDIA_FIELD = re.compile(r"(?:^|_)(?P<medium>image|video|audio|frame|mask)_urls?$")
_PLAIN = {"boolean": Kind.FLAG, "integer": Kind.INTEGER, "number": Kind.NUMBER}
_MOST_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input field as the document describes it; `kind` is None where we have no kind of option for it."""

    name: str
    kind: Kind | None
    required: bool = False
    default: Value | None = None
    choices: tuple[str, ...] = ()
    send: Send = Send.STRING
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    min_files: int = 0
    max_files: int = 1
    description: str = ""


def schema_name(endpoint_id: str) -> str:
    """The stem of an endpoint's schema keys: "fal-ai/playai/tts/v3" -> "PlayaiTtsV3"."""
    words = re.split(r"[^A-Za-z0-9]+", endpoint_id.partition("/")[2] or endpoint_id)
    return "".join(word[:1].upper() + word[1:] for word in words)


def input_fields(document: Schema, endpoint_id: str) -> tuple[Field, ...]:
    """The input fields of an endpoint.

    Raises:
        ConfigInvalid: the document describes no input of this endpoint.
    """
    schemas = _at(document, "components", "schemas")
    schema = _posted(document, endpoint_id) or _at(schemas, f"{schema_name(endpoint_id)}Input")
    schema = _resolved(schema, schemas)
    properties = _at(schema, "properties")
    if not properties:
        raise ConfigInvalid([ConfigProblem(file=endpoint_id, key="", reason="the document describes no input of it")])
    order = [name for name in _list(schema, "x-fal-order-properties") if isinstance(name, str) and name in properties]
    required = _list(schema, "required")
    names = dict.fromkeys([*order, *properties])
    return tuple(_field(name, _at(properties, name), schemas, required=name in required) for name in names)


def _at(value: Any, *keys: str) -> Schema:
    """The mapping found along the keys; empty where anything else is."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _list(schema: Schema, key: str) -> list[Any]:
    value = schema.get(key)
    return value if isinstance(value, list) else []


def _number(schema: Schema, key: str) -> float | None:
    value = schema.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(schema: Schema, key: str) -> int | None:
    value = _number(schema, key)
    return None if value is None else int(value)


def _posted(document: Schema, endpoint_id: str) -> Schema:
    """The schema that `POST /<id>` takes."""
    return _at(document, "paths", f"/{endpoint_id}", "post", "requestBody", "content", "application/json", "schema")


def _field(name: str, schema: Schema, schemas: Schema, *, required: bool) -> Field:
    known = _resolved(schema, schemas)
    kind = _kind(name, known, schemas)
    values = [value for value in map(_scalar, _list(known, "enum")) if value is not None]
    minimum, maximum = _bounds(known, kind)
    return Field(
        name=name,
        kind=kind,
        required=required,
        default=_scalar(known.get("default")),
        choices=tuple(written(value) for value in values),
        send=_send(values) if kind is Kind.CHOICE else Send.STRING,
        minimum=minimum,
        maximum=maximum,
        max_length=_count(known, "maxLength") if kind is Kind.TEXT else None,
        min_files=_count(known, "minItems") or 0 if kind is Kind.IMAGES else 0,
        max_files=_count(known, "maxItems") or MANY_FILES if kind is Kind.IMAGES else 1,
        description=" ".join(str(known.get("description") or known.get("title") or "").split()),
    )


def _resolved(schema: Schema, schemas: Schema, depth: int = 0) -> Schema:
    """The schema behind references and wrappers, with what stands beside them; of several, the one we can offer."""
    if depth > _MOST_DEPTH:
        return {}
    beside = {key: value for key, value in schema.items() if key not in {"$ref", *_WRAPPERS}}
    inner = [part for wrapper in _WRAPPERS for part in _list(schema, wrapper) if isinstance(part, Mapping)]
    if "$ref" in schema:
        inner.append(_at(schemas, str(schema["$ref"]).removeprefix(_REF)))
    parts = [_resolved(part, schemas, depth + 1) for part in inner if part.get("type") != "null"]
    if not parts:
        return beside
    best: Schema = min(parts, key=_unwieldiness)
    return {**best, **beside}


def _unwieldiness(schema: Schema) -> int:
    if _list(schema, "enum"):
        return 0
    return 1 if schema.get("type") in {"string", *_PLAIN} else 2


def _kind(name: str, schema: Schema, schemas: Schema) -> Kind | None:
    if _list(schema, "enum"):
        return Kind.CHOICE
    match schema.get("type"):
        case "string":
            return _medium(name, schema) or Kind.TEXT
        case "array":
            item = _resolved(_at(schema, "items"), schemas)
            pictures = _medium(name, schema) is Kind.IMAGE and item.get("type") == "string"
            return Kind.IMAGES if pictures else None
        case str() as plain:
            return _PLAIN.get(plain)
        case _:
            return None


def _medium(name: str, schema: Schema) -> Kind | None:
    """What kind of file a text field is the address of, by fal's hint for its own page, else by its name."""
    hint = str(_at(schema, "ui").get("field"))
    if hint in _MEDIA:
        return _MEDIA[hint]
    found = _MEDIA_FIELD.search(name)
    return _MEDIA.get(found["medium"], Kind.IMAGE) if found else None


def _bounds(schema: Schema, kind: Kind | None) -> tuple[float | None, float | None]:
    if kind not in {Kind.INTEGER, Kind.NUMBER}:
        return None, None
    step = 1 if kind is Kind.INTEGER else 0
    return _bound(schema, "inimum", step), _bound(schema, "aximum", -step)


def _bound(schema: Schema, name: str, step: int) -> float | None:
    """One bound, an exclusive one moved in by a step.

    OpenAPI 3.0 says `exclusiveMinimum: true` beside `minimum`; 3.1, and fal's documents, give the number itself.
    """
    plain = _number(schema, f"m{name}")
    exclusive = plain if schema.get(f"exclusiveM{name}") is True else _number(schema, f"exclusiveM{name}")
    return plain if exclusive is None else exclusive + step


def _scalar(value: Any) -> Value | None:
    return value if isinstance(value, str | int | float) else None


def _send(values: Sequence[Any]) -> Send:
    types = {type(value) for value in values}
    if types == {int}:
        return Send.INTEGER
    return Send.NUMBER if types and types <= {int, float} else Send.STRING
