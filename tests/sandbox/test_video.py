"""The videos themselves: what they are made of is measured, not believed."""

import base64
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from bot.domain.catalogue import Endpoint, Kind
from bot.sandbox.plan import Media, Motion, Plan, Shot, Sound, plan_of
from bot.sandbox.render import RenderFailed, render
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.shots import camera, laid_out
from bot.sandbox.validate import values_of
from tests.sandbox.harness import EFFECT, WORDS, Local, a_sandbox, catalogue, png, running
from tests.sandbox.material import arguments_for, clip, tone

ENDPOINTS = {endpoint.id: endpoint for endpoint in catalogue().endpoints}


@dataclass(frozen=True)
class Measured:
    codec: str
    pixels: str
    size: tuple[int, int]
    seconds: float
    frames: int
    has_audio: bool
    starts_fast: bool


def measured(content: bytes) -> Measured:
    with av.open(BytesIO(content), "r") as container:
        video = container.streams.video[0]
        context = video.codec_context
        assert container.duration is not None
        return Measured(
            codec=context.name,
            pixels=str(context.pix_fmt),
            size=(context.width, context.height),
            seconds=container.duration / av.time_base,
            frames=sum(1 for _ in container.decode(video)),
            has_audio=bool(container.streams.audio),
            starts_fast=content.index(b"moov") < content.index(b"mdat"),
        )


def colour(frame: av.VideoFrame, place: tuple[int, int]) -> tuple[int, int, int]:
    picture = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
    red, green, blue = picture.getpixel(place)
    return red, green, blue


async def filmed(local: Local, endpoint: str, arguments: dict[str, Any]) -> Measured:
    result = await local.run(endpoint, arguments)
    assert result.status_code == 200, result.text
    return measured((await local.http.get(result.json()["video"]["url"])).content)


async def test_a_video_is_h264_that_starts_at_once(local: Local) -> None:
    video = await filmed(local, WORDS, {"prompt": "x", "resolution": "360p", "duration": "5"})
    assert (video.codec, video.pixels, video.starts_fast) == ("h264", "yuv420p", True)
    assert (video.size, video.seconds, video.frames, video.has_audio) == ((640, 360), 5.0, 120, False)


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("16:9", "540p", (960, 540)),
        ("9:16", "360p", (360, 640)),
        ("1:1", "360p", (360, 360)),
        ("4:3", "360p", (480, 360)),
    ],
)
async def test_its_size_is_the_one_asked_for(local: Local, ratio: str, resolution: str, size: tuple[int, int]) -> None:
    arguments = {"prompt": "x", "aspect_ratio": ratio, "resolution": resolution}
    assert (await filmed(local, WORDS, arguments)).size == size


async def test_its_length_is_the_one_asked_for(local: Local) -> None:
    assert (await filmed(local, WORDS, {"prompt": "x", "resolution": "360p", "duration": "8"})).seconds == 8.0


async def test_frames_and_their_rate_make_the_length(local: Local) -> None:
    uri = "data:image/png;base64," + base64.b64encode(png()).decode()
    arguments = {"prompt": "x", "image_url": uri, "resolution": "480p", "num_frames": 90, "frames_per_second": 24}
    video = await filmed(local, "fal-ai/wan-i2v", arguments)
    assert (video.frames, video.seconds) == (90, 3.75)


async def test_sound_is_there_when_asked_for(local: Local) -> None:
    arguments = {"prompt": "x", "resolution": "360p", "generate_audio_switch": True}
    video = await filmed(local, "fal-ai/pixverse/v5.5/text-to-video", arguments)
    assert (video.has_audio, round(video.seconds, 1)) == (True, 5.0)


