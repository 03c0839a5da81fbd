"""What must hold of the cross-option rules of one endpoint: they speak of options and values that exist."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from bot.domain.catalogue import Endpoint, FileCount, Kind, OneOf, OnlyWith
from bot.settings.option_checks import Finding, accepts_value

_UNCOUNTABLE = frozenset({Kind.TEXT, Kind.IMAGE, Kind.IMAGES, Kind.VIDEO, Kind.AUDIO})


def check_rules(endpoint: Endpoint) -> Iterator[Finding]:
    """Everything wrong with the rules of `endpoint`."""
    for row, rule in enumerate(endpoint.rules, 1):
        key = f"rules[{row}]"
        if not rule.text.strip():
            yield f"{key}.text", "is empty; people are told the rule in these words"
        match rule:
            case OnlyWith():
                yield from _check_only_with(endpoint, key, rule)
            case OneOf():
                yield from _check_one_of(endpoint, key, rule)
            case FileCount():
                yield from _check_file_count(endpoint, key, rule)
            case _:
                assert_never(rule)


def check_when(endpoint: Endpoint, key: str, when: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Unknown options, values an option never has, and options that have no countable values."""
    for name, values in when.items():
        option = endpoint.option(name)
        if option is None:
            yield f"{key}.{name}", f"there is no option {name!r}"
        elif option.kind in _UNCOUNTABLE:
            yield (
                f"{key}.{name}",
                f"{name!r} is {option.kind.value}; only choices, numbers and flags have values to name",
            )
        elif not values:
            yield f"{key}.{name}", "names no value"
        else:
            for value in values:
                if not accepts_value(option, value):
                    yield f"{key}.{name}", f"{name!r} never has the value {value!r}"


def _check_only_with(endpoint: Endpoint, key: str, rule: OnlyWith) -> Iterator[Finding]:
    for side, when in (("when", rule.when), ("then", rule.then)):
        if not when:
            yield f"{key}.{side}", "names no option"
        yield from check_when(endpoint, f"{key}.{side}", when)
    if _by_default(endpoint, rule.when) and not _by_default(endpoint, rule.then):
        yield key, "the defaults themselves break this rule"


def _by_default(endpoint: Endpoint, when: Mapping[str, tuple[str, ...]]) -> bool:
    for name, values in when.items():
        option = endpoint.option(name)
        if option is None or option.default is None or str(option.default).lower() not in map(str.lower, values):
            return False
    return True


def _check_one_of(endpoint: Endpoint, key: str, rule: OneOf) -> Iterator[Finding]:
    if len(set(rule.options)) <= 1:
        yield f"{key}.options", "one of several needs at least two options"
    for name in rule.options:
        option = endpoint.option(name)
        if option is None:
            yield f"{key}.options", f"there is no option {name!r}"
        elif option.required or option.default not in {None, ""}:
            yield f"{key}.options", f"{name!r} always has a value, so the rule says nothing"


def _check_file_count(endpoint: Endpoint, key: str, rule: FileCount) -> Iterator[Finding]:
    yield from check_when(endpoint, f"{key}.when", rule.when)
    option = endpoint.option(rule.option)
    if option is None:
        yield f"{key}.option", f"there is no option {rule.option!r}"
    elif not option.is_media:
        yield f"{key}.option", f"{rule.option!r} takes no files"
    elif not option.min_files <= rule.count <= option.max_files:
        yield f"{key}.count", f"{rule.option!r} takes {option.min_files} to {option.max_files} files, not {rule.count}"
