"""A group's own rules and settings, by the keys its moderators know them by, and how they are changed.

Whatever stands here only adds to the owner's rules: taking it all away leaves exactly those.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Problem, Refused, Slug
from bot.domain.house_rules import OF_A_GROUP, Faces, Reviews, Rules
from bot.domain.match import listed, shortened, suggestion
from bot.domain.screening import Missing, Scrutiny
from bot.domain.words import plain

MOST_NAMES = 500
"""As many names as one rule may list."""

LONGEST_NAME = 200


class Edit(StrEnum):
    """What to do with the values given for a key."""

    ADD = "add"
    REMOVE = "remove"
    SET = "set"


class Holds(StrEnum):
    """What a key holds: names, a number, one of a few words, or a text of the platform's."""

    NAMES = "names"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing a group can set: a field of its Rules or (`own`) of GroupRules."""

    field: str
    holds: Holds
    help: str
    own: bool = False
    choices: tuple[str, ...] = ()
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRules:
    """What a group has set. None: as the owner has it.

    `moderators_place` is where cards for its moderators go, in its platform's words; "": to the owners.
    `hide_after`, `remove_after`: so many reports cover a reel, or take it away; 0: none do.
    `screening_missing`: what becomes of a request whose picture nobody judged in time.
    """

    rules: Rules = OF_A_GROUP
    moderators_place: str = ""
    hide_after: int | None = None
    remove_after: int | None = None
    screening_missing: Missing | None = None


def _names(field: str, text: str) -> Key:
    return Key(field=field, holds=Holds.NAMES, help=text)


DAY_S = 86_400

KEYS: Mapping[str, Key] = {
    "denied_words": _names("words", "words and phrases no text may contain"),
    "innocent_phrases": _names("innocent", "phrases in which a denied word of this group is fine"),
    "denied_effects": _names("effects", "effects by name"),
    "allowed_effects": _names("only_effects", "the only effects there are"),
    "denied_commands": _names("commands", "commands by name"),
    "allowed_commands": _names("only_commands", "the only commands there are"),
    "denied_endpoints": _names("endpoints", "models by slug or endpoint id"),
    "allowed_endpoints": _names("only_endpoints", "the only models there are"),
    "denied_places": _names("places", "channels, threads and topics by id"),
    "allowed_places": _names("only_places", "the only channels, threads and topics"),
    "denied_roles": _names("roles", "roles by name or id"),
    "allowed_roles": _names("only_roles", "only people with one of these roles"),
    "denied_people": _names("people", "people by id"),
    "allowed_people": _names("only_people", "only these people, besides those with an allowed role"),
    "age_restricted": _names("adult", "effects, commands or models for age-restricted places alone"),
    "covered": _names("covered", "effects, commands or models whose reels are posted covered"),
    "reviewed": _names("reviewed", "effects, commands or models that wait for a moderator"),
    "review": Key(
        field="review", holds=Holds.CHOICE, help="whose requests wait for a moderator", choices=tuple(Reviews)
    ),
    "newcomer_reels": Key(
        field="newcomer_reels", holds=Holds.NUMBER, help="reels after which nobody is a newcomer", most=1000
    ),
    "faces": Key(
        field="faces", holds=Holds.CHOICE, help="what is asked before faces are animated", choices=tuple(Faces)
    ),
    "screening": Key(
        field="screening",
        holds=Holds.CHOICE,
        help="which pictures are judged before anything is made of them",
        choices=tuple(Scrutiny),
    ),
    "screening_missing": Key(
        field="screening_missing",
        holds=Holds.CHOICE,
        help="what becomes of a picture that nobody judged in time",
        own=True,
        choices=tuple(Missing),
    ),
    "cooldown_s": Key(
        field="cooldown_s", holds=Holds.NUMBER, help="seconds between two reels of one person", most=7 * DAY_S
    ),
    "moderators_place": Key(
        field="moderators_place", holds=Holds.TEXT, help="where requests are shown to moderators", own=True
    ),
    "hide_after_reports": Key(
        field="hide_after", holds=Holds.NUMBER, help="reports that cover a reel; 0: none", own=True, most=1000
    ),
    "remove_after_reports": Key(
        field="remove_after", holds=Holds.NUMBER, help="reports that remove a reel; 0: none", own=True, most=1000
    ),
}
"""Everything a group can set, in the order people should see it; the names are those of `config/moderation.toml`."""


def value_of(group: GroupRules, key: str) -> tuple[str, ...] | str | int | None:
    """What a group has set for a key. Raises Refused for an unknown one."""
    known = _key(key)
    found: tuple[str, ...] | str | int | None = getattr(group if known.own else group.rules, known.field)
    return found


def edited(group: GroupRules, key: str, edit: Edit, values: Sequence[str]) -> GroupRules:
    """The group's rules after one change; setting nothing takes a key back to where it was before.

    Raises:
        Refused: no such key, or a value that it cannot have.
    """
    known = _key(key)
    given = [line for value in values if (line := " ".join(value.split()))]
    match known.holds:
        case Holds.NAMES:
            value: object = _listed_names(value_of(group, key), edit, given)
        case Holds.NUMBER:
            value = _number(known, key, given)
        case Holds.CHOICE:
            value = _choice(known, key, given)
        case Holds.TEXT:
            value = "" if edit is Edit.REMOVE else " ".join(given)[:LONGEST_NAME]
    value = _unset(known) if value is None else value
    if known.own:
        return dataclasses.replace(group, **{known.field: value})  # type: ignore[arg-type]  # a field by its name
    return dataclasses.replace(group, rules=dataclasses.replace(group.rules, **{known.field: value}))  # type: ignore[arg-type]


def described(group: GroupRules) -> tuple[str, ...]:
    """One line for each key that a group has set: "denied words: x, y"."""
    fresh = GroupRules()
    lines = []
    for key in KEYS:
        value = value_of(group, key)
        if value != value_of(fresh, key):
            lines.append(f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, tuple) else value}")
    return tuple(lines)


def key_named(name: str) -> str:
    """A key as it is called, however it is spelled. Raises Refused for an unknown one."""
    known = plain(name).replace(" ", "_").replace("-", "_")
    if known not in KEYS:
        facts = {"given": shortened(name), "suggestion": suggestion(name, KEYS), "choices": listed(list(KEYS))}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about="rule", facts=facts)])
    return known


def _key(name: str) -> Key:
    return KEYS[key_named(name)]


def _unset(known: Key) -> object:
    return getattr(GroupRules() if known.own else OF_A_GROUP, known.field)


def _listed_names(standing: object, edit: Edit, given: Sequence[str]) -> tuple[str, ...]:
    """Names once each, however they are spelled."""
    before = standing if isinstance(standing, tuple) and edit is not Edit.SET else ()
    dropped = {plain(one) for one in given} if edit is Edit.REMOVE else set()
    found = [one for one in (*before, *given) if plain(one) not in dropped]
    once: dict[str, str] = {}
    for one in filter(plain, found):
        once.setdefault(plain(one), one[:LONGEST_NAME])
    if len(once) > MOST_NAMES:
        facts = {"maximum": str(MOST_NAMES), "given": str(len(once))}
        raise Refused([Problem(slug=Slug.ABOVE_MAXIMUM, about="number of names", facts=facts)])
    return tuple(once.values())


def _number(known: Key, key: str, given: Sequence[str]) -> int | None:
    if not given:
        return None
    text = given[0]
    if not text.isdecimal() or not text.isascii():
        raise Refused([Problem(slug=Slug.NOT_WHOLE, about=key, facts={"given": shortened(text)})])
    if int(text[:12]) > known.most:
        facts = {"given": shortened(text), "maximum": f"{known.most:,}"}
        raise Refused([Problem(slug=Slug.ABOVE_MAXIMUM, about=key, facts=facts)])
    return int(text)


def _choice(known: Key, key: str, given: Sequence[str]) -> StrEnum | None:
    if not given:
        return None
    if given[0].casefold() not in known.choices:
        facts = {"given": shortened(given[0]), "choices": listed(known.choices)}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about=key, facts=facts)])
    return CHOICES[known.field](given[0].casefold())


CHOICES: Mapping[str, type[StrEnum]] = {
    "faces": Faces,
    "review": Reviews,
    "screening": Scrutiny,
    "screening_missing": Missing,
}
"""The words that each key can have which holds a choice, by its field."""
