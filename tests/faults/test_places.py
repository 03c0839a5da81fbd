"""On the chat platforms: in time, in the right place, once, in words, and with no secret handed on."""

import asyncio
import io
import json
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.domain.errors import StoreUnusable
from bot.domain.job import State
from tests.chat.discord.harness import OPEN, everywhere, photo, reels
from tests.chat.telegram.harness import reels as telegram_reels
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.faults import Status
from tests.emulators.discord.posting import Upload
from tests.emulators.telegram.emulator import Telegram
from tests.faults.scenes import DiscordScene, Fal, TelegramScene, a_fal, discord_scene, jobs, telegram_scene, until

ACK_S = 3.0
"""Discord's own patience with the first answer."""

SMALL_BYTES = 60_000
"""Less than any reel here has."""

MANY = 50
TOKEN_LIFE_S = 15 * 60


async def test_f04_a_reel_after_the_fifteen_minutes_of_a_token_stands_in_the_thread(server: DiscordScene) -> None:
    """The interaction's token dies after 15 minutes, and with it the result.

    The token only acknowledges; status and reel are messages of the bot's own, which no clock takes away.
    """
    status = await server.asked()
    thread = await server.thread(status)
    server.discord.clock.advance(TOKEN_LIFE_S + 60)
    assert (await server.reel(thread)).channel is thread
    await server.says(status, "Here it is")


async def test_f05_everybody_is_answered_in_time_while_fifty_jobs_run(discord: Discord, tmp_path: Path) -> None:
    """The three seconds of an acknowledgement are missed.

    Pure checks and one insert stand before the acknowledgement, and no network, no media, no other's job.
    """
    async with a_fal(concurrency=MANY) as fal, discord_scene(discord, tmp_path / "data", fal) as server:
        people = [discord.person(f"P{number}", at=server.channel) for number in range(MANY)]
        loop = asyncio.get_running_loop()
        took = []

        async def ask(number: int) -> None:
            began = loop.time()
            await people[number].slash("effect", effect="Kiss Me AI", image=photo())
            took.append(loop.time() - began)

        await asyncio.gather(*(ask(number) for number in range(MANY)))
        assert len(took) == MANY
        assert sorted(took)[int(0.99 * MANY) - 1] < ACK_S


async def test_f06_an_answer_that_discord_does_not_know_is_written_another_way(server: DiscordScene) -> None:
    """A follow-up is 404 although its token is good.

    Where the token does not lead any more, the bot writes to the channel by its own right.
    """
    server.discord.faults.add(
        "PATCH", "/webhooks/**", Status(status=404, code=10015, message="Unknown Webhook"), times=0
    )
    await server.asked()
    (status,) = await server.discord.until(lambda: [one for one in server.ada.sees() if one.pinged], what="a status")
    assert status.channel is server.channel
    reel = await server.reel(await server.thread(status))
    await server.says(status, "Here it is")
    assert everywhere(server.discord) == [reel]


async def test_f07_a_reel_that_is_too_large_is_made_to_fit_and_it_is_said(server: DiscordScene) -> None:
    """The file is larger than the place takes.

    The limit is the place's own; a larger reel is encoded anew to fit, said to be smaller, and the original offered;
    if nothing fits it is kept with its address.
    """
    status = await server.asked()
    thread = await server.thread(status)
    refusal = Status(status=413, code=40005, message="Request entity too large")
    server.discord.faults.add("POST", f"/channels/{thread.id}/messages", refusal)
    await server.says(status, "Here it is")
    (reel,) = reels(thread)
    assert reel.attachments[0].data


