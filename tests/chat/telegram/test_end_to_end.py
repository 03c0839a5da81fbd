"""From a caption to the reel that answers it: a real bot, real sockets, the emulated Telegram, the sandbox."""

import io
from pathlib import Path

from PIL import Image

from tests.chat.telegram.harness import REEL_S, Scene, fal, photo, reels, running
from tests.emulators.telegram.emulator import Telegram


async def test_a_photo_with_a_caption_becomes_a_reel_that_answers_it(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    status = await scene.status(asked)
    assert status.text is not None
    reel = await scene.reel(asked)
    assert reel.media is not None
    assert (reel.media.width, reel.media.height, reel.media.duration) == (960, 720, 5)
    assert reel.media.thumbnail
    assert reel.caption is not None
    assert reel.caption.startswith("Kiss Me AI")
    assert list(reel.buttons) == ["Again", "Change", "Extend", "Delete", "Report"]
    await scene.says(status, "Here it is")
    assert not status.buttons
    assert len(scene.telegram.calls("sendVideo")) == 1


async def test_in_private_the_bot_needs_not_be_named(scene: Scene) -> None:
    ada = scene.ada.go()
    ada.start()
    await scene.status(ada.sees()[0])
    asked = ada.photo(photo(), "/effect Kiss Me AI")
    assert (await scene.reel(asked)).caption


async def test_a_reply_to_a_photo_takes_that_photo(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", at=scene.group)
    shown = ben.photo(photo())
    asked = scene.ada.type("/animate@reelroom_bot the horse bolts --duration 8", reply_to=shown)
    reel = await scene.reel(asked)
    assert reel.caption is not None
    assert "the horse bolts" in reel.caption
    assert "8 s" in reel.caption


async def test_words_alone_become_a_video_even_in_reply_to_a_photo(scene: Scene) -> None:
    shown = scene.ada.photo(photo())
    asked = scene.ada.type("/video@reelroom_bot a paper boat", reply_to=shown)
    assert (await scene.reel(asked)).caption


async def test_what_is_wrong_is_said_at_once_and_costs_nothing(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/animate@reelroom_bot the horse bolts --duration 77 --colour blue")
    answer = await scene.status(asked)
    assert answer.text is not None
    assert "duration" in answer.text
    assert "colour" in answer.text
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == []


async def test_a_late_refusal_changes_what_was_said_first(scene: Scene) -> None:
    tiny = io.BytesIO()
    Image.new("RGB", (40, 40)).save(tiny, "PNG")
    asked = scene.ada.photo(tiny.getvalue(), "/effect@reelroom_bot Kiss Me AI")
    status = await scene.status(asked)
    await scene.says(status, "too small")
    assert len(scene.telegram.replies(asked)) == 1


async def test_a_command_nobody_knows_is_answered_only_when_it_is_ours(scene: Scene) -> None:
    scene.ada.type("/efect Kiss Me AI")
    scene.ada.type("/effect@another_bot Kiss Me AI")
    asked = scene.ada.type("/efect@reelroom_bot Kiss Me AI")
    answer = await scene.status(asked)
    assert answer.text is not None
    assert "/effect" in answer.text
    assert scene.telegram.said(scene.group) == [answer]


async def test_the_bot_may_be_called_by_its_name(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "@reelroom_bot effect Kiss Me AI")
    assert (await scene.reel(asked)).caption


async def test_again_is_the_pressers_own_and_only_the_asker_deletes(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    reel = await scene.reel(asked)
    ben = scene.telegram.person("Ben", at=scene.group)
    answered = await ben.press(reel, "Again")
    assert answered.text
    second = await scene.telegram.until(lambda: reels(scene.telegram, scene.group)[1:2], REEL_S, "a second reel")
    assert second[0].reply_to is not None

    refused = await ben.press(reel, "Delete")
    assert refused.text is not None
    assert "Only the person" in refused.text
    assert not reel.deleted
    assert (await scene.ada.press(reel, "Delete")).text
    await scene.telegram.until(lambda: reel.deleted, what="the reel removed")


async def test_a_report_reaches_the_owners(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    olive = telegram.person("Olive", started=True)
    overrides = {"telegram": {"owners": (str(olive.user.id),)}}
    async with fal() as url, running(telegram, tmp_path, url, overrides=overrides) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        asked = ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
        reel = await scene.reel(asked)
        await scene.says(await scene.status(asked), "Here it is")
        thanked = await ada.press(reel, "Report")
        assert thanked.text is not None
        assert "Thank you" in thanked.text
        told = await telegram.until(olive.sees, what="the owner told")
        assert "Ada's reel was reported." in (told[-1].text or "")


async def test_what_runs_can_be_cancelled_by_its_button(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=1) as url, running(telegram, tmp_path, url) as program:
        await telegram.polled()
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        status = await scene.status(ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
        await telegram.until(lambda: "Cancel" in status.buttons, REEL_S, "a button")
        assert (await ada.press(status, "Cancel")).text
        await scene.says(status, "ancelled")


async def test_ones_own_things_are_answered(scene: Scene) -> None:
    words = {
        "help": "/effect",
        "quota": "left of",
        "models effect": "pixverse",
        "jobs": "not asked",
        "settings": "default",
    }
    for command, expected in words.items():
        name, _, rest = command.partition(" ")
        answer = await scene.status(scene.ada.type(f"/{name}@reelroom_bot {rest}".strip()))
        assert answer.text is not None
        assert expected in answer.text


async def test_a_restart_between_the_status_and_the_reel_loses_nothing(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with fal(speed=4) as url:
        async with running(telegram, tmp_path, url) as program:
            await telegram.polled()
            scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
            asked = ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
            status = await scene.status(asked)
            await scene.says(status, "video service")
        async with running(telegram, tmp_path, url) as program:
            scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
            assert (await scene.reel(asked)).caption
            await scene.says(status, "Here it is")
    assert len(telegram.calls("sendVideo")) == 1


async def test_a_reel_telegram_has_is_shown_again_without_an_upload_or_a_cent(scene: Scene) -> None:
    asked = scene.ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
    reel = await scene.reel(asked)
    await scene.says(await scene.status(asked), "Here it is")
    ledger = await scene.program.kept.database.read("SELECT * FROM ledger")
    ada = scene.ada.go()
    ada.start()
    listed = await scene.status(ada.type("/jobs"))
    (label,) = listed.buttons
    assert label.startswith("Show the reel of")
    await ada.press(listed, label)
    shown = await scene.telegram.until(lambda: [one for one in ada.sees() if one.media], REEL_S, "the reel")
    assert shown[0].media is not None
    assert reel.media is not None
    assert shown[0].media.data == reel.media.data
    assert [len(call.files) for call in scene.telegram.calls("sendVideo")][1:] == [0]
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == ledger
