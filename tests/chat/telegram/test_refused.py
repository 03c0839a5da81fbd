"""Whatever Telegram refuses, a paid reel is never lost, and everybody is told the next step."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.chat.telegram.place import link_of
from tests.chat.telegram.harness import REEL_S, Scene, fal, jobs, photo, playing, reels, running, settled
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.faults import Drop, Limited, Status
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Message, Right, Topic

EFFECT = "/effect@reelroom_bot Kiss Me AI"
SLOWLY = 8
"""fal's speed that leaves several seconds between a request and its reel."""


async def under_way(scene: Scene, person: Person) -> tuple[Message, Message]:
    """A request and its status message, while the reel is being made."""
    asked = person.photo(photo(), EFFECT)
    status = await scene.status(asked)
    await scene.says(status, "video service")
    return asked, status


async def ended(scene: Scene, state: str) -> None:
    """Wait until the only Job is in this state."""
    await scene.telegram.until(lambda: scene.telegram.calls("sendVideo"), REEL_S, "a try")
    async with asyncio.timeout(REEL_S):
        while [job.state.value for job in await jobs(scene)] != [state]:
            await settled(scene)


async def test_thrown_out_before_the_reel_it_goes_to_the_person(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group, started=True)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        await under_way(scene, ada)
        telegram.remove_bot(group)
        mine = telegram.world.private(ada.user)
        reel = (await telegram.until(lambda: reels(telegram, mine), REEL_S, "the reel in private"))[0]
        assert (reel.caption or "").startswith("Kiss Me AI")
        assert reel.reply_to is None


async def test_thrown_out_by_strangers_the_reel_is_kept_and_posted_in_private(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        await under_way(scene, ada)
        telegram.remove_bot(group)
        await ended(scene, "undelivered")
        ada.go()
        ada.start()
        listed = await scene.status(ada.type("/jobs"))
        await scene.says(listed, "Kept for you")
        (button,) = [one for one in listed.buttons if one.startswith("Post the reel")]
        assert (await ada.press(listed, button)).text
        mine = telegram.world.private(ada.user)
        assert await telegram.until(lambda: reels(telegram, mine), REEL_S, "the reel in private")


@pytest.mark.parametrize("ends", [Telegram.close, Telegram.remove], ids=["closed", "deleted"])
async def test_a_topic_that_ends_meanwhile_sends_the_reel_to_the_person(
    ends: Callable[[Telegram, Topic], None], telegram: Telegram, tmp_path: Path
) -> None:
    forum = telegram.forum("Reel makers")
    topic = telegram.topic(forum, "Horses")
    ada = telegram.person("Ada", at=topic, started=True)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=forum, ada=ada, program=program)
        await under_way(scene, ada)
        ends(telegram, topic)
        mine = telegram.world.private(ada.user)
        assert await telegram.until(lambda: reels(telegram, mine), REEL_S, "the reel in private")


async def test_where_no_videos_are_allowed_the_reel_is_kept_one_press_away(scene: Scene) -> None:
    scene.telegram.restrict(scene.group, scene.telegram.bot, Right.VIDEOS)
    asked = scene.ada.photo(photo(), EFFECT)
    status = await scene.status(asked)
    await scene.says(status, "I cannot post it here")
    scene.telegram.demote(scene.group, scene.telegram.bot)
    scene.telegram.promote(scene.group, scene.telegram.bot)
    await scene.ada.press(status, "Post it again")
    assert (await scene.reel(asked)).caption


async def test_slow_mode_is_waited_for(scene: Scene) -> None:
    scene.group.slow_mode_s = 2
    asked = scene.ada.photo(photo(), EFFECT)
    assert (await scene.reel(asked)).caption
    assert [job.attempts for job in await jobs(scene)] == [1]


