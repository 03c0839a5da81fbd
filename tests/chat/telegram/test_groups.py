"""Groups as they are: topics, chains of replies, channels beside them, admins without a name, moves, strangers."""

from pathlib import Path

from tests.chat.telegram.harness import REEL_S, Scene, fal, jobs, photo, playing, reels, running, settled
from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.emulator import Telegram

EFFECT = "/effect@reelroom_bot Kiss Me AI"
ANONYMOUS = "1087968824"
"""The account that every admin without a name seems to write by."""


def threads(telegram: Telegram) -> set[str]:
    """Which threads the bot has sent to; "" is none."""
    sent: list[Call] = telegram.calls("sendMessage", "sendVideo")
    return {str(one.arguments.get("message_thread_id", "")) for one in sent}


async def accounts(scene: Scene) -> set[str]:
    """Who asked."""
    return {job.ask.account.id for job in await jobs(scene)}


async def charged(scene: Scene) -> set[str]:
    """The groups that money was taken from."""
    rows = await scene.program.kept.database.read("SELECT DISTINCT account FROM ledger WHERE account LIKE 'group:%'")
    return {row["account"] for row in rows}


async def test_in_a_topic_everything_stands_in_the_topic(scene: Scene) -> None:
    forum = scene.telegram.forum("Reel makers")
    topic = scene.telegram.topic(forum, "Horses")
    ada = scene.telegram.person("Ada", at=topic)
    asked = ada.photo(photo(), EFFECT)
    assert (await scene.status(asked)).topic is topic
    assert (await scene.reel(asked)).topic is topic
    assert threads(scene.telegram) == {str(topic.id)}


async def test_the_general_topic_is_written_to_without_its_number(scene: Scene) -> None:
    forum = scene.telegram.forum("Reel makers")
    scene.telegram.topic(forum, "Horses")
    ada = scene.telegram.person("Ada", at=forum)
    assert (await scene.reel(ada.photo(photo(), EFFECT))).chat is forum
    assert threads(scene.telegram) == {""}


