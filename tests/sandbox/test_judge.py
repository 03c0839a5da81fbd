"""The sandbox judges pictures by how much of them is magenta, so that a test can paint what is to be refused."""

from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from bot.domain.errors import FalRejected
from bot.domain.job import Result
from bot.fal.client import FalClient
from bot.fal.hosts import FalHosts
from bot.sandbox.judge import magenta
from tests.sandbox.harness import Local

JUDGE = "fal-ai/imageutils/nsfw"


def painted(share: float, side: int = 400, kind: str = "JPEG") -> bytes:
    """A grey picture of which so much is magenta."""
    image = Image.new("RGB", (side, side), (120, 140, 110))
    image.paste((255, 0, 255), (0, 0, round(side * share), side))
    made = BytesIO()
    image.save(made, kind, quality=75)
    return made.getvalue()


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_colour_outlives_compression_and_being_made_smaller(share: float, tmp_path: Path) -> None:
    for number, side in enumerate((64, 333, 1200)):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(painted(share, side))
        assert magenta(str(path)) == pytest.approx(share, abs=0.04)


def test_what_is_no_picture_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("no picture")
    assert magenta(str(tmp_path / "words")) is None


async def judged(local: Local, arguments: dict[str, object]) -> Result:
    url = local.url
    hosts = FalHosts(queue_url=url, rest_url=url, cdn_url=url, api_url=url, site_url=url)
    client = FalClient(hosts, "made-up:secret", now=local.sandbox.now)
    try:
        ticket = await client.submit(JUDGE, arguments, None)
        submission = local.sandbox.queue.get(ticket.request_id)
        while submission is not None and submission.answer is None:
            await local.sandbox.changes.wait()
        return await client.result(ticket)
    finally:
        await client.close()


async def test_our_client_gets_a_probability_and_no_video(local: Local) -> None:
    result = await judged(local, {"image_url": await local.upload(painted(0.5, kind="PNG"))})
    assert (result.probability, result.video_url, result.billable_units) == (0.5, "", "1")


@pytest.mark.parametrize("arguments", [{}, {"image_url": "data:image/png;base64,bm9uZQ=="}])
async def test_what_cannot_be_judged_is_refused_as_fal_refuses_it(local: Local, arguments: dict[str, object]) -> None:
    with pytest.raises(FalRejected) as caught:
        await judged(local, arguments)
    assert caught.value.kind in {"missing", "image_load_error", "missing_field"}


async def test_its_document_describes_what_it_takes_and_what_it_says(local: Local) -> None:
    url = local.url
    hosts = FalHosts(queue_url=url, rest_url=url, cdn_url=url, api_url=url, site_url=url)
    client = FalClient(hosts, "made-up:secret", now=local.sandbox.now)
    try:
        schemas = (await client.openapi(JUDGE))["components"]["schemas"]
    finally:
        await client.close()
    (output,) = (schema for name, schema in schemas.items() if name.endswith("Output"))
    (takes,) = (schema for name, schema in schemas.items() if name.endswith("Input"))
    assert Draft202012Validator(output).is_valid({"nsfw_probability": 0.5})
    assert not Draft202012Validator(output).is_valid({"video": {"url": "https://example.org/a.mp4"}})
    assert Draft202012Validator(takes).is_valid({"image_url": "https://example.org/a.jpg"})
    assert not Draft202012Validator(takes).is_valid({})
