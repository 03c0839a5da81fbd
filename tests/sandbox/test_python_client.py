"""fal's own Python client, as it is, against the sandbox."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import fal_client
import fal_client.client as theirs
import httpx
import pytest

from bot.sandbox.settings import SandboxSettings
from tests.sandbox.harness import EFFECT, WORDS, Local, a_sandbox, png, running

SMALL = {"prompt": "a paper boat", "resolution": "360p"}
KEY = "made-up:secret"


@pytest.fixture
def pointed(local: Local) -> Iterator[Local]:
    """Their client pointed at the sandbox; its addresses are module attributes, and are put back."""
    there = {
        "RUN_URL_FORMAT": f"{local.url}/fal.run/",
        "QUEUE_URL_FORMAT": f"{local.url}/",
        "REST_URL": local.url,
        "CDN_URL": local.url,
        "MULTIPART_THRESHOLD": 64 * 1024,
        "MULTIPART_CHUNK_SIZE": 20 * 1024,
    }
    before = {name: getattr(theirs, name) for name in there}
    for name, value in there.items():
        setattr(theirs, name, value)
    yield local
    for name, value in before.items():
        setattr(theirs, name, value)


@pytest.fixture
async def client(pointed: Local) -> AsyncIterator[fal_client.AsyncClient]:
    one = fal_client.AsyncClient(key=KEY)
    yield one
    await (await one._client).aclose()  # noqa: SLF001  it has no other way to close


async def test_it_submits_follows_and_fetches(client: fal_client.AsyncClient) -> None:
    handle = await client.submit(WORDS, SMALL)
    seen = [event async for event in handle.iter_events(with_logs=True, interval=0.01)]
    assert isinstance(seen[-1], fal_client.Completed)
    assert seen[-1].logs
    result = await handle.get()
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(result["video"]["url"])).headers["content-type"] == "video/mp4"


async def test_it_finds_a_request_again_by_its_id(client: fal_client.AsyncClient) -> None:
    handle = await client.submit(WORDS, SMALL)
    await handle.get()
    assert isinstance(await client.status(WORDS, handle.request_id), fal_client.Completed)
    assert (await client.result(WORDS, handle.request_id))["video"]


async def test_it_subscribes_and_runs_directly(client: fal_client.AsyncClient) -> None:
    assert (await client.subscribe(WORDS, SMALL))["video"]
    assert (await client.run(WORDS, SMALL))["video"]


async def test_it_sees_its_place_in_the_line_and_cancels(client: fal_client.AsyncClient) -> None:
    for _ in range(2):
        await client.submit(WORDS, {"prompt": "sandbox:stuck"})
    handle = await client.submit(WORDS, SMALL)
    assert isinstance(await handle.status(), fal_client.Queued)
    await handle.cancel()
    with pytest.raises(fal_client.client.FalClientHTTPError) as caught:
        await handle.get()
    assert (caught.value.status_code, caught.value.error_type) == (499, "client_cancelled")


async def test_it_reads_a_rejection(client: fal_client.AsyncClient) -> None:
    handle = await client.submit(WORDS, {})
    with pytest.raises(fal_client.client.FalClientHTTPError) as caught:
        await handle.get()
    assert caught.value.status_code == 422
    assert caught.value.response.json()["detail"][0]["type"] == "missing"


async def test_it_uploads_in_one_piece(client: fal_client.AsyncClient, pointed: Local) -> None:
    url = await client.upload(png(), "image/png", "picture.png")
    assert url.startswith(pointed.url)
    assert (await pointed.http.get(url)).content == png()
    arguments = {"effect": "Hug", "image_url": url, "resolution": "360p"}
    assert (await client.subscribe(EFFECT, arguments))["video"]


async def test_it_uploads_in_parts(client: fal_client.AsyncClient, pointed: Local, tmp_path: Path) -> None:
    content = bytes(range(256)) * 400
    path = tmp_path / "large.bin"
    path.write_bytes(content)
    url = await client.upload_file(path)
    assert (await pointed.http.get(url)).content == content


async def test_it_falls_back_to_an_initiated_upload(client: fal_client.AsyncClient, pointed: Local) -> None:
    await pointed.http.post("/sandbox/faults", json={"rules": ["502:upload:1"]})
    url = await client.upload(b"hello", "text/plain", "a.txt", repository="fal_v3", fallback_repository="fal")
    assert (await pointed.http.get(url)).text == "hello"


async def test_its_blocking_half_works_as_well(local: Local) -> None:
    script = str(Path(__file__).parent / "blocking_client.py")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, script, local.url, stdout=pipe, stderr=pipe)
    printed, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    seen = json.loads(printed)
    assert seen["last"] == "Completed"
    assert (await local.http.get(seen["small"])).text == "hello"
    assert (await local.http.get(seen["large"])).text == "x" * 100_000
    assert (await local.http.get(seen["video"])).headers["content-type"] == "video/mp4"


async def test_it_is_refused_with_another_key(pool: ProcessPoolExecutor, pointed: Local) -> None:
    async with running(a_sandbox(SandboxSettings(key="right:one"), pool=pool)) as strict:
        theirs.QUEUE_URL_FORMAT = f"{strict.url}/"
        one = fal_client.AsyncClient(key=KEY)
        with pytest.raises(fal_client.client.FalClientHTTPError) as caught:
            await one.submit(WORDS, SMALL)
        await (await one._client).aclose()  # noqa: SLF001  it has no other way to close
    assert (caught.value.status_code, caught.value.message) == (401, "No user found for Key ID and Secret")
