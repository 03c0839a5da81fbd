"""Consent on Telegram: whoever is named is called where it was asked, and alone can answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.moderation import Faces
from tests.chat.telegram.harness import REEL_S, Scene, called, jobs, photo, playing, reels
from tests.chat.telegram.test_newcomer import BOLD, QUOTES
from tests.chat.telegram.test_wizard import pressing
from tests.chat.time_passing import gone_by
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Message

QUIET = {"moderation": {"faces": Faces.OFF}}
"""The shipped rules without the declaration, which has tests of its own."""

KISS = "/effect@reelroom_bot Kiss Me AI"
QUESTION = "Ben: Ada would like to make a reel with your picture. Is that all right with you?"


@pytest.fixture
async def scene(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Scene]:
    forum = telegram.forum("Reel lovers")
    ada = telegram.person("Ada", at=telegram.topic(forum, "Kisses"))
    async with playing(telegram, tmp_path, overrides=QUIET) as program:
        yield Scene(telegram=telegram, group=forum, ada=ada, program=program)


def ben_in(scene: Scene, username: str = "") -> Person:
    """Somebody with a profile photo, in the topic where Ada is."""
    ben = scene.telegram.person("Ben", at=scene.ada.place, username=username)
    scene.telegram.picture(ben.user, photo())
    return ben


async def asked_of(scene: Scene, ben: Person) -> tuple[Message, Message]:
    """Ada's request with his photo, and the question he was called to."""
    asked = scene.ada.type(f"{KISS} person:Ben", naming={"Ben": ben})
    return asked, await called(scene, ben)


async def test_whoever_is_named_is_called_in_the_topic_and_only_they_can_answer(scene: Scene) -> None:
    ben = ben_in(scene)
    mo = scene.telegram.person("Mo", at=scene.ada.place)
    scene.telegram.promote(scene.group, mo.user)
    asked, question = await asked_of(scene, ben)
    assert question.topic is scene.ada.place
    assert question.words.startswith(QUESTION)
    assert [(one["type"], one["user"]["id"], one["offset"], one["length"]) for one in question.entities] == [
        ("text_mention", ben.id, 0, 3)
    ]
    (quote,) = [one for one in QUOTES if QUESTION in one]
    assert BOLD.findall(quote) == list(question.buttons)
    for one in (scene.ada, mo):
        assert "Only the person I asked" in (await one.press(question, "Yes, this once")).text
    assert reels(scene.telegram, scene.group) == []
    await ben.press(question, "Always for Ada")
    await scene.reel(asked)
    await scene.telegram.until(lambda: not question.buttons, REEL_S, "an end of the question")
    await scene.reel(scene.ada.type(f"{KISS} person:Ben", naming={"Ben": ben}))
    assert len(ben.pings) == 1, "what is remembered is not asked again"


async def test_a_no_makes_nothing_and_a_never_is_kept(scene: Scene) -> None:
    ben = ben_in(scene)
    asked, question = await asked_of(scene, ben)
    await ben.press(question, "Never")
    await scene.says(await scene.status(asked), "Nothing was charged")
    again = scene.ada.type(f"{KISS} person:Ben", naming={"Ben": ben})
    await scene.says(await scene.status(again), "Ben doesn't want to be in reels")
    assert reels(scene.telegram, scene.group) == []
    rows = await scene.program.kept.database.read("SELECT kind FROM ledger WHERE account LIKE 'person:%' ORDER BY seq")
    assert [row["kind"] for row in rows] == ["hold", "release"]


async def test_a_name_is_known_once_its_owner_has_spoken_to_the_bot_here(scene: Scene) -> None:
    ben = ben_in(scene, "ben_example")
    words = f"{KISS} person:@Ben_Example"
    await scene.says(await scene.status(scene.ada.type(words)), "I can't see a profile photo of @")
    await scene.says(await scene.status(ben.type("/help@reelroom_bot")), "/effect")
    scene.ada.type(words)
    assert (await called(scene, ben)).words.startswith(QUESTION)
    elsewhere = scene.telegram.group("Another")
    scene.telegram.join(elsewhere, scene.ada.user)
    scene.ada.go(elsewhere)
    await scene.says(await scene.status(scene.ada.type(words)), "I can't see a profile photo of @")


