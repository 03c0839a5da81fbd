"""The wizard: from anything that lacks something to a request that can be made, and no dead end on the way."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ask import Account, Attachment, Place, Wish
from bot.domain.errors import Refused, Slug
from bot.domain.order import draft
from bot.domain.wizard import BACK, CANCEL, Dropped, Finished, Shelf, Wizard, asked, begin, choose, typed
from bot.domain.wizard import given as handed
from bot.domain.wizard_screens import PAGE, Screen, view
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

SHELF = Shelf(catalogue=load_catalogue(ROOT / "config" / "endpoints"), sandbox=True)
PHOTO = Attachment(platform="example", handle="photo", name="me.jpg", content_type="image/jpeg")
CLIP = Attachment(platform="example", handle="clip", name="me.mp4", content_type="video/mp4")
SOUND = Attachment(platform="example", handle="sound", name="me.ogg", content_type="audio/ogg")
FILES = {"photo": PHOTO, "clip": CLIP, "sound": SOUND}


def wizard(command: str = "", *files: Attachment, **options: str) -> Wizard:
    return Wizard(
        id="w1",
        account=Account(platform="example", id="ada"),
        group="",
        place=Place(platform="example", address="here"),
        wish=Wish(command=command, options=options),
        files=files,
    )


def labels(screen: Screen) -> list[str]:
    return [choice.label for row in screen.rows for choice in row]


def pressed(one: Wizard, label: str) -> Wizard | Finished | Dropped:
    token = next(choice.token for row in view(one, SHELF).rows for choice in row if choice.label.startswith(label))
    return choose(one, token, SHELF)


def walked(one: Wizard, *presses: str) -> Wizard:
    for label in presses:
        step = pressed(one, label)
        assert isinstance(step, Wizard)
        one = step
    return one


def test_an_effect_is_found_by_a_part_of_its_name_and_made_at_the_price_that_was_seen() -> None:
    one = begin(wizard("effect", PHOTO), SHELF)
    assert view(one, SHELF).text.endswith("Which effect? Write a part of its name to search.")
    found = typed(one, "muscle", SHELF)
    assert isinstance(found, Wizard)
    assert labels(view(found, SHELF))[0] == "Muscle Surge"
    summary = walked(found, "Muscle Surge")
    assert "Muscle Surge" in view(summary, SHELF).text
    made = pressed(summary, "Make it · $0.20")
    assert isinstance(made, Finished)
    assert (made.wish.options["effect"], made.files, made.seen_microusd) == ("Muscle Surge", (PHOTO,), 200_000)


def test_the_exact_name_needs_no_button() -> None:
    step = typed(begin(wizard("effect", PHOTO), SHELF), "kiss me ai", SHELF)
    assert isinstance(step, Wizard)
    assert step.wish.options == {"effect": "Kiss Me AI"}


def test_what_is_missing_is_asked_for_in_turn_and_nothing_that_has_a_default() -> None:
    one = begin(wizard("animate"), SHELF)
    asks = []
    while name := asked(one, SHELF):
        asks.append(name)
        step = handed(one, [PHOTO], SHELF) if view(one, SHELF).sends else typed(one, "the horse bolts", SHELF)
        assert isinstance(step, Wizard)
        one = step
    assert sorted(asks) == ["image", "prompt"]
    assert any(label.startswith("Make it") for label in labels(view(one, SHELF)))


def test_a_photo_alone_is_asked_what_to_make_of_it_among_what_takes_photos() -> None:
    offered = labels(view(begin(wizard("", PHOTO), SHELF), SHELF))
    assert "/effect" in offered
    assert "/animate" in offered
    assert "/video" not in offered
    assert "/sound" not in offered


def test_a_model_shows_its_price_and_only_what_it_can_do_is_offered() -> None:
    one = walked(begin(wizard("animate", PHOTO, prompt="the horse bolts"), SHELF), "Model")
    assert "pixverse-4.5 · $0.20" in labels(view(one, SHELF))
    chosen = walked(one, "veo2")
    duration = walked(chosen, "Duration")
    assert [label for label in labels(view(duration, SHELF)) if label not in {"Back", "Cancel"}] == [
        "5s",
        "6s",
        "7s",
        "8s",
    ]


def test_a_choice_that_breaks_a_rule_is_not_offered() -> None:
    one = begin(wizard("animate", PHOTO, prompt="the horse bolts", resolution="1080p"), SHELF)
    one = replace(one, wish=replace(one.wish, model="pixverse-v4.5-image-to-video"))
    assert "8" not in labels(view(walked(one, "Duration"), SHELF))


def test_what_is_written_is_checked_at_once_and_changes_nothing_when_it_is_wrong() -> None:
    one = walked(begin(wizard("animate", PHOTO, prompt="the horse bolts"), SHELF), "More", "Seed")
    with pytest.raises(Refused) as refused:
        typed(one, "many", SHELF)
    assert [problem.slug for problem in refused.value.problems] == [Slug.NOT_A_NUMBER]


def test_what_is_wrong_from_the_beginning_is_said_and_not_asked_about() -> None:
    with pytest.raises(Refused) as refused:
        begin(wizard("animate", duration="77"), SHELF)
    assert [problem.about for problem in refused.value.problems] == ["duration"]


def test_a_file_that_came_already_changes_nothing() -> None:
    one = begin(wizard("effect", PHOTO), SHELF)
    again = handed(one, [PHOTO], SHELF)
    assert isinstance(again, Wizard)
    assert again.files == (PHOTO,)


@pytest.mark.parametrize("token", ["", "c", "c9999", "k0", "z3", "m77777", "o9999", "c-1", "cx"])
def test_a_token_of_nothing_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        choose(begin(wizard("effect", PHOTO), SHELF), token, SHELF)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_pressed_sent_and_written_it_ends_well(data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(["", *SHELF.catalogue.commands]))
    one = begin(wizard(command), SHELF)
    for _ in range(14):
        screen = view(one, SHELF)
        tokens = [choice.token for row in screen.rows for choice in row]
        assert CANCEL in tokens
        assert all(len(token) <= 20 and token.isascii() for token in tokens)
        assert all(len(row) <= 8 for row in screen.rows)
        assert len(tokens) <= PAGE + 10 + len(SHELF.catalogue.commands)
        assert all(len(choice.label) <= 40 for row in screen.rows for choice in row)
        if one.asking:
            assert BACK in tokens
        step = _stepped(one, screen, tokens, data)
        if isinstance(step, Dropped):
            return
        if isinstance(step, Finished):
            made = draft(step.wish, step.files, SHELF.catalogue, sandbox=True)
            assert made.quote.hold_microusd == step.seen_microusd
            return
        assert step.version >= one.version
        one = step


def _stepped(one: Wizard, screen: Screen, tokens: list[str], data: st.DataObject) -> Wizard | Finished | Dropped:
    """One thing a person may do; what is refused leaves everything as it is."""
    try:
        if screen.sends and data.draw(st.booleans()):
            return handed(one, [FILES[data.draw(st.sampled_from(sorted(FILES)))]], SHELF)
        if screen.writes and data.draw(st.booleans()):
            return typed(one, data.draw(st.sampled_from(["a paper boat", "kiss", "5", "on", ""])), SHELF)
        return choose(one, data.draw(st.sampled_from([token for token in tokens if token != CANCEL] or tokens)), SHELF)
    except Refused:
        return one
