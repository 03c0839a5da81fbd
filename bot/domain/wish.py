"""Text in, a Wish out, and back: `parse(render(wish)) == wish`. Everything wrong with the text is said at once.

    /effect Kiss Me AI --duration 8
    /animate "the horse bolts" --ar 9:16 --model kling-2.1
    /custom pixverse/v4.5/effects effect=Anything, Robot duration=8

Values stay as typed; what they may be is the endpoint's business (`domain/order.py`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain import match
from bot.domain.ask import Wish
from bot.domain.catalogue import Catalogue, Endpoint, Kind, Level
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.grammar import Segment, begins_option, segments, written
from bot.domain.models import CUSTOM, MODEL, meant, not_offered, options, typed_names, under, unknown_model

ON, OFF = "on", "off"

ALIASES = {
    "ar": "aspect",
    "aspect_ratio": "aspect",
    "ratio": "aspect",
    "neg": "negative",
    "negative_prompt": "negative",
    "no": "negative",
    "res": "resolution",
    "r": "resolution",
    "d": "duration",
    "dur": "duration",
    "length": "duration",
    "m": MODEL,
    "s": "style",
    "p": "prompt",
    "fx": "effect",
    "img": "image",
    "photo": "image",
    "picture": "image",
    "start": "image",
    "end": "end_image",
    "last": "end_image",
    "tail": "end_image",
    "cam": "camera",
    "cfg": "guidance",
    "lang": "language",
    "safety": "safety_checker",
    "clip": "video",
}
"""Short forms of common names; a name an endpoint really has goes before them."""

_COMMAND = re.compile(r"\s*/?(?P<command>[^\s@]*)(?:@\S*)?(?P<rest>.*)", re.DOTALL)
_FIRST_WORD = re.compile(r"(?P<word>\S+)\s*(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What could be understood of a text, and what could not.

    With problems left, `wish` is only good for finding more of them (`order.draft(…, problems=…)`). Its command is
    "" when that is unknown.
    """

    wish: Wish
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Page:
    """What has been read so far."""

    endpoints: tuple[Endpoint, ...]
    lead: str
    model: str = ""
    options: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse(text: str, catalogue: Catalogue, *, others: Iterable[str] = ()) -> Wish:
    """What a text asks for. `others` are commands that make nothing ("quota"), good for did-you-mean.

    Raises:
        Refused: with every problem of the text.
    """
    reading = read(text, catalogue, others=others)
    if reading.problems:
        raise Refused(reading.problems)
    return reading.wish


def read(text: str, catalogue: Catalogue, *, others: Iterable[str] = ()) -> Reading:
    """Like `parse`, without raising: to be followed by `order.draft`, so that one answer names everything."""
    head = _COMMAND.fullmatch(text)
    typed, rest = (head["command"], head["rest"].strip()) if head else ("", "")
    makers = dict.fromkeys([*catalogue.commands, CUSTOM])
    command = match.find(typed, makers)
    if command is None:
        facts = {"given": match.shortened(typed), "suggestion": match.suggestion(typed, [*makers, *others])}
        return Reading(wish=Wish(command=""), problems=(Problem(slug=Slug.UNKNOWN_COMMAND, facts=facts),))
    if command == CUSTOM:
        return _read_custom(rest, catalogue)
    endpoints = under(catalogue, command)
    page = _Page(endpoints=endpoints, lead=catalogue.commands[command].lead or _spare_lead(endpoints))
    _take(page, segments(rest, lambda name: _known(page, name)))
    if page.model and not meant(endpoints, page.model):
        page.problems.append(unknown_model(endpoints, page.model))
    return _reading(command, page)


def read_more(text: str, command: str, catalogue: Catalogue, *, model: str = "") -> Reading:
    """The further options of a command, written `style=anime seed=5` or with dashes, as one field of a form."""
    family = under(catalogue, command)
    page = _Page(endpoints=(meant(family, model) if command == CUSTOM else ()) or family, lead="")
    _take(page, segments(text, lambda name: _known(page, name), pairs=True))
    return _reading(command, page)


def render(wish: Wish, *, lead: str = "") -> str:
    """The text that reads as this wish. `lead` is the command's, to write its value first and without its name."""
    words = [f"/{wish.command}"]
    first = "" if wish.command == CUSTOM else wish.options.get(lead, "")
    if first:
        words.append(written(first))
    if wish.model:
        words.append(f"--{MODEL} {written(wish.model)}")
    words += [f"--{name} {written(value)}" for name, value in wish.options.items() if not first or name != lead]
    return " ".join(words)


