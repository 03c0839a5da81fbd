"""From a caption to the reel that answers it: a real bot, real sockets, the emulated Telegram, the sandbox."""

from tests.chat.telegram.harness import Scene, photo


async def test_a_photo_with_a_caption_becomes_a_reel_that_answers_it(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    status = await scene.status(asked)
    assert status.text is not None
    reel = await scene.reel(asked)
    assert reel.media is not None
    assert (reel.media.width, reel.media.height, reel.media.duration) == (960, 720, 5)
    assert reel.media.thumbnail
    assert reel.caption is not None
    assert reel.caption.startswith("Kiss Me AI")
    assert list(reel.buttons) == ["Again", "Change", "Extend", "Delete", "Report"]
    await scene.says(status, "Here it is")
    assert not status.buttons
