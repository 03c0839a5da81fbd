"""Files into fal's storage: over real sockets, every way in, and what each request carries."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.domain.errors import FalError, FalLocked, FalRejected, FalUnavailable
from bot.fal.client import FalClient
from bot.fal.failures import not_answered
from bot.fal.files import Storage
from bot.fal.hosts import FalHosts
from bot.fal.sender import Sender
from tests.fal.wire import KEY, NOW, Answer, Break, Seen, Wire, answer, client_of, wire

TOKEN = {"token": "t0ken", "token_type": "Bearer", "expires_at": (NOW + timedelta(hours=1)).isoformat()}
CONTENT = bytes(range(256)) * 4_000
LIFECYCLE = {"expiration_duration_seconds": 86_400}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture"
    path.write_bytes(CONTENT)
    return path


async def upload(client: FalClient | Storage, path: Path) -> str:
    return await client.upload(path, content_type="image/png", name="j-image.png", lifetime_s=86_400)


def carried(seen: list[Seen]) -> list[tuple[str, str, str | None]]:
    return [(one.method, one.target, one.headers.get("authorization")) for one in seen]


async def test_a_file_goes_up_whole_with_a_token_and_a_lifecycle(picture: Path) -> None:
    stored = answer({"access_url": "https://v3.fal.media/files/a.png"})
    async with wire(answer(TOKEN), stored) as served, client_of(served.hosts()) as client:
        assert await upload(client, picture) == "https://v3.fal.media/files/a.png"
    assert carried(served.seen) == [
        ("POST", "/storage/auth/token?storage_type=fal-cdn-v3", f"Key {KEY}"),
        ("POST", "/files/upload", "Bearer t0ken"),
    ]
    sent = served.seen[1]
    assert sent.body == CONTENT
    assert (sent.headers["content-type"], sent.headers["x-fal-file-name"]) == ("image/png", "j-image.png")
    assert json.loads(sent.headers["x-fal-object-lifecycle"]) == LIFECYCLE
    assert json.loads(sent.headers["x-fal-object-lifecycle-preference"]) == LIFECYCLE


async def test_a_token_serves_until_shortly_before_it_expires(picture: Path) -> None:
    stored = answer({"access_url": "https://v3.fal.media/a"})
    short = answer(TOKEN | {"expires_at": (NOW + timedelta(seconds=59)).isoformat()})
    async with wire(answer(TOKEN), stored) as served, client_of(served.hosts()) as client:
        await upload(client, picture)
        await upload(client, picture)
        assert len(served.seen) == 3
    async with wire(short, stored, short, stored) as served, client_of(served.hosts()) as client:
        await upload(client, picture)
        await upload(client, picture)
        assert len(served.seen) == 4


@pytest.mark.parametrize(
    "turn",
    [Answer(status=500), Answer(status=401), Answer(status=413), answer({}), Break.AFTER_READING, Break.HALF_BODY],
)
async def test_when_the_first_way_is_shut_the_file_goes_to_a_signed_place_without_the_key(
    picture: Path, turn: Answer | Break
) -> None:
    async with wire(Answer()) as bucket, wire() as served, client_of(served.hosts()) as client:
        slot = answer({"upload_url": f"{bucket.url}/put?signature=s", "file_url": "https://v3.fal.media/b.png"})
        served.script = [answer(TOKEN), turn, slot]
        assert await upload(client, picture) == "https://v3.fal.media/b.png"
    assert carried(bucket.seen) == [("PUT", "/put?signature=s", None)]
    assert bucket.seen[0].body == CONTENT
    assert bucket.seen[0].headers["content-type"] == "image/png"
    assert KEY not in repr(bucket.seen)
    asked = served.seen[-1]
    assert asked.headers["authorization"] == f"Key {KEY}"
    assert json.loads(asked.headers["x-fal-object-lifecycle"]) == LIFECYCLE
    assert json.loads(asked.body) == {"file_name": "j-image.png", "content_type": "image/png"}


async def test_the_cdn_never_sees_the_key(picture: Path) -> None:
    async with wire(answer({"access_url": "https://v3.fal.media/a"})) as cdn, wire(answer(TOKEN)) as rest:
        hosts = FalHosts(rest_url=rest.url, cdn_url=cdn.url)
        async with client_of(hosts) as client:
            await upload(client, picture)
        assert carried(cdn.seen) == [("POST", "/files/upload", "Bearer t0ken")]
        assert KEY not in repr(cdn.seen)


async def test_a_refused_key_ends_it_at_once(picture: Path) -> None:
    async with wire(Answer(status=403)) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalLocked):
            await upload(client, picture)
        assert len(served.seen) == 1


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (Answer(status=413), FalRejected),
        (Answer(status=403), FalUnavailable),
        (Answer(status=404), FalUnavailable),
        (Answer(status=500), FalUnavailable),
        (Break.AFTER_READING, FalUnavailable),
    ],
)
async def test_a_file_that_was_taken_by_neither_way_is_told_by_the_second(
    picture: Path, last: Answer | Break, error: type[FalError]
) -> None:
    async with wire(last) as bucket, wire() as served, client_of(served.hosts()) as client:
        slot = answer({"upload_url": f"{bucket.url}/put", "file_url": "https://v3.fal.media/b.png"})
        served.script = [answer(TOKEN), Answer(status=500), slot]
        with pytest.raises(error):
            await upload(client, picture)


async def test_a_file_that_is_gone_is_rejected_before_anything_is_sent(tmp_path: Path) -> None:
    async with wire(answer(TOKEN)) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalRejected, match="media_lost"):
            await upload(client, tmp_path / "gone")
        assert served.connections == 0


async def test_a_place_that_cannot_be_read_is_no_crash(tmp_path: Path) -> None:
    async with wire(answer(TOKEN)) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalUnavailable):
            await upload(client, tmp_path)


@asynccontextmanager
async def small_parts(served: Wire, base: str = "") -> AsyncIterator[Storage]:
    """Storage that sends anything over a million bytes in parts of 400,000."""
    http = httpx.AsyncClient(trust_env=False, timeout=2)
    hosts = FalHosts(rest_url=served.url, cdn_url=base or served.url)
    sender = Sender(http, hosts=hosts, key=KEY, total_s=5, unanswered=not_answered)
    yield Storage(sender, hosts=hosts, now=lambda: NOW, simple_bytes=1_000_000, part_bytes=400_000)
    await sender.close()


async def test_a_large_file_goes_up_in_numbered_parts_with_the_token_alone(picture: Path) -> None:
    async with wire() as served, small_parts(served) as storage:
        served.script = [
            answer(TOKEN | {"base_url": served.url}),
            answer({"access_url": f"{served.url}/files/a.png", "uploadId": "u/1"}),
            *(Answer(headers={"etag": f'"e{part}"'}) for part in (1, 2, 3)),
            Answer(),
        ]
        assert await upload(storage, picture) == f"{served.url}/files/a.png"
    assert carried(served.seen)[1:] == [
        ("POST", "/files/upload/multipart", "Bearer t0ken"),
        ("PUT", "/files/a.png/multipart/u%2F1/1", "Bearer t0ken"),
        ("PUT", "/files/a.png/multipart/u%2F1/2", "Bearer t0ken"),
        ("PUT", "/files/a.png/multipart/u%2F1/3", "Bearer t0ken"),
        ("POST", "/files/a.png/multipart/u%2F1/complete", "Bearer t0ken"),
    ]
    assert b"".join(one.body for one in served.seen[2:5]) == CONTENT
    parts = [{"partNumber": part, "etag": f'"e{part}"'} for part in (1, 2, 3)]
    assert json.loads(served.seen[5].body) == {"parts": parts}
    assert json.loads(served.seen[1].headers["x-fal-object-lifecycle"]) == LIFECYCLE


async def test_parts_are_not_sent_in_the_clear_to_a_host_nobody_configured(picture: Path) -> None:
    async with wire(Answer()) as foreign, wire() as served, small_parts(served) as storage:
        begun = answer({"access_url": f"{foreign.url}/files/a.png", "uploadId": "u-1"})
        served.script = [answer(TOKEN | {"base_url": foreign.url}), begun]
        with pytest.raises(FalUnavailable):
            await upload(storage, picture)
        assert foreign.connections == 0


@pytest.mark.parametrize("turn", [Answer(status=500), Answer(), Break.AFTER_READING])
async def test_a_part_that_was_not_taken_ends_the_upload_and_the_token(picture: Path, turn: Answer | Break) -> None:
    async with wire() as served, small_parts(served) as storage:
        begun = answer({"access_url": f"{served.url}/files/a.png", "uploadId": "u-1"})
        served.script = [answer(TOKEN), begun, turn]
        with pytest.raises(FalUnavailable):
            await upload(storage, picture)
        served.script = [Answer(status=500)]
        with pytest.raises(FalUnavailable):
            await upload(storage, picture)
        assert served.seen[-1].target.startswith("/storage/auth/token")
