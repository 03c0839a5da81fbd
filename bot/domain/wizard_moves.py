"""How a Wizard begins, and what a press leads to. Whatever cannot be done is refused in words.

Every step makes a wish that `order.draft` either takes or would refuse only for what is still missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.errors import Problem, Refused, Slug
from bot.domain.models import MODEL
from bot.domain.wizard import WHICH_COMMAND, Asking, Dropped, Finished, Question, Shelf, Step, Wizard, asks, stepped
from bot.domain.wizard_answers import answered, asked, check_files, commanded, held
from bot.domain.wizard_keys import CANCEL, Act, tokens
from bot.domain.wizard_screens import page
from bot.domain.wizard_standing import bare, makes_sense, settable, stand, with_option, without


def begin(wizard: Wizard, shelf: Shelf) -> Wizard:
    """The first step: of a wish that lacks something, of a command alone, or of files alone (without a command).

    A wish that lacks nothing begins at its summary, to be changed or made.

    Raises:
        Refused: something is wrong that no question can mend; with all that is wrong.
    """
    if wizard.wish.command:
        return asked(wizard, shelf)
    check_files(shelf, wizard.files)
    return replace(wizard, question=WHICH_COMMAND)


def choose(wizard: Wizard, token: str, shelf: Shelf) -> Step:
    """A button was pressed.

    Raises:
        Refused: NOTHING_TO_PRESS, the token is none of this screen's; or what was wished is no longer possible.
    """
    if token == CANCEL:
        return Dropped()
    drawn = page(wizard, shelf)
    keys = [key for row in drawn.rows for key in row]
    pressed = next((key for key, own in zip(keys, tokens(drawn), strict=True) if own == token), None)
    if pressed is None:
        raise nothing()
    return _PRESSES[pressed.act](wizard, pressed.value, shelf)


def nothing() -> Refused:
    """A token that is none, or of another moment."""
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])


def _back(wizard: Wizard, _value: str, shelf: Shelf) -> Wizard:
    """To the latest question that can still be asked; what was answered stays."""
    trail, back = wizard.trail, wizard
    while trail:
        *before, question = trail
        trail = tuple(before)
        if question == WHICH_COMMAND or makes_sense(stand(shelf, wizard.wish, wizard.files), question):
            back = asks(wizard, question)
            break
    return replace(back, trail=trail, version=wizard.version + 1)


def _turn(wizard: Wizard, value: str, _shelf: Shelf) -> Wizard:
    return stepped(wizard, replace(wizard, page=int(value)))


def _show_all(wizard: Wizard, _value: str, _shelf: Shelf) -> Wizard:
    return stepped(wizard, asks(wizard, wizard.question))


def _open(wizard: Wizard, value: str, _shelf: Shelf) -> Wizard:
    lists = {MODEL: Question(asking=Asking.MODEL), Asking.MORE: Question(asking=Asking.MORE)}
    return stepped(wizard, asks(wizard, lists.get(value, Question(asking=Asking.OPTION, about=value))))


def _pick(wizard: Wizard, value: str, shelf: Shelf) -> Wizard:
    match wizard.question.asking:
        case Asking.COMMAND:
            return commanded(wizard, value, shelf)
        case Asking.MODEL:
            return answered(wizard, shelf, wish=replace(wizard.wish, model=value))
        case _:
            return answered(wizard, shelf, wish=with_option(wizard.wish, wizard.question.about, value))


def _leave(wizard: Wizard, _value: str, shelf: Shelf) -> Wizard:
    standing = stand(shelf, wizard.wish, wizard.files)
    option = settable(standing.endpoint, wizard.question.about)
    if option is not None and option.is_media:
        wish, left = bare(standing, option.name)
        return answered(wizard, shelf, wish=wish, files=left)
    return answered(wizard, shelf, wish=without(wizard.wish, wizard.question.about))


def _enough(wizard: Wizard, _value: str, shelf: Shelf) -> Wizard:
    return answered(wizard, shelf)


def _anew(wizard: Wizard, _value: str, shelf: Shelf) -> Wizard:
    wish, left = bare(stand(shelf, wizard.wish, wizard.files), wizard.question.about)
    return stepped(wizard, replace(wizard, wish=held(wizard, shelf, wish, left), files=left))


def _make(wizard: Wizard, _value: str, shelf: Shelf) -> Finished:
    """On the model that was shown: what is first in the catalogue may be another by the time it is made."""
    standing = stand(shelf, wizard.wish, wizard.files)
    quote = standing.tried.draft.quote
    return Finished(
        wish=replace(wizard.wish, model=standing.endpoint.model),
        files=wizard.files,
        seen_microusd=None if quote.unpriced else quote.cost_microusd,
    )


_PRESSES: Mapping[Act, Callable[[Wizard, str, Shelf], Step]] = {
    Act.BACK: _back,
    Act.PAGE: _turn,
    Act.ALL: _show_all,
    Act.OPEN: _open,
    Act.PICK: _pick,
    Act.LEAVE: _leave,
    Act.ENOUGH: _enough,
    Act.ANEW: _anew,
    Act.MAKE: _make,
}
"""What each key does; Cancel needs no screen."""
