"""Review and consent on Discord: cards where moderators want them, questions for whom they concern, who may answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.moderation import Faces
from tests.chat import rule_table
from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, playing, running
from tests.chat.rule_table import EFFECT, PAUSE, PROMPT, Case, cases, read
from tests.chat.time_passing import gone_by
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import Channel, Message

QUIET = {"moderation": {"faces": Faces.OFF}}
"""The shipped rules without the declaration, which has tests of its own."""


@pytest.fixture
async def scene(discord: Discord, tmp_path: Path) -> AsyncIterator[Scene]:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    async with playing(discord, tmp_path, overrides=QUIET) as program:
        yield Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)


async def rule(scene: Scene, key: str, *values: str) -> None:
    """The group sets something."""
    await rule_table.rule(scene.program, "discord", str(scene.guild.id), key, *values)


def moderator(scene: Scene, name: str, at: Channel) -> Person:
    found = scene.discord.person(name, at=at)
    scene.discord.world.join(scene.guild, found.user, scene.discord.role(scene.guild, name, Permission.MANAGE_MESSAGES))
    return found


async def reviewed(scene: Scene, place: Channel) -> tuple[Message, Message]:
    """Ada's request that waits for moderators: its status message and its card."""
    await rule(scene, "review", "always")
    await rule(scene, "moderators_place", str(place.id))
    asked = await scene.ada.slash("video", prompt="a paper boat")
    assert asked.original is not None
    card = (await scene.discord.until(lambda: list(place.messages.values()), REEL_S, "a card"))[0]
    return asked.original, card


async def test_moderators_see_a_card_in_their_place_and_a_yes_makes_the_reel(scene: Scene) -> None:
    place = scene.discord.text(scene.guild, "moderators")
    mo = moderator(scene, "Mo", place)
    status, card = await reviewed(scene, place)
    assert "Ada asks for /video." in card.content
    assert "Prompt: a paper boat" in card.content
    assert list(card.buttons) == ["Approve", "Refuse", "Refuse and time out"]
    assert "moderator" in (await scene.ada.press(card, "Approve")).text
    first, second = mo.press(card, "Approve"), mo.press(card, "Approve")
    answers = {(await first).text, (await second).text}
    assert len(answers) == 2, "two presses at once: one does it, the other finds it settled"
    await scene.reel(await scene.thread(status))
    await scene.says(card, "said yes")
    assert not card.buttons
    assert [one for one in place.messages.values() if not one.by_webhook] == [card]


async def test_refuse_and_time_out_says_so_and_keeps_them_out(scene: Scene) -> None:
    place = scene.discord.text(scene.guild, "moderators")
    mo = moderator(scene, "Mo", place)
    status, card = await reviewed(scene, place)
    await mo.press(card, "Refuse and time out")
    await scene.says(status, "declined")
    again = await scene.ada.slash("video", prompt="another boat")
    await scene.discord.until(
        lambda: any("gave you a break" in one.content for one in again.messages), REEL_S, "why not"
    )
    assert everywhere(scene.discord) == []


async def test_a_card_works_after_a_restart(discord: Discord, tmp_path: Path) -> None:
    guild = discord.guild("Reel lovers")
    channel, place = discord.text(guild, "general"), discord.text(guild, "moderators")
    ada = discord.person("Ada", at=channel)
    async with fal() as url:
        async with running(discord, tmp_path, url, overrides=QUIET) as program:
            await discord.connected()
            scene = Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)
            mo = moderator(scene, "Mo", place)
            status, card = await reviewed(scene, place)
        async with running(discord, tmp_path, url, overrides=QUIET):
            await discord.connected()
            await mo.press(card, "Refuse")
            await scene.says(status, "declined")
            await scene.says(card, "said no")


async def test_every_rule_of_a_group_refuses_by_a_sentence_of_its_own(scene: Scene) -> None:
    """One program for the whole table. What belongs into age-restricted places is made there."""
    scene.discord.world.join(scene.guild, scene.ada.user, scene.discord.role(scene.guild, "Newcomers"))
    thread = scene.discord.thread(scene.channel, scene.ada.user, "Boats")
    scene.ada.go(thread)

    async def asks(case: Case) -> str:
        if case.asks == "effect":
            asked = await scene.ada.slash("effect", effect=EFFECT, image=photo())
        else:
            asked = await scene.ada.slash("video", prompt=PROMPT)
        await asked.until(lambda one: one.follow_ups or (one.text and not one.text.startswith("Got it")), REEL_S)
        return asked.text if asked.private else f"for all to see: {asked.text}"

    table = cases(
        place=str(scene.channel.id), topic=str(thread.id), role="newcomers", person=f"discord:{scene.ada.user.id}"
    )
    said = {}
    for case in table:
        await rule(scene, case.key, *case.values)
        said[case.name] = read(await asks(case), case)
        await rule(scene, case.key)
    assert said == {case.name: case.sentence for case in table}
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == []
    await rule(scene, "age_restricted", EFFECT)
    scene.ada.go(scene.discord.text(scene.guild, "late night", nsfw=True))
    asked = await scene.ada.slash("effect", effect=EFFECT, image=photo())
    assert asked.original is not None
    await scene.reel(await scene.thread(asked.original))
    await rule(scene, PAUSE.key, *PAUSE.values)
    assert read(await asks(PAUSE), PAUSE) == PAUSE.sentence