async def test_f07_on_telegram_a_smaller_reel_is_said_to_be_one(telegram: Telegram, tmp_path: Path, fal: Fal) -> None:
    """The file is larger than the place takes, and people are shown less than they paid for.

    A copy that was made smaller says so, and where the original is.
    """
    small = {**OPEN, "telegram": {"upload_bytes": SMALL_BYTES}}
    async with telegram_scene(telegram, tmp_path / "data", fal, overrides=small) as scene:
        reel = await scene.reel(scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
        (job,) = await jobs(scene.program)
    assert reel.media is not None
    assert job.result is not None
    assert job.reel is not None
    assert len(reel.media.file.data) <= SMALL_BYTES < job.reel.size_bytes
    assert "made smaller to fit here" in reel.words
    assert job.result.video_url in reel.words


async def test_f08_the_reel_outlives_the_providers_link(server: DiscordScene) -> None:
    """The link to the provider's file dies.

    The bytes are uploaded to the platform, and kept for a week besides; nobody is sent a link that expires.
    """
    status = await server.asked()
    reel = await server.reel(await server.thread(status))
    assert "http" not in reel.content
    with av.open(io.BytesIO(reel.attachments[0].data), "r") as video:
        assert video.duration
    (job,) = await jobs(server.program)
    assert job.result is not None
    assert job.reel is not None
    assert job.reel.size_bytes == len(reel.attachments[0].data)


async def test_f18_a_thread_that_is_gone_sends_the_reel_to_its_channel_and_to_nobody_else(server: DiscordScene) -> None:
    """A reel is posted in the wrong place, or nowhere.

    The place is kept with the job; where it is gone the reel goes one step up (the channel), told to the one who
    asked.
    """
    thread = await server.thread(await server.asked())
    server.discord.world.remove(thread)
    reel = await server.reel(server.channel)
    assert reel.channel is server.channel
    assert server.ada.user in reel.pinged
    assert len(everywhere(server.discord)) == 1


async def test_f18_on_telegram_topics_and_moves_are_respected(telegram: Telegram, tmp_path: Path) -> None:
    """A topic's reel lands in General; a group that became a supergroup is lost.

    General is written to without its number, a topic with it, and a chat that has moved is followed.
    """
    async with a_fal() as fal, telegram_scene(telegram, tmp_path / "data", fal) as scene:
        forum = telegram.forum("Reel makers")
        topic = telegram.topic(forum, "Horses")
        in_topic = telegram.person("Ben", at=topic).photo(photo(), "/effect@reelroom_bot Kiss Me AI")
        assert (await scene.reel(in_topic)).topic is topic
        in_general = telegram.person("Cem", at=forum).photo(photo(), "/effect@reelroom_bot Kiss Me AI")
        await scene.reel(in_general)
        assert [call.arguments.get("message_thread_id", "") for call in telegram.calls("sendVideo")] == [
            str(topic.id),
            "",
        ]
        small = telegram.group("Small", supergroup=False)
        dan = telegram.person("Dan", at=small)
        await scene.status(dan.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
        moved = telegram.upgrade(small)
        assert await telegram.until(lambda: telegram_reels(telegram, moved), 60, "the reel")


async def test_f19_a_large_picture_does_not_stop_the_loop(server: DiscordScene) -> None:
    """Work on the loop makes heartbeats late, and Discord hangs up.

    Pictures and videos are opened in another process, bounded in pixels, memory and time; the loop's lag is measured.
    """
    large = io.BytesIO()
    Image.effect_noise((5000, 5000), 80).convert("RGB").save(large, "JPEG", quality=40)
    loop = asyncio.get_running_loop()
    lags: list[float] = []
    asked = await server.ada.slash("effect", effect="Kiss Me AI", image=Upload(filename="l.jpg", data=large.getvalue()))
    status = asked.original
    assert status is not None

    async def watch() -> None:
        while True:
            due = loop.time() + 0.01
            await _turn_until(loop, due)
            lags.append(loop.time() - due)

    watching = asyncio.create_task(watch())
    await server.thread(status)
    watching.cancel()
    assert lags
    assert sorted(lags)[int(0.99 * len(lags))] < 0.5


async def _turn_until(loop: asyncio.AbstractEventLoop, due: float) -> None:
    woken = loop.create_future()
    loop.call_at(due, woken.set_result, None)
    await woken


async def test_f21_what_fal_is_given_holds_no_token_and_no_link_of_a_platforms(group: TelegramScene) -> None:
    """The bot's token is handed to the provider inside a file's address.

    Files are fetched by us and their bytes uploaded to fal; no address of a platform's leaves the adapter.
    """
    await group.reel(group.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
    (taken,) = await group.fal.taken()
    said = json.dumps(taken["input"])
    assert group.telegram.token not in said
    assert "/file/" not in said.replace(group.fal.url, "")
    assert said.count(group.fal.url) == 1


async def test_f22_a_second_program_on_the_same_data_does_not_start(server: DiscordScene) -> None:
    """Two instances post everything twice.

    A writer's lock lies on the store: a second program on it refuses to start, in one line.
    """
    plan_data = server.program.door.parent
    with pytest.raises(StoreUnusable, match="in use by another process"):
        async with discord_scene(server.discord, plan_data, server.fal):
            raise AssertionError("started")


async def test_f22_two_pollers_of_one_token_are_told_and_post_once(telegram: Telegram, tmp_path: Path) -> None:
    """Two instances poll one Telegram token (409).

    The conflict is told, waited out and never spun on; an update is one job wherever it is received.
    """
    async with (
        a_fal() as fal,
        telegram_scene(telegram, tmp_path / "one", fal) as scene,
        telegram_scene(telegram, tmp_path / "two", fal) as other,
    ):
        asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
        await scene.reel(asked)
        assert await fal.calls("submit") == 1
        assert len(await jobs(scene.program)) + len(await jobs(other.program)) == 1


async def test_f23_what_waited_while_we_were_away_is_asked_about(discord: Discord, tmp_path: Path, fal: Fal) -> None:
    """Stale commands are carried out after an outage.

    An Ask older than the set age, or acknowledged too late, is answered with a question; nothing is spent unasked.
    """
    async with discord_scene(discord, tmp_path / "data", fal) as server:
        asked = server.ada.slash("effect", effect="Kiss Me AI", image=photo())
        discord.clock.advance(4)
        await asked
        question = (await discord.until(server.ada.sees))[0]
        assert "I was away" in question.content
        assert await jobs(server.program) == []
        assert await fal.calls("submit") == 0


async def test_f24_a_reel_without_sound_is_a_video_on_telegram(group: TelegramScene) -> None:
    """A silent video is shown as a GIF.

    It is posted as a video that can be streamed, with its size, length and thumbnail.
    """
    reel = await group.reel(group.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
    (job,) = await jobs(group.program)
    (call,) = group.telegram.calls("sendVideo")
    assert job.reel is not None
    assert not job.reel.has_audio
    assert str(call.arguments["supports_streaming"]).lower() == "true"
    assert reel.media is not None
    assert (reel.media.kind, reel.media.duration) == ("video", 5)
    sides = str(job.reel.width_px), str(job.reel.height_px)
    assert (call.arguments["width"], call.arguments["height"], call.arguments["duration"]) == (*sides, "5")
    assert len(call.files) == 2, "the video and its thumbnail"


@pytest.mark.parametrize("fault", ["422:content_policy_violation", "500", "infra:runner_disconnected", "422"])
async def test_f25_a_failure_is_told_in_a_sentence_and_never_in_json(server: DiscordScene, fault: str) -> None:
    """The provider's raw answer, or a traceback, is shown to people.

    Every failure has a sentence of ours, whose fault it is and what it cost; the raw words go to the log, with the
    job.
    """
    asked = await server.ada.slash("video", prompt=f"a boat sandbox:{fault}", resolution="360p")
    status = asked.original
    assert status is not None
    await server.says(status, "Nothing was charged")
    for sign in ("{", "}", "detail", "Traceback", "HTTP", "loc", "None"):
        assert sign not in status.content
    (job,) = await jobs(server.program)
    assert job.state is State.FAILED


async def test_f28_one_status_message_and_one_reel_for_every_job(discord: Discord, tmp_path: Path, fal: Fal) -> None:
    """The bot fills the channel with messages.

    One status message, edited, and the reel in a thread on it; nothing else, whatever happens on the way.
    """
    async with discord_scene(discord, tmp_path / "data", fal, overrides=OPEN) as server:
        await fal.faults("502:status:0.3", "503:submit:0.3")
        statuses = [await server.asked() for _ in range(2)]
        for status in statuses:
            await server.says(status, "Here it is")
        assert [one for one in server.channel.messages.values() if not one.deleted] == statuses
        for status in statuses:
            thread = await server.thread(status)
            assert len(reels(thread)) == len([one for one in thread.messages.values() if one.attachments]) == 1
            assert len(thread.messages) == 1

        async def all_done() -> bool:
            return {job.state for job in await jobs(server.program)} == {State.DELIVERED}

        await until(all_done)
