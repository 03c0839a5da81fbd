"""A reel that is larger than the place takes: made smaller and said to be, or kept and its address given."""

import io

import pytest
from PIL import Image

from tests.chat.discord.harness import REEL_S, Scene, everywhere, photo, reels
from tests.emulators.discord.faults import Status
from tests.emulators.discord.posting import Upload
from tests.emulators.discord.things import UPLOAD, Message

TOO_LARGE = Status(status=413, code=40005, message="Request entity too large")
PATIENCE_S = 50.0
"""Encoding noise at 1080p, twice, takes a while."""


def noise() -> Upload:
    """A picture that makes a large video: nothing in it can be guessed."""
    data = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1920, 1080), 120) for _ in range(3)]).save(data, "JPEG", quality=92)
    return Upload(filename="noise.jpg", data=data.getvalue())


async def large(scene: Scene) -> tuple[Message, Message]:
    """The status and the reel of five seconds of noise at 1080p, about 11 MB as fal makes it."""
    asked = await scene.ada.slash(
        "animate", prompt="noise", image=noise(), resolution="1080p", more="camera=zoom_in model=pixverse-4.5"
    )
    assert asked.original is not None
    status = asked.original
    thread = await scene.thread(status)
    await scene.discord.until(lambda: reels(thread), PATIENCE_S, "a reel")
    (reel,) = reels(thread)
    await scene.says(status, "Here it is")
    return status, reel


async def made(scene: Scene) -> int:
    """How large fal's own video is, in bytes."""
    (row,) = await scene.program.kept.database.read("SELECT reel FROM jobs")
    (path,) = [one for one in (scene.program.door.parent / "reels").rglob("*.mp4") if one.stem in row["reel"]]
    return path.stat().st_size


@pytest.mark.slow
@pytest.mark.timeout(150)
async def test_a_reel_over_ten_mebibytes_is_made_smaller_and_the_original_offered(scene: Scene) -> None:
    _, reel = await large(scene)
    assert await made(scene) > UPLOAD
    posted = len(reel.attachments[0].data)
    assert UPLOAD // 2 < posted <= UPLOAD
    assert "(made smaller to fit here)" in reel.content
    assert "The original: <http" in reel.content
    assert scene.discord.judge.codes() == []


@pytest.mark.slow
@pytest.mark.timeout(150)
async def test_a_server_that_takes_more_gets_the_reel_as_it_was_made(scene: Scene) -> None:
    scene.guild.tier = 2
    scene.discord.world.told("GUILD_UPDATE", scene.guild, scene.guild)
    _, reel = await large(scene)
    assert len(reel.attachments[0].data) == await made(scene) > UPLOAD
    assert "made smaller" not in reel.content


async def test_a_reel_that_is_refused_below_the_limit_is_tried_within_what_fits_everywhere(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    rule = scene.discord.faults.add("POST", f"/channels/{thread.id}/messages", TOO_LARGE)
    await scene.says(status, "Here it is")
    assert len(reels(thread)) == 1
    assert rule.struck == 1


async def test_a_reel_that_is_too_large_whatever_is_done_is_kept_with_its_address_and_posted_later(
    scene: Scene,
) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.faults.add("POST", "/channels/*/messages", TOO_LARGE, times=0)
    await scene.says(status, "too large to be posted here")
    assert "The original: <http" in status.content
    assert everywhere(scene.discord) == []
    scene.discord.faults.clear()
    assert (await scene.ada.press(status, "Post it again")).private
    assert (await scene.reel(thread)).channel is thread
    await scene.says(status, "Here it is")


async def test_where_only_the_person_has_the_bot_their_own_limit_counts(scene: Scene) -> None:
    channel = scene.discord.text(scene.discord.guild("Elsewhere", with_bot=False), "general")
    cora = scene.discord.person("Cora", at=channel, installed=True)
    rule = scene.discord.faults.add("POST", "/webhooks/**", TOO_LARGE)
    await cora.slash("effect", effect="Kiss Me AI", image=photo())
    await scene.discord.until(lambda: reels(channel), REEL_S)
    assert rule.struck == 1
    assert len(everywhere(scene.discord)) == 1
