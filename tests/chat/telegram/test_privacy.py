"""`/privacy` on Telegram: wherever it is asked, the answer and the file go to the private chat alone."""

import json

from tests.chat.telegram.harness import REEL_S, Scene
from tests.emulators.telegram.things import Message

HERE = "/privacy@reelroom_bot"


async def test_a_person_exports_and_erases_what_is_kept_and_the_group_sees_none_of_it(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", at=scene.group, started=True)
    said = len(scene.telegram.said(ben))

    async def privately(number: int) -> Message:
        found = await scene.telegram.until(
            lambda: scene.telegram.said(ben)[said:][number - 1 : number], REEL_S, "a word"
        )
        return found[0]

    asked = ben.type("/video@reelroom_bot a paper boat")
    await scene.reel(asked)
    await scene.says(await scene.status(asked), "Here it is")
    database = scene.program.kept.database
    while await database.read("SELECT 1 FROM jobs WHERE state <> 'delivered' OR said <> state"):
        await scene.telegram.heard()
    ben.type(f"{HERE} export")
    file = await privately(1)
    assert file.media is not None
    held = json.loads(file.media.data)
    assert [one["ask"]["wish"]["options"] for one in held["requests"]] == [{"prompt": "a paper boat"}]
    ben.type(f"{HERE} erase")
    question = await privately(2)
    assert "This forgets all I keep of Ben on Telegram" in (question.text or "")
    await ben.go().press(question, "Erase it")
    await scene.says(question, "Forgotten. What was still in the making is cancelled")
    assert await database.read("SELECT 1 FROM jobs WHERE asker <> ''") == []
    assert await database.read("SELECT name FROM accounts WHERE platform = 'telegram' AND name <> ''") == []
    told = ben.type("/privacy")
    answer = await scene.telegram.until(lambda: scene.telegram.replies(told), REEL_S, "an answer")
    assert answer[0].text == "I keep nothing about you."
    in_group = "\n".join(one.text or "" for one in scene.telegram.said(scene.group))
    assert "forgets" not in in_group
    assert "I've written to you privately." in in_group
