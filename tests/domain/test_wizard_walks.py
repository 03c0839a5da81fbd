"""Whatever somebody presses, types or sends: every wizard can be finished with a wish that will be taken, or left."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.models import CUSTOM
from bot.domain.order import draft
from bot.domain.sentences import problem_sentence
from bot.domain.wizard import Asking, Finished, Shelf, Wizard
from bot.domain.wizard_keys import TOKEN
from bot.domain.wizard_screens import view
from bot.domain.wizard_standing import commands, settable, stand
from bot.domain.wizard_words import LABEL
from bot.store.wizards import WIZARD
from tests.domain.wizards import BY_HAND, FAL, SANDBOX, Person, a_file, a_wizard, act_of

SHELVES = [FAL, SANDBOX, BY_HAND]
BUTTONS, PER_ROW = 100, 8
"""Telegram's limits, the narrowest: https://core.telegram.org/bots/api#inlinekeyboardmarkup"""

MEDIA = ["image", "video", "audio", ""]
WORDS = ["the horse bolts", "", "7", "0.5", "81", "-3", "hug", "1080", "8s", "on", "Zzyzx", "kling", "x" * 3000]
SEEKS = ["image", "video", "audio"]
PATIENCE = 40

Move = tuple[str, int, str, list[str]]
"""What is done: "press", "type" or "send", and which key, which words, which files."""

moves = st.tuples(
    st.sampled_from(["press", "press", "type", "send"]),
    st.integers(0, 60),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(MEDIA), min_size=1, max_size=3),
)


@st.composite
def people(pick: st.DrawFn) -> Person:
    """Somebody who has begun a wizard."""
    shelf = pick(st.sampled_from(SHELVES))
    media = pick(st.lists(st.sampled_from(MEDIA), max_size=2))
    files = [a_file(f"first-{place}", medium) for place, medium in enumerate(media)]
    command = pick(st.sampled_from(["", *commands(shelf, ()), CUSTOM]))
    try:
        return Person(shelf, a_wizard(command, *files))
    except Refused as refused:
        tell(refused)
        return Person(shelf, a_wizard(command))


def tell(refused: Refused) -> str:
    """What is said about it."""
    told = [problem_sentence(problem) for problem in refused.problems]
    assert told
    assert all(told)
    return " ".join(told)


def walk(person: Person, move: Move) -> None:
    """One move; what is refused changes nothing."""
    before = person.wizard
    what, place, text, media = move
    try:
        match what:
            case "press":
                choices = [one for one in person.choices if act_of(one) != "x"] or person.choices
                person.pick(choices[place % len(choices)])
            case "type":
                person.writes(text)
            case _:
                person.sends(*media)
    except Refused as refused:
        told = tell(refused)
        if what == "press":
            raise AssertionError(f"{before} offers what is refused: {told}") from refused
        assert person.now is before
    if isinstance(person.now, Wizard) and person.now is not before:
        assert person.now.version == before.version + 1
        stays(person.shelf, before, person.now)


def stays(shelf: Shelf, before: Wizard, after: Wizard) -> None:
    """Once the model was shown, only an answer about it, or a choice that must be made, leads to another."""
    if Asking.COMMAND in {before.question.asking, after.question.asking} or before.question.asking is Asking.MODEL:
        return
    stands = stand(shelf, before.wish, before.files).endpoint
    option = settable(stands, before.question.about)
    decides = option is not None and option.required and option.choices
    shown = any(one.asking is Asking.SUMMARY for one in (before.question, *before.trail))
    if shown and not decides:
        assert stand(shelf, after.wish, after.files).endpoint is stands


def holds(person: Person) -> None:
    """What is true of every screen."""
    screen, choices = person.screen, person.choices
    assert screen.text
    assert len(screen.text) < 2000
    assert len(choices) <= BUTTONS
    assert all(0 < len(row) <= PER_ROW for row in screen.rows)
    assert all(0 < len(one.label) <= LABEL for one in choices)
    assert all(TOKEN.fullmatch(one.token) and one.token.isascii() and len(one.token) <= 20 for one in choices)
    assert len({one.token for one in choices}) == len(choices)
    assert [act_of(one) for one in choices].count("x") == 1
    assert [act_of(one) for one in choices].count("b") == (1 if person.wizard.trail else 0)
    kept = WIZARD.validate_json(WIZARD.dump_json(person.wizard))
    assert kept == person.wizard
    assert view(kept, person.shelf) == screen


def accepted(finished: Finished, shelf: Shelf) -> None:
    """It is what `order.draft` takes, at the price that was shown."""
    drafted = draft(finished.wish, finished.files, shelf.catalogue, sandbox=shelf.sandbox)
    quote = drafted.quote
    assert finished.seen_microusd == (None if quote.unpriced else quote.cost_microusd)


def brought_home(person: Person) -> Finished:
    """Somebody answers what they are asked, and presses what leads on."""
    for _ in range(PATIENCE):
        if isinstance(person.now, Finished):
            return person.now
        leads = {act_of(one): one for one in reversed(person.choices)}
        wizard = person.wizard
        lead = next((leads[act] for act in "mec" if act in leads), None)
        if wizard.question.asking is Asking.MORE:
            person.pick(leads["b"])
        elif wizard.question.asking is Asking.ONE_OF:
            person.pick(leads["o"])
        elif lead is not None:
            person.pick(lead)
        elif person.screen.sends:
            option = settable(stand(person.shelf, wizard.wish, wizard.files).endpoint, wizard.question.about)
            assert option is not None
            person.sends(next(one for one in SEEKS if one[:3] == option.kind[:3]))
        elif person.screen.writes:
            answer(person)
        else:
            person.pick(leads["b"])
    raise AssertionError(f"no end from {person.now}")


def answer(person: Person) -> None:
    """Type what will do."""
    for text in ("the horse bolts", "81", "0.9"):
        try:
            person.writes(text)
        except Refused:
            continue
        return
    raise AssertionError(f"nothing will do for {person.wizard}")


@settings(max_examples=150, deadline=None)
@given(person=people(), way=st.lists(moves, max_size=14))
def test_every_way_through_a_wizard_can_be_ended_with_a_wish_that_is_taken(person: Person, way: list[Move]) -> None:
    for move in way:
        if not isinstance(person.now, Wizard):
            break
        holds(person)
        walk(person, move)
    if not person.is_dropped:
        accepted(brought_home(person), person.shelf)


@settings(max_examples=60, deadline=None)
@given(person=people(), way=st.lists(moves, max_size=10))
def test_every_screen_can_be_left_and_gone_back_from(person: Person, way: list[Move]) -> None:
    for move in way:
        if isinstance(person.now, Wizard):
            walk(person, move)
    if isinstance(person.now, Wizard):
        wish, files = person.wizard.wish, person.wizard.files
        for _ in range(len(person.wizard.trail)):
            if not person.wizard.trail:
                break
            person.pick(next(one for one in person.choices if act_of(one) == "b"))
            holds(person)
            assert (person.wizard.wish, person.wizard.files) == (wish, files)
        assert person.wizard.trail == ()
        person.pick(next(one for one in person.choices if act_of(one) == "x"))
        assert person.is_dropped
