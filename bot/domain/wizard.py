"""A wish on its way: what is missing is asked for, step by step, and nothing is made before its price was seen.

Values only; a Wizard never changes, it is replaced. `actions/guide.py` keeps it in the store between two steps and
hands a front its screens. `wizard_moves` and `wizard_answers` lead from one step to the next (a press; words, files),
`wizard_screens` says what is asked now, `wizard_standing` what a wish could still become, `wizard_words` has the words.
All that can be chosen is what `order.draft` would take.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ask import Account, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Slug

MISSING = frozenset({Slug.MISSING_OPTION, Slug.MISSING_MEDIA, Slug.MISSING_ONE_OF, Slug.TOO_FEW_FILES, Slug.NO_VALUE})
"""What is no mistake, but not said yet."""

TRAIL = 12
"""So many questions can be gone back to."""


class Asking(StrEnum):
    """What is asked."""

    COMMAND = "command"
    OPTION = "option"
    ONE_OF = "one_of"
    MODEL = "model"
    MORE = "more"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `about` is the option of OPTION, and "" beside all others."""

    asking: Asking
    about: str = ""


WHICH_COMMAND = Question(asking=Asking.COMMAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wizard:
    """A wish on its way to an Ask: whose, where, what of it is known, and what is being asked.

    `event` is the message that began it. The wish's command is "" until one is chosen. `wanted` are options
    to be asked for though they could be left out: somebody wrote `--duration` and nothing behind it. `question` is the
    one that is shown, `trail` are those one can go back to, the latest last; what was answered stays. `page` (from 0)
    and `search` belong to the list that is shown. `named` and `mentioned` are an Ask's. `version` grows with every
    step, so that of two at once one counts.
    """

    id: str
    account: Account
    group: str
    place: Place
    event: str
    locale: str = "en"
    wish: Wish
    files: tuple[Attachment, ...] = ()
    wanted: tuple[str, ...] = ()
    question: Question = WHICH_COMMAND
    trail: tuple[Question, ...] = ()
    page: int = 0
    search: str = ""
    named: tuple[Account, ...] = ()
    mentioned: tuple[Account, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A wish that `order.draft` takes, on the model that was shown, at the price that was: None where none is known."""

    wish: Wish
    files: tuple[Attachment, ...]
    seen_microusd: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The person thought better of it."""


Step = Wizard | Finished | Dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What there is to choose from. Against fal (not `sandbox`) a retired or unpriced endpoint is off."""

    catalogue: Catalogue
    sandbox: bool


def stepped(before: Wizard, after: Wizard) -> Wizard:
    """`after` as the step that follows `before`, which one can go back to unless it asks the same.

    Whoever comes back to the summary has answered what it was left for: the way there is forgotten.
    """
    trail = before.trail if before.question == after.question else (*before.trail, before.question)
    if after.question.asking is Asking.SUMMARY:
        trail = trail[: next((place for place, one in enumerate(trail) if one == after.question), len(trail))]
    return dataclasses.replace(after, trail=trail[-TRAIL:], version=before.version + 1)


def asks(wizard: Wizard, question: Question) -> Wizard:
    """The same wish, asked something else about."""
    return dataclasses.replace(wizard, question=question, page=0, search="")
