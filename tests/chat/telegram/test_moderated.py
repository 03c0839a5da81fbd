"""Review on Telegram: cards in the topic moderators want them in, for admins alone, and in no other chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import clock
from bot.domain.decision import Decision, Ruling
from bot.domain.group_rules import Edit, edited
from bot.domain.moderation import Faces
from bot.store.groups import Groups
from tests.chat.telegram.harness import REEL_S, Scene, playing, reels
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.things import Message, Topic

QUIET = {"moderation": {"faces": Faces.OFF}}


@pytest.fixture
async def scene(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Scene]:
    forum = telegram.forum("Reel lovers")
    ada = telegram.person("Ada", at=forum)
    async with playing(telegram, tmp_path, overrides=QUIET) as program:
        yield Scene(telegram=telegram, group=forum, ada=ada, program=program)


async def rule(scene: Scene, key: str, value: str) -> None:
    """The group sets something."""
    groups = Groups(scene.program.kept.database, now=clock.now)
    decision = Decision(who="", what=Ruling.RULES_CHANGED, at=clock.now())
    await groups.change_rules(
        "telegram", str(scene.group.id), lambda before: edited(before, key, Edit.SET, [value]), decision
    )


async def reviewed(scene: Scene, place: Topic) -> tuple[Message, Message]:
    """Ada's request that waits for moderators, and its card."""
    await rule(scene, "review", "always")
    await rule(scene, "moderators_place", f"{place.chat.id}/{place.id}")
    asked = scene.ada.type("/video@reelroom_bot a paper boat")
    card = (await scene.telegram.until(lambda: scene.telegram.said(place), REEL_S, "a card"))[0]
    return asked, card


async def test_admins_see_a_card_in_their_topic_and_a_yes_makes_the_reel(scene: Scene) -> None:
    place = scene.telegram.topic(scene.group, "Moderators")
    mo = scene.telegram.person("Mo", at=place)
    scene.telegram.promote(scene.group, mo.user)
    asked, card = await reviewed(scene, place)
    assert "Prompt: a paper boat" in card.words
    assert "moderator" in (await scene.ada.press(card, "Approve")).text
    first, second = mo.press(card, "Approve"), mo.press(card, "Approve")
    assert len({(await first).text, (await second).text}) == 2, "one does it, the other finds it settled"
    await scene.reel(asked)
    await scene.says(card, "said yes")
    assert scene.telegram.said(place) == [card]


async def test_a_no_is_told_and_makes_nothing(scene: Scene) -> None:
    place = scene.telegram.topic(scene.group, "Moderators")
    mo = scene.telegram.person("Mo", at=place)
    scene.telegram.promote(scene.group, mo.user)
    asked, card = await reviewed(scene, place)
    await mo.press(card, "Refuse")
    await scene.says(await scene.status(asked), "declined")
    await scene.says(card, "said no")
    assert reels(scene.telegram, scene.group) == []


async def test_cards_go_to_no_other_chat(scene: Scene) -> None:
    """Whoever may set one group's rules could otherwise have the bot write into any chat it is in."""
    elsewhere = scene.telegram.group("Another")
    await rule(scene, "review", "always")
    await rule(scene, "moderators_place", str(elsewhere.id))
    asked = scene.ada.type("/video@reelroom_bot a paper boat")
    await scene.says(await scene.status(asked), "waits for a moderator")
    assert scene.telegram.said(elsewhere) == []