async def test_a_picture_fills_the_frame_in_its_own_shape(local: Local) -> None:
    url = await local.upload(png(600, 900, "crimson"))
    result = await local.run(EFFECT, {"effect": "Hug", "image_url": url, "resolution": "360p"})
    content = (await local.http.get(result.json()["video"]["url"])).content
    assert measured(content).size == (360, 540)
    with av.open(BytesIO(content), "r") as container:
        red, green, blue = colour(next(container.decode(video=0)), (180, 100))
    assert (red > 180, green < 70, blue < 90) == (True, True, True)


async def test_a_sent_clip_is_seen_and_heard_again(local: Local, tmp_path: Path) -> None:
    sent = clip(tmp_path / "in.mp4", sound=True).read_bytes()
    url = await local.upload(sent, "video/mp4", "in.mp4")
    reframe = "fal-ai/luma-dream-machine/ray-2-flash/reframe"
    video = await filmed(local, reframe, {"video_url": url, "aspect_ratio": "1:1"})
    assert (video.size, video.has_audio) == ((240, 240), True)
    assert video.seconds == pytest.approx(2, abs=0.05)


async def test_an_extension_begins_where_the_clip_ends(local: Local, tmp_path: Path) -> None:
    url = await local.upload(clip(tmp_path / "in.mp4", seconds=2.0).read_bytes(), "video/mp4", "in.mp4")
    result = await local.run("fal-ai/pixverse/extend", {"video_url": url, "prompt": "x", "resolution": "360p"})
    content = (await local.http.get(result.json()["video"]["url"])).content
    assert measured(content).seconds == 5.0
    with av.open(BytesIO(content), "r") as container:
        colours = [colour(frame, (300, 100))[0] for frame in container.decode(video=0)]
    assert colours[0] == pytest.approx(24 * 3, abs=9)
    assert colours[-1] == pytest.approx(47 * 3, abs=9)


async def test_a_voice_that_was_sent_is_heard(local: Local, tmp_path: Path) -> None:
    lipsync = ENDPOINTS["fal-ai/kling-video/lipsync/audio-to-video"]
    video_url = await local.upload(clip(tmp_path / "in.mp4", size=(1280, 720)).read_bytes(), "video/mp4", "in.mp4")
    audio_url = await local.upload(tone(tmp_path / "in.wav").read_bytes(), "audio/wav", "in.wav")
    video = await filmed(local, lipsync.id, {"video_url": video_url, "audio_url": audio_url})
    assert video.has_audio
    assert video.seconds == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (png(100, 100), "small.png", "image_too_small"),
        (png()[:200], "torn.png", "image_load_error"),
        (b"", "empty.png", "image_load_error"),
        (b"not a picture", "words.png", "image_load_error"),
    ],
)
async def test_a_picture_that_cannot_be_used_is_told_at_the_result(
    local: Local, content: bytes, name: str, kind: str
) -> None:
    url = await local.upload(content, "image/png", name)
    arguments = {"prompt": "x", "image_url": url}
    endpoint = next(
        one
        for one in ENDPOINTS.values()
        for option in one.options
        if option.field == "image_url"
        and option.limits.min_side_px
        and set(arguments) >= {each.field for each in one.options if each.required}
    )
    result = await local.run(endpoint.id, arguments)
    (flaw,) = result.json()["detail"]
    assert (result.status_code, flaw["type"], flaw["loc"]) == (422, kind, ["body", "image_url"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/a.png",
        "https://example.com/a.png",
        "http://127.0.0.1:9/a.png",
        "data:nonsense",
        "http://[",
        "x",
    ],
)
async def test_a_file_that_cannot_be_had_is_told_at_the_result(local: Local, url: str) -> None:
    result = await local.run(EFFECT, {"effect": "Hug", "image_url": url})
    (flaw,) = result.json()["detail"]
    assert (result.status_code, flaw["type"], flaw["input"]) == (422, "file_download_error", url)


async def test_a_file_is_fetched_from_another_server_of_this_machine(local: Local, pool: ProcessPoolExecutor) -> None:
    async with running(a_sandbox(SandboxSettings(), pool=pool)) as other:
        url = await other.upload(png(), "image/png", "elsewhere.png")
        result = await local.run(EFFECT, {"effect": "Hug", "image_url": url, "resolution": "360p"})
        assert result.status_code == 200


