"""Review on Telegram: cards in the topic moderators want them in, for admins alone, and in no other chat."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.moderation import Faces
from tests.chat import rule_table
from tests.chat.rule_table import EFFECT, PAUSE, PROMPT, Case, cases, read
from tests.chat.telegram.harness import REEL_S, Scene, photo, playing, reels
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.things import Message, Topic

QUIET = {"moderation": {"faces": Faces.OFF}}


@pytest.fixture
async def scene(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Scene]:
    forum = telegram.forum("Reel lovers")
    ada = telegram.person("Ada", at=forum)
    async with playing(telegram, tmp_path, overrides=QUIET) as program:
        yield Scene(telegram=telegram, group=forum, ada=ada, program=program)


async def rule(scene: Scene, key: str, *values: str) -> None:
    """The group sets something."""
    await rule_table.rule(scene.program, "telegram", str(scene.group.id), key, *values)


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


async def test_every_rule_of_a_group_refuses_by_a_sentence_of_its_own(scene: Scene) -> None:
    """One program for the whole table, which is spread over groups: each takes twenty messages a minute.

    Telegram says nothing of anybody's age, so no place here is age-restricted.
    """
    corners = [Corner.furnished(scene, number) for number in range(4)]
    parts = [corner.table()[number :: len(corners)] for number, corner in enumerate(corners)]
    walks = await asyncio.gather(*(corner.walk(part) for corner, part in zip(corners, parts, strict=True)))
    said = {name: words for walk in walks for name, words in walk.items()}
    assert said == {case.name: case.sentence for part in parts for case in part}
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == []
    corner = corners[0]
    await scene.reel(corner.asks("video"))
    await corner.rule(PAUSE.key, *PAUSE.values)
    assert read(await corner.answer(PAUSE), PAUSE) == PAUSE.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """A topic in a forum where Ada is an admin."""

    scene: Scene
    topic: Topic

    @classmethod
    def furnished(cls, scene: Scene, number: int) -> "Corner":
        forum = scene.telegram.forum(f"Boats {number}")
        scene.telegram.join(forum, scene.ada.user)
        scene.telegram.promote(forum, scene.ada.user)
        return cls(scene=scene, topic=scene.telegram.topic(forum, "Paper"))

    def table(self) -> Sequence[Case]:
        chat, ada = self.topic.chat.id, self.scene.ada.id
        return cases(place=str(chat), topic=f"{chat}/{self.topic.id}", role="admin", person=str(ada))

    async def rule(self, key: str, *values: str) -> None:
        await rule_table.rule(self.scene.program, "telegram", str(self.topic.chat.id), key, *values)

    async def walk(self, table: Sequence[Case]) -> dict[str, str]:
        """What is said of each rule in turn."""
        said = {}
        for case in table:
            await self.rule(case.key, *case.values)
            said[case.name] = read(await self.answer(case), case)
            await self.rule(case.key)
        return said

    def asks(self, command: str) -> Message:
        self.scene.ada.go(self.topic)
        if command == "effect":
            return self.scene.ada.photo(photo(), f"/effect@reelroom_bot {EFFECT}")
        return self.scene.ada.type(f"/video@reelroom_bot {PROMPT}")

    async def answer(self, case: Case) -> str:
        status = await self.scene.status(self.asks(case.asks))
        await self.scene.telegram.until(
            lambda: not (status.text or "").startswith("Got it"), REEL_S, f"a word about {case.name}"
        )
        return status.text or ""


async def test_cards_go_to_no_other_chat(scene: Scene) -> None:
    """Whoever may set one group's rules could otherwise have the bot write into any chat it is in."""
    elsewhere = scene.telegram.group("Another")
    await rule(scene, "review", "always")
    await rule(scene, "moderators_place", str(elsewhere.id))
    asked = scene.ada.type("/video@reelroom_bot a paper boat")
    await scene.says(await scene.status(asked), "waits for a moderator")
    assert scene.telegram.said(elsewhere) == []
