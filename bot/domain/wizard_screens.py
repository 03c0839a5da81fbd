"""What a Wizard shows: what is wished so far, what is asked now, and the buttons for it. Every one can be pressed."""

from dataclasses import dataclass

from bot.domain import wizard_words as words
from bot.domain.catalogue import Kind, Level, Option
from bot.domain.errors import Refused
from bot.domain.match import search
from bot.domain.models import MODEL
from bot.domain.notice import Tone
from bot.domain.sentences import capital, problem_sentence
from bot.domain.wizard import Asking, Shelf, Wizard
from bot.domain.wizard_keys import WIDE, Act, Key, Page, Row, grid, how, marked, paged, tokens
from bot.domain.wizard_options import option_page
from bot.domain.wizard_standing import Standing, alternatives, commands, models, settable, stand

MENU = 3
"""Commands stand three in a row: their names are short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: what it says, the token it sends, and how it should look where buttons have colours."""

    label: str
    token: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is shown. `writes`: an answer, or what to look for, may be written; `sends`: a file is waited for.

    Files are welcome on every screen, and go where they fit.
    """

    text: str
    rows: tuple[tuple[Choice, ...], ...]
    writes: bool = False
    sends: bool = False


def view(wizard: Wizard, shelf: Shelf) -> Screen:
    """The screen of this step."""
    drawn = page(wizard, shelf)
    made = tokens(drawn)
    rows = tuple(tuple(Choice(label=key.label, token=next(made), tone=key.tone) for key in row) for row in drawn.rows)
    return Screen(text=drawn.text, rows=rows, writes=drawn.writes, sends=drawn.sends)


def page(wizard: Wizard, shelf: Shelf) -> Page:
    """The screen before its keys have tokens. What a change of the catalogue made impossible says why."""
    cancel = Key(act=Act.CANCEL, label=words.CANCEL, tone=Tone.BAD)
    try:
        drawn = _page(wizard, shelf)
    except Refused as refused:
        return Page(text=words.lines(*map(problem_sentence, refused.problems)), rows=((cancel,),))
    back = (Key(act=Act.BACK, label=words.BACK),) if wizard.trail else ()
    rows = (row for row in (*drawn.rows, (*back, cancel)) if row)
    return Page(text=drawn.text, rows=tuple(rows), writes=drawn.writes, sends=drawn.sends)


def _page(wizard: Wizard, shelf: Shelf) -> Page:
    if wizard.question.asking is Asking.COMMAND:
        return _command(wizard, shelf)
    standing = stand(shelf, wizard.wish, wizard.files)
    match wizard.question.asking:
        case Asking.MODEL:
            return _model(wizard, shelf, standing)
        case Asking.MORE:
            return _more(wizard, standing)
        case Asking.ONE_OF:
            return _one_of(wizard, standing)
        case Asking.OPTION if option := settable(standing.endpoint, wizard.question.about):
            return option_page(wizard, shelf, standing, option)
        case _:
            return _summary(wizard, shelf, standing)


def _command(wizard: Wizard, shelf: Shelf) -> Page:
    known = [shelf.catalogue.commands[name] for name in commands(shelf, wizard.files)]
    keys = [Key(act=Act.PICK, label=words.cut(f"/{one.name}"), value=one.name) for one in known]
    what = words.WHICH_COMMAND_OF if wizard.files else words.WHICH_COMMAND
    text = words.lines(words.brought(wizard.files), what, *map(words.command_words, known))
    return Page(text=text, rows=grid(keys, MENU), writes=True)


def _model(wizard: Wizard, shelf: Shelf, standing: Standing) -> Page:
    """Each with what it would cost as things stand."""
    command, now = wizard.wish.command, standing.endpoint.model if wizard.wish.model else ""
    found = {one.model: (one, tried.draft.quote) for one, tried in models(shelf, standing)}
    shown = {name: words.model_search(one) for name, (one, _) in found.items()}
    keys = [
        Key(act=Act.PICK, label=marked(words.model_label(one, command, quote), now=name == now), value=name)
        for name in search(wizard.search, shown, most=len(shown))
        for one, quote in [found[name]]
    ]
    text = words.lines(words.wished(wizard, standing), words.WHICH_MODEL, how(wizard, keys, 1))
    return Page(text=text, rows=paged(wizard, keys, 1), writes=True)


def _more(wizard: Wizard, standing: Standing) -> Page:
    keys = [_set_key(one, standing) for one in standing.endpoint.offered(Level.MORE)]
    text = words.lines(words.wished(wizard, standing), words.WHICH_MORE)
    return Page(text=text, rows=paged(wizard, keys, WIDE))


def _one_of(wizard: Wizard, standing: Standing) -> Page:
    options = alternatives(standing)
    keys = [Key(act=Act.OPEN, label=words.title(one), value=one.name) for one in options]
    rule = next((one.facts["rule"] for one in standing.tried.problems if "rule" in one.facts), "")
    return Page(
        text=words.lines(words.wished(wizard, standing), f"{capital(rule)}." if rule else words.CHOOSE),
        rows=grid(keys, 1),
        writes=sum(one.kind is Kind.TEXT for one in options) == 1,
        sends=any(one.is_media for one in options),
    )


def _summary(wizard: Wizard, shelf: Shelf, standing: Standing) -> Page:
    """All that is needed is said: the price, and what may still be changed."""
    label = words.make_label(standing.tried.draft.quote)
    make = Key(act=Act.MAKE, label=label, value=standing.endpoint.slug, tone=Tone.GOOD)
    model = words.cut(f"Model: {words.model_words(standing.endpoint, wizard.wish.command)}")
    rows: list[Row] = [
        (make,) if standing.is_complete else (),
        (Key(act=Act.OPEN, label=model, value=MODEL),) if len(models(shelf, standing)) > 1 else (),
        *grid([_set_key(one, standing) for one in standing.endpoint.offered(Level.MAIN)], WIDE),
        (Key(act=Act.OPEN, label=words.MORE, value=Asking.MORE),) if standing.endpoint.offered(Level.MORE) else (),
    ]
    joined = words.JOINED if standing.tried.draft.joined else ""
    text = words.lines(words.wished(wizard, standing), words.small(standing), joined, words.READY)
    return Page(text=text, rows=tuple(rows))


def _set_key(option: Option, standing: Standing) -> Key:
    value = standing.tried.draft.values.get(option.name)
    label = words.set_label(option, value, len(standing.files(option.name)))
    return Key(act=Act.OPEN, label=label, value=option.name)
