"""Forms: within Discord's limits for every command, prefilled with what was asked, and read back as a wish."""

from typing import Any

import pytest

from bot.chat.discord.forms import Kinds, Sheet, filled_in, form, uploaded
from bot.chat.discord.options import Asked, submitted, with_more
from bot.domain.ask import Wish
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")
ID = "9" * 19


async def payload(wish: Wish, *, kind: Kinds = Kinds.CHANGE, about: str = "0" * 22) -> dict[str, Any]:
    sheet = Sheet(kind=kind, about=about, title="Change and run again", wish=wish, asks_file=True)
    return form(sheet, CATALOGUE).to_dict()


def inputs(modal: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["component"]["custom_id"]: one["component"] for one in modal["components"]}


@pytest.mark.parametrize("command", CATALOGUE.commands)
async def test_a_form_of_any_command_is_within_the_limits(command: str) -> None:
    wish = Wish(command=command, options={"prompt": "x" * 9000, "negative": "y" * 5000})
    modal = await payload(wish, kind=Kinds.EXTEND, about=f"{ID}:{ID}:{ID}")
    assert len(modal["custom_id"]) <= 100
    assert 1 <= len(modal["title"]) <= 45
    assert 1 <= len(modal["components"]) <= 5
    for label in modal["components"]:
        assert label["type"] == 18
        assert 1 <= len(label["label"]) <= 45
        field = label["component"]
        assert len(field.get("value") or "") <= 4000
        options = field.get("options", [])
        assert len(options) <= 25
        assert all(1 <= len(one["label"]) <= 100 and len(one.get("description") or "") <= 100 for one in options)
        assert len({one["value"] for one in options}) == len(options)


async def test_a_form_is_not_kept_by_the_library_since_a_restart_would_lose_it() -> None:
    sheet = Sheet(kind=Kinds.CHANGE, about="1", title="x", wish=Wish(command="effect"))
    assert form(sheet, CATALOGUE).is_finished()


async def test_it_begins_with_what_was_asked() -> None:
    wish = Wish(
        command="animate",
        options={"prompt": "the horse bolts", "duration": "8", "negative": "dark, wet"},
        model="kling-2.1",
    )
    fields = inputs(await payload(wish))
    assert fields["lead"]["value"] == "the horse bolts"
    assert [one["value"] for one in fields["model"]["options"] if one["default"]] == ["kling-2.1"]
    assert "duration=8" in fields["more"]["value"]


async def test_what_it_shows_is_read_back_as_the_same_wish() -> None:
    wish = Wish(
        command="animate",
        options={"prompt": "the horse bolts", "duration": "8", "negative": "dark, wet"},
        model="kling-2.1",
    )
    fields = inputs(await payload(wish))
    values = submitted(
        [
            {"component": {"custom_id": "lead", "value": fields["lead"]["value"]}},
            {"component": {"custom_id": "model", "values": ["kling-2.1"]}},
            {"component": {"custom_id": "more", "value": fields["more"]["value"]}},
        ]
    )
    read, more = filled_in(Wish(command="animate"), values, CATALOGUE)
    found = with_more(Asked(wish=read), more, CATALOGUE)
    assert found.problems == ()
    assert (found.wish.options, found.wish.model) == (wish.options, wish.model)


def test_what_is_left_empty_is_not_asked_for() -> None:
    read, more = filled_in(Wish(command="animate"), {"lead": " ", "model": [], "more": None}, CATALOGUE)
    assert (read, more) == (Wish(command="animate"), "")


@pytest.mark.parametrize(
    ("values", "ids"), [({"file": ["1"]}, ("1",)), ({"file": []}, ()), ({}, ()), ({"file": None}, ())]
)
def test_an_uploaded_file_is_found(values: dict[str, object], ids: tuple[str, ...]) -> None:
    assert uploaded(values) == ids
