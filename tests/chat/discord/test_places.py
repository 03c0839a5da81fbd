"""Where people ask and where the reel then stands: threads of all kinds, private chats, servers without the bot."""

import asyncio
from pathlib import Path

import pytest

from tests.chat.discord.harness import REEL_S, Scene, everywhere, photo, playing, reels
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.interactions import State
from tests.emulators.discord.people import Person
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import Channel, Message


async def asked(scene: Scene, where: Channel) -> Message:
    """Ada asks for an effect somewhere else."""
    scene.ada.go(where)
    return await scene.asked()


async def test_in_a_thread_the_reel_stands_in_that_thread_and_no_other_is_opened(scene: Scene) -> None:
    thread = scene.discord.thread(scene.channel, scene.ada.user, "our trip")
    status = await asked(scene, thread)
    reel = await scene.reel(thread)
    assert reel.reference is status
    assert scene.ada.user in reel.pinged
    assert [one for one in scene.discord.world.channels.values() if one.is_thread] == [thread]


async def test_an_archived_thread_wakes_up_for_its_reel(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.archive(thread)
    assert (await scene.reel(thread)).channel is thread
    assert not thread.archived
    await scene.says(status, "Here it is")


async def test_a_status_message_in_a_thread_that_fell_asleep_does_not_stop_the_reel(scene: Scene) -> None:
    thread = scene.discord.thread(scene.channel, scene.ada.user, "our trip")
    await asked(scene, thread)
    scene.discord.archive(thread)
    assert (await scene.reel(thread)).channel is thread


async def test_in_a_private_thread_without_the_bot_the_reel_comes_privately(scene: Scene) -> None:
    thread = scene.discord.thread(scene.channel, scene.ada.user, "secrets", private=True)
    status = await asked(scene, thread)
    direct = scene.discord.direct(scene.ada.user)
    assert (await scene.reel(direct)).channel is direct
    await scene.says(status, "Here it is")


async def test_a_channel_closed_to_the_bot_on_the_way_sends_the_reel_privately(scene: Scene) -> None:
    await scene.thread(await scene.asked())
    scene.discord.deny(scene.channel, Permission.VIEW_CHANNEL)
    direct = scene.discord.direct(scene.ada.user)
    assert (await scene.reel(direct)).channel is direct
    assert len(everywhere(scene.discord)) == 1


async def test_without_the_permission_for_files_the_reel_comes_privately(scene: Scene) -> None:
    scene.discord.deny(scene.channel, Permission.ATTACH_FILES)
    status = await scene.asked()
    direct = scene.discord.direct(scene.ada.user)
    assert (await scene.reel(direct)).channel is direct
    await scene.says(status, "Here it is")


async def test_without_the_permission_to_write_in_threads_the_reel_answers_in_the_channel(scene: Scene) -> None:
    scene.discord.deny(scene.channel, Permission.SEND_MESSAGES_IN_THREADS)
    status = await scene.asked()
    assert (await scene.reel(scene.channel)).reference is status


async def test_a_server_with_too_many_threads_gets_the_reel_in_the_channel(scene: Scene) -> None:
    scene.guild.active_threads = 0
    status = await scene.asked()
    assert (await scene.reel(scene.channel)).reference is status


async def test_a_title_the_server_blocks_gets_a_plain_one(scene: Scene) -> None:
    scene.guild.blocked.append("Kiss")
    thread = await scene.thread(await scene.asked())
    assert thread.name == "Your reel"
    assert (await scene.reel(thread)).content == scene.ada.mention


async def test_a_status_message_deleted_before_its_thread_was_opened_does_not_stop_the_reel(scene: Scene) -> None:
    scene.discord.deny(scene.channel, Permission.CREATE_PUBLIC_THREADS)
    status = await scene.asked()
    await scene.discord.until(lambda: status.edits, what="a first word")
    scene.discord.press.delete(status)
    reel = await scene.reel(scene.channel)
    assert reel.reference is None
    assert scene.ada.user in reel.pinged


async def test_who_takes_no_messages_gets_it_later_in_the_private_chat_it_was_asked_in(scene: Scene) -> None:
    ada = scene.ada.go()
    status = (await ada.slash("effect", effect="Kiss Me AI", image=photo())).original
    assert status is not None
    ada.user.accepts_direct = False
    await scene.says(status, "It is kept for you")
    ada.user.accepts_direct = True
    assert (await ada.press(status, "Post it again")).private
    assert (await scene.reel(ada.place)).channel is ada.place


async def test_among_friends_where_the_bot_is_not_the_token_answers(scene: Scene) -> None:
    ben = scene.discord.person("Ben", at=scene.channel)
    scene.ada.user.installed = True
    private = scene.discord.world.direct(scene.ada.user, ben.user)
    status = await asked(scene, private)
    assert (await scene.reel(private)).channel is private
    await scene.says(status, "Here it is")


@pytest.mark.parametrize("mailbox", ["open", "shut"])
async def test_a_token_that_ran_out_where_it_is_all_there_is_sends_the_reel_privately(
    discord: Discord, tmp_path: Path, mailbox: str
) -> None:
    channel = discord.text(discord.guild("Elsewhere", with_bot=False), "general")
    cora = discord.person("Cora", at=channel, installed=True)
    cora.user.accepts_direct = mailbox == "open"
    async with playing(discord, tmp_path):
        status = (await cora.slash("effect", effect="Kiss Me AI", image=photo())).original
        assert status is not None
        await discord.until(lambda: status.edits, what="a first word")
        discord.clock.advance(16 * 60)
        if mailbox == "shut":
            kept = await offered(cora.go())
            cora.user.accepts_direct = True
            assert (await cora.press(kept, next(iter(kept.buttons)))).private
        await discord.until(lambda: reels(discord.direct(cora.user)), REEL_S)
        assert len(everywhere(discord)) == 1


async def offered(person: Person) -> Message:
    """What /jobs shows as soon as it has a reel to offer."""
    async with asyncio.timeout(REEL_S):
        while True:
            listed = (await person.slash("jobs")).original
            if listed is not None and listed.buttons:
                return listed


async def test_a_server_that_silences_foreign_bots_keeps_it_between_the_person_and_us(scene: Scene) -> None:
    guild = scene.discord.guild("Elsewhere", with_bot=False)
    channel = scene.discord.text(guild, "general")
    guild.everyone.permissions &= ~Permission.USE_EXTERNAL_APPS
    cora = scene.discord.person("Cora", at=channel, installed=True)
    answer = await cora.slash("effect", effect="Kiss Me AI", image=photo())
    assert answer.state is State.ANSWERED
    assert answer.private
    reel = await scene.reel(channel)
    assert reel.ephemeral
