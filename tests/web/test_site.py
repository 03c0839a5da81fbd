"""The guards, each refusing its one thing, on real sockets."""

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.errors import ConfigInvalid
from bot.web.listener import Listener, Opening, open_door, open_port
from bot.web.session import Sessions
from bot.web.site import BODY_BYTES, Site, door, guarded, local_hosts, login_url

UPLOAD_BYTES = 2 * BODY_BYTES


def wall() -> datetime:
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


async def echo(request: Request) -> Response:
    return Response(str(len(await request.body())))


@dataclass(slots=True)
class Hooked:
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def hook(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        self.calls.append((path, headers.get("x-signature", ""), body))
        return 204


@dataclass(slots=True, kw_only=True)
class Served:
    url: str
    door: Path
    site: Site
    hooked: Hooked

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser with a session, on our own page; `headers` replace what it sends."""
        usual = {"origin": self.url, "x-reelroom": "1", "cookie": f"reelroom={self.site.sessions.cookie()}"}
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.AsyncClient(base_url=self.url, headers={name: value for name, value in usual.items() if value})


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    hooked = Hooked()
    listening = open_port("127.0.0.1", 0)
    port = listening.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    site = Site(
        routes=[
            Route("/", echo),
            Route("/api/echo", echo, methods=["POST"]),
            Route("/api/big", echo, methods=["POST"]),
        ],
        sessions=Sessions(secrets=[b"secret"], now=wall, entropy=os.urandom),
        hosts=local_hosts(port),
        base_url=url,
        lobby=b"<p>the lobby</p>",
        limits={"/api/big": UPLOAD_BYTES},
        hooks={"fal": hooked.hook},
    )
    path = tmp_path / "door"
    openings = [Opening(socket=listening, app=guarded(site)), Opening(socket=open_door(path), app=door(site))]
    listener = Listener(openings, before_stop=lambda: None, grace_s=1)
    await listener.start()
    yield Served(url=url, door=path, site=site, hooked=hooked)
    await listener.stop()


async def test_health_is_answered_to_anyone(served: Served) -> None:
    async with served.client(cookie="", origin="") as client:
        assert (await client.get("/healthz")).text == "ok\n"


async def test_a_page_of_ours_with_a_session_may_post(served: Served) -> None:
    async with served.client() as client:
        assert (await client.post("/api/echo", content=b"four")).text == "4"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"])
async def test_another_host_is_refused_everywhere(served: Served, host: str) -> None:
    async with served.client(host=host) as client:
        for path in ("/", "/healthz", "/login?key=x"):
            assert (await client.get(path)).status_code == 421


async def test_localhost_is_us_too(served: Served) -> None:
    port = served.url.rpartition(":")[2]
    async with served.client(host=f"LocalHost:{port}", origin=f"http://localhost:{port}") as client:
        assert (await client.post("/api/echo")).status_code == 200


@pytest.mark.parametrize("cookie", ["", "reelroom=", "reelroom=made.up", "other=1", "reelroom"])
async def test_without_a_session_the_api_answers_401(served: Served, cookie: str) -> None:
    async with served.client(cookie=cookie) as client:
        assert (await client.post("/api/echo")).status_code == 401


async def test_without_a_session_a_page_is_the_lobby(served: Served) -> None:
    async with served.client(cookie="", accept="text/html,*/*") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.text) == (401, "<p>the lobby</p>")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"origin": "", "sec_fetch_site": "cross-site"},
        {"origin": "", "sec_fetch_site": "same-site"},
        {"origin": ""},
        {"x_reelroom": ""},
    ],
)
async def test_a_post_from_elsewhere_is_refused(served: Served, headers: dict[str, str]) -> None:
    async with served.client(**headers) as client:
        answer = await client.post("/api/echo")
    assert (answer.status_code, answer.json()["error"]) == (403, "cross_site")


async def test_a_post_without_origin_counts_when_the_browser_says_same_origin(served: Served) -> None:
    async with served.client(origin="", sec_fetch_site="same-origin") as client:
        assert (await client.post("/api/echo")).status_code == 200


@pytest.mark.parametrize(("path", "limit"), [("/api/echo", BODY_BYTES), ("/api/big", UPLOAD_BYTES)])
async def test_a_body_may_reach_the_limit_of_its_path_and_no_more(served: Served, path: str, limit: int) -> None:
    async def pieces(size: int) -> AsyncIterator[bytes]:
        while size > 0:
            yield b"x" * min(size, 10_000)
            size -= 10_000

    async with served.client() as client:
        fits = await client.post(path, content=b"x" * limit)
        declared = await client.post(path, content=b"x" * (limit + 1))
        streamed = await client.post(path, content=pieces(limit + 1))
    assert fits.text == str(limit)
    assert (declared.status_code, declared.json()["limit_bytes"]) == (413, limit)
    assert streamed.status_code == 413


async def test_every_answer_carries_the_security_headers(served: Served) -> None:
    async with served.client() as client:
        for answer in (await client.get("/"), await client.get("/nothing"), await client.post("/api/echo")):
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_link_logs_in_once_and_its_cookie_is_kept_from_scripts_and_other_sites(served: Served) -> None:
    link = login_url(served.site)
    async with served.client(cookie="") as client:
        entered = await client.get(link)
        assert entered.status_code == 200
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await client.get("/")).status_code == 200
    async with served.client(cookie="") as another:
        assert (await another.get(link)).status_code == 403
        assert (await another.get("/")).status_code == 401


async def test_looking_at_a_link_without_following_it_does_not_use_it_up(served: Served) -> None:
    link = login_url(served.site)
    async with served.client(cookie="") as client:
        assert (await client.head(link)).status_code == 403
        assert (await client.get(link)).status_code == 200


async def test_who_is_logged_in_keeps_an_unused_link_unused(served: Served) -> None:
    link = login_url(served.site)
    async with served.client() as client:
        assert (await client.get(link)).status_code == 303
    async with served.client(cookie="") as another:
        assert (await another.get(link)).status_code == 200


@pytest.mark.parametrize("key", ["", "made.up", "x" * 200])
async def test_a_forged_link_is_refused(served: Served, key: str) -> None:
    async with served.client(cookie="") as client:
        answer = await client.get("/login", params={"key": key})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_hook_is_called_without_session_and_origin(served: Served) -> None:
    async with served.client(cookie="", origin="", x_signature="s") as client:
        assert (await client.post("/hooks/fal/job-1", content=b"{}")).status_code == 204
    assert served.hooked.calls == [("/hooks/fal/job-1", "s", b"{}")]


async def test_a_hook_is_called_under_whatever_name_a_proxy_has_for_us_and_nothing_else_is(served: Served) -> None:
    async with served.client(cookie="", origin="", host="reelroom.example.org") as client:
        assert (await client.post("/hooks/fal/job-1")).status_code == 204
        assert (await client.post("/hooks/nobody/job-1")).status_code == 404
        assert (await client.get("/healthz")).status_code == 421


async def test_behind_the_door_nobody_asks_for_a_session_and_links_are_made(served: Served) -> None:
    transport = httpx.AsyncHTTPTransport(uds=str(served.door))
    async with httpx.AsyncClient(transport=transport, base_url="http://room") as knocking:
        assert (await knocking.post("/api/echo", content=b"four")).text == "4"
        link = (await knocking.post("/login-links")).json()["url"]
    async with served.client(cookie="") as client:
        assert (await client.get(link)).status_code == 200


async def test_links_are_not_made_on_tcp(served: Served) -> None:
    async with served.client() as client:
        assert (await client.post("/login-links")).status_code == 404


async def test_only_the_owner_of_the_folder_can_open_the_door(served: Served) -> None:
    assert stat.S_IMODE(served.door.stat().st_mode) == 0o600


def test_a_door_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    open_door(tmp_path / "door").close()
    open_door(tmp_path / "door").close()


def test_a_path_too_long_for_a_door_is_one_clear_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="cannot open the door"):
        open_door(tmp_path / ("d" * 120))


def test_a_port_in_use_is_one_clear_problem() -> None:
    with open_port("127.0.0.1", 0) as taken, pytest.raises(ConfigInvalid, match=r"web\.port"):
        open_port("127.0.0.1", taken.getsockname()[1])


async def test_a_small_answer_does_not_wait_until_its_head_is_acknowledged() -> None:
    """What asyncio accepts on this port is sent at once, and not held back by Nagle's algorithm."""
    held_back: list[bool] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        held_back.append(not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = open_port("127.0.0.1", 0)
    async with await asyncio.start_server(accept, sock=listening):
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()
    assert held_back == [False]


def test_the_usual_port_of_http_is_left_out_of_the_host() -> None:
    assert "localhost" in local_hosts(80)
    assert "localhost:8765" in local_hosts(8765)