async def test_equal_inputs_make_one_rendering_and_two_files(local: Local) -> None:
    first, second = [await local.run(WORDS, {"prompt": "x", "resolution": "360p", "seed": 7}) for _ in range(2)]
    assert first.json()["video"]["url"] != second.json()["video"]["url"]
    assert (first.json()["seed"], second.json()["seed"]) == (7, 7)


async def test_an_output_lives_as_long_as_the_request_says(local: Local) -> None:
    soon = json.dumps({"expiration_duration_seconds": 1})
    result = await local.run(WORDS, {"prompt": "x", "resolution": "360p"}, X_Fal_Object_Lifecycle_Preference=soon)
    url = result.json()["video"]["url"]
    assert (await local.http.get(url)).status_code == 200
    await local.run(WORDS, {"prompt": "sandbox:500"})
    assert (await local.http.get(url)).status_code == 404


def planned(endpoint: Endpoint, **given: Any) -> Plan:
    media = {
        option.name: (
            Media(
                path="f",
                kind=Kind.IMAGE if option.kind is Kind.IMAGES else option.kind,
                width_px=1280,
                height_px=720,
                seconds=0 if option.kind in {Kind.IMAGE, Kind.IMAGES} else 4.0,
            ),
        )
        for option in endpoint.options
        if option.is_media and option.required
    }
    files = {Kind.IMAGE: "i", Kind.VIDEO: "v", Kind.AUDIO: "a"}
    values = values_of(endpoint, arguments_for(endpoint, files) | given)
    return plan_of(endpoint, values, media, longest_s=60)


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda endpoint: endpoint.slug)
def test_every_endpoint_has_a_plan_of_a_decent_size_and_length(endpoint: Endpoint) -> None:
    plan = planned(endpoint)
    assert 360 <= min(plan.width_px, plan.height_px) <= 1080
    assert (plan.width_px % 2, plan.height_px % 2) == (0, 0)
    assert 2 <= plan.seconds <= 10
    assert plan.shots
    duration = endpoint.option("duration")
    if duration is not None and duration.choices:
        longest = duration.choices[-1]
        assert planned(endpoint, **{duration.field: longest}).seconds == float(longest.rstrip("s"))


def test_magic_words_are_not_drawn() -> None:
    assert planned(ENDPOINTS[WORDS], prompt="a boat sandbox:slow at sea").title == "a boat at sea"


@pytest.mark.parametrize("motion", Motion)
def test_a_camera_moves_and_stays_on_its_picture(motion: Motion) -> None:
    size = (640, 360)
    boxes = [camera(motion, step / 10, size) for step in range(11)]
    assert boxes[0] != boxes[-1]
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= size[0] * 1.18 + 1e-6
        assert 0 <= top < bottom <= size[1] * 1.18 + 1e-6


def test_a_tall_picture_in_a_wide_video_is_shown_whole() -> None:
    picture = Image.new("RGB", (300, 900), "red")
    canvas = laid_out(picture, (640, 360))
    red = [x for x in range(canvas.width) if canvas.getpixel((x, canvas.height // 2)) == (255, 0, 0)]
    assert 0 < len(red) < canvas.width / 2


@pytest.fixture
def torn(tmp_path: Path) -> Plan:
    path = tmp_path / "torn.png"
    path.write_bytes(png()[:100])
    return Plan(width_px=64, height_px=64, frames=3, rate=24, shots=(Shot(path=str(path)),), sound=Sound.TONE)


def test_a_rendering_that_fails_leaves_nothing(torn: Plan, tmp_path: Path) -> None:
    with pytest.raises(RenderFailed):
        render(torn, str(tmp_path / "out.mp4"))
    assert [path.name for path in tmp_path.iterdir()] == ["torn.png"]
