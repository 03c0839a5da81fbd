"""A person at a wizard: presses by label, writes, sends files, and goes wherever a screen allows."""

from collections.abc import Callable

import pytest
from typing_extensions import override

from bot.domain.ask import Account, Attachment, Place, Wish
from bot.domain.errors import Refused, Slug
from bot.domain.sentences import problem_sentence
from bot.domain.wizard import Dropped, Finished, Shelf, Step, Wizard
from bot.domain.wizard_answers import given, typed
from bot.domain.wizard_moves import begin, choose
from bot.domain.wizard_screens import Choice, Screen, view
from bot.domain.wizard_words import BACK, CANCEL
from bot.settings.endpoints import load_catalogue
from tests.domain.endpoints import catalogue as by_hand
from tests.source import ROOT

SHIPPED = load_catalogue(ROOT / "config" / "endpoints")
"""Every endpoint that comes with the program."""

FAL = Shelf(catalogue=SHIPPED, sandbox=False)
SANDBOX = Shelf(catalogue=SHIPPED, sandbox=True)
BY_HAND = Shelf(catalogue=by_hand(), sandbox=True)
WORDS = "the horse bolts"
TYPES = {"image": ("jpg", "image/jpeg"), "video": ("mp4", "video/mp4"), "audio": ("mp3", "audio/mpeg")}


def a_file(handle: str, medium: str = "image") -> Attachment:
    """A file as somebody sends it; of the medium "" it claims nothing."""
    if not medium:
        return Attachment(platform="example", handle=handle)
    ending, content_type = TYPES[medium]
    return Attachment(platform="example", handle=handle, name=f"{handle}.{ending}", content_type=content_type)


def a_wizard(command: str = "", *files: Attachment, model: str = "", **options: str) -> Wizard:
    """Somebody's wish, before its first step."""
    return Wizard(
        id="w1",
        account=Account(platform="example", id="ada"),
        group="",
        place=Place(platform="example", address="here"),
        event="e1",
        wish=Wish(command=command, options=options, model=model),
        files=files,
    )


PHOTO, SECOND = a_file("photo"), a_file("second")
CLIP = a_file("clip", "video")


def act_of(choice: Choice) -> str:
    """What a key does, by its token."""
    return choice.token[0]


class Person:
    """Somebody with a wizard in front of them."""

    def __init__(self, shelf: Shelf, wizard: Wizard) -> None:
        self.shelf = shelf
        self.now: Step = begin(wizard, shelf)
        self.sent = 0

    @override
    def __repr__(self) -> str:
        """Where they are; the catalogue would fill pages."""
        return f"Person(now={self.now!r})"

    @property
    def wizard(self) -> Wizard:
        """Where they are."""
        assert isinstance(self.now, Wizard)
        return self.now

    @property
    def screen(self) -> Screen:
        """What they see."""
        return view(self.wizard, self.shelf)

    @property
    def choices(self) -> list[Choice]:
        """What they can press."""
        return [choice for row in self.screen.rows for choice in row]

    @property
    def labels(self) -> list[str]:
        """What is written on it."""
        return [choice.label for choice in self.choices]

    def press(self, *labels: str) -> "Person":
        """Press the keys that begin so, one after another."""
        for label in labels:
            self.pick(next(choice for choice in self.choices if choice.label.startswith(label)))
        return self

    def pick(self, choice: Choice) -> None:
        """Press this key."""
        self.now = choose(self.wizard, choice.token, self.shelf)

    def writes(self, text: str) -> "Person":
        """Write something."""
        self.now = typed(self.wizard, text, self.shelf)
        return self

    def sends(self, *media: str) -> "Person":
        """Send new files of these media."""
        files = [a_file(f"sent-{self.sent + place}", medium) for place, medium in enumerate(media)]
        self.sent += len(files)
        self.now = given(self.wizard, files, self.shelf)
        return self

    def gives(self, *files: Attachment) -> "Person":
        """Send these very files."""
        self.now = given(self.wizard, files, self.shelf)
        return self

    def finish(self) -> Finished:
        """Make it."""
        return self.press("Make it").finished

    @property
    def finished(self) -> Finished:
        """What became of it."""
        assert isinstance(self.now, Finished)
        return self.now

    @property
    def is_dropped(self) -> bool:
        """Whether they let it go."""
        return isinstance(self.now, Dropped)


def somebody(command: str = "", *files: Attachment, shelf: Shelf = FAL, model: str = "", **options: str) -> Person:
    """Somebody who has begun with this."""
    return Person(shelf, a_wizard(command, *files, model=model, **options))


def offered(person: Person) -> list[str]:
    """What can be pressed besides the ways out."""
    return [label for label in person.labels if label not in {BACK, CANCEL}]


def refusal(act: Callable[[], object]) -> list[str]:
    """What is said when this is tried."""
    with pytest.raises(Refused) as refused:
        act()
    return [problem_sentence(problem) for problem in refused.value.problems]


def slugs(act: Callable[[], object]) -> list[Slug]:
    """What is wrong when this is tried."""
    with pytest.raises(Refused) as refused:
        act()
    return [problem.slug for problem in refused.value.problems]
