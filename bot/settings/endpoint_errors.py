"""pydantic's findings about an endpoint file, as the key people see in it and a reason in plain words."""

import difflib
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.endpoint_file import (
    AmountPart,
    EndpointFile,
    FactorPart,
    FileCountPart,
    LimitsPart,
    OneOfPart,
    OnlyWithPart,
    OptionPart,
    PerPart,
    PricePart,
)

_REASONS: Mapping[str, str] = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "union_tag_not_found": "needs a kind: only_with, one_of or file_count",
}
_PARTS: tuple[type[BaseModel], ...] = (
    EndpointFile,
    OptionPart,
    LimitsPart,
    OnlyWithPart,
    OneOfPart,
    FileCountPart,
    PricePart,
    AmountPart,
    FactorPart,
    PerPart,
)
_KEYS = sorted({key for part in _PARTS for key in part.model_fields})
_RULE_KINDS = frozenset({"only_with", "one_of", "file_count"})


def plain_reasons(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Key and reason of everything pydantic found; rows of lists are counted from 1, as people do."""
    for detail in error.errors(include_url=False):
        yield _key(detail["loc"]), _reason(detail)


def _key(location: tuple[int | str, ...]) -> str:
    key = ""
    for place, part in enumerate(location):
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif part not in _RULE_KINDS or place == 0 or not isinstance(location[place - 1], int):
            key += f".{part}" if key else part
    return key


def _reason(detail: ErrorDetails) -> str:
    kind = detail["type"]
    match kind:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(detail["loc"][-1]), _KEYS, n=1)
            return f"is not a key known here; did you mean {near[0]!r}?" if near else "is not a key known here"
        case "enum":
            return f"must be one of {detail['ctx']['expected']}, not {detail['input']!r}"
        case "union_tag_invalid":
            return f"must be of the kind only_with, one_of or file_count, not {detail['ctx']['tag']!r}"
        case _:
            return _REASONS.get(kind, detail["msg"])
