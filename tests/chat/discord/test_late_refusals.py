"""A refusal that comes after the public answer: said to the person alone, whatever became of that answer meanwhile."""

import io

from PIL import Image

from tests.chat.discord.harness import Scene, everywhere
from tests.emulators.discord.faults import Slow
from tests.emulators.discord.things import Message


async def held_up(scene: Scene) -> tuple[Message, Slow]:
    """The public answer to a picture that is too small, which nobody knows yet: its file is still on the way."""
    scene.discord.faults.add("GET", "/cdn/ephemeral-attachments/**", slow := Slow())
    tiny = io.BytesIO()
    Image.new("RGB", (40, 40)).save(tiny, "PNG")
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", image=tiny.getvalue())
    assert asked.original is not None
    await scene.discord.until(lambda: slow.holding, what="a file on the way")
    return asked.original, slow


async def test_an_answer_that_somebody_deleted_is_no_reason_to_refuse_in_public(scene: Scene) -> None:
    public, slow = await held_up(scene)
    scene.discord.press.delete(public)
    slow.release()
    (told,) = await scene.discord.until(scene.ada.sees, what="a word")
    assert told.only_for is scene.ada.user
    assert "too small" in told.content
    assert everywhere(scene.discord) == []


async def test_when_the_token_ran_out_it_is_said_in_a_private_message(scene: Scene) -> None:
    public, slow = await held_up(scene)
    scene.discord.clock.advance(16 * 60)
    slow.release()
    (told,) = await scene.discord.until(lambda: scene.ada.sees(scene.discord.direct(scene.ada.user)), what="a word")
    assert "too small" in told.content
    assert [one for one in scene.ada.sees() if one is not public] == []


async def test_who_takes_no_messages_is_called_where_they_asked(scene: Scene) -> None:
    public, slow = await held_up(scene)
    scene.ada.user.accepts_direct = False
    scene.discord.clock.advance(16 * 60)
    slow.release()
    (told,) = await scene.discord.until(lambda: [one for one in scene.ada.sees() if one is not public], what="a word")
    assert "too small" in told.content
    assert told.pinged == [scene.ada.user]
