"""What a wish so far could become: where it can still be made, what it lacks there, and what else may be chosen.

Every answer here is `order.attempt`'s: what it would refuse for another reason than being unfinished is not possible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain import files, rules
from bot.domain.ask import Attachment, Wish
from bot.domain.catalogue import Endpoint, Kind, Level, OneOf, Option, Value
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import key
from bot.domain.models import CUSTOM, meant, under, unknown_model
from bot.domain.order import Attempt, attempt
from bot.domain.wish import OFF, ON
from bot.domain.wizard import MISSING, Asking, Question, Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A wish that can become something. `endpoint` is where it would be made as it stands, `tried` how it fares there.

    `able` are all endpoints it means that could make it.
    """

    wish: Wish
    attachments: tuple[Attachment, ...]
    endpoint: Endpoint
    tried: Attempt
    able: tuple[Endpoint, ...]

    @property
    def needs_model(self) -> bool:
        """Whether the model is to be chosen first: `custom` has none of its own."""
        return self.wish.command == CUSTOM and not self.wish.model

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.tried.problems and not self.needs_model

    def files(self, name: str) -> tuple[Attachment, ...]:
        """The files that go to an option."""
        return self.tried.draft.files.get(name, ())

    def lacks(self, name: str) -> bool:
        """Whether an option is what is missing."""
        return any(problem.about == name for problem in self.tried.problems)


def is_unfinished(tried: Attempt) -> bool:
    """Whether nothing is wrong but what is missing."""
    return all(problem.slug in MISSING for problem in tried.problems)


def tries(shelf: Shelf, wish: Wish, attachments: Sequence[Attachment]) -> Iterator[tuple[Endpoint, Attempt]]:
    """The wish on every endpoint it may mean, in the command's order."""
    family = under(shelf.catalogue, wish.command)
    for endpoint in meant(family, wish.model):
        yield endpoint, attempt(wish, attachments, endpoint, family, sandbox=shelf.sandbox)


def is_possible(shelf: Shelf, wish: Wish, attachments: Sequence[Attachment]) -> bool:
    """Whether it can become something."""
    return any(is_unfinished(tried) for _, tried in tries(shelf, wish, attachments))


def stand(shelf: Shelf, wish: Wish, attachments: Sequence[Attachment]) -> Standing:
    """Where the wish stands: the endpoint where the least is missing, the first of them.

    Raises:
        Refused: it cannot become anything; with all that is wrong where the least is, and nothing that is missing.
    """
    tried_on = list(tries(shelf, wish, attachments))
    able = [(endpoint, tried) for endpoint, tried in tried_on if is_unfinished(tried)]
    if not able:
        raise Refused(_wrong(shelf, wish, [tried for _, tried in tried_on]))
    endpoint, tried = min(able, key=lambda one: len(one[1].problems))
    return Standing(
        wish=wish,
        attachments=tuple(attachments),
        endpoint=endpoint,
        tried=tried,
        able=tuple(one for one, _ in able),
    )


def next_question(standing: Standing, wanted: Sequence[str]) -> Question:
    """What to ask next: what is missing in the endpoint's own order, what was wanted, and then nothing."""
    if standing.needs_model:
        return Question(asking=Asking.MODEL)
    for option in standing.endpoint.options:
        if standing.lacks(option.name):
            return Question(asking=Asking.OPTION, about=option.name)
    if standing.tried.problems:
        return Question(asking=Asking.ONE_OF)
    for name in wanted:
        if name == Asking.MODEL:
            return Question(asking=Asking.MODEL)
        place = files.place(standing.endpoint, name)
        if place is not None and place.level is not Level.OWNER:
            return Question(asking=Asking.OPTION, about=place.name)
    return Question(asking=Asking.SUMMARY)


def makes_sense(standing: Standing, question: Question) -> bool:
    """Whether a question can be asked about a wish as it stands now."""
    match question.asking:
        case Asking.OPTION:
            return settable(standing.endpoint, question.about) is not None
        case Asking.ONE_OF:
            return bool(alternatives(standing))
        case Asking.SUMMARY:
            return standing.is_complete
        case Asking.COMMAND | Asking.MODEL | Asking.MORE:
            return True


def settable(endpoint: Endpoint, name: str) -> Option | None:
    """The option of this name that a person may set here."""
    option = endpoint.option(name)
    return option if option is not None and option.level is not Level.OWNER else None


def alternatives(standing: Standing) -> tuple[Option, ...]:
    """The options of which one must be given, and none is."""
    unmet = {one.facts.get("rule") for one in standing.tried.problems if one.slug is Slug.MISSING_ONE_OF}
    rules_unmet = (one for one in standing.endpoint.rules if isinstance(one, OneOf) and one.text.rstrip(".") in unmet)
    names = next((one.options for one in rules_unmet), ())
    return tuple(option for name in names if (option := settable(standing.endpoint, name)) is not None)