async def test_cards_go_to_no_other_server(scene: Scene) -> None:
    """Whoever may set one group's rules could otherwise have the bot write into any channel it can see."""
    elsewhere = scene.discord.text(scene.discord.guild("Another"), "general")
    owner = scene.discord.hand(scene.discord.application.owner)
    await rule(scene, "review", "always")
    await rule(scene, "moderators_place", str(elsewhere.id))
    await scene.ada.slash("video", prompt="a paper boat")
    told = await scene.discord.until(owner.sees, REEL_S, "the owner's message")
    assert "a paper boat" in told[0].content
    assert not elsewhere.messages


async def asked_of_ben(scene: Scene) -> tuple[Person, Message, Message]:
    """Ben, the status of a request with his avatar, and the question he was called to."""
    ben = scene.discord.person("Ben", at=scene.channel, avatar=photo())
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", person=ben)
    assert asked.original is not None
    question = (await scene.discord.until(lambda: ben.pings, REEL_S, "the question"))[0]
    return ben, asked.original, question


async def test_whoever_is_named_is_called_and_only_they_can_answer(scene: Scene) -> None:
    ben, status, question = await asked_of_ben(scene)
    assert question.channel is await scene.thread(status)
    assert "would like to make a reel with your picture" in question.content
    assert question.pinged == [ben.user]
    for one in (scene.ada, moderator(scene, "Mo", scene.channel)):
        assert (await one.press(question, "Yes, this once")).private
    assert everywhere(scene.discord) == []
    await ben.press(question, "Always for Ada")
    await scene.reel(question.channel)
    await scene.discord.until(lambda: not question.buttons, REEL_S, "an end of the question")
    await scene.ada.slash("effect", effect="Kiss Me AI", person=ben)
    await scene.reel(question.channel, 2)
    assert ben.pings == [question], "what is remembered is not asked again"


async def test_a_yes_ends_with_its_time_and_by_being_taken_back(scene: Scene) -> None:
    ben, _, question = await asked_of_ben(scene)
    await ben.press(question, "Always for Ada")
    await scene.reel(question.channel)
    await gone_by(scene.program, "consents", "until")
    await scene.ada.slash("effect", effect="Kiss Me AI", person=ben)
    again = (await scene.discord.until(lambda: ben.pings[1:], REEL_S, "a second question"))[0]
    await ben.press(again, "Always for Ada")
    said = await ben.slash("consent")
    assert said.private
    assert "Yes to Ada in Reel lovers, until" in said.text
    assert said.original is not None
    await ben.press(said.original, "Take back: Ada")
    await scene.says(said.original, "Taken back; I'll ask you again.")
    assert "I remember nothing" in (await ben.slash("consent")).text
    third = await scene.ada.slash("effect", effect="Kiss Me AI", person=ben)
    await scene.discord.until(lambda: ben.pings[2:], REEL_S, "a third question")
    await gone_by(scene.program, "jobs", "next_at")
    assert third.original is not None
    await scene.says(third.original, "Nobody answered in time")


async def test_whoever_is_mentioned_in_a_face_effect_is_asked(scene: Scene) -> None:
    ben = scene.discord.person("Ben", at=scene.channel)
    await scene.ada.slash("blend", model="video-01-subject", prompt=f"{ben.mention} dances", image=photo())
    question = (await scene.discord.until(lambda: ben.pings, REEL_S, "the question"))[0]
    await ben.press(question, "Yes, this once")
    await scene.reel(question.channel)


async def test_a_no_is_kept_and_nothing_is_made(scene: Scene) -> None:
    ben, status, question = await asked_of_ben(scene)
    await ben.press(question, "Never")
    await scene.discord.until(lambda: "charged" in status.content, REEL_S, "the end")
    assert everywhere(scene.discord) == []
    rows = await scene.program.kept.database.read("SELECT kind FROM ledger WHERE account LIKE 'person:%' ORDER BY seq")
    assert [row["kind"] for row in rows] == ["hold", "release"]
