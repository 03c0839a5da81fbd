"""What needs an owner reaches them in chat, as their platform shows it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import clock
from bot.app.reminder import MARK, SINCE, mark_backup
from bot.domain.alerts import Alert
from bot.domain.notice import Notice
from bot.store.alerts import AlertStore
from bot.store.database import open_database
from bot.store.people import People
from tests.chat.discord.harness import OPEN
from tests.chat.telegram import harness as on_telegram
from tests.emulators.discord.emulator import emulated as a_discord
from tests.emulators.telegram.emulator import emulated as a_telegram
from tests.faults.scenes import a_fal, discord_scene, jobs, until

LOCKED = "fal refuses the key or has locked the account."


async def test_a_locked_account_is_told_once_and_work_goes_on_by_itself(tmp_path: Path) -> None:
    async with a_discord(clock.now) as discord, a_fal() as fal, discord_scene(discord, tmp_path, fal) as scene:
        owner = discord.hand(discord.application.owner)
        await fal.faults("locked")
        for number in range(2):
            await scene.ada.slash("video", prompt=f"boat {number}", resolution="360p")
        (told,) = await discord.until(owner.sees, what="the owner told")
        assert told.content.startswith(LOCKED)
        assert "balance" in told.content
        assert LOCKED not in str([one.content for one in scene.channel.messages.values()])
        assert len(owner.sees()) == 1


async def test_one_that_was_written_down_before_a_kill_is_told_once_after_the_start(tmp_path: Path) -> None:
    store = await open_database(tmp_path / "reelroom.db")
    notice = Notice(text="Half of the money is spent.")
    await AlertStore(store, now=clock.now, new_id=clock.new_id).keep(Alert(key="half", notice=notice))
    await store.close()
    async with a_discord(clock.now) as discord, a_fal() as fal:
        owner = discord.hand(discord.application.owner)
        async with discord_scene(discord, tmp_path, fal) as scene:
            (told,) = await discord.until(owner.sees, what="the owner told")
            assert told.content == notice.text

            async def is_marked() -> bool:
                return bool(await scene.program.kept.database.read("SELECT 1 FROM alerts_told"))

            await until(is_marked)
        async with discord_scene(discord, tmp_path, fal) as scene:
            await scene.says(await scene.asked(), "Here it is")
            assert len(owner.sees()) == 1


async def test_an_endpoint_that_fails_is_paused_and_said_to_be(tmp_path: Path) -> None:
    async with a_discord(clock.now) as discord, a_fal() as fal, discord_scene(discord, tmp_path, fal) as scene:
        owner = discord.hand(discord.application.owner)
        for number in range(5):
            asked = await scene.ada.slash("video", prompt=f"boat {number} sandbox:500", resolution="360p")
            assert asked.original is not None
            await scene.says(asked.original, "Nothing was charged")
        (told,) = await discord.until(owner.sees, what="the owner told")
        assert "5 of the last 5 reels of" in told.content
        refused = await scene.ada.slash("video", prompt="another", resolution="360p")
        await refused.until(lambda one: "is paused for now" in one.text)
        assert len(await jobs(scene.program)) == 5


async def test_on_telegram_owners_are_told_too(tmp_path: Path) -> None:
    async with a_telegram(clock.now) as telegram, a_fal() as fal:
        olive = telegram.person("Olive", started=True)
        overrides = {**OPEN, "telegram": {"owners": (str(olive.user.id),)}}
        async with on_telegram.running(telegram, tmp_path, fal.url, overrides=overrides):
            await telegram.polled()
            await fal.faults("locked")
            telegram.person("Ada", at=telegram.group("Reel lovers")).type("/video@reelroom_bot a boat")
            told = await telegram.until(olive.sees, what="the owner told")
        assert told[-1].text.startswith(LOCKED)


@pytest.mark.parametrize("taken", [False, True], ids=["overdue", "taken"])
async def test_who_takes_no_backup_is_reminded(tmp_path: Path, *, taken: bool) -> None:
    long_ago = clock.now() - timedelta(days=3)
    store = await open_database(tmp_path / "reelroom.db")
    memory = People(store, now=clock.now)
    await memory.keep_setting("bot", SINCE, long_ago.isoformat())
    await store.close()
    if taken:
        mark_backup(tmp_path, clock.now())
        assert (tmp_path / MARK).exists()
    overrides = {**OPEN, "store": {"backup_days": 2}}
    async with (
        a_discord(clock.now) as discord,
        a_fal() as fal,
        discord_scene(discord, tmp_path, fal, overrides=overrides) as scene,
    ):
        owner = discord.hand(discord.application.owner)
        if taken:
            await scene.says(await scene.asked(), "Here it is")
            assert owner.sees() == []
        else:
            (told,) = await discord.until(owner.sees, what="the owner reminded")
            assert "no backup of my data for more than 2 days" in told.content


async def test_a_new_store_has_its_time_until_the_first_backup(tmp_path: Path) -> None:
    overrides = {**OPEN, "store": {"backup_days": 1}}
    async with (
        a_discord(clock.now) as discord,
        a_fal() as fal,
        discord_scene(discord, tmp_path, fal, overrides=overrides) as scene,
    ):

        async def is_noted() -> bool:
            return await scene.program.kept.people.setting("bot", SINCE) is not None

        await until(is_noted)
        assert discord.hand(discord.application.owner).sees() == []
