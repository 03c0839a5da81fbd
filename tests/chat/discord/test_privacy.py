"""`/privacy` on Discord: shown, handed over as a file and erased after a second yes, between the person and us."""

import json
from datetime import timedelta
from pathlib import Path

from bot.app import clock
from bot.app.forgetting import forget_at_fal
from bot.app.janitor import Janitor
from bot.app.parts import Plan
from bot.store.at_fal import to_forget
from tests.chat.discord.harness import CATALOGUE, REEL_S, Scene, settings

PIXVERSE = "fal-ai/pixverse/v4.5/effects"


async def test_a_person_sees_exports_and_erases_what_is_kept(scene: Scene) -> None:
    status = await scene.asked()
    await scene.says(status, "Here it is")
    database = scene.program.kept.database
    while await database.read("SELECT 1 FROM jobs WHERE state <> 'delivered' OR said <> state"):
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
    world = scene.program.world
    (request_id,) = await to_forget(database, limit=9)
    await forget_at_fal(database, world.fal.forget, now=clock.now)
    (entry,) = await world.fal.history(PIXVERSE, start=clock.now() - timedelta(hours=1), end=clock.now())
    assert (entry.request_id, entry.input) == (request_id, None)
    assert "nothing about you" in (await scene.ada.slash("privacy")).text
    assert "$2.80 left of your $3.00 per day" in (await scene.ada.slash("quota")).text


async def test_the_sweep_forgets_what_was_typed_after_its_days_and_an_old_button_says_so(
    scene: Scene, tmp_path: Path
) -> None:
    status = await scene.asked()
    reel = await scene.reel(await scene.thread(status))
    kept = scene.program.kept
    while await kept.database.read("SELECT 1 FROM jobs WHERE state <> 'delivered' OR said <> state"):
        await scene.ada.slash("jobs")
    plan = Plan(settings=settings(scene.discord), catalogue=CATALOGUE, data=tmp_path)
    days = plan.settings.privacy.prompt_days

    async def sweep(after_days: int) -> None:
        later = clock.now() + timedelta(days=after_days)
        world = scene.program.world
        await Janitor(plan=plan, kept=kept, studio=world.studio, forget=world.fal.forget, now=lambda: later).sweep()

    await sweep(days - 1)
    assert "Kiss Me AI" in (await kept.database.read("SELECT ask FROM jobs"))[0]["ask"]
    await sweep(days + 1)
    assert "Kiss Me AI" not in (await kept.database.read("SELECT ask FROM jobs"))[0]["ask"]
    pressed = await scene.ada.press(reel, "Again")
    assert pressed.private
    assert "I no longer know" in pressed.text
