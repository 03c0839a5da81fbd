"""`/admin` on Discord: offered to moderators, checked by us as well, answered to them alone."""

import asyncio
import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.admin import SUBS
from bot.media.plots import SIDES_PX
from bot.settings.quota import PersonSection
from tests.chat.discord.harness import REEL_S, Scene, everywhere, photo, playing
from tests.emulators.discord.asking import NotOffered
from tests.emulators.discord.emulator import Discord
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


async def test_rules_are_changed_from_chat_and_hold_at_once(scene: Scene) -> None:
    mo = moderator(scene)
    typing = await mo.autocomplete("admin rules", "rule", "denied_pl")
    assert typing.choices[0]["value"] == "denied_places"
    told = await mo.slash("admin rules", rule="denied_words", edit="Add to what is there", value="frog")
    assert "denied words: frog" in told.text
    assert (
        f"denied places: {scene.channel.id}"
        in (await mo.slash("admin rules", rule="denied_places", edit="add", value=f"<#{scene.channel.id}>")).text
    )
    await mo.slash("admin rules", rule="denied_places", edit="remove", value="here")
    refused = await scene.ada.slash("video", prompt="a frog on a lily pad")
    await scene.discord.until(lambda: any("frog" in one.content for one in refused.messages), REEL_S, "why not")
    decided = (await mo.slash("admin log")).text.replace("\\", "")
    assert "Mo changed the rules: denied_words add: frog" in decided


async def test_what_waits_is_listed_with_the_address_of_its_card(scene: Scene) -> None:
    mo, place = moderator(scene), scene.discord.text(scene.guild, "moderators")
    await mo.slash("admin rules", rule="review", value="always")
    await mo.slash("admin rules", rule="moderators_place", value=f"<#{place.id}>")
    await scene.ada.slash("video", prompt="a paper boat")
    card = (await scene.discord.until(lambda: list(place.messages.values()), REEL_S, "a card"))[0]
    address = f"https://discord.com/channels/{scene.guild.id}/{place.id}/{card.id}"
    async with asyncio.timeout(REEL_S):  # a card stands a moment before it is written down where
        while address not in (await mo.slash("admin review")).text:
            pass


async def test_a_grant_raises_what_somebody_may_spend(discord: Discord, tmp_path: Path) -> None:
    one_a_day = {"quota": {"unknown": "welcome", "person": PersonSection(day=Decimal("0.20"))}}
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada, owner = discord.person("Ada", at=channel), discord.hand(discord.application.owner, at=channel)
    async with playing(discord, tmp_path, overrides=one_a_day) as program:
        scene = Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)
        mo = moderator(scene)
        await scene.asked()
        await scene.discord.until(lambda: everywhere(discord), REEL_S, "a reel")
        assert "Only the owner" in (await mo.slash("admin grant", person=ada, amount=0.2)).text
        lacking = await ada.slash("effect", effect="Kiss Me AI", image=photo())
        why = "$0.00 of your daily budget is left"
        await discord.until(lambda: any(why in one.content for one in lacking.messages), REEL_S, why)
        discord.world.join(guild, owner.user, discord.role(guild, "Owner", Permission.MANAGE_MESSAGES))
        told = await owner.slash("admin grant", person=ada, amount=0.2)
        assert "Ada can spend $0.20 more" in told.text
        await scene.asked()
        await scene.discord.until(lambda: len(everywhere(discord)) == 2, REEL_S, "another reel")


async def test_a_ban_keeps_somebody_out_until_it_is_lifted(scene: Scene) -> None:
    mo = moderator(scene)
    told = await mo.slash("admin ban", person=scene.ada, duration="7d", reason="be kind")
    assert told.private
    assert "Ada can't ask for reels in this group until" in told.text
    asked = await scene.ada.slash("video", prompt="a paper boat")
    await scene.discord.until(lambda: any("be kind" in one.content for one in asked.messages), REEL_S, "why not")
    assert "Lifted" in (await mo.slash("admin ban", person=scene.ada, switch="Lift it")).text
    again = await scene.ada.slash("video", prompt="a paper boat")
    assert again.original is not None
    await scene.says(again.original, "Here it is")


async def test_the_way_into_the_console_is_told_to_one_person(scene: Scene) -> None:
    told = await moderator(scene).slash("admin console")
    assert told.private
    assert "/console/login?key=" in told.text


async def test_statistics_come_as_a_picture_to_whoever_asks(scene: Scene) -> None:
    status = await scene.asked()
    await scene.says(status, "Here it is")
    mo = moderator(scene)
    for asked in (await mo.slash("admin stats"), await scene.ada.slash("stats"), await scene.ada.go().slash("stats")):
        (told,) = asked.messages
        await scene.says(told, "$0.20 spent in 30 days")
        assert asked.private
        (drawn,) = told.attachments
        assert Image.open(io.BytesIO(drawn.data)).size == SIDES_PX


async def test_help_names_every_subcommand(scene: Scene) -> None:
    told = (await moderator(scene).slash("admin help")).text
    assert all(f"/admin {name}" in told for name in SUBS)
    assert not told.endswith("…")
