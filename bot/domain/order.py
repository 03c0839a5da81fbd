"""An Ask made valid against an Endpoint: typed arguments, the media it needs, its price.

`draft` checks everything that needs no look at the files and names all that is wrong at once; `complete` adds what
the look has shown; `payload` is what fal gets. Nothing here knows an endpoint by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import files, models, rules
from bot.domain.ask import Attachment, Wish
from bot.domain.catalogue import Catalogue, Endpoint, Kind, Level, Option, Send, Value
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import shortened, suggestion
from bot.domain.price import Quote, quote
from bot.domain.values import typed

__all__ = ["Attempt", "Draft", "Order", "Quote", "attempt", "complete", "draft", "payload"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An Ask that passed every check that needs no look at its files.

    `values` are typed, complete with defaults and the owner's fixed values, by common name. `files` assigns the
    attachments to the endpoint's media options. `quote` is the price as far as it is known without the files.
    `joined` says that two pictures will be put side by side.
    """

    endpoint: str
    command: str
    values: Mapping[str, Value]
    files: Mapping[str, tuple[Attachment, ...]]
    quote: Quote
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A valid request for one endpoint (its slug), immutable. `media` are hashes of staged files by option."""

    endpoint: str
    command: str
    values: Mapping[str, Value]
    media: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quote: Quote
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A wish tried on one endpoint: what it would be, and all that is wrong with it there.

    With problems, the draft holds what could be read and dealt. `is_off`: a retired or unpriced endpoint, against fal.
    """

    draft: Draft
    problems: tuple[Problem, ...]
    is_off: bool


@dataclass(slots=True, kw_only=True)
class _Given:
    """A wish sorted by what an endpoint can do with it."""

    texts: dict[str, str] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def draft(
    wish: Wish,
    attachments: Sequence[Attachment],
    catalogue: Catalogue,
    *,
    sandbox: bool,
    problems: Sequence[Problem] = (),
) -> Draft:
    """The wish on the endpoint it means, or on the first of its command where nothing is wrong with it.

    `problems` are those `wish.read` found in the text; they refuse it too, and this adds all that is wrong beside
    them. Against fal (not `sandbox`) a retired or unpriced endpoint is off.

    Raises:
        Refused: with every problem, on the endpoint where there are fewest.
    """
    candidates = models.meant(models.under(catalogue, wish.command), wish.model)
    family = models.under(catalogue, wish.command)
    if not candidates:
        problems = _merged(problems, _nothing_meant(wish, catalogue))
        candidates = _perhaps_meant(problems, family)
    attempts: list[Attempt] = []
    for endpoint in candidates:
        tried = attempt(wish, attachments, endpoint, family, sandbox=sandbox)
        if not tried.problems and not problems:
            return tried.draft
        attempts.append(tried)
    found = [(tried.is_off, _merged(problems, tried.problems)) for tried in attempts]
    best = min(found, key=lambda one: (one[0], len(one[1]), not _has_suggestion(one[1])), default=(True, problems))
    raise Refused(best[1])


def complete(
    draft: Draft,
    media: Mapping[str, tuple[str, ...]],
    seconds: Mapping[str, float],
    endpoint: Endpoint,
) -> Order:
    """The Order after the files were looked at: `media` are their hashes by option, `seconds` their running times."""
    return Order(
        endpoint=draft.endpoint,
        command=draft.command,
        values=draft.values,
        media=media,
        quote=quote(endpoint, draft.values, seconds=seconds),
        joined=draft.joined,
    )


