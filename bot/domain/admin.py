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
from bot.domain.ledger import Period
from bot.domain.match import find, listed, shortened, suggestion
from bot.domain.notice import Action
from bot.domain.permission import Deed, Doing
from bot.domain.spans import SPAN

ADMIN = "admin"
HELP = "help"
PERSON = "person"
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
    `dark`: pictures stand on a dark ground there.
    """

    sub: Sub
    account: Account
    group: str
    event: str
    values: Mapping[str, str] = field(default_factory=dict)
    whom: Account | None = None
    here: str = ""
    dark: bool = False

    def value(self, name: str) -> str:
        """A part as typed, "" for nothing."""
        return self.values.get(name, "").strip()

    def somebody(self) -> Account:
        """Whom it is about. Raises Refused when nobody was named."""
        if self.whom is None:
            raise Refused([Problem(slug=Slug.MISSING_OPTION, about=PERSON)])
        return self.whom


LIFT, EVERYWHERE = "lift", "everywhere"

REASON = Part(name="reason", help="Why; those concerned read it", takes=Takes.WORDS)

SANCTION = (
    Part(name=PERSON, help="Who", takes=Takes.PERSON, required=True),
    Part(name="duration", help="How long, like 30m, 12h or 7d", takes=Takes.SPAN),
    Part(name="switch", help="Lift it instead of giving it", takes=Takes.CHOICE, choices={LIFT: "Lift it"}),
    Part(
        name="where",
        help="Here, if nothing is said",
        takes=Takes.CHOICE,
        choices={EVERYWHERE: "In every group and in private (owner)"},
    ),
    REASON,
)
"""What a ban and a timeout take."""

PERIODS: Mapping[str, str] = {period.value: f"Per {period.value}" for period in Period}


class Whose(StrEnum):
    """Whose budget it is: that of all together, or the share each member may have of it."""

    GROUP = "group"
    MEMBER = "member"


OF_WHOM: Mapping[str, str] = {Whose.GROUP.value: "Of all together", Whose.MEMBER.value: "Of each member"}

PAUSE, RESUME, DEFAULT = "pause", "resume", "default"

SWITCHES: Mapping[str, str] = {
    PAUSE: "Pause: nobody begins anything here",
    RESUME: "Go on",
    DEFAULT: "As the owner's settings say",
}

EDITS: Mapping[str, str] = {
    Edit.ADD.value: "Add to what is there",
    Edit.REMOVE.value: "Take away from what is there",
    Edit.SET.value: "Set instead of what is there",
}

SUBS: Mapping[str, Sub] = {
    one.name: one
    for one in (
        Sub(name="status", makes="what runs and waits here, what today cost, and what is paused", deed=Deed.LOOK),
        Sub(
            name="budget",
            makes="what is spent of the budget here; lowered, paused, and by the owner raised",
            deed=Deed.LOOK,
            parts=(
                Part(name="amount", help="Dollars that may be spent from now on", takes=Takes.AMOUNT),
                Part(name="per", help="In what time; a day, if nothing is said", takes=Takes.CHOICE, choices=PERIODS),
                Part(name="of", help="Of all together, if nothing is said", takes=Takes.CHOICE, choices=OF_WHOM),
                Part(name="switch", help="Stop everything here, or go on", takes=Takes.CHOICE, choices=SWITCHES),
                REASON,
            ),
        ),
        Sub(
            name="grant",
            makes="let somebody spend more, today, this week and this month",
            deed=Deed.GRANT,
            parts=(
                Part(name=PERSON, help="Who", takes=Takes.PERSON, required=True),
                Part(name="amount", help="Dollars on top of their own budget", takes=Takes.AMOUNT, required=True),
            ),
        ),
        Sub(
            name="tier",
            makes="give somebody a tier of the owner's settings here, or take it away",
            deed=Deed.LOWER,
            parts=(
                Part(name=PERSON, help="Who", takes=Takes.PERSON, required=True),
                Part(name="tier", help="The tier's name, or “none”", takes=Takes.NAME, required=True),
            ),
        ),
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
        Sub(
            name="ban",
            makes="keep somebody from asking here, for a time or until it is lifted; or lift it",
            deed=Deed.BAN,
            parts=SANCTION,
        ),
        Sub(
            name="timeout",
            makes="give somebody a break for a while; or lift it",
            deed=Deed.TIME_OUT,
            parts=SANCTION,
        ),
        Sub(name="log", makes="what was decided here lately, by whom, and why", deed=Deed.LOOK),
        Sub(
            name="stats",
            makes="what was spent, made and waited for here lately, as a picture",
            deed=Deed.LOOK,
            draws=True,
        ),
        Sub(name="console", makes="a link into the console, for you alone", deed=Action.CONSOLE, secret=True),
        Sub(name=HELP, makes="what can be said behind /admin", deed=Deed.LOOK),
    )
}
"""Every subcommand, in the order people should see them."""

LOOKS: Mapping[Takes, re.Pattern[str]] = {
    Takes.PERSON: re.compile(r"@\S+|<@!?[0-9]{1,20}>|[a-z]+:[^\s/]\S*|[0-9]{5,20}"),
    Takes.AMOUNT: re.compile(r"\$?[0-9]{1,7}(?:\.[0-9]{1,6})?"),
    Takes.SPAN: SPAN,
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
        found[part.name] = word.casefold() if part.takes is Takes.CHOICE else word
        open_parts.remove(part)
    return found


def wrongs(errand: Errand) -> tuple[Problem, ...]:
    """What is missing of an errand, and what is none of the choices there are."""
    found = []
    for part in errand.sub.parts:
        value = errand.value(part.name)
        is_there = bool(value) or (part.takes is Takes.PERSON and errand.whom is not None)
        if part.required and not is_there:
            found.append(Problem(slug=Slug.MISSING_OPTION, about=part.name))
        if value and part.choices and value not in part.choices:
            facts = {"given": shortened(value), "choices": listed(list(part.choices))}
            found.append(Problem(slug=Slug.UNKNOWN_CHOICE, about=part.name, facts=facts))
    return tuple(found)


def _fits(part: Part, word: str) -> bool:
    if part.takes is Takes.CHOICE:
        return word.casefold() in part.choices
    look = LOOKS.get(part.takes)
    return look is not None and look.fullmatch(word) is not None
