"""Report, hide and take down on Telegram: nothing is uploaded again, and what is too old to delete is painted over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import clock
from bot.domain.decision import Decision, Ruling
from bot.domain.group_rules import Edit, edited
from bot.domain.moderation import Faces
from bot.domain.sanction import Kind
from bot.store.audit import audit
from bot.store.groups import Groups
from tests.chat.telegram.harness import REEL_S, Scene, photo, playing, reels
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import MediaKind, Message, Topic

STRICT = {"moderation": {"faces": Faces.OFF, "hide_after_reports": 2, "strikes_for_timeout": 1}}


@pytest.fixture
async def scene(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Scene]:
    forum = telegram.forum("Reel lovers")
    ada = telegram.person("Ada", at=forum)
    async with playing(telegram, tmp_path, overrides=STRICT) as program:
        yield Scene(telegram=telegram, group=forum, ada=ada, program=program)
        assert (await audit(program.kept.database)).findings == ()


async def rule(scene: Scene, key: str, value: str) -> None:
    """The group sets something."""
    groups = Groups(scene.program.kept.database, now=clock.now)
    decision = Decision(who="", what=Ruling.RULES_CHANGED, at=clock.now())
    await groups.change_rules(
        "telegram", str(scene.group.id), lambda before: edited(before, key, Edit.SET, [value]), decision
    )


async def moderated(scene: Scene) -> tuple[Topic, Person]:
    """A topic for cards, and an admin in it."""
    place = scene.telegram.topic(scene.group, "Moderators")
    mo = scene.telegram.person("Mo", at=place)
    scene.telegram.promote(scene.group, mo.user)
    await rule(scene, "moderators_place", f"{place.chat.id}/{place.id}")
    return place, mo


async def posted(scene: Scene) -> tuple[Message, Message]:
    """A reel of Ada's, and its status message."""
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    reel = await scene.reel(asked)
    status = await scene.status(asked)
    await scene.says(status, "Here it is")
    return reel, status


async def card_in(scene: Scene, place: Topic, words: str) -> Message:
    """The one card of a topic, once it says this."""
    card = (await scene.telegram.until(lambda: scene.telegram.said(place), REEL_S, "a card"))[0]
    await scene.says(card, words)
    assert scene.telegram.said(place) == [card]
    return card


async def test_two_people_hide_a_reel_and_one_of_two_presses_takes_it_down(scene: Scene, tmp_path: Path) -> None:
    place, mo = await moderated(scene)
    ben, cora = (scene.telegram.person(name, at=scene.group) for name in ("Ben", "Cora"))
    reel, status = await posted(scene)
    for _ in range(2):
        assert "Thank you" in ((await ben.press(reel, "Report")).text or "")
    card = await card_in(scene, place, "Ada's reel was reported.")
    assert not reel.spoiler, "the same person twice is one"
    await cora.press(reel, "Report")
    await scene.says(card, "Ada's reel was reported by 2 people.")
    await scene.telegram.until(lambda: reel.spoiler, REEL_S, "a spoiler")
    assert "Delete" in reel.buttons
    assert "Kiss Me AI" in reel.caption
    assert "moderator" in ((await scene.ada.press(card, "Take down")).text or "")
    first, second = mo.press(card, "Take down and strike"), mo.press(card, "Take down and strike")
    assert len({(await first).text, (await second).text}) == 2, "one does it, the other finds it settled"
    await scene.telegram.until(lambda: reel.deleted, REEL_S, "the message gone")
    await scene.says(status, "A moderator took this reel down.")
    await scene.says(card, "took it down.")
    await scene.telegram.until(lambda: not list((tmp_path / "reels").iterdir()), REEL_S, "the file gone")
    held = await scene.program.kept.database.read("SELECT kind FROM sanctions ORDER BY number")
    assert [row["kind"] for row in held] == [Kind.STRIKE, Kind.TIMEOUT]
    assert "got $0.20 back" in ((await mo.press(card, "Give the money back")).text or "")
    await scene.says(status, "What you paid for it is yours again.")
    again = scene.ada.type("/video@reelroom_bot another boat")
    await scene.says(await scene.status(again), "gave you a break")
    assert reels(scene.telegram, scene.group) == []


async def test_what_reports_take_away_a_moderator_brings_back_once(scene: Scene) -> None:
    place, mo = await moderated(scene)
    await rule(scene, "remove_after_reports", "1")
    reel, _ = await posted(scene)
    await scene.telegram.person("Ben", at=scene.group).press(reel, "Report")
    await scene.telegram.until(lambda: reel.deleted, REEL_S, "the message gone")
    card = await card_in(scene, place, "taken it away until one of you decides")
    await mo.press(card, "It may stay")
    (back,) = await scene.telegram.until(lambda: reels(scene.telegram, scene.group), REEL_S, "the reel")
    await scene.says(card, "said it may stay.")
    assert "Kiss Me AI" in back.caption
    assert not back.spoiler


async def test_a_reel_too_old_to_delete_is_painted_over(scene: Scene) -> None:
    _, mo = await moderated(scene)
    reel, status = await posted(scene)
    scene.telegram.world.clock.advance(3 * 24 * 3600)
    await mo.press(reel, "Delete")
    await scene.says(status, "A moderator took this reel down.")
    await scene.telegram.until(
        lambda: reel.media is not None and reel.media.kind is MediaKind.PHOTO, REEL_S, "a grey picture"
    )
    assert (reel.caption, reel.buttons) == ("This reel was removed.", {})
