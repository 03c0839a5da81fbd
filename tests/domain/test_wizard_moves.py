"""Back, out, and buttons that no longer fit."""

from dataclasses import replace

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import Slug
from bot.domain.wizard import Asking, Shelf
from bot.domain.wizard_keys import CANCEL
from bot.domain.wizard_moves import choose
from bot.domain.wizard_screens import view
from bot.domain.wizard_words import BACK
from bot.settings.endpoints import catalogue_of
from tests.domain.endpoints import LUMA_IMAGE, PIXVERSE_IMAGE
from tests.domain.wizards import BY_HAND, FAL, PHOTO, SHIPPED, WORDS, offered, slugs, somebody


def test_back_keeps_what_was_answered_and_the_answer_can_be_kept() -> None:
    person = somebody("animate").sends("image").writes(WORDS).press(BACK)
    assert person.screen.text.endswith("What should happen? Type it.")
    assert person.press("Keep it as it is").labels[0] == "Make it · $0.20"


def test_what_was_opened_at_the_summary_leads_back_to_it_unchanged() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS)
    before = person.screen
    after = person.press("More", "Seed", BACK, BACK).screen
    assert after == before


def test_back_from_the_summary_leads_to_the_last_question_and_not_through_what_was_changed_there() -> None:
    person = somebody("animate").sends("image").writes(WORDS).press("Duration", "8 s", "Resolution", "360p")
    asked = [(one.asking, one.about) for one in person.wizard.trail]
    assert asked == [(Asking.OPTION, "image"), (Asking.OPTION, "prompt")]


def test_back_passes_over_what_another_model_asked() -> None:
    person = somebody("effect").writes("hug from past").sends("image").press("That's all")
    person.press("Effect: hug from past").writes("muscle surge").press(BACK)
    assert person.wizard.question.about == "effect"


def test_an_option_can_be_left_out_again() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS, style="anime", duration="8")
    person.press("Style: anime", "Leave it out", "Duration: 8 s", "As usual: 5 s")
    assert person.wizard.wish.options == {"prompt": WORDS}


def test_an_option_whose_usual_value_would_break_a_rule_is_not_left_out() -> None:
    usually_8 = replace(
        PIXVERSE_IMAGE,
        options=tuple(replace(one, default="8") if one.name == "duration" else one for one in PIXVERSE_IMAGE.options),
    )
    shelf = Shelf(catalogue=catalogue_of([usually_8, LUMA_IMAGE]), sandbox=True)
    person = somebody("animate", PHOTO, shelf=shelf, prompt=WORDS, duration="5", resolution="1080p")
    assert offered(person.press("Duration: 5 s")) == ["✓ 5 s"]
    person.press(BACK, "Resolution: 1080p", "720p", "Duration: 5 s")
    assert offered(person) == ["✓ 5 s", "8 s", "As usual: 8 s"]


def test_cancel_is_good_at_any_time() -> None:
    assert somebody("effect").press("Cancel").is_dropped


@pytest.mark.parametrize("token", ["", "c", "c9999", "c0", "c0-0", "k0", "m0-75d6", "o9999-1", "c-1", "x0"])
def test_a_token_of_nothing_is_refused(token: str) -> None:
    wizard = somebody("effect", PHOTO).wizard
    assert slugs(lambda: choose(wizard, token, FAL)) == [Slug.NOTHING_TO_PRESS]


def test_a_token_never_means_another_choice_after_the_catalogue_changed() -> None:
    person = somebody("effect", PHOTO)
    kiss = person.choices[1]
    assert kiss.label == "Kiss"
    after = Shelf(catalogue=without_first_effect(), sandbox=False)
    assert view(person.wizard, after).rows[0][0].label == "Kiss"
    assert slugs(lambda: choose(person.wizard, kiss.token, after)) == [Slug.NOTHING_TO_PRESS]


def test_the_price_that_was_seen_is_the_price_that_is_agreed_to() -> None:
    person = somebody("effect", PHOTO, effect="Hug")
    make = person.choices[0]
    dearer = Shelf(catalogue=at_twice_the_price(), sandbox=False)
    assert view(person.wizard, dearer).rows[0][0].label == "Make it · $0.40"
    assert slugs(lambda: choose(person.wizard, make.token, dearer)) == [Slug.NOTHING_TO_PRESS]


def test_a_wish_the_catalogue_no_longer_has_says_why_and_can_be_let_go() -> None:
    wizard = somebody("animate", PHOTO, prompt=WORDS, model="veo2").wizard
    screen = view(wizard, BY_HAND)
    assert screen.text.startswith("I don't know a model “veo2” for this.")
    assert [choice.token for row in screen.rows for choice in row] == [CANCEL]


def without_first_effect() -> Catalogue:
    command = SHIPPED.commands["effect"]
    first = command.endpoints[0]
    options = tuple(replace(one, choices=one.choices[1:]) if one.name == "effect" else one for one in first.options)
    fewer = replace(command, endpoints=(replace(first, options=options), *command.endpoints[1:]))
    return replace(SHIPPED, commands={**SHIPPED.commands, "effect": fewer})


def at_twice_the_price() -> Catalogue:
    command = SHIPPED.commands["effect"]
    first = command.endpoints[0]
    assert first.price is not None
    price = replace(first.price, table=(), base_microusd=400_000, factors=())
    dearer = replace(command, endpoints=(replace(first, price=price), *command.endpoints[1:]))
    return replace(SHIPPED, commands={**SHIPPED.commands, "effect": dearer})
