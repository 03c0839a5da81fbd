"""Report, hide and take down on Discord: through its own client, over a restart, and told to whom it concerns."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import clock
from bot.domain.decision import Decision, Ruling
from bot.domain.group_rules import Edit, edited
from bot.domain.moderation import Faces
from bot.domain.sanction import Kind
from bot.store.audit import audit
from bot.store.groups import Groups
from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, playing, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import Channel, Message

STRICT = {"moderation": {"faces": Faces.OFF, "hide_after_reports": 2, "strikes_for_timeout": 1}}


def scene_of(discord: Discord) -> Scene:
    """A server; its program is put in once it runs."""
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    return Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=None)  # type: ignore[arg-type]  # soon


@pytest.fixture
async def scene(discord: Discord, tmp_path: Path) -> AsyncIterator[Scene]:
    made = scene_of(discord)
    async with playing(discord, tmp_path, overrides=STRICT) as program:
        made.program = program
        yield made
        assert (await audit(program.kept.database)).findings == ()


async def rule(scene: Scene, key: str, value: str) -> None:
    """The group sets something."""
    groups = Groups(scene.program.kept.database, now=clock.now)
    decision = Decision(who="", what=Ruling.RULES_CHANGED, at=clock.now())
    await groups.change_rules(
        "discord", str(scene.guild.id), lambda before: edited(before, key, Edit.SET, [value]), decision
    )


def moderator(scene: Scene, name: str, at: Channel) -> Person:
    found = scene.discord.person(name, at=at)
    scene.discord.world.join(scene.guild, found.user, scene.discord.role(scene.guild, name, Permission.MANAGE_MESSAGES))
    return found


async def posted(scene: Scene) -> tuple[Message, Message]:
    """A reel of Ada's in its thread, and its status message."""
    status = await scene.asked()
    reel = await scene.reel(await scene.thread(status))
    await scene.says(status, "Here it is")
    return reel, status


async def card_in(scene: Scene, place: Channel, words: str) -> Message:
    """The one card of a place, once it says this."""
    card = (await scene.discord.until(lambda: list(place.messages.values()), REEL_S, "a card"))[0]
    await scene.says(card, words)
    assert list(place.messages.values()) == [card]
    return card


async def test_two_people_hide_a_reel_and_one_of_two_moderators_takes_it_down(scene: Scene, tmp_path: Path) -> None:
    place = scene.discord.text(scene.guild, "moderators")
    await rule(scene, "moderators_place", str(place.id))
    mo, mia = moderator(scene, "Mo", place), moderator(scene, "Mia", place)
    ben, cora = (scene.discord.person(name, at=scene.channel) for name in ("Ben", "Cora"))
    reel, status = await posted(scene)
    for _ in range(3):
        assert "Thank you" in (await ben.press(reel, "Report")).text
    card = await card_in(scene, place, "Ada's reel was reported.")
    assert not reel.attachments[0].filename.startswith("SPOILER_"), "the same person three times is one"
    await cora.press(reel, "Report")
    await scene.says(card, "Ada's reel was reported by 2 people.")
    await scene.discord.until(lambda: reel.attachments[0].filename.startswith("SPOILER_reel-"), REEL_S, "a spoiler")
    assert "Delete" in reel.buttons, "it is covered, and otherwise as it was"
    assert f"/{reel.channel.id}/{reel.id}" in card.content
    assert list(card.buttons) == ["It may stay", "Take down", "Take down and strike"]
    assert "moderator" in (await scene.ada.press(card, "It may stay")).text
    first, second = mo.press(card, "Take down and strike"), mia.press(card, "Take down and strike")
    assert len({(await first).text, (await second).text}) == 2, "one does it, the other finds it settled"
    await scene.discord.until(lambda: reel.deleted, REEL_S, "the message gone")
    await scene.says(status, "A moderator took this reel down.")
    await scene.says(card, "took it down.")
    await scene.discord.until(lambda: not list((tmp_path / "reels").iterdir()), REEL_S, "the file gone")
    held = await scene.program.kept.database.read("SELECT kind, made_by FROM sanctions ORDER BY number")
    assert [row["kind"] for row in held] == [Kind.STRIKE, Kind.TIMEOUT]
    assert list(card.buttons) == ["Give the money back"]
    assert "got $0.20 back" in (await mo.press(card, "Give the money back")).text
    await scene.says(status, "What you paid for it is yours again.")
    again = await scene.ada.slash("video", prompt="another boat")
    await scene.discord.until(
        lambda: any("gave you a break" in one.content for one in again.messages), REEL_S, "why not"
    )
    assert everywhere(scene.discord) == []


async def test_what_reports_take_away_a_moderator_brings_back_after_a_restart(discord: Discord, tmp_path: Path) -> None:
    scene = scene_of(discord)
    place = discord.text(scene.guild, "moderators")
    mo = moderator(scene, "Mo", place)
    ben = discord.person("Ben", at=scene.channel)
    async with fal() as url:
        async with running(discord, tmp_path, url, overrides=STRICT) as program:
            await discord.connected()
            scene.program = program
            await rule(scene, "moderators_place", str(place.id))
            await rule(scene, "remove_after_reports", "1")
            reel, status = await posted(scene)
            await ben.press(reel, "Report")
            await discord.until(lambda: reel.deleted, REEL_S, "the message gone")
            card = await card_in(scene, place, "taken it away until one of you decides")
        async with running(discord, tmp_path, url, overrides=STRICT):
            await discord.connected()
            await mo.press(card, "It may stay")
            back = await scene.reel(await scene.thread(status))
            await scene.says(card, "said it may stay.")
            await ben.press(back, "Report")
            await scene.says(card, "reported.")
    assert not back.deleted
    assert len(everywhere(discord)) == 1
    assert not back.attachments[0].filename.startswith("SPOILER_")