def choices(shelf: Shelf, standing: Standing, name: str) -> tuple[str, ...]:
    """What an option can be, as it would be typed; in the files' order, and nothing the wish would be refused with.

    While no model was chosen, an option that must be given can be all that any of the models takes: the choice decides.
    """
    option = settable(standing.endpoint, name)
    if option is None:
        return ()
    wish = without(standing.wish, name)
    pool = [(standing.endpoint, _tried(shelf, wish, standing.attachments, standing.endpoint))]
    if option.required and not standing.wish.model:
        pool = [(one, tried) for one, tried in tries(shelf, wish, standing.attachments) if is_unfinished(tried)]
    found: dict[str, str] = {}
    for endpoint, tried in pool:
        for choice in _possible(endpoint, tried, name):
            found.setdefault(key(choice) or choice, choice)
    return tuple(found.values())


def limits(shelf: Shelf, standing: Standing, name: str) -> tuple[str, ...]:
    """The rules that keep some choices of an option back, as people read them."""
    tried = _tried(shelf, without(standing.wish, name), standing.attachments, standing.endpoint)
    broken = (problem for _, found in _judged(standing.endpoint, tried, name) for problem in found)
    return tuple(dict.fromkeys(one.facts["rule"] for one in broken if one.slug is Slug.RULE_BROKEN))


def models(shelf: Shelf, standing: Standing) -> tuple[tuple[Endpoint, Attempt], ...]:
    """Every endpoint of the command that could make the wish, with how it fares there."""
    found = tries(shelf, replace(standing.wish, model=""), standing.attachments)
    return tuple((endpoint, tried) for endpoint, tried in found if is_unfinished(tried))


def commands(shelf: Shelf, attachments: Sequence[Attachment]) -> tuple[str, ...]:
    """The commands that could do something with these files; `custom` only where no other can."""
    able = [name for name in shelf.catalogue.commands if is_possible(shelf, Wish(command=name), attachments)]
    return tuple(name for name in able if name != CUSTOM) or tuple(able)


def without(wish: Wish, *names: str) -> Wish:
    """The wish that says nothing about these options."""
    return replace(wish, options={name: text for name, text in wish.options.items() if name not in names})


def with_option(wish: Wish, name: str, text: str) -> Wish:
    """The wish with this value."""
    return replace(wish, options={**wish.options, name: text})


def has_room(shelf: Shelf, standing: Standing, name: str) -> bool:
    """Whether one more file could go to an option."""
    more = Attachment(platform="", handle="", option=name)
    tried = _tried(shelf, standing.wish, (*standing.attachments, more), standing.endpoint)
    return is_unfinished(tried)


def bare(standing: Standing, name: str) -> tuple[Wish, tuple[Attachment, ...]]:
    """The wish and the files without those that go to an option, typed links included."""
    taken = {(one.platform, one.handle) for one in standing.files(name)}
    left = tuple(one for one in standing.attachments if (one.platform, one.handle) not in taken)
    linked = [typed for typed in standing.wish.options if _goes_to(standing.endpoint, typed, name)]
    return without(standing.wish, *linked), left


def _goes_to(endpoint: Endpoint, typed: str, name: str) -> bool:
    place = files.place(endpoint, typed)
    return place is not None and place.name == name


def _tried(shelf: Shelf, wish: Wish, attachments: Sequence[Attachment], endpoint: Endpoint) -> Attempt:
    return attempt(wish, attachments, endpoint, under(shelf.catalogue, wish.command), sandbox=shelf.sandbox)


def _possible(endpoint: Endpoint, tried: Attempt, name: str) -> Iterator[str]:
    """The choices of one endpoint that break no rule beside what stands."""
    for text, found in _judged(endpoint, tried, name):
        if all(problem.slug in MISSING for problem in found):
            yield text


def _judged(endpoint: Endpoint, tried: Attempt, name: str) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """Every choice of one endpoint with the rules it breaks beside what stands."""
    option = settable(endpoint, name)
    counts = {one: len(given) for one, given in tried.draft.files.items()}
    doubtful = {problem.about for problem in tried.problems if problem.about != name}
    for text, value in _values(option) if option is not None else ():
        values = {**tried.draft.values, name: value}
        yield text, rules.broken(endpoint, values, counts, doubtful=doubtful)


def _values(option: Option) -> Iterator[tuple[str, Value]]:
    match option.kind:
        case Kind.CHOICE:
            yield from ((choice, choice) for choice in option.choices)
        case Kind.FLAG:
            yield from ((ON, True), (OFF, False))
        case Kind.TEXT | Kind.INTEGER | Kind.NUMBER | Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            return


def _wrong(shelf: Shelf, wish: Wish, found: Sequence[Attempt]) -> tuple[Problem, ...]:
    """What is wrong where the least is, on an endpoint that is on if there is one."""
    if not found:
        return (unknown_model(under(shelf.catalogue, wish.command), wish.model),)
    nearest = min(found, key=lambda one: (one.is_off, sum(problem.slug not in MISSING for problem in one.problems)))
    return tuple(problem for problem in nearest.problems if problem.slug not in MISSING)
