"""`/admin`: its subcommands, what each takes, and how a line of text becomes one of them. Pure.

Platforms with menus offer the parts by their names; elsewhere they are told apart by their looks, in any order:

    /admin budget 5 month
    /admin timeout @ben 12h keep it friendly

Who may is the permission table's to say, and not this one's: `deed` is the least that every use of a subcommand is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ask import Account
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.group_rules import Edit
from bot.domain.match import find, listed, shortened, suggestion
from bot.domain.notice import Action
from bot.domain.permission import Deed, Doing

ADMIN = "admin"
HELP = "help"
MAKES = "for moderators and the owner: what goes on, budgets, rules, people"


class Takes(StrEnum):
    """What a part of a subcommand is; all but WORDS are one word each, and WORDS are the rest of the line."""

    PERSON = "person"
    AMOUNT = "amount"
    SPAN = "span"
    CHOICE = "choice"
    NAME = "name"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing a subcommand takes. `choices` are all there are: what is typed, and what menus show."""

    name: str
    help: str
    takes: Takes
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sub:
    """A subcommand. `draws`: its answer takes a moment. `secret`: its answer is for one pair of eyes."""

    name: str
    makes: str
    deed: Doing
    parts: tuple[Part, ...] = ()
    draws: bool = False
    secret: bool = False

    @property
    def names_somebody(self) -> bool:
        """Whether it is about a person."""
        return any(part.takes is Takes.PERSON for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One use of a subcommand: by whom, where, and with what.

    `values` are parts as typed, by name; `whom` is the person meant, where the platform knows. `event` is the
    platform's id of it, the same however often it is told. `here` is the place, as its platform's rules name it.
    """

    sub: Sub
    account: Account
    group: str
    event: str
    values: Mapping[str, str] = field(default_factory=dict)
    whom: Account | None = None
    here: str = ""

    def value(self, name: str) -> str:
        """A part as typed, "" for nothing."""
        return self.values.get(name, "").strip()


EDITS: Mapping[str, str] = {
    Edit.ADD.value: "Add to what is there",
    Edit.REMOVE.value: "Take away from what is there",
    Edit.SET.value: "Set instead of what is there",
}

SUBS: Mapping[str, Sub] = {
    one.name: one
    for one in (
        Sub(name="status", makes="what runs and waits here, what today cost, and what is paused", deed=Deed.LOOK),
        Sub(name="review", makes="what waits for a moderator, and where its card stands", deed=Deed.LOOK),
        Sub(
            name="rules",
            makes="the group's own rules: shown, and changed one at a time",
            deed=Deed.LOOK,
            parts=(
                Part(name="edit", help="What to do with it", takes=Takes.CHOICE, choices=EDITS),
                Part(name="rule", help="Which rule; without one, all that are set", takes=Takes.NAME),
                Part(name="value", help="Words, names or a number, with commas between several", takes=Takes.WORDS),
            ),
        ),
        Sub(name="log", makes="what was decided here lately, by whom, and why", deed=Deed.LOOK),
        Sub(name="console", makes="a link into the console, for you alone", deed=Action.CONSOLE, secret=True),
        Sub(name=HELP, makes="what can be said behind /admin", deed=Deed.LOOK),
    )
}
"""Every subcommand, in the order people should see them."""

LOOKS: Mapping[Takes, re.Pattern[str]] = {
    Takes.PERSON: re.compile(r"@\S+|<@!?[0-9]{1,20}>|[a-z]+:[^\s/]\S*|[0-9]{5,20}"),
    Takes.AMOUNT: re.compile(r"\$?[0-9]{1,7}(?:\.[0-9]{1,6})?"),
    Takes.SPAN: re.compile(r"[0-9]{1,4}\s?[mhdw]", re.IGNORECASE),
    Takes.NAME: re.compile(r"\S+"),
}
"""What a word looks like that is such a part."""


def sub_named(name: str) -> Sub:
    """The subcommand; without a name what there is. Raises Refused for one there is not."""
    known = SUBS.get(find(name, SUBS) or "") if name else SUBS[HELP]
    if known is None:
        facts = {"given": shortened(name), "suggestion": suggestion(name, SUBS), "choices": listed(list(SUBS))}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about="subcommand", facts=facts)])
    return known


def typed(
    text: str, *, account: Account, group: str, event: str, whom: Account | None = None, here: str = ""
) -> Errand:
    """The errand that a text behind `/admin` is. `whom` is meant where the subcommand is about somebody.

    Raises:
        Refused: there is no such subcommand, or a word is none of its parts.
    """
    first, _, rest = text.strip().partition(" ")
    sub = sub_named(first)
    meant = whom if sub.names_somebody else None
    return Errand(
        sub=sub,
        account=account,
        group=group,
        event=event,
        values=parts_of(sub, rest.split(), named=meant is not None),
        whom=meant,
        here=here,
    )


def parts_of(sub: Sub, words: Sequence[str], *, named: bool = False) -> Mapping[str, str]:
    """Words as parts: each goes to the first open part that it looks like, and what is left is the WORDS."""
    open_parts = [part for part in sub.parts if not (named and part.takes is Takes.PERSON)]
    found: dict[str, str] = {}
    for place, word in enumerate(words):
        part = next((one for one in open_parts if _fits(one, word)), None)
        if part is None:
            rest = next((one for one in open_parts if one.takes is Takes.WORDS), None)
            if rest is None:
                facts = {"given": shortened(word), "choices": listed([one.name for one in sub.parts])}
                raise Refused([Problem(slug=Slug.UNKNOWN_OPTION, facts=facts)])
            found[rest.name] = " ".join(words[place:])
            return found
        found[part.name] = word
        open_parts.remove(part)
    return found


def _fits(part: Part, word: str) -> bool:
    if part.takes is Takes.CHOICE:
        return word.casefold() in part.choices
    look = LOOKS.get(part.takes)
    return look is not None and look.fullmatch(word) is not None
