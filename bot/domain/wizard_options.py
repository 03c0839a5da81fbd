"""The screens that ask for one option, by its kind: a list, yes or no, words, a number, files."""

from dataclasses import replace

from bot.domain import wizard_words as words
from bot.domain.catalogue import Kind, Option
from bot.domain.match import search
from bot.domain.notice import Tone
from bot.domain.sentences import capital
from bot.domain.wizard import Shelf, Wizard
from bot.domain.wizard_keys import FEW, NARROW, SHORT, WIDE, Act, Key, Page, Row, grid, how, marked, paged
from bot.domain.wizard_standing import Standing, bare, choices, has_room, is_possible, limits, without


def option_page(wizard: Wizard, shelf: Shelf, standing: Standing, option: Option) -> Page:
    """What is asked about an option that a person may set here."""
    leave = _leave(wizard, shelf, standing, option)
    match option.kind:
        case Kind.CHOICE:
            return _choice(wizard, shelf, standing, option, leave)
        case Kind.FLAG:
            return _flag(wizard, shelf, standing, option, leave)
        case Kind.TEXT:
            return _words(wizard, standing, option, words.TYPE_IT, leave)
        case Kind.INTEGER | Kind.NUMBER:
            return _words(wizard, standing, option, words.number_words(option), leave)
        case Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            return _files(wizard, shelf, standing, option, leave)


def _choice(wizard: Wizard, shelf: Shelf, standing: Standing, option: Option, leave: Row) -> Page:
    possible = choices(shelf, standing, option.name)
    shown = {one: words.value_words(option, one) for one in possible}
    now = standing.tried.draft.values.get(option.name)
    keys = [
        Key(act=Act.PICK, label=marked(shown[one], now=one == now), value=one)
        for one in search(wizard.search, shown, most=len(shown))
    ]
    short = len(keys) <= FEW and all(len(key.label) <= SHORT for key in keys)
    each = NARROW if short else WIDE
    told = [f"{capital(rule)}." for rule in limits(shelf, standing, option.name)]
    guide = how(wizard, keys, each) if possible else words.NONE_LEFT
    return Page(
        text=words.lines(words.wished(wizard, standing), words.question(option), *told, guide),
        rows=(*paged(wizard, keys, each), leave),
        writes=True,
    )


def _flag(wizard: Wizard, shelf: Shelf, standing: Standing, option: Option, leave: Row) -> Page:
    value = standing.tried.draft.values.get(option.name)
    now = words.value_words(option, value) if value is not None else ""
    keys = [
        Key(act=Act.PICK, label=marked(capital(text), now=text == now), value=text)
        for text in choices(shelf, standing, option.name)
    ]
    text = words.lines(words.wished(wizard, standing), words.question(option), words.CHOOSE)
    return Page(text=text, rows=(*grid(keys, WIDE), leave))


def _words(wizard: Wizard, standing: Standing, option: Option, how_to: str, leave: Row) -> Page:
    text = words.lines(words.wished(wizard, standing), f"{words.question(option)} {how_to}")
    keep = _keep(standing, option) if wizard.wish.options.get(option.name) else ()
    return Page(text=text, rows=(keep, leave), writes=True)


def _keep(standing: Standing, option: Option) -> Row:
    """The key that leaves what stands, where something does."""
    return () if standing.lacks(option.name) else (Key(act=Act.ENOUGH, label=words.KEEP, tone=Tone.GOOD),)


def _files(wizard: Wizard, shelf: Shelf, standing: Standing, option: Option, leave: Row) -> Page:
    has = len(standing.files(option.name))
    missing = next((one for one in standing.tried.problems if one.about == option.name), None)
    needed = int(missing.facts.get("needed", "1")) if missing else 0
    room = has > 0 and has_room(shelf, standing, option.name)
    keys: list[Key] = []
    if has and not missing:
        keys.append(Key(act=Act.ENOUGH, label=words.ENOUGH if room else words.KEEP, tone=Tone.GOOD))
    if has > 1 or room:
        keys.append(Key(act=Act.ANEW, label=words.ANEW))
    return Page(
        text=words.lines(words.wished(wizard, standing), words.send_words(option, has=has, needed=needed, room=room)),
        rows=(tuple(keys), leave),
        sends=True,
    )


def _leave(wizard: Wizard, shelf: Shelf, standing: Standing, option: Option) -> Row:
    """The key that says nothing about an option, where the model that stands can do without."""
    must_be_said = option.required and option.default is None
    is_as_usual = option.default is not None and option.name not in wizard.wish.options
    if must_be_said or (is_as_usual and option.kind in {Kind.CHOICE, Kind.FLAG}):
        return ()
    wish, left = bare(standing, option.name) if option.is_media else (without(wizard.wish, option.name), wizard.files)
    if not is_possible(shelf, replace(wish, model=standing.endpoint.model), left):
        return ()
    if option.default is None or option.default == "":
        return (Key(act=Act.LEAVE, label=words.LEAVE_OUT),)
    return (Key(act=Act.LEAVE, label=words.cut(f"{words.AS_USUAL}: {words.value_words(option, option.default)}")),)
