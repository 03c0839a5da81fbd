"""What can be chosen is what would be taken."""

from dataclasses import replace

import pytest

from bot.domain.ask import Attachment, Wish
from bot.domain.catalogue import Level
from bot.domain.errors import Refused
from bot.domain.wizard import Shelf
from bot.domain.wizard_standing import choices, stand
from tests.domain.wizards import (
    BY_HAND,
    FAL,
    PHOTO,
    SANDBOX,
    SECOND,
    WORDS,
    a_wizard,
    offered,
    refusal,
    somebody,
)


def test_a_choice_that_breaks_a_rule_is_not_offered_and_the_rule_is_told() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS, resolution="1080p").press("Duration")
    assert [label for label in offered(person) if label.endswith(" s")] == ["✓ 5 s"]
    assert "1080p is only possible with 5 seconds." in person.screen.text
    assert refusal(lambda: person.writes("8")) == ["1080p is only possible with 5 seconds."]


def test_effects_for_two_are_asked_a_second_picture_and_effects_for_one_are_not_offered_two() -> None:
    person = somebody("effect", PHOTO, model="kling-1.6-pro").press("hug")
    assert person.screen.text.endswith("I have 1. Send me one more.")
    assert person.sends("image").labels[0].startswith("Make it")
    two = somebody("effect", PHOTO, SECOND, model="kling-1.6-pro")
    assert "squish" not in two.labels
    assert "hug" in two.labels
    assert refusal(lambda: two.writes("expansion")) == [
        "I got 2 files for the pictures, and 1 can be used. This effect takes one picture."
    ]


@pytest.mark.parametrize("shelf", [FAL, SANDBOX, BY_HAND])
def test_what_is_offered_is_exactly_what_would_be_taken(shelf: Shelf) -> None:
    """For every choice of every endpoint, beside what its rules are about."""
    checked = 0
    for endpoint in shelf.catalogue.endpoints:
        for option in endpoint.options:
            for model, files in ((endpoint.slug, ()), (endpoint.slug, (PHOTO, SECOND))):
                wizard = a_wizard("custom", *files, model=model)
                try:
                    standing = stand(shelf, wizard.wish, wizard.files)
                except Refused:
                    continue
                found = choices(shelf, standing, option.name)
                for choice in option.choices if option.level is not Level.OWNER else ():
                    wish = replace(wizard.wish, options={option.name: choice})
                    assert (choice in found) == is_possible(shelf, wish, files), (endpoint.slug, option.name, choice)
                    checked += 1
    assert checked > 50


def is_possible(shelf: Shelf, wish: Wish, files: tuple[Attachment, ...]) -> bool:
    try:
        stand(shelf, wish, files)
    except Refused:
        return False
    return True
