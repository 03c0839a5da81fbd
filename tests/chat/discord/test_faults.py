"""What goes wrong on Discord, and that one reel stands somewhere all the same: never two, never none."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, playing, reels, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.faults import Drop, Limited, Slow, Status
from tests.emulators.discord.interactions import State
from tests.emulators.discord.permissions import Permission


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until the log says so."""
    async with asyncio.timeout(10):
        while words not in caplog.text:
            await asyncio.to_thread(lambda: None)


async def test_a_late_acknowledgement_spends_nothing_before_a_yes(scene: Scene) -> None:
    asked = scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    scene.discord.clock.advance(4)
    assert (await asked).state is State.FAILED
    question = (await scene.discord.until(scene.ada.sees))[0]
    assert "I was away" in question.content
    assert scene.ada.user in question.pinged
    assert await scene.program.kept.jobs.open_ids() == []
    async with asyncio.timeout(REEL_S):
        while "On it" not in (await scene.ada.press(question, "Yes, please")).text:  # faster than the row is written
            pass
    await scene.discord.until(lambda: everywhere(scene.discord), REEL_S)
    assert len(everywhere(scene.discord)) == 1


async def test_an_upload_whose_answer_is_lost_is_looked_for_and_not_repeated(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.faults.add("POST", f"/channels/{thread.id}/messages", Drop(after=True))
    await scene.says(status, "Here it is")
    assert len(everywhere(scene.discord)) == 1


async def test_an_upload_that_never_arrived_is_sent_again(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.faults.add("POST", f"/channels/{thread.id}/messages", Drop())
    await scene.says(status, "Here it is")
    assert len(reels(thread)) == 1


@pytest.mark.parametrize(
    "how",
    [
        Status(status=503),
        Status(status=503, after=True),
        Status(status=502, html=True),
        Status(status=500, after=True),
        Limited(retry_after_s=0.2),
        Limited(retry_after_s=0.2, scope="shared"),
        Limited(retry_after_s=0.2, scope="global"),
    ],
    ids=str,
)
async def test_a_refusal_that_passes_is_waited_out(scene: Scene, how: Status | Limited) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.faults.add("POST", f"/channels/{thread.id}/messages", how)
    await scene.says(status, "Here it is")
    assert len(reels(thread)) == 1


@pytest.mark.parametrize("how", [Status(status=503), Drop(), Drop(after=True), Limited(retry_after_s=0.2)], ids=str)
async def test_a_status_that_cannot_be_written_for_a_while_is_written_later(
    scene: Scene, how: Status | Drop | Limited
) -> None:
    for path in ("/webhooks/**", "/channels/*/messages/*"):
        scene.discord.faults.add("PATCH", path, how)
    status = await scene.asked()
    await scene.says(status, "Here it is")
    assert len(everywhere(scene.discord)) == 1
    assert [one for one in scene.channel.messages.values() if one is not status] == []


async def test_without_the_permission_for_threads_the_reel_answers_in_the_channel(scene: Scene) -> None:
    scene.discord.deny(scene.channel, Permission.CREATE_PUBLIC_THREADS)
    status = await scene.asked()
    reel = await scene.reel(scene.channel)
    assert reel.reference is status
    assert scene.ada.user in reel.pinged


async def test_a_locked_thread_sends_the_reel_to_the_channel(scene: Scene) -> None:
    thread = await scene.thread(await scene.asked())
    for member in scene.guild.members.values():
        if member.user is scene.discord.world.bot:
            member.roles.clear()
    scene.discord.lock(thread)
    assert (await scene.reel(scene.channel)).channel is scene.channel
    assert reels(thread) == []


async def test_a_deleted_thread_sends_the_reel_to_the_channel(scene: Scene) -> None:
    thread = await scene.thread(await scene.asked())
    scene.discord.world.remove(thread)
    assert (await scene.reel(scene.channel)).channel is scene.channel


async def test_a_deleted_channel_sends_the_reel_to_the_person(scene: Scene) -> None:
    thread = await scene.thread(await scene.asked())
    scene.discord.world.remove(thread)
    scene.discord.world.remove(scene.channel)
    direct = scene.discord.direct(scene.ada.user)
    assert (await scene.reel(direct)).channel is direct


async def test_with_nowhere_left_the_reel_is_kept_and_offered(scene: Scene) -> None:
    thread = await scene.thread(await scene.asked())
    scene.ada.user.accepts_direct = False
    scene.discord.world.remove(thread)
    scene.discord.world.remove(scene.channel)
    another = scene.discord.text(scene.guild, "another")
    scene.ada.go(another)
    kept = None
    async with asyncio.timeout(REEL_S):
        while kept is None:
            shown = await scene.ada.slash("jobs")
            kept = shown.original if shown.original and shown.original.buttons else None
    (button,) = kept.buttons
    assert (await scene.ada.press(kept, button)).private
    assert (await scene.reel(another)).channel is another
    assert len(everywhere(scene.discord)) == 1


async def test_words_that_are_blocked_do_not_cost_the_reel(scene: Scene) -> None:
    thread = await scene.thread(await scene.asked())
    scene.guild.blocked.append("Kiss")
    reel = await scene.reel(thread)
    assert reel.content == scene.ada.mention


async def test_a_deleted_status_message_does_not_stop_the_reel(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    status.deleted = True
    assert (await scene.reel(thread)).channel is thread


async def test_a_token_that_ran_out_changes_nothing_where_the_bot_is_a_member(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.clock.advance(16 * 60)
    assert (await scene.reel(thread)).channel is thread
    await scene.says(status, "Here it is")


@pytest.mark.parametrize("break_", ["reconnect", "invalidate", "drop", "close"])
async def test_a_gateway_that_breaks_during_a_job_is_taken_up_again(scene: Scene, break_: str) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    gateway = scene.discord.gateway
    breaks: dict[str, Callable[[], None]] = {
        "reconnect": gateway.reconnect,
        "drop": gateway.drop,
        "invalidate": lambda: gateway.invalidate(resumable=True),
        "close": lambda: gateway.close(4000),
    }
    breaks[break_]()
    assert (await scene.reel(thread)).channel is thread
    await scene.discord.connected()
    assert (await scene.ada.slash("help")).private


async def test_with_the_gateway_down_at_boot_the_room_is_open_and_discord_follows(
    discord: Discord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada = discord.person("Ada", at=channel)
    discord.gateway.down = True
    async with fal() as url, running(discord, tmp_path, url) as program:
        assert program.login_url()
        await logged(caplog, "Failed to connect")
        discord.gateway.down = False
        await discord.until(discord.gateway.connected, REEL_S)
        assert (await ada.slash("help")).private


async def test_a_refused_token_puts_discord_off_and_nothing_else(
    discord: Discord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with fal() as url, running(discord, tmp_path, url, token="bm8.such.token") as program:
        await logged(caplog, "Discord is off")
        assert program.login_url()


async def test_two_programs_after_each_other_send_the_commands_once(discord: Discord, tmp_path: Path) -> None:
    discord.guild("Reel lovers")
    rule = discord.faults.add("PUT", "/applications/*/commands", Status(status=500), nth=99)
    for _ in range(2):
        async with playing(discord, tmp_path):
            pass
    assert rule.seen == 1


async def test_strangers_wait_for_the_owner_and_faces_for_a_word(discord: Discord, tmp_path: Path) -> None:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada, owner = discord.person("Ada", at=channel), discord.hand(discord.application.owner)
    shipped: dict[str, dict[str, object]] = {"quota": {}, "moderation": {}}
    async with playing(discord, tmp_path, overrides=shipped):
        refused = await ada.slash("effect", effect="Kiss Me AI", image=photo())
        await refused.until(lambda one: one.follow_ups)
        assert "not opened it for this group" in refused.text
        petition = (await discord.until(owner.sees))[0]
        assert "Ada would like to use me in a group you have not opened me for (Reel lovers)." in petition.content
        assert not (await ada.slash("effect", effect="Kiss Me AI", image=photo())).follow_ups
        assert (await owner.press(petition, "Open it")).state is State.ANSWERED
        asked = await ada.slash("effect", effect="Kiss Me AI", image=photo())
        status = asked.original
        assert status is not None
        await discord.until(lambda: "Yes, make it" in status.buttons)
        assert "are they yours" in status.content
        assert (await ada.press(status, "Yes, make it")).private
        await discord.until(lambda: everywhere(discord), REEL_S)


async def test_stopped_between_the_upload_and_its_record_there_is_one_reel(discord: Discord, tmp_path: Path) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada = discord.person("Ada", at=channel)
    hasty: dict[str, dict[str, object]] = {"pipeline": {"shutdown_s": 0.1}}
    async with fal() as url:
        async with running(discord, tmp_path, url, overrides=hasty):
            await discord.connected()
            held = Slow(after=True)
            status = (await ada.slash("effect", effect="Kiss Me AI", image=photo())).original
            assert status is not None
            thread = await discord.until(lambda: status.thread)
            discord.faults.add("POST", f"/channels/{thread.id}/messages", held)
            await discord.until(lambda: reels(thread), REEL_S)
        held.release()
        assert "Here it is" not in status.content
        async with running(discord, tmp_path, url):
            await discord.until(lambda: "Here it is" in status.content, REEL_S)
    assert len(everywhere(discord)) == 1
