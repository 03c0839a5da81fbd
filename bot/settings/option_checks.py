"""What must hold of the options of one endpoint, each on its own; a finding is a key and a reason."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from bot.domain.catalogue import Endpoint, Kind, Level, MediaLimits, Option, Send, Value

Finding = tuple[str, str]
"""A key of the file, and what is wrong there in plain words."""

RESERVED = frozenset({"model", "more", "person"})
"""Names every chat surface has for itself."""

SAFETY_FIELD = "enable_safety_checker"
HELP_LENGTH = 100
CHOICE_LENGTH = 100
FORMATS: Mapping[Kind, frozenset[str]] = {
    Kind.IMAGE: frozenset({"jpeg", "png", "webp"}),
    Kind.IMAGES: frozenset({"jpeg", "png", "webp"}),
    Kind.VIDEO: frozenset({"mp4", "mov", "webm"}),
    Kind.AUDIO: frozenset({"mp3", "wav", "m4a", "ogg"}),
}
"""The file formats we can send, by what is asked for."""

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_NUMERIC = frozenset({Kind.INTEGER, Kind.NUMBER})
_POSITIVE = ("max_bytes", "min_side_px", "max_side_px", "min_ratio", "max_ratio", "min_s", "max_s")
_ORDERED = (("min_side_px", "max_side_px"), ("min_ratio", "max_ratio"), ("min_s", "max_s"))


def check_options(endpoint: Endpoint) -> Iterator[Finding]:
    """Everything wrong with the options of `endpoint`."""
    if not endpoint.options:
        yield "options", "has no option at all"
    seen: dict[str, str] = {}
    for option in endpoint.options:
        key = f"options.{option.name}"
        if option.field in seen:
            yield f"{key}.field", f"{option.field!r} is already the field of {seen[option.field]!r}"
        seen.setdefault(option.field, option.name)
        for name, reason in _check_option(option):
            yield f"{key}.{name}" if name else key, reason


def accepts_value(option: Option, value: str) -> bool:
    """Whether `value`, written as in a rule or a price, is one the option can have when the request is sent."""
    match option.kind:
        case Kind.CHOICE:
            return value in option.choices or value in option.accepts.values()
        case Kind.FLAG:
            return value in {"true", "false"}
        case Kind.INTEGER | Kind.NUMBER:
            number = _number(value)
            return number is not None and not any(_out_of_bounds(option, float(number)))
        case Kind.TEXT | Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            return False


def _check_option(option: Option) -> Iterator[Finding]:
    if not _NAME.fullmatch(option.name):
        yield "", "an option's name has 1 to 32 small letters, digits or underscores"
    if option.name in RESERVED:
        yield "", f"the name {option.name!r} belongs to the chat itself"
    if not option.field:
        yield "field", "is empty"
    if len(option.help) > HELP_LENGTH:
        yield "help", f"has {len(option.help)} characters; {HELP_LENGTH} is the most"
    if option.level is Level.MAIN and not option.help:
        yield "help", "is missing; a main option needs a word of help"
    yield from _check_level(option)
    yield from _check_choices(option)
    yield from _check_value(option, "default", option.default)
    yield from _check_value(option, "fixed", option.fixed)
    yield from _check_bounds(option)
    yield from _check_media(option)


def _check_level(option: Option) -> Iterator[Finding]:
    if option.required and option.default is not None:
        yield "default", "an option that must be given cannot have a default"
    if option.level is Level.OWNER and option.fixed is None:
        yield "fixed", "is missing; an owner option always has a fixed value"
    if option.level is not Level.OWNER and option.fixed is not None:
        yield "fixed", "belongs to owner options only"
    if option.level is Level.OWNER and option.required:
        yield "required", "an owner option is never asked for"
    if option.field == SAFETY_FIELD and not (option.level is Level.OWNER and option.fixed is True):
        yield "level", 'the safety checker must have level = "owner" and fixed = true'


def _check_choices(option: Option) -> Iterator[Finding]:
    if option.kind is not Kind.CHOICE:
        if option.choices or option.accepts or option.send is not Send.STRING:
            yield "choices", f"choices, accepts and send belong to a choice, and this is {option.kind.value}"
        return
    if not option.choices:
        yield "choices", "is missing; a choice needs at least one"
    for choice, times in Counter(option.choices).items():
        if not 0 < len(choice) <= CHOICE_LENGTH:
            yield "choices", f"{choice[:20]!r} has {len(choice)} characters; 1 to {CHOICE_LENGTH} are possible"
        if times > 1:
            yield "choices", f"{choice!r} stands there twice"
        if option.send is not Send.STRING and _number(choice) is None:
            yield "choices", f"{choice!r} cannot be sent as {option.send.value}"
    yield from _check_accepts(option)


def _check_accepts(option: Option) -> Iterator[Finding]:
    for typed, sent in option.accepts.items():
        if typed in option.choices:
            yield f"accepts.{typed}", "is offered as a choice already"
        if sent not in {*option.choices, typed}:
            yield f"accepts.{typed}", f"{sent!r} is neither a choice nor the word itself"


def _check_value(option: Option, key: str, value: Value | None) -> Iterator[Finding]:
    if value is None:
        return
    match option.kind:
        case Kind.CHOICE if value not in option.choices:
            yield key, f"{value!r} is not one of the choices"
        case Kind.FLAG if not isinstance(value, bool):
            yield key, "must be true or false"
        case Kind.CHOICE | Kind.FLAG:
            return
        case Kind.TEXT:
            yield from _check_text(option, key, value)
        case Kind.INTEGER | Kind.NUMBER:
            yield from _check_number(option, key, value)
        case Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            yield key, f"{_a(option.kind)} cannot have one"


def _check_text(option: Option, key: str, value: Value) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield key, "must be text in quotes"
    elif option.max_length is not None and len(value) > option.max_length:
        yield key, f"is longer than max_length ({option.max_length})"


def _check_number(option: Option, key: str, value: Value) -> Iterator[Finding]:
    if isinstance(value, bool | str):
        yield key, "must be a number"
    elif option.kind is Kind.INTEGER and not isinstance(value, int):
        yield key, "must be a whole number"
    else:
        for reason in _out_of_bounds(option, value):
            yield key, reason


def _out_of_bounds(option: Option, value: float) -> Iterator[str]:
    if option.minimum is not None and value < option.minimum:
        yield f"is below the minimum ({option.minimum:g})"
    if option.maximum is not None and value > option.maximum:
        yield f"is above the maximum ({option.maximum:g})"


def _check_bounds(option: Option) -> Iterator[Finding]:
    bounded = option.minimum is not None or option.maximum is not None
    if bounded and option.kind not in _NUMERIC:
        yield "minimum", f"bounds belong to numbers, and this is {option.kind.value}"
    if option.minimum is not None and option.maximum is not None and option.minimum > option.maximum:
        yield "minimum", f"is above the maximum ({option.minimum:g} > {option.maximum:g})"
    if option.max_length is not None:
        if option.kind is not Kind.TEXT:
            yield "max_length", f"belongs to text, and this is {option.kind.value}"
        elif option.max_length < 1:
            yield "max_length", "must be at least 1"


def _check_media(option: Option) -> Iterator[Finding]:
    if not option.is_media:
        if option.limits != MediaLimits() or (option.min_files, option.max_files) != (0, 1):
            yield "limits", f"limits and numbers of files belong to files, and this is {option.kind.value}"
        return
    if not 0 <= option.min_files <= option.max_files or option.max_files < 1:
        yield "min_files", f"{option.min_files} to {option.max_files} files cannot be"
    if option.max_files > 1 and option.kind is not Kind.IMAGES:
        yield "max_files", f"{_a(option.kind)} is a single file; several pictures are of the kind images"
    for odd in sorted(set(option.limits.formats) - FORMATS[option.kind]):
        yield "limits.formats", f"{odd!r} is not one of {', '.join(sorted(FORMATS[option.kind]))}"
    yield from _check_limits(option.limits)


def _check_limits(limits: MediaLimits) -> Iterator[Finding]:
    values: dict[str, float | None] = {name: getattr(limits, name) for name in _POSITIVE}
    for name, value in values.items():
        if value is not None and value <= 0:
            yield f"limits.{name}", "must be above 0"
    for lower, upper in _ORDERED:
        low, high = values[lower], values[upper]
        if low is not None and high is not None and low > high:
            yield f"limits.{lower}", f"is above {upper} ({low:g} > {high:g})"


def _a(kind: Kind) -> str:
    return {Kind.IMAGE: "an image", Kind.IMAGES: "a set of images", Kind.AUDIO: "an audio file"}.get(kind, "a video")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
