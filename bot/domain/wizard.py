"""Step by step to a request: what is missing is asked for, and nothing is made before the price was seen. Pure.

A Wizard is a wish on its way. `asking` says what is being asked; "" leaves that to what is missing, and when nothing
is, to the summary. Every choice goes by a short token: an index, good for one version of the Wizard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain.ask import Account, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue, Endpoint, Kind, Level, OneOf, Option
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import find
from bot.domain.models import CUSTOM, meant, options, under
from bot.domain.order import Draft, draft

T = TypeVar("T")

COMMAND, MODELS, FURTHER = "?command", "?models", "?further"
"""What can be asked besides options; no option is called so."""

BACK, CANCEL, GO = "b", "x", "go"

MISSING = frozenset({Slug.MISSING_OPTION, Slug.MISSING_MEDIA, Slug.MISSING_ONE_OF, Slug.TOO_FEW_FILES, Slug.NO_VALUE})
"""What is no mistake, but not said yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wizard:
    """A wish on its way to an Ask: whose, where, what of it is known, and what is being asked.

    `page` and `search` belong to the list that is shown.
    """

    id: str
    account: Account
    group: str
    place: Place
    locale: str = "en"
    wish: Wish
    files: tuple[Attachment, ...] = ()
    asking: str = ""
    page: int = 0
    search: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """All is said, and the price was seen: `seen_microusd` is its upper bound."""

    wish: Wish
    files: tuple[Attachment, ...]
    seen_microusd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The person thought better of it."""


Step = Wizard | Finished | Dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What there is to choose from."""

    catalogue: Catalogue
    sandbox: bool

    def drafted(self, wizard: Wizard) -> Draft:
        """The wish as it stands. Raises Refused with all that is missing or wrong."""
        return draft(wizard.wish, wizard.files, self.catalogue, sandbox=self.sandbox)

    def problems(self, wizard: Wizard) -> tuple[Problem, ...]:
        """All that is missing or wrong."""
        try:
            self.drafted(wizard)
        except Refused as error:
            return error.problems
        return ()

    def candidates(self, wizard: Wizard) -> tuple[Endpoint, ...]:
        """The endpoints that may still be meant; with a whole wish the one it is."""
        family = meant(under(self.catalogue, wizard.wish.command), wizard.wish.model)
        try:
            chosen = self.catalogue.endpoint(self.drafted(wizard).endpoint)
        except Refused:
            return family
        return (chosen,) if chosen is not None else family

    def option(self, wizard: Wizard, name: str) -> Option | None:
        """The option of this name, with the choices of every endpoint that may be meant."""
        having = options(meant(under(self.catalogue, wizard.wish.command), wizard.wish.model), name)
        if not having:
            return None
        choices = tuple(dict.fromkeys(choice for one in having for choice in one.choices))
        return replace(having[0], choices=choices)


def begin(wizard: Wizard, shelf: Shelf) -> Wizard:
    """The first step. Raises Refused when something is wrong with the wish, and not only missing."""
    if wizard.wish.command:
        wrong = [one for one in shelf.problems(wizard) if one.slug not in MISSING]
        if wrong:
            raise Refused(wrong)
    return wizard


def asked(wizard: Wizard, shelf: Shelf) -> str:
    """What is being asked: COMMAND, MODELS, FURTHER, an option's name, or "" for the summary."""
    if not wizard.wish.command:
        return COMMAND
    return wizard.asking or _lacking(wizard, shelf)


def choose(wizard: Wizard, token: str, shelf: Shelf) -> Step:
    """A button was pressed. Raises Refused when the token is none, or what it chooses cannot be."""
    if token == CANCEL:
        return Dropped()
    if token == BACK:
        return _turned(wizard, asking="")
    if token == GO:
        made = shelf.drafted(wizard)
        return Finished(wish=wizard.wish, files=wizard.files, seen_microusd=made.quote.hold_microusd)
    kind, number = token[:1], token[1:]
    if not number.isdecimal():
        raise nothing()
    return _chosen(wizard, kind, int(number), shelf)


def typed(wizard: Wizard, text: str, shelf: Shelf) -> Step:
    """Something was written: the value that is asked for, or what to look for in a list. Raises Refused."""
    name = asked(wizard, shelf)
    if name in {COMMAND, MODELS, FURTHER}:
        return replace(wizard, search=text.strip(), page=0, version=wizard.version + 1)
    name = name or _lead(wizard, shelf)
    option = shelf.option(wizard, name)
    if option is None or option.is_media:
        raise nothing()
    if option.kind is Kind.CHOICE:
        known = find(text, option.choices)
        if known is None:
            return replace(wizard, asking=name, search=text.strip(), page=0, version=wizard.version + 1)
        text = known
    return _set(wizard, name, text, shelf)


def given(wizard: Wizard, files: Sequence[Attachment], shelf: Shelf) -> Step:
    """Files came; one that is here already changes nothing. Raises Refused when there is no use for them."""
    known = {file.handle for file in wizard.files}
    new = [file for file in files if file.handle not in known]
    return _checked(wizard, _turned(wizard, asking="", files=(*wizard.files, *new)), shelf)


def nothing() -> Refused:
    """A token that is none, or of another moment."""
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])


def settable(endpoint: Endpoint, level: Level) -> tuple[Option, ...]:
    """The options a person may open at this level: those that are no files."""
    return tuple(option for option in endpoint.offered(level) if not option.is_media)


