"""A reel in doubt: asked about and never posted twice, and never more than one press away."""

import asyncio

from bot.domain.job import State
from tests.chat.telegram.harness import REEL_S, Scene, photo
from tests.emulators.telegram.faults import Drop, Limited, Status
from tests.emulators.telegram.things import Message

QUESTION = "Your reel was on its way when I stumbled. Not there?"


async def asked(scene: Scene) -> Message:
    return scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")


def questions(scene: Scene, request: Message) -> list[Message]:
    return [one for one in scene.telegram.replies(request) if (one.text or "").startswith(QUESTION)]


async def states(scene: Scene) -> list[str]:
    return [row["state"] for row in await scene.program.kept.database.read("SELECT state FROM jobs")]


async def test_a_lost_answer_makes_the_bot_ask_and_a_press_shows_the_reel(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Drop(after=True))
    request = await asked(scene)
    status = await scene.status(request)
    await scene.says(status, QUESTION)
    assert list(status.buttons) == ["Show it here"]
    await scene.ada.press(status, "Show it here")
    await scene.telegram.until(lambda: status.media, REEL_S, "the reel in the status message")
    assert (status.caption or "").startswith("Kiss Me AI")
    assert list(status.buttons) == ["Again", "Change", "Extend", "Delete", "Report"]
    assert len(scene.telegram.calls("sendVideo")) == 1
    async with asyncio.timeout(REEL_S):
        while await states(scene) != [State.DELIVERED]:  # written once Telegram has answered
            await scene.telegram.heard()


async def test_a_lost_upload_is_asked_about_too_since_nobody_can_tell(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Drop(after=False))
    status = await scene.status(await asked(scene))
    await scene.says(status, QUESTION)
    scene.telegram.faults.add("editMessageMedia", Drop(after=True))
    await scene.ada.press(status, "Show it here")
    await scene.telegram.until(lambda: len(scene.telegram.calls("editMessageMedia")) >= 2, REEL_S, "shown again")
    await scene.telegram.until(lambda: status.media, REEL_S, "the reel in the status message")
    assert len(scene.telegram.calls("sendVideo")) == 1


async def test_where_the_status_message_is_gone_the_question_is_written_anew(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Drop(after=False))
    request = await asked(scene)
    status = await scene.status(request)
    scene.telegram.press.delete(status)
    anew = await scene.telegram.until(lambda: questions(scene, request), REEL_S, "the question")
    await scene.ada.press(anew[0], "Show it here")
    shown = lambda: [one for one in scene.telegram.replies(request) if one.media]  # noqa: E731
    assert len(await scene.telegram.until(shown, REEL_S, "the reel")) == 1
    assert len(scene.telegram.calls("sendVideo")) == 1


async def test_who_is_asked_to_wait_posts_the_whole_reel_once(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Limited(retry_after_s=1))
    request = await asked(scene)
    reel = await scene.reel(request)
    assert reel.media is not None
    assert len(reel.media.data) > 10_000
    assert len(scene.telegram.calls("sendVideo")) == 2
    assert (await scene.status(request)).text != QUESTION


async def test_a_server_that_stumbles_over_a_reel_leaves_a_doubt(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Status(status=502, html=True))
    status = await scene.status(await asked(scene))
    await scene.says(status, QUESTION)
