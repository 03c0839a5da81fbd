"""Whether an input is one the endpoint takes, judged as fal judges it: when it is processed, and all flaws at once.

Types and messages are pydantic's where fal's are pydantic's, and fal's own (https://docs.fal.ai/errors) elsewhere.
Unknown fields are ignored, null is as good as absent for an optional field. Pure: files are judged in `inputs.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from bot.domain.catalogue import Endpoint, FileCount, Kind, OneOf, OnlyWith, Option, Rule, Send, Value
from bot.domain.rules import holds, written
from bot.sandbox.answers import Flaw


def flaws_of(endpoint: Endpoint, arguments: Any) -> list[Flaw]:
    """Everything wrong with the arguments, in the order of the endpoint's fields, then of its rules."""
    if not isinstance(arguments, dict):
        return [Flaw(loc=("body",), msg="Input should be a valid dictionary", type="dict_type", input=arguments)]
    flaws = [flaw for option in endpoint.options for flaw in _of_option(option, arguments)]
    if flaws:
        return flaws
    values = values_of(endpoint, arguments)
    return [flaw for rule in endpoint.rules for flaw in _of_rule(rule, endpoint, arguments, values)]


def values_of(endpoint: Endpoint, arguments: Mapping[str, Any]) -> dict[str, Value]:
    """What the endpoint works with, by common name: sent values and defaults, files left out."""
    values: dict[str, Value] = {}
    for option in endpoint.options:
        sent = arguments.get(option.field)
        value = option.default if sent is None else sent
        if not option.is_media and isinstance(value, str | int | float):
            values[option.name] = _typed(option.kind, value)
    return values


def _typed(kind: Kind, value: Value) -> Value:
    """A value that passed the checks, in the type that the catalogue's rules and prices know."""
    match kind:
        case Kind.INTEGER:
            return int(float(value))
        case Kind.NUMBER:
            return float(value)
        case Kind.FLAG:
            return value in (True, "true")
        case _:
            return written(value)


