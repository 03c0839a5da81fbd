"""From Discord's JSON to a Wish: values as typed, files in their places, and all that is wrong with `more`."""

from typing import Any

import pytest

from bot.chat.discord.options import asked, focused, mentioned, submitted
from bot.domain.ask import Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Slug
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

CDN = "https://cdn.example"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "config" / "endpoints")


def command(name: str, *, resolved: dict[str, Any] | None = None, **values: object) -> dict[str, Any]:
    return {
        "name": name,
        "options": [{"name": key, "value": value} for key, value in values.items()],
        "resolved": resolved or {},
    }


def upload(number: int, name: str = "me.jpg") -> dict[str, Any]:
    url = f"{CDN}/attachments/1/{number}/{name}?ex=1&is=1&hm=1"
    return {"id": str(number), "filename": name, "content_type": "image/jpeg", "size": 100, "url": url}


@pytest.mark.parametrize("effect", ["Kiss Me AI", "Anything, Robot", "Black Myth: Wukong", "Who's Arrested?"])
def test_an_effect_comes_as_it_is_written(catalogue: Catalogue, effect: str) -> None:
    one = asked(command("effect", effect=effect), catalogue, cdn_url=CDN)
    assert one.wish.options == {"effect": effect}
    assert one.problems == ()


def test_pictures_of_one_place_are_just_attached_and_others_keep_their_option(catalogue: Catalogue) -> None:
    files = {"attachments": {"1": upload(1), "2": upload(2)}}
    two = asked(command("effect", resolved=files, effect="hug", image="1", image2="2"), catalogue, cdn_url=CDN)
    assert [(one.option, one.name) for one in two.attachments] == [("", "me.jpg"), ("", "me.jpg")]
    frames = asked(command("animate", resolved=files, prompt="x", image="1", end_image="2"), catalogue, cdn_url=CDN)
    assert [one.option for one in frames.attachments] == ["image", "end_image"]


def test_flags_and_numbers_are_written_as_people_write_them(catalogue: Catalogue) -> None:
    one = asked(command("video", prompt="x", sound=True, duration="8", model="kling"), catalogue, cdn_url=CDN)
    assert one.wish.options == {"prompt": "x", "sound": "on", "duration": "8"}
    assert one.wish.model == "kling"


def test_further_options_are_read_beside_the_named_ones(catalogue: Catalogue) -> None:
    one = asked(command("animate", prompt="x", more='seed=5 negative="dark, wet"'), catalogue, cdn_url=CDN)
    assert one.wish.options == {"prompt": "x", "seed": "5", "negative": "dark, wet"}


def test_whoever_the_words_call_is_mentioned_once_by_the_name_that_is_known() -> None:
    wish = Wish(command="effect", options={"prompt": "<@7> hugs <@!8>, and <@7> dances", "negative": "<@&9> <#3>"})
    resolved = {"users": {"7": {"global_name": "Ben", "username": "ben"}}}
    found = mentioned(wish, {"resolved": resolved})
    assert [(one.key, one.name) for one in found] == [("discord:7", "Ben"), ("discord:8", "somebody")]


def test_what_is_said_twice_or_unknown_is_named_at_once(catalogue: Catalogue) -> None:
    one = asked(command("animate", prompt="x", duration="5", more="duration=8 nonsense=1"), catalogue, cdn_url=CDN)
    assert {problem.slug for problem in one.problems} == {Slug.GIVEN_TWICE, Slug.UNKNOWN_OPTION}


def test_somebody_lends_their_avatar(catalogue: Catalogue) -> None:
    users = {"users": {"9": {"id": "9", "username": "ben", "avatar": "abc"}, "8": {"id": "8", "username": "cy"}}}
    (own,) = asked(command("effect", resolved=users, effect="hug", person="9"), catalogue, cdn_url=CDN).attachments
    assert own.handle == f"{CDN}/avatars/9/abc.png?size=1024"
    (default,) = asked(command("effect", resolved=users, effect="hug", person="8"), catalogue, cdn_url=CDN).attachments
    assert default.handle == f"{CDN}/embed/avatars/0.png"


def test_the_option_with_the_focus_is_found() -> None:
    data = {
        "name": "effect",
        "options": [{"name": "model", "value": "k"}, {"name": "effect", "value": "ki", "focused": True}],
    }
    assert focused(data) == ("effect", "ki")
    assert focused({"name": "help"}) == ("", "")


def test_a_form_is_read_whatever_its_inputs_are_wrapped_in() -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "lead", "value": "a fox"}},
        {"type": 18, "component": {"type": 3, "custom_id": "model", "values": ["kling-2.1"]}},
        {"type": 1, "components": [{"type": 4, "custom_id": "more", "value": "seed=5"}]},
    ]
    assert submitted(components) == {"lead": "a fox", "model": ["kling-2.1"], "more": "seed=5"}


def test_whose_avatar_is_used_is_named_so_that_they_can_be_asked(catalogue: Catalogue) -> None:
    users = {"users": {"77": {"username": "ben", "global_name": "Ben", "avatar": "abc"}}}
    one = asked(command("effect", resolved=users, person="77", more="duration=8"), catalogue, cdn_url=CDN)
    assert [(account.key, account.name) for account in one.named] == [("discord:77", "Ben")]
    assert [file.name for file in one.attachments] == ["Ben.png"]
    assert asked(command("effect"), catalogue, cdn_url=CDN).named == ()