async def test_whose_picture_is_answered_with_a_face_effect_is_asked_and_with_no_other(scene: Scene) -> None:
    ben = ben_in(scene)
    shown = ben.photo(photo())
    scene.ada.type(KISS, reply_to=shown)
    assert (await called(scene, ben)).words.startswith(QUESTION)
    await scene.reel(scene.ada.type("/animate@reelroom_bot a storm comes", reply_to=shown))
    assert len(ben.pings) == 1


async def test_both_who_are_named_in_an_effect_for_two_are_asked_until_both_have_answered(scene: Scene) -> None:
    ben, cleo = ben_in(scene), scene.telegram.person("Cleo", at=scene.ada.place)
    scene.telegram.picture(cleo.user, photo())
    words = "/effect@reelroom_bot hug --model kling-1.6 person:Ben person:Cleo"
    asked = scene.ada.type(words, naming={"Ben": ben, "Cleo": cleo})
    question = await called(scene, ben)
    assert question.words.startswith("Ben and Cleo: ")
    assert {one["user"]["id"] for one in question.entities} == {ben.id, cleo.id}
    await cleo.press(question, "Yes, this once")
    await scene.telegram.until(lambda: question.words.startswith("Ben: "), REEL_S, "what is left to ask")
    await ben.press(question, "Yes, this once")
    await scene.reel(asked)


async def test_what_is_put_together_step_by_step_or_changed_asks_whoever_it_names(scene: Scene) -> None:
    ben = ben_in(scene)
    asked = scene.ada.type("/effect@reelroom_bot person:Ben", naming={"Ben": ben})
    await pressing(scene, await scene.status(asked), "Kiss Me AI", "Make it")
    await ben.press(await called(scene, ben), "Yes, this once")
    reel = await scene.reel(asked)
    await scene.ada.press(reel, "Change")
    await pressing(scene, await scene.status(reel), "Make it")
    assert (await called(scene, ben, 2)).words.startswith(QUESTION)
    assert len(reels(scene.telegram, scene.group)) == 1


async def test_a_yes_ends_with_its_time_and_by_being_taken_back(scene: Scene) -> None:
    ben = ben_in(scene)
    topic = ben.place
    ben.start()
    ben.go(topic)
    asked, question = await asked_of(scene, ben)
    await ben.press(question, "Always for Ada")
    await scene.reel(asked)
    await gone_by(scene.program, "consents", "until")
    scene.ada.type(f"{KISS} person:Ben", naming={"Ben": ben})
    await ben.press(await called(scene, ben, 2), "Always for Ada")
    await scene.says(await scene.status(ben.type("/consent@reelroom_bot")), "written to you privately")
    said = next(one for one in ben.pings if "What you have said about your face" in one.words)
    assert "Yes to Ada in Reel lovers, until" in said.words
    await ben.press(said, "Take back: Ada")
    await scene.says(said, "Taken back; I'll ask you again.")
    third = scene.ada.type(f"{KISS} person:Ben", naming={"Ben": ben})
    unanswered = await called(scene, ben, 3)
    await gone_by(scene.program, "jobs", "next_at")
    await scene.says(await scene.status(third), "Nobody answered in time")
    await scene.telegram.until(lambda: not unanswered.buttons, REEL_S, "an end of the question")


async def test_in_private_each_is_asked_in_their_own_chat_and_who_cannot_be_is_named(scene: Scene) -> None:
    ben = ben_in(scene)
    scene.ada.start()
    scene.ada.type("/effect Kiss Me AI person:Ben", naming={"Ben": ben})
    told = lambda: [one for one in scene.telegram.said(scene.ada) if "can't write to them" in one.words]  # noqa: E731
    (unreached,) = await scene.telegram.until(told, REEL_S, "why it waits")
    assert unreached.words.startswith("I need a yes from Ben,")
    ben.start()
    asked = scene.ada.type("/effect Kiss Me AI person:Ben", naming={"Ben": ben})
    question = await called(scene, ben)
    assert question.chat.person is ben.user
    await ben.press(question, "Yes, this once")
    await scene.reel(asked)
    assert [one.named[0].name for one in (job.ask for job in await jobs(scene))] == ["Ben", "Ben"]