def _read_custom(rest: str, catalogue: Catalogue) -> Reading:
    """`/custom <endpoint> [words] [key=value …]`; the endpoint may also come as `--model`."""
    everything = under(catalogue, CUSTOM)
    named = None if begins_option(rest, pairs=True) else _FIRST_WORD.fullmatch(rest)
    first, words = (named["word"], named["rest"]) if named else ("", rest)
    any_page = _Page(endpoints=everything, lead="")
    found = segments(words, lambda name: _known(any_page, name), pairs=True)
    flagged = (segment.value for segment in found if _resolve(any_page, segment.name) == MODEL)
    model = first or next(flagged, None) or ""
    endpoints = meant(everything, model) if model else ()
    page = _Page(endpoints=endpoints or everything, lead=_spare_lead(endpoints or everything), model=first)
    _take(page, found)
    if not endpoints:
        page.problems.insert(0, unknown_model(everything, model))
    return _reading(CUSTOM, page)


def _reading(command: str, page: _Page) -> Reading:
    wish = Wish(command=command, options=page.options, model=page.model)
    return Reading(wish=wish, problems=tuple(page.problems))


def _spare_lead(endpoints: Sequence[Endpoint]) -> str:
    """The option that takes plain words where no command names one: the first main one that is no file, else a text."""
    typed = [option for one in endpoints for option in one.options if option.level is not Level.OWNER]
    main = (option.name for option in typed if option.level is Level.MAIN and not option.is_media)
    return next(main, None) or next((option.name for option in typed if option.kind is Kind.TEXT), "")


def _known(page: _Page, name: str) -> bool:
    return _resolve(page, name) is not None or _negated(page, name) is not None


def _resolve(page: _Page, typed: str) -> str | None:
    """The common name a typed one means: itself, a short form, or the endpoint's own field."""
    name = typed.casefold().replace("-", "_")
    names = {option.name for one in page.endpoints for option in one.options} | {MODEL}
    meanings = (name, ALIASES.get(name))
    fields = (option.name for one in page.endpoints for option in one.options if option.field == name)
    return next((meaning for meaning in meanings if meaning in names), None) or next(fields, None)


def _negated(page: _Page, typed: str) -> str | None:
    """The flag that `no-<flag>` switches off."""
    name = typed.casefold().replace("-", "_")
    meant_by = _resolve(page, name.removeprefix("no_")) if name.startswith("no_") else None
    return meant_by if meant_by and _is_flag(page, meant_by) else None


def _is_flag(page: _Page, name: str) -> bool:
    return any(option.kind is Kind.FLAG for option in options(page.endpoints, name))


def _take(page: _Page, found: Sequence[Segment]) -> None:
    words, *rest = found
    if words.value is not None:
        if page.lead:
            _set(page, page.lead, words, words.value)
        else:
            facts = {"given": match.shortened(words.value), "choices": match.listed(typed_names(page.endpoints))}
            page.problems.append(Problem(slug=Slug.UNKNOWN_OPTION, facts=facts))
    for segment in rest:
        _take_option(page, segment)


def _take_option(page: _Page, segment: Segment) -> None:
    name = _resolve(page, segment.name)
    off = _negated(page, segment.name) if name is None else None
    if name is not None and _only_owners(page, name):
        page.problems.append(Problem(slug=Slug.OWNER_OPTION, about=name))
    elif name is not None and segment.value is None and not _is_flag(page, name):
        page.problems.append(Problem(slug=Slug.NO_VALUE, about=name))
    elif name is not None:
        _set(page, name, segment, ON if segment.value is None else segment.value)
    elif off is not None and segment.value is None:
        _set(page, off, segment, OFF)
    elif off is not None:
        page.problems.append(
            Problem(slug=Slug.NOT_A_FLAG, about=off, facts={"given": match.shortened(segment.value or "")})
        )
    else:
        page.problems.append(not_offered(page.endpoints, (), segment.name))


def _only_owners(page: _Page, name: str) -> bool:
    having = options(page.endpoints, name)
    return bool(having) and all(option.level is Level.OWNER for option in having)


def _set(page: _Page, name: str, segment: Segment, value: str) -> None:
    if segment.open_quote:
        page.problems.append(Problem(slug=Slug.OPEN_QUOTE, about=name, facts={"given": match.shortened(value)}))
    elif name in page.options or (name == MODEL and page.model):
        page.problems.append(Problem(slug=Slug.GIVEN_TWICE, about=name, facts={"given": match.shortened(value)}))
    elif name == MODEL:
        page.model = value
    else:
        page.options[name] = value