def commands(wizard: Wizard, shelf: Shelf) -> tuple[str, ...]:
    """The commands that have a use for what was given already, in the catalogue's order."""
    fitting = []
    for name in shelf.catalogue.commands:
        attempt = replace(wizard, wish=Wish(command=name))
        if name != CUSTOM and all(one.slug in MISSING for one in shelf.problems(attempt)):
            fitting.append(name)
    return tuple(fitting) or tuple(shelf.catalogue.commands)


def models(wizard: Wizard, shelf: Shelf) -> tuple[Endpoint, ...]:
    """The endpoints of the command that can do what is wished, in the catalogue's order."""
    family = under(shelf.catalogue, wizard.wish.command)
    return tuple(one for one in family if all(problem.slug in MISSING for problem in _on(wizard, one, shelf)))


def choices(wizard: Wizard, name: str, shelf: Shelf) -> tuple[str, ...]:
    """What an option can be; the order is the same at every look, so that an index says which."""
    option = shelf.option(wizard, name)
    if option is None:
        return ()
    return ("on", "off") if option.kind is Kind.FLAG else option.choices


def _chosen(wizard: Wizard, kind: str, number: int, shelf: Shelf) -> Step:
    """What a token chooses, where it was offered."""
    now = asked(wizard, shelf)
    match kind:
        case "p":
            return replace(wizard, page=number, version=wizard.version + 1)
        case "k" if now == COMMAND:
            name = _at(commands(wizard, shelf), number)
            return _checked(wizard, _turned(wizard, asking="", wish=Wish(command=name)), shelf)
        case "m" if now == MODELS:
            endpoint = _at(under(shelf.catalogue, wizard.wish.command), number)
            wish = replace(wizard.wish, model=endpoint.slug)
            return _checked(wizard, _turned(wizard, asking="", wish=wish), shelf)
        case "c":
            return _set(wizard, now, _at(choices(wizard, now, shelf), number), shelf)
        case "o":
            everything = [MODELS, FURTHER, *_names(wizard, shelf)]
            return _turned(wizard, asking=_at(everything, number))
        case _:
            raise nothing()


def opener(wizard: Wizard, name: str, shelf: Shelf) -> str:
    """The token that opens an option, the models, or the further options."""
    return f"o{[MODELS, FURTHER, *_names(wizard, shelf)].index(name)}"


def _names(wizard: Wizard, shelf: Shelf) -> list[str]:
    family = under(shelf.catalogue, wizard.wish.command)
    every = (one for endpoint in family for one in endpoint.options if one.level is not Level.OWNER)
    return list(dict.fromkeys(one.name for one in every))


def _set(wizard: Wizard, name: str, text: str, shelf: Shelf) -> Wizard:
    wish = replace(wizard.wish, options={**wizard.wish.options, name: text})
    asking = FURTHER if wizard.asking and _is_further(wizard, name, shelf) else ""
    return _checked(wizard, _turned(wizard, asking=asking, wish=wish), shelf)


def _is_further(wizard: Wizard, name: str, shelf: Shelf) -> bool:
    """Whether the option was opened from the list of further ones, to which it then leads back."""
    option = shelf.option(wizard, name)
    return option is not None and option.level is Level.MORE


def _checked(before: Wizard, after: Wizard, shelf: Shelf) -> Wizard:
    """The step, if it makes nothing wrong that was right. Raises Refused with what it would."""
    known = {(one.slug, one.about) for one in shelf.problems(before)} if before.wish.command else set()
    wrong = [one for one in shelf.problems(after) if one.slug not in MISSING and (one.slug, one.about) not in known]
    if wrong:
        raise Refused(wrong)
    return after


def _turned(wizard: Wizard, **changes: object) -> Wizard:
    """Another page of the Wizard: whatever was looked for is forgotten."""
    return replace(wizard, page=0, search="", version=wizard.version + 1, **changes)  # type: ignore[arg-type]


def _lacking(wizard: Wizard, shelf: Shelf) -> str:
    """The first thing that is missing, "" when nothing is."""
    for problem in shelf.problems(wizard):
        if problem.slug is Slug.MISSING_ONE_OF:
            return _one_of(wizard, shelf)
        if problem.slug in MISSING and problem.about:
            return problem.about
    return ""


def _one_of(wizard: Wizard, shelf: Shelf) -> str:
    """Of several that would do, the first that can be typed."""
    rules = (rule for one in shelf.candidates(wizard) for rule in one.rules if isinstance(rule, OneOf))
    for rule in rules:
        named = [option for name in rule.options if (option := shelf.option(wizard, name)) is not None]
        wanted = next((one for one in named if not one.is_media), named[0] if named else None)
        if wanted is not None:
            return wanted.name
    return FURTHER


def _lead(wizard: Wizard, shelf: Shelf) -> str:
    """What plain words are for where nothing is asked: the words of the request themselves."""
    command = shelf.catalogue.commands.get(wizard.wish.command)
    return command.lead if command is not None else ""


def _on(wizard: Wizard, endpoint: Endpoint, shelf: Shelf) -> tuple[Problem, ...]:
    return shelf.problems(replace(wizard, wish=replace(wizard.wish, model=endpoint.slug)))


def _at(found: Sequence[T], number: int) -> T:
    if number >= len(found):
        raise nothing()
    return found[number]
