"""Every route the program serves, found by asking the program: whom it lets in, and what it says of itself.

A route that is added is in these tests at once; one that is open to everybody has to be named here.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from bot.app.local_fal import at_sandbox
from bot.app.parts import Plan
from bot.app.program import Program, started
from bot.settings.bot import WebhookSection, WebSection
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings
from tests.source import ROOT

OPEN = {"/healthz", "/readyz", "/metrics", "/login", "/static/app.js", "/console/static/console.css"}
"""What anybody may read who can reach the listener under one of its names."""

ENTRANCES = {"/console/login"}
"""Pages that show themselves to strangers: nothing on them but the way in."""

KEPT = ("/reels/", "/thumbnails/", "/staged/", "/static/", "/console/static/")
"""What a browser may keep: it is named by its content, or is part of the program."""

FILE = "0" * 64
CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")


@asynccontextmanager
async def program(data: Path) -> AsyncIterator[Program]:
    webhook = WebhookSection(public_url="https://reelroom.example.org")
    settings = at_sandbox(Settings(web=WebSection(port=0), webhook=webhook), "http://127.0.0.1:9")
    async with started(Plan(settings=settings, catalogue=CATALOGUE, data=data)) as running:
        yield running


def paths_of(routes: Sequence[BaseRoute]) -> dict[str, set[str]]:
    """Path to methods, with an example in place of every parameter."""
    found: dict[str, set[str]] = {}
    for route in routes:
        if isinstance(route, Route):
            path = re.sub(r"\{file\}", f"{FILE}.mp4" if "reels" in route.path else f"{FILE}", route.path)
            path = re.sub(r"\{\w+(?::\w+)?\}", "example", path)
            found.setdefault(path, set()).update(route.methods or {"GET"})
        elif isinstance(route, Mount):
            found[f"{route.path}/{'app.js' if route.path == '/static' else 'console.css'}"] = {"GET", "HEAD"}
    return found


def served(running: Program) -> dict[str, set[str]]:
    site, areas = running.site, [area for area in running.site.areas.values() if isinstance(area, Starlette)]
    assert len(areas) == len(site.areas)
    own = {"/healthz": {"GET"}, "/login": {"GET"}, **{path: {"GET"} for path in site.probes}}
    hooks = {f"/hooks/{name}/example": {"POST"} for name in site.hooks}
    return own | hooks | paths_of([*site.routes, *(route for area in areas for route in area.routes)])


def browser(running: Program, *, session: bool = False, **headers: str) -> httpx.AsyncClient:
    url = f"http://127.0.0.1:{running.port}"
    usual = {"origin": url, "x-reelroom": "1", "host": f"127.0.0.1:{running.port}"}
    if session:
        usual["cookie"] = f"reelroom={running.site.sessions.cookie()}"
    return httpx.AsyncClient(base_url=url, headers={**usual, **headers}, timeout=10, trust_env=False)


async def test_every_route_is_locked_as_it_should_be(tmp_path: Path) -> None:
    async with program(tmp_path) as running:
        table = served(running)
        assert len(table) > 30
        await nobody_comes_under_another_name(running, table)
        await strangers_see_nothing(running, table)
        await nothing_is_changed_from_elsewhere(running, table)
        await every_answer_says_how_it_may_be_shown(running, table)


async def nobody_comes_under_another_name(running: Program, table: dict[str, set[str]]) -> None:
    async with browser(running, session=True, host="evil.example") as client:
        for path, methods in table.items():
            for method in methods:
                answer = await client.request(method, path)
                expected = 421 if not path.startswith("/hooks/") else answer.status_code
                assert answer.status_code == expected, (method, path)
                assert not answer.is_success, (method, path)


async def strangers_see_nothing(running: Program, table: dict[str, set[str]]) -> None:
    seen_by_all = set()
    async with browser(running) as client:
        for path, methods in table.items():
            for method in methods:
                answer = await client.request(method, path)
                if answer.is_success:
                    seen_by_all.add(path)
                elif not path.startswith("/hooks/"):
                    assert answer.status_code in {401, 403, 303}, (method, path, answer.status_code)
    assert seen_by_all <= OPEN | ENTRANCES, seen_by_all


async def nothing_is_changed_from_elsewhere(running: Program, table: dict[str, set[str]]) -> None:
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": ""},
    ):
        async with browser(running, session=True, **headers) as client:
            if not headers["origin"]:
                del client.headers["origin"]
            for path, methods in table.items():
                for method in methods - {"GET", "HEAD", "OPTIONS"}:
                    if not path.startswith("/hooks/"):
                        assert (await client.request(method, path)).status_code == 403, (method, path, headers)


async def every_answer_says_how_it_may_be_shown(running: Program, table: dict[str, set[str]]) -> None:
    async with browser(running, session=True) as client:
        for path in [*table, "/nothing/here", "/console/nothing", "/static/", "/static", "/reels/", "/console/static/"]:
            for method in ("GET", "HEAD", "POST", "TRACE", "PROPFIND"):
                async with client.stream(method, path) as answer:  # some answers have no end
                    pass
                policy = answer.headers["content-security-policy"]
                assert "default-src 'none'" in policy, (method, path)
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert answer.headers["x-frame-options"] == "DENY"
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
                if not (answer.is_success and path.startswith(KEPT)):
                    assert answer.headers["cache-control"] == "no-store", (method, path)
                assert "server" not in answer.headers


@pytest.mark.parametrize("folder", ["/static", "/console/static", "/reels", "/thumbnails", "/staged"])
async def test_no_path_leads_out_of_its_folder_and_no_folder_is_listed(tmp_path: Path, folder: str) -> None:
    (tmp_path / "reels").mkdir()
    (tmp_path / "reels" / "note.txt").write_text("private notes", encoding="utf-8")
    async with program(tmp_path) as running:
        for way in (
            *(
                "",
                "/",
                "/.",
                "/..",
                "/../reelroom.db",
                "/..%2freelroom.db",
                "/%2e%2e/reelroom.db",
                "/%2e%2e%2freelroom.db",
            ),
            *(
                "/..%5creelroom.db",
                "/....//reelroom.db",
                "//etc/passwd",
                "/%2fetc%2fpasswd",
                "/note.txt",
                "/reelroom.db",
            ),
            *(
                "/%00",
                f"/{FILE}%00.mp4",
                f"/{FILE}/../../reelroom.db",
                "/..;/secret",
                "/../secret",
                "/%c0%ae%c0%ae/secret",
            ),
            *(f"/{FILE.upper()}.mp4", f"/{FILE}.mp4/", f"/{FILE}.mp4%2f..", "/~root", "/.git/config", "/app.py"),
        ):
            answer = await as_written(running, f"{folder}{way}")
            assert re.match(rb"HTTP/1.1 (?:4\d\d|30[37]) ", answer), (way, answer[:200])
            assert b"SQLite format" not in answer
            assert b"private notes" not in answer
            assert b"root:" not in answer


async def as_written(running: Program, target: str) -> bytes:
    """The answer to a path that no client has put in order."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    session = f"reelroom={running.site.sessions.cookie()}"
    head = f"GET {target} HTTP/1.1\r\nhost: 127.0.0.1:{running.port}\r\ncookie: {session}\r\nconnection: close\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_reels_are_for_the_rooms_own_session_alone(tmp_path: Path) -> None:
    async with program(tmp_path) as running:
        reels = tmp_path / "reels"
        (reels / f"{FILE}.mp4").write_bytes(b"a reel")
        (tmp_path / "media" / FILE).write_bytes(b"a face")
        for path in (f"/reels/{FILE}.mp4", f"/staged/{FILE}"):
            async with browser(running) as stranger, browser(running, session=True) as owner:
                assert (await stranger.get(path)).status_code == 401
                assert (await stranger.get(path, headers={"cookie": "reelroom-console=example"})).status_code == 401
                assert (await owner.get(path)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/login"), ("POST", "/console/login")])
async def test_who_tries_many_keys_is_stopped_for_a_while(tmp_path: Path, method: str, path: str) -> None:
    async with program(tmp_path) as running, browser(running) as client:
        statuses = [
            (
                await client.request(
                    method, path, params={"key": "wrong"}, data={"key": "wrong"} if method == "POST" else None
                )
            ).status_code
            for _ in range(12)
        ]
        assert statuses == [403] * 10 + [429] * 2
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get(path.replace("/login", "/login/"))).status_code != 200
