"""The rules across options, and when a `when` holds.

A value is compared as the text a file would have: 8 is "8", true is "true"; a renamed choice also by what it became.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from bot.domain.catalogue import Endpoint, FileCount, OneOf, OnlyWith, Rule, Value
from bot.domain.errors import Problem, Slug


def written(value: Value) -> str:
    """A value as an endpoint's file writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def holds(when: Mapping[str, Iterable[str]], values: Mapping[str, Value], endpoint: Endpoint) -> bool:
    """Whether every option in `when` is set to one of its values; true for an empty `when`."""
    return all(_is_one_of(name, allowed, values, endpoint) for name, allowed in when.items())


def broken(
    endpoint: Endpoint,
    values: Mapping[str, Value],
    counts: Mapping[str, int],
    *,
    doubtful: AbstractSet[str] = frozenset(),
) -> tuple[Problem, ...]:
    """Every rule of the endpoint that these values, with this many files by option, break.

    A rule about a `doubtful` option is left for later: that option is wrong already, and said to be.
    """
    certain = (rule for rule in endpoint.rules if _subjects(rule).isdisjoint(doubtful))
    return tuple(problem for rule in certain for problem in _broken(rule, endpoint, values, counts))


def _subjects(rule: Rule) -> set[str]:
    match rule:
        case OnlyWith():
            return {*rule.when, *rule.then}
        case OneOf():
            return set(rule.options)
        case FileCount():
            return {*rule.when, rule.option}


def _broken(
    rule: Rule,
    endpoint: Endpoint,
    values: Mapping[str, Value],
    counts: Mapping[str, int],
) -> Iterator[Problem]:
    match rule:
        case OnlyWith():
            if holds(rule.when, values, endpoint) and not holds(rule.then, values, endpoint):
                yield Problem(
                    slug=Slug.RULE_BROKEN, about=next(iter(rule.then), ""), facts={"rule": rule.text.rstrip(".")}
                )
        case OneOf():
            if not any(counts.get(name) or values.get(name, "") != "" for name in rule.options):
                yield Problem(slug=Slug.MISSING_ONE_OF, facts={"rule": rule.text.rstrip(".")})
        case FileCount():
            given = counts.get(rule.option, 0)
            option = endpoint.option(rule.option)
            # No file at all for a required option is a missing file, and said as such by whoever assigned them.
            told = not given and option is not None and option.required
            if not told and given != rule.count and holds(rule.when, values, endpoint):
                slug = Slug.TOO_FEW_FILES if given < rule.count else Slug.TOO_MANY_FILES
                facts = {"given": str(given), "needed": str(rule.count), "rule": rule.text.rstrip(".")}
                yield Problem(slug=slug, about=rule.option, facts=facts)


def _is_one_of(name: str, allowed: Iterable[str], values: Mapping[str, Value], endpoint: Endpoint) -> bool:
    if name not in values:
        return False
    text = written(values[name])
    option = endpoint.option(name)
    sent = option.accepts.get(text, text) if option else text
    return not {text, sent}.isdisjoint(allowed)