async def test_a_request_that_was_deleted_gets_its_reel_all_the_same(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        asked, _ = await under_way(scene, ada)
        ada.delete(asked)
        assert await telegram.until(lambda: reels(telegram, group), REEL_S, "the reel")


async def test_a_status_that_was_deleted_is_not_written_anew_and_the_reel_comes(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        asked, status = await under_way(scene, ada)
        telegram.press.delete(status)
        reel = await scene.reel(asked)
        assert telegram.replies(asked) == [reel]


async def test_a_file_too_large_to_be_fetched_is_refused_in_words(scene: Scene) -> None:
    asked = scene.ada.document(b"\0" * (21 * 1024 * 1024), EFFECT)
    status = await scene.status(asked)
    await scene.says(status, "too large")
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == []


async def test_a_press_that_is_answered_too_late_does_its_work(scene: Scene) -> None:
    scene.telegram.world.query_life_s = 0
    reel = await scene.reel(scene.ada.photo(photo(), EFFECT))
    await ended(scene, "delivered")
    pressed = scene.ada.press(reel, "Delete")
    await scene.telegram.until(lambda: reel.deleted, REEL_S, "the reel removed")
    await settled(scene)
    assert not pressed.answered


async def test_a_telegram_that_stumbles_over_words_delays_no_reel(scene: Scene) -> None:
    scene.telegram.faults.add("editMessageText", Status(status=502, html=True))
    scene.telegram.faults.add("editMessageText", Drop(after=True), nth=2)
    scene.telegram.faults.add("editMessageText", Limited(retry_after_s=1), nth=3)
    asked = scene.ada.photo(photo(), EFFECT)
    assert (await scene.reel(asked)).caption
    await scene.says(await scene.status(asked), "Here it is")


async def test_an_acknowledgement_that_is_lost_loses_no_request(scene: Scene) -> None:
    scene.telegram.faults.add("sendMessage", Drop())
    asked = scene.ada.photo(photo(), EFFECT)
    assert (await scene.reel(asked)).caption
    assert len(await jobs(scene)) == 1


async def test_while_another_polls_with_our_token_the_bot_waits_and_comes_back(scene: Scene) -> None:
    conflict = scene.telegram.faults.add("getUpdates", Status(status=409, description="Conflict: terminated"))
    asked = scene.ada.photo(photo(), EFFECT)
    assert (await scene.reel(asked)).caption
    scene.ada.type("/help@reelroom_bot")
    await scene.telegram.until(lambda: conflict.struck, REEL_S, "the conflict met")
    again = scene.ada.photo(photo(), EFFECT)
    assert (await scene.reel(again)).caption


async def test_a_reel_over_the_limit_is_made_smaller_and_says_so(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    limit = 60_000
    async with playing(telegram, tmp_path, overrides={"telegram": {"upload_bytes": limit}}) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        reel = await scene.reel(ada.photo(photo(), EFFECT))
        assert reel.media is not None
        assert len(reel.media.data) <= limit
        assert "smaller" in (reel.caption or "")


async def test_a_reel_refused_for_its_size_within_the_limit_is_made_smaller_or_kept(scene: Scene) -> None:
    scene.telegram.faults.add("sendVideo", Status(status=413, description="Request Entity Too Large"))
    asked = scene.ada.photo(photo(), EFFECT)
    status = await scene.status(asked)
    reel = await scene.reel(asked)
    assert reel.caption
    await scene.says(status, "Here it is")


async def test_who_blocked_the_bot_meanwhile_has_the_reel_kept(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.person("Ada", started=True)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        mine = telegram.world.private(ada.user)
        scene = Scene(telegram=telegram, group=mine, ada=ada, program=program)
        await under_way(scene, ada)
        ada.block()
        await ended(scene, "undelivered")
        ada.unblock()
        listed = await scene.status(ada.type("/jobs"))
        (button,) = [one for one in listed.buttons if one.startswith("Post the reel")]
        await ada.press(listed, button)
        assert await telegram.until(lambda: reels(telegram, mine), REEL_S, "the reel")


async def test_while_telegram_is_away_the_reel_waits_and_nobody_is_asked_twice(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=SLOWLY) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        asked, status = await under_way(scene, ada)
        telegram.go_down()
        async with asyncio.timeout(REEL_S):
            while [job.state.value for job in await jobs(scene)] == ["submitted"]:
                await program.kept.database.read("SELECT 1")
        telegram.come_back()
        assert (await scene.reel(asked)).caption
        await scene.says(status, "Here it is")
    assert len([one for one in telegram.calls("sendVideo") if one.files]) == 1


async def test_a_reel_a_large_chat_shows_later_is_posted_once_and_has_no_link_yet(scene: Scene) -> None:
    scene.group.schedules_videos = True
    asked = scene.ada.photo(photo(), EFFECT)
    await scene.says(await scene.status(asked), "Here it is")
    (job,) = await jobs(scene)
    assert link_of(job) == ""
    assert len(scene.telegram.calls("sendVideo")) == 1
