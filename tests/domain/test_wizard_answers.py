"""What people send and write to a wizard."""

import pytest

from bot.domain.errors import Slug
from bot.domain.order import draft
from bot.domain.wizard import Asking
from tests.domain.wizards import (
    CLIP,
    PHOTO,
    SANDBOX,
    SHIPPED,
    WORDS,
    a_file,
    offered,
    refusal,
    slugs,
    somebody,
)


def test_several_pictures_are_gathered_until_that_is_all() -> None:
    person = somebody("blend", prompt="they dance")
    assert person.screen.text.endswith("Send me one to four pictures of who or what takes part.")
    person.sends("image", "image")
    assert person.screen.text.endswith("I have 2. One more, or is that all?")
    assert refusal(lambda: person.sends("image", "image", "image")) == [
        "I got 5 files for the pictures, and at most 4 can be used."
    ]
    assert len(person.press("That's all").finish().files) == 2


def test_as_many_as_there_is_room_for_need_no_word_that_it_is_all() -> None:
    assert somebody("blend", prompt="they dance").sends(*["image"] * 4).labels[0].startswith("Make it")


def test_pictures_can_be_taken_away_and_sent_anew() -> None:
    person = somebody("blend", PHOTO, prompt="they dance").press("Pictures: 1", "Take them away")
    assert person.wizard.files == ()
    assert person.sends("image", "image").press("That's all").labels[1] == "Pictures: 2"


def test_another_picture_takes_the_place_of_the_one_before() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS).press("Picture: 1")
    assert person.screen.text.endswith("Send me another picture, and it takes the place of this one.")
    assert [one.handle for one in person.sends("image").wizard.files] == ["sent-0"]


def test_a_last_picture_can_be_given_and_left_out_again() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS, model="seedance-lite").press("Last picture").sends("image")
    assert "Last picture: 1" in person.labels
    drafted = draft(person.wizard.wish, person.wizard.files, SHIPPED, sandbox=False)
    assert [one.handle for one in drafted.files["end_image"]] == ["sent-0"]
    assert "Last picture …" in person.press("Last picture: 1", "Leave it out").labels


def test_a_picture_goes_where_it_was_asked_for_and_not_where_the_first_would_go() -> None:
    person = somebody("animate", prompt=WORDS, model="ray2-flash")
    assert offered(person) == ["Picture", "Last picture"]
    person.press("Last picture").sends("image")
    assert {"Picture …", "Last picture: 1"} < set(person.labels)


def test_a_second_picture_stands_beside_the_first_where_an_effect_takes_one() -> None:
    person = somebody("effect", PHOTO, effect="Hug").sends("image")
    assert "The two pictures will be put side by side." in person.screen.text
    assert "Picture: 2" in person.labels


def test_a_file_is_welcome_before_it_is_asked_for() -> None:
    person = somebody("effect").sends("image")
    assert "Which effect?" in person.screen.text
    assert person.press("Hug").labels[0] == "Make it · $0.20"


def test_a_file_of_the_wrong_kind_is_said_at_once() -> None:
    person = somebody("lipsync")
    assert refusal(lambda: person.sends("image")) == ["“sent-0.jpg” is a picture, and I need a video."]
    assert refusal(lambda: somebody("sound", CLIP).sends("image")) == ["I have no use for “sent-0.jpg” here."]


def test_an_album_goes_where_each_of_it_fits_and_in_any_order() -> None:
    assert (
        somebody("mimic", shelf=SANDBOX)
        .sends("image", "video")
        .screen.text.endswith("What should happen to your picture? Type it.")
    )
    one = somebody("mimic", shelf=SANDBOX).sends("image")
    assert one.screen.text.splitlines() == ["/mimic · 1 picture", "Send me the clip whose effect is copied."]
    assert one.sends("video").screen.writes


def test_a_file_that_came_already_changes_nothing() -> None:
    person = somebody("effect", PHOTO)
    before = person.wizard
    assert person.gives(PHOTO).wizard is before


