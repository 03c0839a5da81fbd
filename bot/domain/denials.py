"""What rules forbid about a request: each answer says which rule it was and whose. Pure.

An owner makes the rules and may ask anywhere; what may be made, and in which words, holds for owners too.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from bot.domain.ask import Account, Ask
from bot.domain.catalogue import Endpoint, Kind, Option, Value
from bot.domain.errors import Problem, Slug
from bot.domain.house_rules import By, Rules
from bot.domain.match import listed
from bot.domain.words import denied_word, plain

EFFECT = "effect"
"""The option that chooses a named effect."""

WHOSE: Mapping[By, Mapping[str, str]] = {
    By.OWNER: {"by": "this bot", "whom": "its owner"},
    By.GROUP: {"by": "this group", "whom": "its moderators"},
}
"""Whose rule it is, and who can change it."""


class Sketch(Protocol):
    """A Draft or an Order: the command, and the values by option."""

    @property
    def command(self) -> str:
        """The command that was typed."""
        ...

    @property
    def values(self) -> Mapping[str, Value]:
        """What is set, by common name."""
        ...


def denials(ask: Ask, sketch: Sketch, endpoint: Endpoint, rules: Rules) -> tuple[Problem, ...]:
    """Everything one set of rules forbids."""
    found = [*_what(sketch, endpoint, rules), *_words(sketch, endpoint, rules)]
    if not ask.account.is_owner:
        found = [*_who(ask, rules), *_where(ask, sketch, endpoint, rules), *found]
    return tuple(found)


def names_of(sketch: Sketch, endpoint: Endpoint) -> frozenset[str]:
    """Everything rules may call this request by: its command, its endpoint, and what it chose."""
    chosen = (name for _, names in _chosen(sketch, endpoint) for name in names)
    return frozenset({*map(plain, (sketch.command, endpoint.command, endpoint.slug, endpoint.id)), *chosen})


def is_named(names: Iterable[str], known: frozenset[str]) -> bool:
    """Whether one of `names`, in any spelling, is among `known`."""
    return not known.isdisjoint(map(plain, names))


def _problem(slug: Slug, rules: Rules, *, about: str = "", **facts: str) -> Problem:
    return Problem(slug=slug, about=about, facts={**facts, **WHOSE[rules.by]})


def _who(ask: Ask, rules: Rules) -> Iterator[Problem]:
    account = ask.account
    person = _with_platform(account, [account.id])
    roles = _with_platform(account, account.roles)
    if is_named(rules.people, person):
        yield _problem(Slug.DENIED_PERSON, rules)
    elif is_named(rules.roles, roles):
        yield _problem(Slug.DENIED_ROLE, rules)
    elif (rules.only_people or rules.only_roles) and not (
        is_named(rules.only_people, person) or is_named(rules.only_roles, roles)
    ):
        names = [role for role in rules.only_roles if not role.isdigit()]
        yield _problem(Slug.ONLY_ROLES, rules, roles=listed(names))


def _where(ask: Ask, sketch: Sketch, endpoint: Endpoint, rules: Rules) -> Iterator[Problem]:
    """A place that its platform does not say to be age-restricted is none."""
    here = _with_platform(ask.account, ask.surroundings.places)
    if _is_off(here, rules.places, rules.only_places):
        yield _problem(Slug.DENIED_PLACE, rules)
    if ask.surroundings.age_restricted is not True and is_named(rules.adult, names_of(sketch, endpoint)):
        yield _problem(Slug.ADULTS_ONLY, rules, name=str(sketch.values.get(EFFECT) or f"/{sketch.command}"))


def _with_platform(account: Account, ids: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(form) for one in ids for form in (one, f"{account.platform}:{one}"))


def _what(sketch: Sketch, endpoint: Endpoint, rules: Rules) -> Iterator[Problem]:
    """Also what `/custom` reaches: a command that is off takes its endpoints with it."""
    for command in dict.fromkeys((sketch.command, endpoint.command)):
        if _is_off(frozenset({plain(command)}), rules.commands, rules.only_commands):
            yield _problem(Slug.DENIED_COMMAND, rules, name=command)
            break
    if _is_off(frozenset({plain(endpoint.slug), plain(endpoint.id)}), rules.endpoints, rules.only_endpoints):
        yield _problem(Slug.DENIED_ENDPOINT, rules, name=endpoint.title)
    for option, names in _chosen(sketch, endpoint):
        only = rules.only_effects if option.name == EFFECT else ()
        if _is_off(names, rules.effects, only):
            yield _problem(Slug.DENIED_EFFECT, rules, about=option.name, name=str(sketch.values[option.name]))


def _is_off(names: frozenset[str], denied: Iterable[str], only: tuple[str, ...]) -> bool:
    return is_named(denied, names) or bool(only and not is_named(only, names))


def _chosen(sketch: Sketch, endpoint: Endpoint) -> Iterator[tuple[Option, frozenset[str]]]:
    """Every choice of a request, as it was typed and as it is sent: an older name must not be a way round a rule."""
    for option in endpoint.options:
        value = sketch.values.get(option.name)
        if option.kind is Kind.CHOICE and isinstance(value, str):
            yield option, frozenset({plain(value), plain(option.accepts.get(value, value))})


def _words(sketch: Sketch, endpoint: Endpoint, rules: Rules) -> Iterator[Problem]:
    for option in endpoint.options:
        value = sketch.values.get(option.name)
        if option.kind is Kind.TEXT and isinstance(value, str):
            found = denied_word(value, rules.words, rules.innocent)
            if found:
                yield _problem(Slug.DENIED_WORD, rules, about=option.name, word=found)
