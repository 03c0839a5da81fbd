"""What is kept of a Person, how it is handed over, and what is left when it was forgotten: the books without names.

Forgetting is in two steps: what was typed and sent goes after some days by itself, who it was only when they say so.
"""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.ask import Account, Ask, Place, Surroundings, Wish
from bot.domain.cards import ASKED
from bot.domain.job import GIVEN_UP, Job, State
from bot.domain.linking import named
from bot.domain.notice import Action, Button, Document, Notice, Tone
from bot.domain.order import Order

PRIVACY = "privacy"
FILE_NAME = "reelroom-privacy.json"

AT_REST = frozenset({State.DELIVERED, State.UNDELIVERED, State.FAILED, State.CANCELLED, State.REFUSED})

MAY_STILL_COME = timedelta(days=3)
"""A Job that was given up may still be completed by a late result for so long, and is needed whole until then."""


class Wanted(StrEnum):
    """What stands behind the command."""

    SHOW = "show"
    EXPORT = "export"
    ERASE = "erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`prompt_days`: what was typed and sent is forgotten after so many; `file_days`: fal keeps files for so many."""

    prompt_days: int
    file_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What is kept of a Person, counted. `making` are their Jobs that have not ended.

    `answers` are what they said about their face, `rulings` what was decided about them.
    """

    person: str
    accounts: tuple[Account, ...]
    jobs: int
    making: int
    settings: int
    entries: int
    answers: int = 0
    rulings: int = 0


def wanted_of(text: str) -> Wanted:
    """What was typed behind the command; anything else is shown what there is."""
    word = text.strip().casefold()
    return Wanted(word) if word in set(Wanted) else Wanted.SHOW


def is_forgotten(job: Job) -> bool:
    """Whether what was asked for is no longer known."""
    return not job.ask.wish.command


def forgettable(job: Job, *, age: timedelta, erased: bool) -> bool:
    """Whether nothing will be done with what was asked for any more; `age` is since its latest step.

    A reel that was never delivered is kept until it was, or until the Person wants all of it `erased`. The judging of
    a picture ends with its judgement, and is told to nobody.
    """
    if job.screening is not None:
        return job.state in AT_REST or job.state is State.COMPLETED
    still_told = job.said != job.state or job.carded == ASKED
    if job.state not in AT_REST or still_told or (job.state is State.UNDELIVERED and not erased):
        return False
    return job.state is not State.FAILED or job.reason not in GIVEN_UP or age > MAY_STILL_COME


def without_content(job: Job) -> tuple[Ask, Order, Place]:
    """The Ask, the Order and the Place without anything typed or sent: what it cost, when, and by whom stays.

    A platform may carry words in the address of a Place, so there is none any more.
    """
    nowhere = Place(platform=job.place.platform, address="")
    bare = dataclasses.replace(job.ask, named=(), mentioned=(), surroundings=Surroundings(), place=nowhere)
    ask = dataclasses.replace(bare, wish=Wish(command=""), attachments=())
    return ask, dataclasses.replace(job.order, values={}, media={}), nowhere


def without_person(job: Job) -> tuple[Ask, Order, Place]:
    """The same without who it was."""
    ask, order, nowhere = without_content(job)
    nobody = Account(platform=ask.account.platform, id="")
    bare = dataclasses.replace(ask, account=nobody, event_id=job.id, group_name="", locale="en")
    return bare, order, nowhere


def standing_in_group(job: Job) -> str:
    """The reel's receipt where it stands in a group, for its moderators; a private chat's names who was in it."""
    return job.reel_receipt if job.ask.group and job.ask.account.id not in job.reel_receipt else ""


def holdings_notice(held: Holdings | None, terms: Terms) -> Notice:
    """What there is, for how long, and what can be done about it."""
    if held is None:
        return Notice(text="I keep nothing about you.", private=True)
    lines = [
        f"What I keep of you ({named(held.accounts)}):",
        (
            f"{_count(held.jobs, 'request')}, with what you typed and which pictures you sent; "
            f"both are forgotten after {_count(terms.prompt_days, 'day')}."
        ),
        f"{_count(held.settings, 'thing')} you have told me, like your usual model.",
        *([f"{_count(held.answers, 'answer')} about your face."] if held.answers else []),
        *([f"{_count(held.rulings, 'decision')} of moderators about you."] if held.rulings else []),
        f"{_count(held.entries, 'line')} of money in the books, which stay, and hold no name.",
        f"The video service keeps pictures and reels for {_count(terms.file_days, 'day')}.",
        "/privacy export sends you all of it, /privacy erase takes it away.",
    ]
    return Notice(text="\n".join(lines), private=True)


def export_notice(held: Holdings | None, text: str) -> Notice:
    """All of it, as a file."""
    if held is None:
        return Notice(text="I keep nothing about you.", private=True)
    return Notice(text="Here is everything I keep of you.", private=True, document=Document(name=FILE_NAME, text=text))


def confirm_notice(held: Holdings | None) -> Notice:
    """Before anything is taken away."""
    if held is None:
        return Notice(text="I keep nothing about you.", private=True)
    stops = f" {_count(held.making, 'request')} in the making will be cancelled." if held.making else ""
    return Notice(
        text=f"This forgets all I keep of {named(held.accounts)}, for good.{stops} "
        "Reels that stand in a chat stay there; remove them with their own button first.",
        tone=Tone.WAITING,
        private=True,
        buttons=(Button(action=Action.ERASE, subject=held.person, label="Erase it"),),
    )


def erased_notice(terms: Terms) -> Notice:
    """It is done; and what is not, and why."""
    return Notice(
        text="Forgotten. What was still in the making is cancelled, and forgotten once it has ended. "
        "A mark that can't be read back stays until the month is over, so that nobody refills a budget this way, "
        "and longer where a moderator shut you out. "
        "I have the video service forget it too, but for pictures that were sent there: they go within "
        f"{_count(terms.file_days, 'day')}, and I can't hurry it.",
        tone=Tone.GOOD,
        private=True,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