def test_a_picture_may_be_a_link_and_words_are_none() -> None:
    person = somebody("animate", prompt=WORDS)
    assert refusal(lambda: person.writes("here it comes")) == ["Please attach a picture."]
    assert slugs(lambda: person.writes("see http:// nothing")) == [Slug.URL_REFUSED]
    assert person.writes("https://pictures.example/horse.jpg").labels[0].startswith("Make it")


def test_a_link_of_the_request_itself_gives_way_to_a_picture_too() -> None:
    person = somebody("animate", prompt=WORDS, image="https://pictures.example/horse.jpg").press("Picture: 1")
    person.sends("image")
    assert (list(person.wizard.wish.options), [one.handle for one in person.wizard.files]) == (["prompt"], ["sent-0"])


def test_files_no_command_can_use_are_refused_from_the_beginning() -> None:
    sounds = [a_file(f"sound-{number}", "audio") for number in range(9)]
    assert refusal(lambda: somebody("", *sounds)) == ["I got 9 files for the sound, and at most 1 can be used."]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("kiss me ai", "Kiss Me AI"), ("Who’s Arrested", "Who's Arrested?"), ("hulk", "Hulk")],  # noqa: RUF001  what a phone makes of an apostrophe
)
def test_a_name_that_is_spelled_needs_no_button(text: str, chosen: str) -> None:
    person = somebody("effect", PHOTO, model="pixverse-4.5").writes(text)
    assert person.wizard.wish.options == {"effect": chosen}


def test_a_name_that_others_contain_is_shown_first_among_them() -> None:
    person = somebody("effect", PHOTO).writes("kiss")
    assert person.labels[:2] == ["Kiss", "Kiss Me AI"]
    assert "What comes near to “kiss”:" in person.screen.text
    assert "Muscle Surge" in person.press("Show all").labels


def test_a_measure_is_understood_with_its_unit_and_without() -> None:
    assert "Duration: 8 s" in somebody("animate", PHOTO, prompt=WORDS).press("Duration").writes("8s").labels
    assert "Resolution: 1080p" in somebody("animate", PHOTO, prompt=WORDS).press("Resolution").writes("1080").labels


def test_what_resembles_nothing_is_said_and_changes_nothing() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS).press("Duration")
    before = person.wizard
    assert refusal(lambda: person.writes("xyzzy")) == ["The duration cannot be “xyzzy”. It can be 5 or 8."]
    assert slugs(lambda: somebody("").writes("xyzzy")) == [Slug.UNKNOWN_COMMAND]
    assert slugs(lambda: somebody("custom").writes("#@!" * 9 + "qqq")) == [Slug.UNKNOWN_MODEL]
    assert person.now is before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("many", "The seed takes a whole number, and “many” is none."),
        ("1.5", "The seed takes a whole number, and “1.5” is none."),
        ("-7", "The seed must be at least -1; you asked for -7."),
    ],
)
def test_what_is_written_is_checked_at_once(text: str, said: str) -> None:
    person = somebody("animate", PHOTO, prompt=WORDS, model="seedance-lite").press("More", "Seed")
    assert person.screen.text.endswith("Type a whole number, -1 or more.")
    assert refusal(lambda: person.writes(text)) == [said.replace("whole number, and “many”", "number, and “many”")]


def test_no_words_are_no_answer() -> None:
    assert refusal(lambda: somebody("lipsync", CLIP).writes("  ")) == ["I still need the text."]
    said_nothing = somebody("lipsync", CLIP, text="")
    assert offered(said_nothing.press("Text")) == ["Leave it out"]


def test_words_at_the_summary_are_those_behind_the_command() -> None:
    person = somebody("animate", PHOTO, prompt=WORDS).writes("the cow bolts")
    assert (person.wizard.wish.options["prompt"], person.wizard.question.asking) == ("the cow bolts", Asking.SUMMARY)
    assert "hug from past" in somebody("effect", PHOTO, effect="Kiss").writes("hug").labels


def test_words_nobody_waits_for_are_told_so() -> None:
    more = somebody("animate", PHOTO, prompt=WORDS).press("More")
    assert refusal(lambda: more.writes("hello")) == [
        "I'm not waiting for words just now; please press one of the buttons."
    ]
