"""Uploads and downloads, over a real socket."""

import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.storage import Lifecycle, parse_lifecycle
from tests.sandbox.harness import Local, ManualClock, a_sandbox, png, running

NOW = datetime(2026, 1, 2, tzinfo=UTC)


async def token(local: Local) -> dict[str, str]:
    body = (await local.http.post("/storage/auth/token?storage_type=fal-cdn-v3", json={})).json()
    return {"Authorization": f"Bearer {body['token']}"}


async def test_a_token_says_where_to_upload_and_until_when_with_a_time_zone(local: Local) -> None:
    body = (await local.http.post("/storage/auth/token/", json={})).json()
    assert (body["token_type"], body["base_url"]) == ("Bearer", local.url)
    assert datetime.fromisoformat(body["expires_at"]).tzinfo is not None


async def test_a_file_comes_back_as_it_was_sent(local: Local) -> None:
    content = png()
    url = await local.upload(content, "image/png", "../my face.png")
    assert url.endswith("/my_face.png")
    response = await local.http.get(url, headers={"Authorization": ""})
    assert (response.content, response.headers["content-type"]) == (content, "image/png")


async def test_a_file_is_read_in_ranges_and_asked_for_by_its_head(local: Local) -> None:
    url = await local.upload(b"0123456789", "video/mp4", "clip.mp4")
    part = await local.http.get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    head = await local.http.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")


async def test_the_cdn_takes_its_own_fresh_tokens_only(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(upload_token_s=60), clock=clock, pool=pool)) as local:
        headers = await token(local)
        assert (await local.http.post("/files/upload", content=b"x", headers=headers)).status_code == 200
        assert (await local.http.post("/files/upload", content=b"x")).status_code == 401
        await clock.pass_time(61)
        assert (await local.http.post("/files/upload", content=b"x", headers=headers)).status_code == 401


async def test_an_initiated_upload_is_put_without_a_key(local: Local) -> None:
    wish = {"file_name": "a.txt", "content_type": "text/plain"}
    place = (await local.http.post("/storage/upload/initiate?storage_type=gcs", json=wish)).json()
    assert (await local.http.get(place["file_url"])).status_code == 404
    async with httpx.AsyncClient(trust_env=False) as stranger:
        put = await stranger.put(place["upload_url"], content=b"hello", headers={"Content-Type": "text/plain"})
        assert put.status_code == 200
        assert (await stranger.get(place["file_url"])).text == "hello"


async def parts_of(local: Local) -> tuple[str, list[dict[str, Any]]]:
    place = (await local.http.post("/files/upload/multipart", headers=await token(local))).json()
    base = f"{place['access_url']}/multipart/{place['uploadId']}"
    parts = []
    for number, content in [(2, b"world"), (1, b"hello ")]:
        response = await local.http.put(f"{base}/{number}", content=content)
        assert response.json() == {"partNumber": number, "etag": response.headers["ETag"]}
        assert response.headers["ETag"] == f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        parts.append(response.json())
    return base, parts


async def test_parts_are_joined_by_their_numbers_in_whatever_order_they_are_named(local: Local) -> None:
    base, parts = await parts_of(local)
    done = await local.http.post(f"{base}/complete", json={"parts": parts})
    assert (await local.http.get(done.json()["access_url"])).text == "hello world"


@pytest.mark.parametrize(
    ("numbers", "extra", "detail"),
    [
        ([0, 1, 0], [], "every part must be named once"),
        ([], [], "every part must be named once "),
        ([0, 1], [{"partNumber": 3, "etag": "x"}], "part 3 was never sent"),
        ([1], [{"partNumber": 2, "etag": '"other"'}], "part 2 has another ETag"),
        ([0], ["nonsense"], "parts must be a list of {partNumber, etag}"),
    ],
)
async def test_parts_that_do_not_fit_together_are_refused(
    local: Local, numbers: list[int], extra: list[Any], detail: str
) -> None:
    base, parts = await parts_of(local)
    response = await local.http.post(f"{base}/complete", json={"parts": [parts[one] for one in numbers] + extra})
    assert (response.status_code, response.json()) == (400, {"detail": detail.strip()})


async def test_a_part_is_numbered_from_one(local: Local) -> None:
    base, _ = await parts_of(local)
    assert (await local.http.put(f"{base}/0", content=b"x")).status_code == 400


async def test_a_file_lives_as_long_as_its_lifecycle_says(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(), clock=clock, pool=pool)) as local:
        headers = await token(local) | {"X-Fal-Object-Lifecycle": json.dumps({"expiration_duration_seconds": 60})}
        url = (await local.http.post("/files/upload", content=b"x", headers=headers)).json()["access_url"]
        await clock.pass_time(59)
        assert (await local.http.get(url)).status_code == 200
        await clock.pass_time(2)
        assert (await local.http.get(url)).status_code == 404


@pytest.mark.parametrize(("default", "status"), [("allow", 200), ("forbid", 403), ("hide", 404)])
async def test_a_file_is_read_as_its_own_rules_allow(local: Local, default: str, status: int) -> None:
    lifecycle = json.dumps({"initial_acl": {"default": default}})
    headers = await token(local) | {"X-Fal-Object-Lifecycle-Preference": lifecycle}
    url = (await local.http.post("/files/upload", content=b"x", headers=headers)).json()["access_url"]
    assert (await local.http.get(url)).status_code == status


@pytest.mark.parametrize("header", ["", "nonsense", "[]", '{"expiration_duration_seconds": "soon"}', "1e999"])
def test_a_lifecycle_that_cannot_be_read_asks_for_nothing(header: str) -> None:
    assert parse_lifecycle(header, NOW) == Lifecycle()


async def test_a_folder_of_ones_own_outlives_the_sandbox(pool: ProcessPoolExecutor, tmp_path: Path) -> None:
    settings = SandboxSettings(folder=tmp_path)
    async with running(a_sandbox(settings, pool=pool)) as local:
        url = await local.upload(b"kept", "text/plain", "a.txt")
    async with running(a_sandbox(settings, pool=pool)) as later:
        assert (await later.http.get(httpx.URL(url).path)).text == "kept"
        assert (await later.http.get("/files/b/%2e%2e/inputs")).status_code == 404
