"""The wizard: from anything that lacks something to a request that can be made."""

from dataclasses import replace

import pytest

from bot.domain.errors import Refused, Slug
from bot.domain.wizard_moves import begin
from bot.domain.wizard_standing import stand
from bot.domain.wizard_words import AFTER, BACK
from tests.domain.wizards import CLIP, FAL, PHOTO, SANDBOX, WORDS, Person, a_wizard, offered, refusal, slugs, somebody


def test_an_effect_is_found_by_a_part_of_its_name_and_made_at_the_price_that_was_seen() -> None:
    person = somebody("effect", PHOTO)
    assert person.screen.text.splitlines() == [
        "/effect · 1 picture",
        "Which effect?",
        "Choose one, or type a part of its name.",
    ]
    person.writes("muscle")
    assert person.labels[0] == "Muscle Surge"
    person.press("Muscle Surge")
    assert "Muscle Surge" in person.screen.text
    finished = person.press("Make it · $0.20").finished
    assert (finished.wish.options, finished.wish.model) == ({"effect": "Muscle Surge"}, "pixverse-4.5")
    assert (finished.files, finished.seen_microusd) == ((PHOTO,), 200_000)


def test_pages_go_round_and_hold_seven_rows_of_two() -> None:
    person = somebody("effect", PHOTO)
    assert [len(row) for row in person.screen.rows] == [2] * 7 + [3, 1]
    first, number = person.labels[:14], person.labels[15]
    pages = int(number.removeprefix("1/"))
    person.press(AFTER)
    assert person.labels[15] == f"2/{pages}"
    for _ in range(pages - 1):
        person.press(AFTER)
    assert person.labels[:14] == first


def test_everything_is_asked_for_in_the_endpoints_order_and_nothing_that_has_a_default() -> None:
    person = somebody("animate")
    assert (person.screen.sends, person.screen.writes) == (True, False)
    assert person.screen.text.endswith("Send me the picture that starts to move.")
    person.sends("image")
    assert (person.screen.sends, person.screen.writes) == (False, True)
    assert person.screen.text.endswith("What should happen? Type it.")
    person.writes(WORDS)
    assert person.labels[0] == "Make it · $0.20"


def test_a_photo_alone_is_asked_what_to_make_of_it_among_what_takes_photos() -> None:
    person = somebody("", PHOTO)
    assert {"/effect", "/animate"} < set(person.labels)
    assert not {"/video", "/sound", "/custom"} & set(person.labels)
    assert "/animate: a photo moves" in person.screen.text
    person.writes("Animate")
    assert person.screen.text.endswith("What should happen? Type it.")


def test_another_command_keeps_the_files_and_drops_what_was_said_for_the_first() -> None:
    person = somebody("", PHOTO).press("/effect", "Hug", BACK, BACK)
    person.press("/animate")
    assert (person.wizard.files, person.wizard.wish.options) == ((PHOTO,), {})


def test_one_of_several_that_would_do_is_asked_for_as_a_choice() -> None:
    person = somebody("lipsync", CLIP)
    assert offered(person) == ["Sound file", "Text"]
    assert (person.screen.sends, person.screen.writes) == (True, True)
    assert somebody("lipsync", CLIP).writes("hello").labels[0] == "Make it · about $1.44"
    assert somebody("lipsync", CLIP).sends("audio").labels[0].startswith("Make it")
    assert somebody("lipsync", CLIP).press("Sound file").sends("audio").labels[0].startswith("Make it")


def test_what_was_named_without_a_value_is_asked_for_though_it_has_a_default() -> None:
    wizard = replace(a_wizard("animate", PHOTO, prompt=WORDS), wanted=("duration", "model", "nonsense"))
    person = Person(FAL, wizard)
    assert "Length of the video in seconds." in person.screen.text
    person.press("8 s")
    assert "Which model?" in person.screen.text
    person.press("pixverse-4.5 ·")
    assert person.labels[0] == "Make it · $0.40"


def test_a_wish_that_lacks_nothing_begins_at_its_summary_to_be_changed() -> None:
    person = somebody("effect", PHOTO, effect="Kiss Me AI", duration="8")
    assert person.screen.text.splitlines() == [
        "/effect · Kiss Me AI · 8 s · 1 picture",
        "pixverse-4.5 · 720p · 8 s · $0.40",
        "Shall I make it?",
    ]
    person.press("Effect: Kiss Me AI", "Muscle Surge", "Resolution", "360p")
    assert person.labels[0] == "Make it · $0.30"


def test_what_is_wrong_from_the_beginning_is_said_and_not_asked_about() -> None:
    with pytest.raises(Refused) as refused:
        begin(a_wizard("animate", duration="77"), FAL)
    assert [(one.slug, one.about) for one in refused.value.problems] == [(Slug.UNKNOWN_CHOICE, "duration")]


def test_custom_alone_asks_for_the_model_first() -> None:
    person = somebody("custom")
    assert "Which model?" in person.screen.text
    assert person.labels[0] == "/effect PixVerse 4.5 effects · $0.20"
    person.writes("veo2-image-to-video")
    assert person.wizard.wish.model == "veo2-image-to-video"
    assert person.screen.sends


def test_models_show_what_they_cost_as_things_stand_and_only_those_that_can() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS, duration="8").press("Model")
    assert [label for label in offered(person) if "kling" in label] == []
    assert "pixverse-4.5 · $0.40" in offered(person)
    assert "veo2 · $4.00" in offered(person)


def test_the_model_that_was_chosen_offers_its_own_choices_and_no_others() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS).press("Model", "veo2", "Duration")
    assert offered(person) == ["✓ 5s", "6s", "7s", "8s"]


def test_the_summary_offers_what_its_model_has_though_no_model_was_chosen() -> None:
    """A duration of another model would change the model, and with it the price, behind the person's back."""
    person = somebody("animate", PHOTO, prompt=WORDS).press("Duration")
    assert offered(person) == ["✓ 5 s", "8 s"]


def test_no_answer_but_one_about_the_model_changes_the_model_that_was_shown() -> None:
    """Another can do 8 s at 1080p, take a second picture, or do without a style; each for another price."""
    person = somebody("animate", PHOTO, prompt=WORDS).press("Resolution", "1080p")
    assert refusal(lambda: person.press("Duration").writes("8")) == ["1080p is only possible with 5 seconds."]
    assert slugs(lambda: somebody("animate", PHOTO, prompt=WORDS).sends("image")) == [Slug.TOO_MANY_FILES]
    assert slugs(lambda: somebody("animate", PHOTO, prompt=WORDS).press("Duration").writes("10")) == [
        Slug.UNKNOWN_CHOICE
    ]
    wan = somebody("animate", PHOTO, prompt=WORDS, frames="90", resolution="480p").press("Resolution: 480p")
    assert "wan-i2v · 720p" in wan.press("As usual: 720p").screen.text


def test_an_effect_of_any_model_can_be_chosen_while_none_is() -> None:
    person = somebody("effect", PHOTO).writes("hug from past")
    assert stand(FAL, person.wizard.wish, person.wizard.files).endpoint.model == "kling-1.6-pro"


def test_what_is_off_against_fal_is_not_offered_and_is_in_the_sandbox() -> None:
    assert "/mimic" not in somebody("").labels
    assert "/mimic" in somebody("", shelf=SANDBOX).labels
    assert slugs(lambda: somebody("mimic")) == [Slug.ENDPOINT_OFF]
