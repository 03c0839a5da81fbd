"""`/privacy` on Discord: shown, handed over as a file and erased after a second yes, between the person and us."""

import json

from tests.chat.discord.harness import REEL_S, Scene


async def test_a_person_sees_exports_and_erases_what_is_kept(scene: Scene) -> None:
    status = await scene.asked()
    await scene.says(status, "Here it is")
    database = scene.program.kept.database
    while await database.read("SELECT 1 FROM jobs WHERE said <> state"):
        await scene.ada.slash("jobs")
    shown = await scene.ada.slash("privacy")
    assert shown.private
    assert "1 request, with what you typed" in shown.text
    sent = await scene.ada.slash("privacy", what="Send me all of it")
    assert sent.private
    assert sent.original is not None
    (file,) = sent.original.attachments
    assert file.filename == "reelroom-privacy.json"
    held = json.loads(file.data)
    assert [one["ask"]["wish"]["options"] for one in held["requests"]] == [{"effect": "Kiss Me AI"}]
    asked = await scene.ada.slash("privacy", what="Erase it")
    assert asked.private
    assert asked.original is not None
    assert await database.read("SELECT 1 FROM jobs WHERE asker <> ''")
    ledger = [tuple(row) for row in await database.read("SELECT * FROM ledger ORDER BY seq")]
    pressed = await scene.ada.press(asked.original, "Erase it")
    await scene.discord.until(lambda: "Forgotten." in pressed.text, REEL_S, "a word that it is done")
    assert await database.read("SELECT 1 FROM jobs WHERE asker <> ''") == []
    assert [tuple(row) for row in await database.read("SELECT * FROM ledger ORDER BY seq")] == ledger
    assert "nothing about you" in (await scene.ada.slash("privacy")).text
    assert "$2.80 left of your $3.00 per day" in (await scene.ada.slash("quota")).text
