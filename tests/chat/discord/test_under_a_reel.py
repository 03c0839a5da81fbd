"""What stands under a reel: Extend, Report, Delete and the rest, for whom they are, and long after."""

from pathlib import Path

from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, reels, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.interactions import State
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.posting import Upload
from tests.emulators.discord.things import Message


async def posted(scene: Scene) -> Message:
    """A reel of Ada's, in its thread, and written down as posted."""
    status = await scene.asked()
    reel = await scene.reel(await scene.thread(status))
    await scene.says(status, "Here it is")
    return reel


async def test_extend_opens_a_form_and_the_clip_goes_on(scene: Scene) -> None:
    reel = await posted(scene)
    ben = scene.discord.person("Ben", at=scene.channel)
    opened = await ben.press(reel, "Extend")
    assert opened.state is State.MODAL
    assert opened.modal["title"] == "What happens next?"
    asked = await ben.submit_modal(opened, {"lead": "they wave goodbye", "model": ["pixverse-fast"]})
    assert asked.state is State.ANSWERED
    longer = await scene.reel(reel.channel, 2)
    assert "they wave goodbye" in longer.content
    assert "pixverse-fast" in longer.content
    assert ben.user in longer.pinged


async def test_extend_works_where_only_the_person_has_the_bot(scene: Scene) -> None:
    channel = scene.discord.text(scene.discord.guild("Elsewhere", with_bot=False), "general")
    cora = scene.discord.person("Cora", at=channel, installed=True)
    await cora.slash("effect", effect="Kiss Me AI", image=photo())
    opened = await cora.press(await scene.reel(channel), "Extend")
    assert (await cora.submit_modal(opened, {"lead": "they wave goodbye"})).state is State.ANSWERED
    assert "they wave goodbye" in (await scene.reel(channel, 2)).content


async def test_a_report_is_thanked_for_privately_and_told_to_the_owner(scene: Scene) -> None:
    reel = await posted(scene)
    owner = scene.discord.hand(scene.discord.application.owner)
    ben = scene.discord.person("Ben", at=scene.channel)
    thanked = await ben.press(reel, "Report")
    assert thanked.private
    assert "Thank you" in thanked.text
    told = (await scene.discord.until(owner.sees, what="the owner's message"))[0]
    assert "Ada's reel was reported." in told.content
    assert f"/{reel.channel.id}/{reel.id}" in told.content
    assert owner.pings == [told]
    assert not reel.deleted


async def test_a_report_from_the_message_menu_is_the_same(scene: Scene) -> None:
    reel = await posted(scene)
    owner = scene.discord.hand(scene.discord.application.owner)
    ben = scene.discord.person("Ben", at=scene.channel)
    assert "Thank you" in (await ben.context_menu("Report", reel)).text
    told = (await scene.discord.until(owner.sees, what="the owner's message"))[0]
    assert f"/{reel.channel.id}/{reel.id}" in told.content


async def test_a_message_that_is_no_reel_of_ours_cannot_be_reported(scene: Scene) -> None:
    owner = scene.discord.hand(scene.discord.application.owner)
    for message in (scene.ada.type("hello"), scene.ada.type(files=[Upload(filename="reel-me.mp4", data=b"mine")])):
        refused = await scene.ada.context_menu("Report", message)
        assert refused.private
        assert "no reel of mine" in refused.text
    assert owner.sees() == []


async def test_a_moderator_may_delete_what_is_not_theirs(scene: Scene) -> None:
    reel = await posted(scene)
    mo = scene.discord.person("Mo", at=scene.channel)
    scene.discord.world.join(scene.guild, mo.user, scene.discord.role(scene.guild, "Mod", Permission.MANAGE_MESSAGES))
    told = await mo.press(reel, "Delete")
    assert told.private
    assert "Taken down, and its file with it." in told.text
    await scene.discord.until(lambda: reel.deleted)


async def test_a_reel_that_is_gone_already_is_not_an_error_to_whoever_deletes_it(scene: Scene) -> None:
    reel = await posted(scene)
    first, second = scene.ada.press(reel, "Delete"), scene.ada.press(reel, "Delete")
    assert (await first).private
    assert (await second).private
    await scene.discord.until(lambda: reel.deleted)


async def test_only_its_author_and_moderators_may_cancel(scene: Scene) -> None:
    asked = await scene.ada.slash("video", prompt="sandbox:slow a paper boat")
    status = asked.original
    assert status is not None
    await scene.discord.until(lambda: "Cancel" in status.buttons, REEL_S)
    ben = scene.discord.person("Ben", at=scene.channel)
    assert "Only the person" in (await ben.press(status, "Cancel")).text
    assert "cancelling" in (await scene.ada.press(status, "Cancel")).text
    await scene.says(status, "Cancelled, as you wished. Nothing was charged.")
    assert everywhere(scene.discord) == []


async def test_a_failure_offers_another_try_and_a_change(scene: Scene) -> None:
    asked = await scene.ada.slash("video", prompt="sandbox:422 a paper boat")
    status = asked.original
    assert status is not None
    await scene.says(status, "safety check")
    assert list(status.buttons) == ["Try again", "Change"]
    opened = await scene.ada.press(status, "Change")
    again = await scene.ada.submit_modal(opened, {"lead": "a paper boat"})
    assert again.original is not None
    assert "a paper boat" in (await scene.reel(await scene.thread(again.original))).content


async def test_a_change_may_bring_another_picture(scene: Scene) -> None:
    reel = await posted(scene)
    opened = await scene.ada.press(reel, "Change")
    changed = await scene.ada.submit_modal(opened, {"file": [Upload(filename="you.jpg", data=photo())]})
    assert changed.state is State.ANSWERED
    assert (await scene.reel(reel.channel, 2)).attachments[0].data


async def test_buttons_and_forms_work_after_a_restart(discord: Discord, tmp_path: Path) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada = discord.person("Ada", at=channel)
    async with fal() as url:
        async with running(discord, tmp_path, url):
            await discord.connected()
            status = (await ada.slash("effect", effect="Kiss Me AI", image=photo())).original
            assert status is not None
            thread = await discord.until(lambda: status.thread, REEL_S)
            (reel,) = await discord.until(lambda: reels(thread), REEL_S)
            opened = await ada.press(reel, "Change")
        async with running(discord, tmp_path, url):
            await discord.connected()
            assert (await ada.submit_modal(opened, {"lead": "Muscle Surge"})).state is State.ANSWERED
            await discord.until(lambda: len(reels(thread)) == 2, REEL_S)
            assert (await ada.press(reel, "Again")).state is State.ANSWERED
            await discord.until(lambda: len(reels(thread)) == 3, REEL_S)


async def test_a_reel_of_a_store_that_was_lost_says_so(discord: Discord, tmp_path: Path) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada = discord.person("Ada", at=channel)
    async with fal() as url:
        async with running(discord, tmp_path / "old", url):
            await discord.connected()
            await ada.slash("effect", effect="Kiss Me AI", image=photo())
            (reel,) = await discord.until(lambda: everywhere(discord), REEL_S)
        async with running(discord, tmp_path / "new", url):
            await discord.connected()
            for button in ("Again", "Change", "Delete", "Report"):
                pressed = await ada.press(reel, button)
                assert pressed.private
                assert "I no longer know" in pressed.text
            assert (await ada.press(reel, "Extend")).state is State.MODAL
