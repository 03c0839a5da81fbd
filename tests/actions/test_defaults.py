"""What a person usually wants: kept, shown, applied where they say nothing, and never in the way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions.defaults import Defaults
from bot.domain.ask import Wish
from bot.domain.errors import Refused, Slug
from bot.settings.endpoints import load_catalogue
from tests.builders import ANNA, BEN
from tests.source import ROOT
from tests.store.shop import shop

CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")
WISH = Wish(command="animate", options={"prompt": "the horse bolts"})


@pytest.fixture
async def defaults(tmp_path: Path) -> AsyncIterator[Defaults]:
    async with shop(tmp_path / "reelroom.db") as kept:
        yield Defaults(memory=kept.people, catalogue=CATALOGUE)


async def test_without_any_a_wish_stays_as_it_is(defaults: Defaults) -> None:
    assert await defaults.apply(WISH, ANNA) == WISH
    assert "no defaults yet" in (await defaults.reply("", ANNA)).text


async def test_they_are_applied_where_nothing_is_said(defaults: Defaults) -> None:
    shown = await defaults.reply("animate model=pixverse-4.5 resolution=1080p", ANNA)
    assert "/animate: model pixverse-4.5, resolution 1080p" in shown.text
    applied = await defaults.apply(WISH, ANNA)
    assert (applied.model, applied.options["resolution"]) == ("pixverse-4.5", "1080p")
    assert applied.options["prompt"] == "the horse bolts"


async def test_what_is_said_goes_before_them(defaults: Defaults) -> None:
    await defaults.reply("animate model=pixverse-4.5 resolution=1080p", ANNA)
    said = Wish(command="animate", options={"resolution": "360p"}, model="kling-2.1")
    assert await defaults.apply(said, ANNA) == said


async def test_a_resolution_the_model_lacks_is_left_out(defaults: Defaults) -> None:
    await defaults.reply("animate resolution=1080p", ANNA)
    applied = await defaults.apply(Wish(command="animate", model="wan-i2v"), ANNA)
    assert applied == Wish(command="animate", model="wan-i2v")


async def test_they_are_ones_own_and_of_one_command(defaults: Defaults) -> None:
    await defaults.reply("animate model=pixverse-4.5", ANNA)
    assert (await defaults.apply(WISH, BEN)).model == ""
    assert (await defaults.apply(Wish(command="video"), ANNA)).model == ""


async def test_none_takes_one_away(defaults: Defaults) -> None:
    await defaults.reply("animate model=pixverse-4.5", ANNA)
    await defaults.reply("animate model=none", ANNA)
    assert (await defaults.apply(WISH, ANNA)).model == ""


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("nonsense model=x", Slug.UNKNOWN_COMMAND),
        ("animate model=nonsense", Slug.UNKNOWN_MODEL),
        ("animate resolution=77p", Slug.UNKNOWN_CHOICE),
        ("animate seed=5", Slug.UNKNOWN_CHOICE),
    ],
)
async def test_what_cannot_be_a_default_is_said(defaults: Defaults, text: str, slug: Slug) -> None:
    with pytest.raises(Refused) as caught:
        await defaults.reply(text, ANNA)
    assert caught.value.problems[0].slug is slug