async def test_a_chain_of_replies_is_no_topic(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", at=scene.group)
    first = ben.photo(photo())
    second = ben.type("look at this", reply_to=first)
    asked = scene.ada.photo(photo(), EFFECT, reply_to=second)
    assert asked.thread
    await scene.reel(asked)
    assert threads(scene.telegram) == {""}


async def test_a_post_of_the_channel_beside_is_the_channels_own(scene: Scene) -> None:
    channel = scene.telegram.channel("Reel news", discussion=scene.group)
    editor = scene.telegram.hand(scene.telegram.owner(channel), channel)
    editor.photo(photo(), EFFECT)
    shown = next(one for one in scene.group.messages.values() if one.automatic)
    assert (await scene.reel(shown)).caption
    assert await accounts(scene) == {str(channel.id)}


async def test_an_admin_without_a_name_is_the_chat_itself(scene: Scene) -> None:
    scene.telegram.promote(scene.group, scene.ada.user, anonymous=True)
    asked = scene.ada.photo(photo(), EFFECT)
    assert str(asked.sender.id if asked.sender else "") == ANONYMOUS
    assert (await scene.reel(asked)).caption
    assert await accounts(scene) == {str(scene.group.id)}


async def test_a_group_that_becomes_a_supergroup_keeps_its_budget(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers", supergroup=False)
    ada = telegram.person("Ada", at=group)
    async with playing(telegram, tmp_path) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        await scene.reel(ada.photo(photo(), EFFECT))
        ada.go(telegram.upgrade(group))
        await scene.reel(ada.photo(photo(), EFFECT))
        assert await charged(scene) == {f"group:telegram:{group.id}"}


async def test_a_group_that_moves_before_its_reel_gets_it_where_it_is_now(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers", supergroup=False)
    ada = telegram.person("Ada", at=group)
    async with fal(speed=4) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        status = await scene.status(ada.photo(photo(), EFFECT))
        await scene.says(status, "video service")
        moved = telegram.upgrade(group)
        reel = (await telegram.until(lambda: reels(telegram, moved), REEL_S, "the reel"))[0]
        assert reel.reply_to is None
    assert reels(telegram, group) == []
    edited = {one.arguments["chat_id"] for one in telegram.calls("editMessageText")}
    assert str(moved.id) not in edited, "a message of the old group was looked for among those of the new one"


async def test_an_edited_message_starts_nothing(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), EFFECT)
    await scene.reel(asked)
    scene.ada.edit(asked, "/effect@reelroom_bot Muscle Surge")
    scene.ada.edit(scene.ada.type("@reelroom_bot help"), EFFECT)
    await settled(scene)
    assert len(await jobs(scene)) == 1


async def test_where_the_bot_hears_everything_it_answers_what_is_meant_for_it(scene: Scene) -> None:
    scene.telegram.privacy.on = False
    scene.ada.type("what a day")
    scene.ada.photo(photo())
    scene.ada.photo(photo(), "my horse")
    scene.ada.photo(photo(), "/effect@another_bot Kiss Me AI")
    scene.ada.type("/unheard_of")
    await settled(scene)
    assert scene.telegram.said(scene.group) == []
    assert await jobs(scene) == []
    assert (await scene.reel(scene.ada.photo(photo(), "/effect Kiss Me AI"))).caption


async def test_an_update_that_comes_twice_is_one_job(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), EFFECT)
    scene.telegram.again()
    reel = await scene.reel(asked)
    scene.telegram.again()
    await settled(scene)
    assert len(await jobs(scene)) == 1
    assert [one for one in scene.telegram.replies(asked) if one.media] == [reel]


async def test_a_moderator_may_cancel_what_another_asked_for(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada, ben, mia = (telegram.person(name, at=group) for name in ("Ada", "Ben", "Mia"))
    telegram.promote(group, mia.user)
    async with fal(speed=1) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        status = await scene.status(ada.photo(photo(), EFFECT))
        await telegram.until(lambda: "Cancel" in status.buttons, REEL_S, "a button")
        assert "Only the person" in (await ben.press(status, "Cancel")).text
        assert (await mia.press(status, "Cancel")).text
        await scene.says(status, "ancelled")


async def test_a_stranger_is_let_in_by_the_owner_and_a_move_keeps_the_door_open(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers", supergroup=False)
    ada, ben = (telegram.person(name, at=group) for name in ("Ada", "Ben"))
    olive = telegram.person("Olive", started=True)
    overrides = {"quota": {"unknown": "ask"}, "telegram": {"owners": (str(olive.id),)}}
    async with playing(telegram, tmp_path, overrides=overrides) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        status = await scene.status(ada.photo(photo(), EFFECT))
        await scene.says(status, "has not opened it")
        await telegram.until(olive.sees, REEL_S, "the owner asked")
        await scene.says(await scene.status(ben.photo(photo(), EFFECT)), "has not opened it")
        (question,) = telegram.said(olive)
        assert "would like to use me" in (question.text or "")
        assert list(question.buttons) == ["Open it", "Keep it closed"]
        await olive.press(question, "Open it")
        await scene.says(question, "They can use me now")
        assert await jobs(scene) == []
        await scene.reel(ada.photo(photo(), EFFECT))
        ada.go(telegram.upgrade(group))
        assert (await scene.reel(ada.photo(photo(), EFFECT))).caption
        assert telegram.said(olive) == [question]


async def test_only_an_owner_opens_the_door(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    olive = telegram.person("Olive", started=True)
    overrides = {"quota": {"unknown": "ask"}, "telegram": {"owners": (str(olive.id),)}}
    async with playing(telegram, tmp_path, overrides=overrides) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        status = await scene.status(ada.photo(photo(), EFFECT))
        await scene.says(status, "has not opened it")
        question = (await telegram.until(olive.sees, REEL_S, "the owner asked"))[-1]
        forged = await ada.press_data(status, str(question.buttons["Open it"]["callback_data"]))
        assert "Only the owner" in forged.text
        await scene.says(await scene.status(ada.photo(photo(), EFFECT)), "has not opened it")
