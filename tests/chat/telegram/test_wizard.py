"""What is missing is asked for with buttons: in a group and in private, by words and photos, over a restart."""

from pathlib import Path

from bot.domain.wizard_words import AFTER, BEFORE
from tests.chat.telegram.harness import REEL_S, Scene, fal, photo, running
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.things import Message


async def button(scene: Scene, message: Message, label: str) -> str:
    """The button that begins so, once it is there."""
    found = await scene.telegram.until(
        lambda: [one for one in message.buttons if one.startswith(label)], REEL_S, f"a button {label}"
    )
    return found[0]


async def pressing(scene: Scene, message: Message, *names: str) -> None:
    for label in names:
        await scene.ada.press(message, await button(scene, message, label))


async def test_an_effect_without_a_name_is_chosen_from_pages_and_made_at_its_price(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot")
    screen = await scene.status(asked)
    await scene.says(screen, "Which effect?")
    await pressing(scene, screen, AFTER)
    await button(scene, screen, "2/")
    await pressing(scene, screen, BEFORE, "Kiss Me AI")
    await scene.says(screen, "Shall I make it?")
    assert len(scene.telegram.calls("sendVideo")) == 0
    await pressing(scene, screen, "Make it · $0.20")
    reel = await scene.reel(asked)
    assert (reel.caption or "").startswith("Kiss Me AI")
    await scene.says(screen, "Here it is")


async def test_only_whoever_asked_may_press(scene: Scene) -> None:
    screen = await scene.status(scene.ada.photo(photo(), "/effect@reelroom_bot"))
    ben = scene.telegram.person("Ben", at=scene.group)
    refused = await ben.press(screen, await button(scene, screen, "Kiss Me AI"))
    assert "Only the person" in (refused.text or "")
    assert "Which effect?" in (screen.text or "")


async def test_in_private_a_photo_alone_begins_and_words_go_on(scene: Scene) -> None:
    ada = scene.ada.go()
    ada.start()
    asked = ada.photo(photo())
    screen = await scene.status(asked)
    await scene.says(screen, "What shall I make of it?")
    await ada.press(screen, "/animate")
    await scene.says(screen, "What should happen?")
    ada.type("the horse bolts")
    await scene.says(screen, "Shall I make it?")
    await ada.press(screen, await button(scene, screen, "Model"))
    await scene.says(screen, "Which model?")
    await ada.press(screen, await button(scene, screen, "pixverse-4.5-fast"))
    await ada.press(screen, await button(scene, screen, "Make it"))
    assert "the horse bolts" in ((await scene.reel(asked)).caption or "")


async def test_a_missing_photo_is_waited_for(scene: Scene) -> None:
    asked = scene.ada.type("/effect@reelroom_bot Kiss Me AI")
    screen = await scene.status(asked)
    await scene.says(screen, "Send me the picture")
    scene.ada.photo(photo(), "here", reply_to=screen)
    await pressing(scene, screen, "Make it")
    assert (await scene.reel(asked)).caption


async def test_change_shows_what_was_and_makes_what_it_became(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    reel = await scene.reel(asked)
    await scene.ada.press(reel, "Change")
    screen = await scene.status(reel)
    await scene.says(screen, "Kiss Me AI")
    await pressing(scene, screen, "Effect: Kiss Me AI", "Muscle Surge", "Make it")
    changed = await scene.reel(reel)
    assert (changed.caption or "").startswith("Muscle Surge")


async def test_extend_takes_the_reel_itself(scene: Scene) -> None:
    reel = await scene.reel(scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
    await scene.ada.press(reel, "Extend")
    screen = await scene.status(reel)
    await scene.says(screen, "What happens next?")
    scene.ada.type("they laugh", reply_to=screen)
    await pressing(scene, screen, "Make it")
    assert "they laugh" in ((await scene.reel(reel)).caption or "")


async def test_cancel_lets_go(scene: Scene) -> None:
    screen = await scene.status(scene.ada.photo(photo(), "/effect@reelroom_bot"))
    await pressing(scene, screen, "Cancel")
    await scene.says(screen, "let it go")
    assert not screen.buttons
    assert await scene.program.kept.database.read("SELECT * FROM wizards") == []


async def test_a_restart_in_the_middle_forgets_nothing(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal() as url:
        async with running(telegram, tmp_path, url) as program:
            await telegram.polled()
            scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
            asked = ada.photo(photo(), "/effect@reelroom_bot")
            screen = await scene.status(asked)
            await pressing(scene, screen, AFTER)
            await button(scene, screen, "2/")
        async with running(telegram, tmp_path, url) as program:
            scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
            ada.type("kiss me ai", reply_to=screen)
            await pressing(scene, screen, "Make it")
            assert (await scene.reel(asked)).caption
