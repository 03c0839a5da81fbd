"""From a slash command to the reel in its thread: a real client, real sockets, the emulated Discord, the sandbox."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.chat.discord.permissions import needed as needed_permissions
from bot.domain.moderation import Faces
from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, playing, reels, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.interactions import State
from tests.emulators.discord.posting import Upload


async def test_a_photo_and_an_effect_become_a_reel_in_a_thread(scene: Scene) -> None:
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    assert asked.state is State.ANSWERED
    status = asked.original
    assert status is not None
    assert not status.ephemeral
    thread = await scene.thread(status)
    assert thread.name == "Kiss Me AI"
    reel = await scene.reel(thread)
    assert scene.ada.user in reel.pinged
    assert reel.nonce is not None
    assert reel.attachments[0].filename == f"reel-{reel.nonce}.mp4"
    assert reel.attachments[0].description == "A video: Kiss Me AI"
    assert list(reel.buttons) == ["Again", "Change", "Extend", "Delete", "Report"]
    await scene.says(status, "Here it is")
    assert not status.buttons


async def test_what_is_wrong_is_said_privately_at_once(scene: Scene) -> None:
    asked = await scene.ada.slash("animate", prompt="the horse bolts", duration="77", image=photo())
    assert asked.private
    assert "duration" in asked.text
    assert len(scene.ada.sees()) == 1


async def test_a_late_refusal_takes_the_public_answer_away_and_is_private(scene: Scene) -> None:
    tiny = io.BytesIO()
    Image.new("RGB", (40, 40)).save(tiny, "PNG")
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", image=tiny.getvalue())
    await asked.until(lambda one: one.follow_ups)
    assert asked.original is None
    assert asked.private
    assert "too small" in asked.text
    assert everywhere(scene.discord) == []


async def test_again_change_and_delete_under_a_reel(scene: Scene) -> None:
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    assert asked.original is not None
    thread = await scene.thread(asked.original)
    reel = await scene.reel(thread)
    ben = scene.discord.person("Ben", at=scene.channel)
    again = await ben.press(reel, "Again")
    assert again.state is State.ANSWERED
    second = await scene.reel(thread, 2)
    assert ben.user in second.pinged

    opened = await ben.press(reel, "Change")
    assert opened.state is State.MODAL
    changed = await ben.submit_modal(opened, {"lead": "Muscle Surge"})
    assert changed.state is State.ANSWERED
    third = await scene.reel(thread, 3)
    assert "Muscle Surge" in third.content

    refused = await ben.press(reel, "Delete")
    assert refused.private
    assert "Only the person" in refused.text
    assert not reel.deleted
    assert (await scene.ada.press(reel, "Delete")).private
    await scene.discord.until(lambda: reel.deleted)


async def test_animate_this_takes_the_picture_of_a_message(scene: Scene) -> None:
    posted = scene.ada.type("look", files=[Upload(filename="me.jpg", data=photo())])
    opened = await scene.ada.context_menu("Animate this", posted)
    assert opened.state is State.MODAL
    asked = await scene.ada.submit_modal(opened, {"lead": "the wind moves her hair"})
    assert asked.original is not None
    reel = await scene.reel(await scene.thread(asked.original))
    assert "the wind moves her hair" in reel.content


async def test_several_pictures_are_attached_one_by_one(scene: Scene) -> None:
    asked = await scene.ada.slash("blend", prompt="they dance", image=photo(), image2=photo())
    assert asked.original is not None
    assert "they dance" in (await scene.reel(await scene.thread(asked.original))).content


async def test_somebodys_avatar_may_be_the_picture(scene: Scene) -> None:
    ben = scene.discord.person("Ben", at=scene.channel, avatar=photo())
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", person=ben)
    assert asked.original is not None
    thread = await scene.thread(asked.original)
    question = (await scene.discord.until(lambda: ben.pings, REEL_S, "the question"))[0]
    await ben.press(question, "Yes, this once")
    assert (await scene.reel(thread)).pinged == [scene.ada.user]


async def test_what_was_typed_formats_nothing_and_calls_nobody(scene: Scene) -> None:
    ben = scene.discord.person("Ben", at=scene.channel)
    asked = await scene.ada.slash("video", prompt=f"@everyone {ben.mention} **boats**")
    assert asked.original is not None
    reel = await scene.reel(await scene.thread(asked.original))
    for message in (asked.original, reel):
        assert not message.mention_everyone
        assert ben.user not in message.mentions
    assert "**" not in reel.content
    assert ben.pings == []


async def test_a_reel_that_is_to_be_covered_is_a_spoiler(discord: Discord, tmp_path: Path) -> None:
    ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
    covered = {"moderation": {"faces": Faces.OFF, "covered": ("Kiss Me AI",)}}
    async with playing(discord, tmp_path, overrides=covered):
        await ada.slash("effect", effect="Kiss Me AI", image=photo())
        (reel,) = await discord.until(lambda: everywhere(discord), REEL_S)
    assert reel.attachments[0].filename == f"SPOILER_reel-{reel.nonce}.mp4"


async def test_the_invitation_is_printed_at_the_start(
    discord: Discord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with playing(discord, tmp_path):
        pass
    needed = int(needed_permissions().value)
    assert f"client_id={discord.application.id}&scope=bot+applications.commands&permissions={needed}" in caplog.text


async def test_suggestions_are_given_while_typing(scene: Scene) -> None:
    typing = await scene.ada.autocomplete("effect", "effect", "kis")
    assert "Kiss Me AI" in [one["value"] for one in typing.choices]
    wide = await scene.ada.autocomplete("animate", "resolution")
    narrow = await scene.ada.autocomplete("animate", "resolution", "", model="pixverse-4.5-fast")
    assert {one["value"] for one in narrow.choices} < {one["value"] for one in wide.choices}


async def test_a_direct_message_needs_no_thread(scene: Scene) -> None:
    ada = scene.ada.go()
    asked = await ada.slash("effect", effect="Kiss Me AI", image=photo())
    assert asked.state is State.ANSWERED
    assert (await scene.reel(ada.place)).channel is ada.place


async def test_in_a_forum_post_the_reel_stands_in_the_post(scene: Scene) -> None:
    forum = scene.discord.forum(scene.guild, "showcase")
    post = scene.ada.post(forum, "My dog", "look")
    assert (await scene.ada.slash("effect", effect="Kiss Me AI", image=photo())).state is State.ANSWERED
    assert (await scene.reel(post)).channel is post


async def test_where_the_bot_is_no_member_the_token_answers(scene: Scene) -> None:
    foreign = scene.discord.guild("Elsewhere", with_bot=False)
    channel = scene.discord.text(foreign, "general")
    cora = scene.discord.person("Cora", at=channel, installed=True)
    asked = await cora.slash("effect", effect="Kiss Me AI", image=photo())
    assert asked.state is State.ANSWERED
    assert (await scene.reel(channel)).channel is channel


async def test_a_restart_between_the_status_and_the_reel_loses_nothing(discord: Discord, tmp_path: Path) -> None:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    async with fal(speed=4) as url:
        async with running(discord, tmp_path, url):
            await discord.connected()
            asked = await ada.slash("effect", effect="Kiss Me AI", image=photo())
            status = asked.original
            assert status is not None
            await discord.until(
                lambda: "video service has it" in status.content or "Rendering" in status.content, REEL_S
            )
        assert everywhere(discord) == []
        async with running(discord, tmp_path, url):
            await discord.until(lambda: status.thread and reels(status.thread), REEL_S)
            await discord.until(lambda: "Here it is" in status.content, REEL_S)
    assert len(everywhere(discord)) == 1