def files_of(option: Option, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The URLs given for a media option."""
    sent = arguments.get(option.field)
    if isinstance(sent, str):
        return (sent,) if sent else ()
    return tuple(url for url in sent if isinstance(url, str)) if isinstance(sent, list) else ()


def _of_option(option: Option, arguments: Mapping[str, Any]) -> list[Flaw]:
    loc = ("body", option.field)
    value = arguments.get(option.field)
    if value is None:
        if not option.required:
            return []
        return [Flaw(loc=loc, msg="Field required", type="missing", input=dict(arguments))]
    return _CHECKS[option.kind](option, loc, value)


def _of_flag(_option: Option, loc: tuple[str, ...], value: Any) -> list[Flaw]:
    if isinstance(value, bool) or value in ("true", "false", 0, 1):
        return []
    return [Flaw(loc=loc, msg="Input should be a valid boolean", type="bool_type", input=value)]


def _of_text(option: Option, loc: tuple[str, ...], value: Any) -> list[Flaw]:
    if not isinstance(value, str):
        return [Flaw(loc=loc, msg="Input should be a valid string", type="string_type", input=value)]
    if option.max_length is not None and len(value) > option.max_length:
        msg = f"String should have at most {option.max_length} characters"
        ctx = {"max_length": option.max_length}
        return [Flaw(loc=loc, msg=msg, type="string_too_long", ctx=ctx, input=value)]
    if option.required and option.is_media and not value:
        return [Flaw(loc=loc, msg="Field required", type="missing", input=value)]
    return []


def _of_choice(option: Option, loc: tuple[str, ...], value: Any) -> list[Flaw]:
    taken = (*option.choices, *option.accepts.values())
    fits_type = isinstance(value, str) if option.send is Send.STRING else not isinstance(value, bool)
    if fits_type and isinstance(value, str | int | float) and written(value) in taken:
        return []
    expected = ", ".join(repr(choice) for choice in option.choices[:-1])
    expected += f" or {option.choices[-1]!r}" if expected else repr(option.choices[-1])
    msg = f"Input should be {expected}"
    return [Flaw(loc=loc, msg=msg, type="literal_error", ctx={"expected": expected}, input=value)]


def _of_number(option: Option, loc: tuple[str, ...], value: Any) -> list[Flaw]:
    whole = option.kind is Kind.INTEGER
    number = _number(value)
    if number is None or (whole and not number.is_integer()):
        kind, word = ("int_parsing", "integer") if whole else ("float_parsing", "number")
        return [Flaw(loc=loc, msg=f"Input should be a valid {word}", type=kind, input=value)]
    if option.minimum is not None and number < option.minimum:
        ctx = {"ge": _plain(option.minimum)}
        msg = f"Input should be greater than or equal to {ctx['ge']}"
        return [Flaw(loc=loc, msg=msg, type="greater_than_equal", ctx=ctx, input=value)]
    if option.maximum is not None and number > option.maximum:
        ctx = {"le": _plain(option.maximum)}
        msg = f"Input should be less than or equal to {ctx['le']}"
        return [Flaw(loc=loc, msg=msg, type="less_than_equal", ctx=ctx, input=value)]
    return []


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _plain(bound: float) -> float:
    return int(bound) if float(bound).is_integer() else bound


def _of_list(option: Option, loc: tuple[str, ...], value: Any) -> list[Flaw]:
    if not isinstance(value, list):
        return [Flaw(loc=loc, msg="Input should be a valid list", type="list_type", input=value)]
    wrong = [
        Flaw(loc=(*loc, index), msg="Input should be a valid string", type="string_type", input=item)
        for index, item in enumerate(value)
        if not isinstance(item, str)
    ]
    at_least = max(option.min_files, int(option.required))
    return wrong or _of_count(loc, value, at_least, option.max_files)


def _of_count(loc: tuple[str, ...], value: list[Any], at_least: int, at_most: int) -> list[Flaw]:
    if len(value) < at_least:
        msg = f"List should have at least {at_least} items, not {len(value)}"
        return [Flaw(loc=loc, msg=msg, type="sequence_too_short", ctx={"min_length": at_least}, input=value)]
    if len(value) > at_most:
        msg = f"List should have at most {at_most} items, not {len(value)}"
        return [Flaw(loc=loc, msg=msg, type="sequence_too_long", ctx={"max_length": at_most}, input=value)]
    return []


_CHECKS: Mapping[Kind, Callable[[Option, tuple[str, ...], Any], list[Flaw]]] = {
    Kind.TEXT: _of_text,
    Kind.CHOICE: _of_choice,
    Kind.INTEGER: _of_number,
    Kind.NUMBER: _of_number,
    Kind.FLAG: _of_flag,
    Kind.IMAGE: _of_text,
    Kind.IMAGES: _of_list,
    Kind.VIDEO: _of_text,
    Kind.AUDIO: _of_text,
}


def _of_rule(rule: Rule, endpoint: Endpoint, arguments: Mapping[str, Any], values: Mapping[str, Value]) -> list[Flaw]:
    match rule:
        case OnlyWith():
            if holds(rule.when, values, endpoint) and not holds(rule.then, values, endpoint):
                return [_broken(rule.text, endpoint, next(iter(rule.then)), arguments)]
        case OneOf():
            options = [option for option in endpoint.options if option.name in rule.options]
            if not any(arguments.get(option.field) for option in options):
                return [_broken(rule.text, endpoint, rule.options[0], arguments)]
        case FileCount():
            option = endpoint.option(rule.option)
            if option is not None and holds(rule.when, values, endpoint):
                files = list(files_of(option, arguments))
                return _of_count(("body", option.field), files, rule.count, rule.count)
        case _:
            assert_never(rule)
    return []


def _broken(text: str, endpoint: Endpoint, name: str, arguments: Mapping[str, Any]) -> Flaw:
    option = endpoint.option(name)
    field = option.field if option else name
    return Flaw(loc=("body", field), msg=text, type="input_value_error", input=arguments.get(field))
