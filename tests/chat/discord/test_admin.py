"""`/admin` on Discord: offered to moderators, checked by us as well, answered to them alone."""

import pytest

from bot.domain.admin import SUBS
from tests.chat.discord.harness import REEL_S, Scene
from tests.emulators.discord.asking import NotOffered
from tests.emulators.discord.people import Person
from tests.emulators.discord.permissions import Permission


def moderator(scene: Scene, name: str = "Mo") -> Person:
    """Somebody who may manage messages there."""
    found = scene.discord.person(name, at=scene.channel)
    scene.discord.world.join(scene.guild, found.user, scene.discord.role(scene.guild, name, Permission.MANAGE_MESSAGES))
    return found


async def test_moderators_see_at_a_glance_what_goes_on(scene: Scene) -> None:
    asked = await scene.ada.slash("video", prompt="sandbox:slow a paper boat")
    status = asked.original
    assert status is not None
    await scene.discord.until(lambda: "Cancel" in status.buttons, REEL_S)
    told = await moderator(scene).slash("admin status")
    assert told.private
    assert told.text.startswith("Under way: 1 ")
    assert "held for what is under way" in told.text


async def test_whoever_is_no_moderator_is_not_even_offered_it(scene: Scene) -> None:
    with pytest.raises(NotOffered):
        await scene.ada.slash("admin status")


async def test_who_is_offered_it_by_the_server_and_is_no_moderator_is_told_so(scene: Scene) -> None:
    """A server can offer any command to anybody; who may is still ours to say."""
    for command in scene.discord.application.commands[None]:
        command["default_member_permissions"] = None
    told = await scene.ada.slash("admin status")
    assert told.private
    assert told.text == "Only a moderator can do that."


async def test_the_way_into_the_console_is_told_to_one_person(scene: Scene) -> None:
    told = await moderator(scene).slash("admin console")
    assert told.private
    assert "/console/login?key=" in told.text


async def test_help_names_every_subcommand(scene: Scene) -> None:
    told = (await moderator(scene).slash("admin help")).text
    assert all(f"/admin {name}" in told for name in SUBS)
    assert not told.endswith("…")