def payload(order: Order, endpoint: Endpoint, urls: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """The JSON body for fal: its field names and types, and only what is set.

    `urls` are the addresses of the uploaded files by option.
    """
    body: dict[str, object] = {}
    for option in endpoint.options:
        given = urls.get(option.name, ())
        if given and option.is_media:
            body[option.field] = list(given) if option.kind is Kind.IMAGES else given[0]
        elif option.name in order.values:
            body[option.field] = sent(option, order.values[option.name])
    return body


def sent(option: Option, value: Value) -> Value:
    """One value as fal takes it: renamed where its name has changed, and of the JSON type the endpoint wants."""
    if option.kind is not Kind.CHOICE:
        return value
    text = rules.written(value)
    text = option.accepts.get(text, text)
    match option.send:
        case Send.STRING:
            return text
        case Send.INTEGER:
            return int(text)
        case Send.NUMBER:
            return float(text)


def _nothing_meant(wish: Wish, catalogue: Catalogue) -> list[Problem]:
    family = models.under(catalogue, wish.command)
    if family:
        return [models.unknown_model(family, wish.model)]
    facts = {"given": shortened(wish.command), "suggestion": suggestion(wish.command, catalogue.commands)}
    return [Problem(slug=Slug.UNKNOWN_COMMAND, facts=facts)] if wish.command else []


def _perhaps_meant(problems: Sequence[Problem], family: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """Where to look for what else is wrong when the model is unknown: the suggested one, else all of the command."""
    guesses = (problem.facts["suggestion"] for problem in problems if problem.slug is Slug.UNKNOWN_MODEL)
    return models.meant(family, next(guesses, ""))


def _has_suggestion(problems: Sequence[Problem]) -> bool:
    return any(problem.facts.get("suggestion") for problem in problems if problem.slug is Slug.UNKNOWN_CHOICE)


def attempt(
    wish: Wish,
    attachments: Sequence[Attachment],
    endpoint: Endpoint,
    family: Sequence[Endpoint],
    *,
    sandbox: bool,
) -> Attempt:
    """The wish on this endpoint and no other; `family` are all of its command."""
    off = _off(endpoint, sandbox=sandbox)
    given = _given(wish, attachments, endpoint, family)
    values, wrong = typed(endpoint, given.texts)
    dealt = files.assign(endpoint, given.attachments)
    problems = _merged([], [*off, *given.problems, *wrong])
    problems = _merged(problems, dealt.problems)
    counts = {name: len(assigned) for name, assigned in dealt.files.items()}
    doubtful = {problem.about for problem in problems}
    problems = _merged(problems, rules.broken(endpoint, values, counts, doubtful=doubtful))
    draft = Draft(
        endpoint=endpoint.slug,
        command=wish.command,
        values=values,
        files=dealt.files,
        quote=quote(endpoint, values, seconds=None),
        joined=dealt.joined,
    )
    return Attempt(draft=draft, problems=tuple(problems), is_off=bool(off))


def _merged(found: Sequence[Problem], more: Sequence[Problem]) -> list[Problem]:
    """What is found, and those of `more` that say something about an option of which nothing is said yet."""
    told = {problem.about for problem in found if problem.about}
    return [*found, *(problem for problem in more if problem.about not in told)]


def off_reason(endpoint: Endpoint, *, sandbox: bool) -> str:
    """Why an endpoint is off for good, whoever asks: its file says so. "" when it is on."""
    if sandbox or not (endpoint.retired or endpoint.price is None):
        return ""
    return "fal no longer lists it" if endpoint.retired else "it has no price yet"


def _off(endpoint: Endpoint, *, sandbox: bool) -> tuple[Problem, ...]:
    reason = off_reason(endpoint, sandbox=sandbox)
    if not reason:
        return ()
    return (Problem(slug=Slug.ENDPOINT_OFF, about=models.MODEL, facts={"model": endpoint.model, "reason": reason}),)


def _given(
    wish: Wish,
    attachments: Sequence[Attachment],
    endpoint: Endpoint,
    family: Sequence[Endpoint],
) -> _Given:
    """The typed texts this endpoint has an option for, all files, and what cannot be had here."""
    given = _Given()
    for name, text in wish.options.items():
        option = _offered(endpoint, family, name, given.problems)
        if option is not None and option.is_media:
            linked, refused = files.from_text(option.name, text)
            given.attachments += linked
            given.problems += [refused] if refused else []
        elif option is not None:
            given.texts[name] = text
    for attachment in attachments:
        option = files.place(endpoint, attachment.option)
        if not attachment.option:
            given.attachments.append(attachment)
        elif option is not None and option.is_media:
            given.attachments.append(replace(attachment, option=option.name))
        else:
            given.problems.append(models.not_offered((endpoint,), family, attachment.option))
    return given


def _offered(
    endpoint: Endpoint,
    family: Sequence[Endpoint],
    name: str,
    problems: list[Problem],
) -> Option | None:
    """The option a person may set under this name; without one, why not is added to `problems`."""
    option = files.place(endpoint, name)
    if option is None:
        problems.append(models.not_offered((endpoint,), family, name))
    elif option.level is Level.OWNER:
        problems.append(Problem(slug=Slug.OWNER_OPTION, about=name))
        return None
    return option
