"""`/link` on Telegram: a code is shown to one pair of eyes, wherever it was asked for."""

import re

from tests.chat.telegram.harness import REEL_S, Scene
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.faults import Status
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Message

HERE = "/link@reelroom_bot"
"""As it is said in a group, where a bot in privacy mode hears only what is meant for it."""

CODE = re.compile(r"/link ([2-9A-Z]{4}-[2-9A-Z]{4})")


async def answer(telegram: Telegram, message: Message) -> str:
    """What answers a message, where it stands."""
    found = await telegram.until(lambda: telegram.replies(message), REEL_S, "an answer")
    return found[0].text or ""


async def told_privately(telegram: Telegram, person: Person) -> str:
    """The latest the bot has written to somebody privately."""
    return (await telegram.until(lambda: telegram.said(person), REEL_S, "a private word"))[-1].text or ""


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found[1]


def everything_in(scene: Scene) -> str:
    return "\n".join(one.text or "" for one in scene.telegram.said(scene.group))


async def test_in_private_the_code_is_told_at_once(scene: Scene) -> None:
    asked = scene.ada.go().type("/link")
    assert "within 10 minutes" in await answer(scene.telegram, asked)
    assert code_in(await answer(scene.telegram, asked))


async def test_in_a_group_the_code_goes_to_the_private_chat_and_nowhere_else(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", at=scene.group, started=True)
    asked = ben.type(HERE)
    assert await answer(scene.telegram, asked) == "I've written to you privately."
    assert code_in(await told_privately(scene.telegram, ben))
    assert CODE.search(everything_in(scene)) is None


async def test_who_has_not_begun_a_chat_is_led_to_it_and_told_there(scene: Scene) -> None:
    asked = scene.ada.type(HERE)
    said = await answer(scene.telegram, asked)
    assert said.endswith("\nhttps://t.me/reelroom_bot?start=link")
    assert scene.telegram.said(scene.ada) == []
    started = scene.ada.start("link")
    assert code_in(await answer(scene.telegram, started))
    assert CODE.search(everything_in(scene)) is None


async def test_a_code_typed_in_a_group_is_used_up_there_and_names_nobody(scene: Scene) -> None:
    ben = scene.telegram.person("Ben Franklin", started=True)
    code = code_in(await answer(scene.telegram, ben.type("/link")))
    said = await answer(scene.telegram, scene.ada.type(f"{HERE} {code}"))
    assert said.startswith("Joined.")
    assert "Franklin" not in said
    listed = await answer(scene.telegram, scene.ada.go().type("/link"))
    assert "Joined: Ada on Telegram, Ben Franklin on Telegram" in listed
    cora = scene.telegram.person("Cora", at=scene.group)
    assert "I don't know that code" in await answer(scene.telegram, cora.type(f"{HERE} {code}"))
    assert "Franklin" not in await answer(scene.telegram, scene.ada.go(scene.group).type(f"{HERE} off"))
    assert "Joined:" not in await answer(scene.telegram, scene.ada.go().type("/link"))


async def test_an_answer_that_was_lost_is_given_again_and_nothing_is_done_twice(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", started=True)
    code = code_in(await answer(scene.telegram, ben.type("/link")))
    fault = scene.telegram.faults.add("sendMessage", Status(status=502, html=True), times=1)
    said = await answer(scene.telegram, scene.ada.type(f"{HERE} {code}"))
    assert fault.struck == 1
    assert said.startswith("Joined.")


async def test_an_admin_without_a_name_is_nobody_to_join(scene: Scene) -> None:
    scene.telegram.promote(scene.group, scene.ada.user, anonymous=True)
    said = await answer(scene.telegram, scene.ada.type(HERE))
    assert said.startswith("I can't see who you are here.")
    assert CODE.search(everything_in(scene)) is None


async def test_the_command_is_offered(scene: Scene) -> None:
    assert "link" in " ".join(scene.ada.go().offered)
