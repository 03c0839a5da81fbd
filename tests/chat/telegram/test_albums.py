"""Albums: messages that come one by one and are one request, however many pictures it has."""

from pathlib import Path

from tests.chat.telegram.harness import REEL_S, Scene, fal, jobs, photo, running, settled
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.media import Upload
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.posting import Draft
from tests.emulators.telegram.texts import together
from tests.emulators.telegram.things import Message

EMBRACE = "/effect@reelroom_bot hug --model kling-1.6"


HALF = "13000000000000000"
"""An album that comes picture by picture."""


def picture(telegram: Telegram, person: Person, album: str, caption: str = "") -> Message:
    """One picture of an album by itself."""
    media = telegram.world.shelf.photo(Upload(filename="photo.jpg", data=photo()))
    draft = Draft(words=caption, entities=together(caption, []), media=media, album=album)
    return telegram.press.post(person.chat, person.user, draft)


async def test_two_pictures_become_one_reel_for_two(scene: Scene) -> None:
    scene.telegram.promote(scene.group, scene.telegram.bot)
    album = scene.ada.album([photo(), photo()], EMBRACE)
    reel = await scene.reel(album[0])
    assert (reel.caption or "").startswith("hug")
    (job,) = await jobs(scene)
    assert len(job.ask.attachments) == 2
    assert len(job.order.media["images"]) == 2


async def test_the_first_picture_is_the_first_however_they_come(scene: Scene) -> None:
    scene.telegram.promote(scene.group, scene.telegram.bot)
    album = scene.ada.album([photo(), photo()], "/transition@reelroom_bot night falls")
    assert "night falls" in ((await scene.reel(album[0])).caption or "")
    (job,) = await jobs(scene)
    first, second = (one.handle for one in job.ask.attachments)
    sizes = [one.media.sizes[-1].file.id for one in album if one.media is not None]
    assert [first, second] == sizes
    assert set(job.order.media) == {"image", "end_image"}


async def test_what_comes_after_the_album_was_taken_starts_nothing(scene: Scene) -> None:
    scene.telegram.promote(scene.group, scene.telegram.bot)
    album = scene.ada.album([photo(), photo()], EMBRACE)
    await scene.reel(album[0])
    said = len(scene.telegram.said(scene.group))
    picture(scene.telegram, scene.ada, album[0].album)
    await settled(scene)
    assert len(await jobs(scene)) == 1
    assert len(scene.telegram.said(scene.group)) == said
    assert len(scene.telegram.calls("sendVideo")) == 1


async def test_where_privacy_hides_the_second_picture_it_is_asked_for(scene: Scene) -> None:
    album = scene.ada.album([photo(), photo()], EMBRACE)
    screen = await scene.status(album[0])
    await scene.says(screen, "picture")
    assert await jobs(scene) == []


async def test_in_private_an_album_alone_begins_the_wizard_with_both(scene: Scene) -> None:
    ada = scene.ada.go()
    ada.start()
    album = ada.album([photo(), photo()])
    screen = await scene.status(album[0])
    await scene.says(screen, "What shall I make of it?")
    await ada.press(screen, "/transition")
    await scene.says(screen, "What happens in between?")
    ada.type("night falls")
    await scene.says(screen, "Shall I make it?")
    make = await scene.telegram.until(
        lambda: [one for one in screen.buttons if one.startswith("Make it")], REEL_S, "a button"
    )
    await ada.press(screen, make[0])
    assert "night falls" in ((await scene.reel(album[0])).caption or "")
    (job,) = await jobs(scene)
    assert len(job.ask.attachments) == 2


async def test_a_restart_while_an_album_is_half_gathered_loses_no_picture(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    telegram.promote(group, telegram.bot)
    ada = telegram.person("Ada", at=group)
    async with fal() as url:
        async with running(telegram, tmp_path, url):
            await telegram.polled()
            first = picture(telegram, ada, HALF, EMBRACE)
            await telegram.heard()
        picture(telegram, ada, HALF)
        async with running(telegram, tmp_path, url) as program:
            scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
            assert (await scene.reel(first)).caption
            (job,) = await jobs(scene)
            assert len(job.ask.attachments) == 2
    assert len(telegram.calls("sendVideo")) == 1
