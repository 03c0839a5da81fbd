"""What a Wizard shows: what is wished so far, what is asked now, and the buttons for it. Every word of it is here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import wizard as steps
from bot.domain.catalogue import Endpoint, Kind, Level, Option
from bot.domain.errors import Refused
from bot.domain.match import search
from bot.domain.models import under
from bot.domain.order import Draft, Order
from bot.domain.phrases import order_words, quote_words
from bot.domain.sentences import called, capital, problem_sentence, spoken
from bot.domain.values import ranged
from bot.domain.wizard import BACK, CANCEL, COMMAND, FURTHER, GO, MODELS, Shelf, Wizard

PAGE = 8
"""Choices shown at once; more go on further pages."""

WIDE = 2
LABEL = 40
FOUND = 3 * PAGE
"""The most a search finds: what resembles it less is of no help."""

TRIED = 40
"""The longest list in which each choice is tried before it is offered; of a longer one it is tried when chosen."""

BEFORE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
AFTER = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: what it says, and the token it sends."""

    label: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is shown. `writes`: an answer may be written, `sends`: a file is waited for."""

    text: str
    rows: tuple[tuple[Choice, ...], ...]
    writes: bool = False
    sends: bool = False


def view(wizard: Wizard, shelf: Shelf) -> Screen:
    """The screen of this step."""
    name = steps.asked(wizard, shelf)
    match name:
        case "":
            return _summary(wizard, shelf)
        case _ if name == COMMAND:
            return _commands(wizard, shelf)
        case _ if name == MODELS:
            return _models(wizard, shelf)
        case _ if name == FURTHER:
            return _further(wizard, shelf)
    option = shelf.option(wizard, name)
    return _summary(wizard, shelf) if option is None else _option(wizard, option, shelf)


def _summary(wizard: Wizard, shelf: Shelf) -> Screen:
    """All that is needed is said: the price, and what may still be changed. What cannot be made says why."""
    try:
        draft = shelf.drafted(wizard)
    except Refused as error:
        text = "\n".join(problem_sentence(problem) for problem in error.problems)
        return Screen(text=text, rows=_ends(wizard, back=bool(wizard.asking)))
    endpoint = shelf.catalogue.endpoint(draft.endpoint)
    price = quote_words(draft.quote)
    rows: list[tuple[Choice, ...]] = [(Choice(label=_cut(f"Make it · {price}"), token=GO),)]
    if endpoint is not None:
        rows += _in_rows(_changeable(wizard, endpoint, draft, shelf))
    text = f"{_wished(wizard)}\n{_small(draft, endpoint)}\nShall I make it?"
    return Screen(text=text, rows=(*rows, *_ends(wizard, back=False)), writes=True)


def _changeable(wizard: Wizard, endpoint: Endpoint, draft: Draft, shelf: Shelf) -> list[Choice]:
    """The options offered by name, the models where there are several, and the rest behind one button."""
    found = []
    if len(steps.models(wizard, shelf)) > 1:
        found.append(Choice(label=_cut(f"Model: {endpoint.model}"), token=steps.opener(wizard, MODELS, shelf)))
    for option in steps.settable(endpoint, Level.MAIN):
        value = _shown(draft.values.get(option.name))
        found.append(Choice(label=_label(option, value), token=steps.opener(wizard, option.name, shelf)))
    if steps.settable(endpoint, Level.MORE):
        found.append(Choice(label="More …", token=steps.opener(wizard, FURTHER, shelf)))
    return found


def _commands(wizard: Wizard, shelf: Shelf) -> Screen:
    names = steps.commands(wizard, shelf)
    found = {str(number): name for number, name in enumerate(names)}
    lines = [f"/{name}: {shelf.catalogue.commands[name].makes}" for name in names]
    buttons = [Choice(label=f"/{name}", token=f"k{number}") for number, name in found.items()]
    what = "What shall I make of it?" if wizard.files else "What shall I make?"
    return Screen(text="\n".join([what, *lines]), rows=(*_in_rows(buttons, wide=3), *_ends(wizard, back=False)))


def _models(wizard: Wizard, shelf: Shelf) -> Screen:
    """Each with what it would cost as things stand."""
    family = under(shelf.catalogue, wizard.wish.command)
    able = steps.models(wizard, shelf)
    buttons = [Choice(label=_cut(_priced(wizard, one, shelf)), token=f"m{family.index(one)}") for one in able]
    page = _page(wizard, len(able))
    lines = [f"{one.model}: {one.summary}" for one in able[page * PAGE : (page + 1) * PAGE]]
    text = "\n".join([_wished(wizard), "Which model?", *lines])
    return _paged(wizard, text, buttons, back=True, wide=1)


def _priced(wizard: Wizard, endpoint: Endpoint, shelf: Shelf) -> str:
    try:
        draft = shelf.drafted(replace(wizard, wish=replace(wizard.wish, model=endpoint.slug)))
    except Refused:
        return endpoint.model
    return f"{endpoint.model} · {quote_words(draft.quote)}"


def _further(wizard: Wizard, shelf: Shelf) -> Screen:
    found: dict[str, Option] = {}
    for endpoint in shelf.candidates(wizard):
        for option in steps.settable(endpoint, Level.MORE):
            found.setdefault(option.name, option)
    buttons = [
        Choice(label=_label(option, wizard.wish.options.get(name, "")), token=steps.opener(wizard, name, shelf))
        for name, option in found.items()
    ]
    return _paged(wizard, f"{_wished(wizard)}\nWhat else shall I set?", buttons, back=True)


def _option(wizard: Wizard, option: Option, shelf: Shelf) -> Screen:
    back = bool(wizard.asking)
    head = _wished(wizard)
    if option.is_media:
        return Screen(text=f"{head}\n{_wanted(option)}", rows=_ends(wizard, back=back), sends=True)
    if option.kind in {Kind.CHOICE, Kind.FLAG}:
        return _choices(wizard, option, shelf)
    return Screen(text=f"{head}\n{_written(option)}", rows=_ends(wizard, back=back), writes=True)


def _choices(wizard: Wizard, option: Option, shelf: Shelf) -> Screen:
    every = steps.choices(wizard, option.name, shelf)
    able = [one for one in every if len(every) > TRIED or _fits(wizard, option.name, one, shelf)]
    found = search(wizard.search, {one: spoken(one) for one in able}, most=FOUND if wizard.search else len(able))
    buttons = [Choice(label=_cut(spoken(one)), token=f"c{every.index(one)}") for one in found]
    text = f"{_wished(wizard)}\nWhich {_noun(option)}?"
    if wizard.search:
        text += f" These are like “{_cut(wizard.search)}”." if found else f" I found none like “{_cut(wizard.search)}”."
    elif len(able) > PAGE:
        text += " Write a part of its name to search."
    return _paged(wizard, text, buttons, back=bool(wizard.asking))


def _fits(wizard: Wizard, name: str, value: str, shelf: Shelf) -> bool:
    """Whether nothing would be wrong with this choice that is not wrong already."""
    wish = replace(wizard.wish, options={**wizard.wish.options, name: value})
    return all(one.slug in steps.MISSING for one in shelf.problems(replace(wizard, wish=wish)))


def _paged(wizard: Wizard, text: str, buttons: Sequence[Choice], *, back: bool, wide: int = WIDE) -> Screen:
    pages, page = _pages(len(buttons)), _page(wizard, len(buttons))
    rows = _in_rows(buttons[page * PAGE : (page + 1) * PAGE], wide=wide)
    if pages > 1:
        rows.append(
            (
                Choice(label=BEFORE, token=f"p{(page - 1) % pages}"),
                Choice(label=f"{page + 1}/{pages}", token=f"p{page}"),
                Choice(label=AFTER, token=f"p{(page + 1) % pages}"),
            )
        )
    return Screen(text=text, rows=(*rows, *_ends(wizard, back=back)), writes=True)


def _pages(many: int) -> int:
    return max(1, -(-many // PAGE))


def _page(wizard: Wizard, many: int) -> int:
    """The page that is shown; a list that became shorter has a last one too."""
    return min(wizard.page, _pages(many) - 1)


def _ends(wizard: Wizard, *, back: bool) -> tuple[tuple[Choice, ...], ...]:
    """The last row: always a way out, and one back where something was opened."""
    ways = [Choice(label="Back", token=BACK)] if back or wizard.search else []
    return ((*ways, Choice(label="Cancel", token=CANCEL)),)


def _in_rows(buttons: Sequence[Choice], *, wide: int = WIDE) -> list[tuple[Choice, ...]]:
    return [tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide)]


def _wished(wizard: Wizard) -> str:
    """What is known, in one line."""
    said = [_cut(spoken(value)) for name, value in wizard.wish.options.items() if name in {"effect", "prompt", "text"}]
    files = len(wizard.files)
    with_files = f" · {files} file{'' if files == 1 else 's'}" if files else ""
    return f"/{wizard.wish.command} {' · '.join(said)}".rstrip() + with_files


def _small(draft: Draft, endpoint: Endpoint | None) -> str:
    order = Order(endpoint=draft.endpoint, command=draft.command, values=draft.values, quote=draft.quote)
    told = order_words(order, endpoint, captioned=True)
    return f"{told}\nThe two pictures go side by side." if draft.joined else told


def _wanted(option: Option) -> str:
    """What is to be sent."""
    match option.kind:
        case Kind.VIDEO:
            return "Send me the video."
        case Kind.AUDIO:
            return "Send me the sound, or speak it."
        case Kind.IMAGES:
            return "Send me the pictures; several at once go as an album."
        case _:
            return f"Send me {called(option.name)}."


def _written(option: Option) -> str:
    """What is to be written."""
    bounds = ranged(option)
    if option.kind in {Kind.INTEGER, Kind.NUMBER}:
        between = " to ".join(bounds.values())
        return f"Write {called(option.name)}{f', {between}' if between else ''}."
    if option.name == "prompt":
        return "What should happen? Write it."
    return f"Write {called(option.name)}."


def _noun(option: Option) -> str:
    return called(option.name).removeprefix("the ").removesuffix("'s name")


def _label(option: Option, value: str) -> str:
    name = capital(_noun(option))
    return _cut(f"{name}: {spoken(value)}" if value else name)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL else f"{line[: LABEL - 1]}…"
