"""The whole program as a process: it starts, makes a reel, keeps its secrets, and ends when it is told to."""

import asyncio
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import httpx
import pytest

from bot.app import clock
from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.parts import Plan
from bot.app.program import Program, started
from bot.chat.terminal.client import Terminal
from bot.domain.errors import ChatUnavailable, NoReel
from bot.sandbox.settings import SandboxSettings
from bot.settings.bot import WebhookSection, WebSection
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings, environment
from bot.store.audit import audit
from bot.store.database import open_database
from bot.web.listener import open_port
from tests.source import ROOT

KEY = "0f1e2d3c-example:4b5a69788796a5b4"
SECRET = "an-example-secret-of-the-owner"
PICTURE = ROOT / "bot" / "cli" / "demo.jpg"
CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")


@dataclass(slots=True)
class Bot:
    """A running `reelroom run`. `said` grows with everything it writes."""

    process: asyncio.subprocess.Process
    data: Path
    said: bytes = b""

    @property
    def terminal(self) -> Terminal:
        """Somebody at its door."""
        return Terminal(self.data / "door", new_id=clock.new_id, sleep=clock.sleep)

    async def end(self) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = await asyncio.wait_for(self.process.communicate(), 30)
        self.said += rest
        return self.process.returncode or 0


async def start(data: Path, fal_url: str, *options: str, level: str = "DEBUG") -> Bot:
    """Start it and wait until its Room is open, or it has ended."""
    urls = {f"REELROOM_FAL__{name}_URL": fal_url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-u", "-m", "bot", "run", "--data", str(data), *options),
        cwd=ROOT,
        env={
            "PATH": environment("PATH"),
            "FAL_KEY": KEY,
            "REELROOM_SECRET": SECRET,
            "REELROOM_WEB__PORT": "0",
            "REELROOM_LOG": level,
            **urls,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 24,
    )
    bot = Bot(process, data)
    assert process.stdout is not None
    async for line in process.stdout:
        bot.said += line
        if line.startswith(b"The Room is open"):
            break
    return bot


@asynccontextmanager
async def fal() -> AsyncIterator[str]:
    """A sandbox that lets in nobody but us."""
    settings = SandboxSettings(speed=100, key=KEY)
    async with local_fal(CATALOGUE, settings) as url:
        yield url


async def test_it_makes_a_reel_and_writes_its_secrets_nowhere(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with fal() as url:
        bot = await start(data, url)
        async with bot.terminal as terminal:
            link = await terminal.login_link()
            made = await terminal.render(
                "/effect Kiss Me AI --resolution 360p", [PICTURE], tmp_path / "kiss.mp4", on_progress=lambda _: None
            )
        assert await bot.end() == 0
    assert made.size_bytes == (tmp_path / "kiss.mp4").stat().st_size
    written = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert len(written) > 3
    assert b"DEBUG" in bot.said
    for secret in (KEY, KEY.partition(":")[2], SECRET, link.partition("key=")[2]):
        assert secret.encode() not in bot.said
        assert [path.name for path, content in written.items() if secret.encode() in content] == []


async def test_a_second_one_on_the_same_data_refuses_in_one_line_and_the_first_goes_on(tmp_path: Path) -> None:
    async with fal() as url:
        first = await start(tmp_path, url)
        second = await start(tmp_path, url)
        assert await second.process.wait() == 1
        assert b"in use by another process" in second.said.splitlines()[-1]
        async with first.terminal as terminal:
            assert await terminal.login_link()
        assert await first.end() == 0


async def test_its_door_is_for_its_owner_alone_and_leads_nowhere_when_it_has_ended(tmp_path: Path) -> None:
    async with fal() as url:
        bot = await start(tmp_path, url)
        assert stat.S_IMODE((tmp_path / "door").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "reelroom.db").stat().st_mode) == 0o600
        assert await bot.end() == 0
        async with bot.terminal as terminal:
            with pytest.raises(ChatUnavailable):
                await terminal.login_link()


async def test_a_printed_link_lets_in_once(tmp_path: Path) -> None:
    async with fal() as url:
        bot = await start(tmp_path, url)
        async with bot.terminal as terminal:
            link = await terminal.login_link()
        async with httpx.AsyncClient() as first, httpx.AsyncClient() as second:
            assert (await first.get(link)).status_code == 200
            assert (await first.get(link.partition("/login")[0] + "/api/threads")).status_code == 200
            assert (await second.get(link)).status_code == 403
        assert await bot.end() == 0


async def test_a_link_to_the_console_lets_in_there_and_not_into_the_room(tmp_path: Path) -> None:
    async with fal() as url:
        bot = await start(tmp_path, url)
        async with bot.terminal as terminal:
            link = await terminal.console_link(role="viewer", group="discord:1", name="Vi")
            with pytest.raises(NoReel, match="owns every group"):
                await terminal.console_link(role="owner", group="discord:1", name="")
        base, _, key = link.partition("/console/login?key=")
        async with httpx.AsyncClient(base_url=base, headers={"origin": base}) as browser:
            assert (await browser.get(link)).status_code == 200
            entered = await browser.post("/console/login", data={"key": key}, follow_redirects=True)
            assert "viewer of discord:1" in entered.text
            assert (await browser.get("/api/threads")).status_code == 401
        assert await bot.end() == 0
    assert key.encode() not in bot.said


async def test_with_webhooks_a_reel_takes_at_most_one_status_call(tmp_path: Path) -> None:
    with open_port("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    webhook = WebhookSection(public_url=f"http://127.0.0.1:{port}")
    speed, count = 60.0, 6
    catalogue = load_catalogue(ROOT / "config" / "endpoints")
    async with local_fal(catalogue, SandboxSettings(speed=speed)) as url:
        settings = at_sandbox(Settings(web=WebSection(port=port), webhook=webhook), url)
        plan = Plan(settings=settings, catalogue=quickened(catalogue, speed), data=tmp_path / "data")
        async with started(plan) as program, httpx.AsyncClient(base_url=url, trust_env=False) as http:
            await asyncio.gather(*(rendered(program, tmp_path / f"{number}.mp4") for number in range(count)))
            seen = (await http.get("/sandbox/requests")).json()
            assert [one["status"] for one in seen["webhooks"]] == [204] * count
            assert (seen["count"], seen["calls"]["submit"]) == (count, count)
            assert seen["calls"].get("status", 0) <= count
            assert (await audit(program.kept.database)).findings == ()


async def rendered(program: Program, target: Path) -> None:
    """One reel, as from the terminal."""
    async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        words = f"/video boat {target.stem} --model pixverse-4.5 --resolution 360p"
        await terminal.render(words, [], target, on_progress=lambda _: None)


@pytest.mark.parametrize("part", ["intake", "work", "news", "janitor"])
async def test_a_program_that_loses_a_part_stops_instead_of_looking_alive(part: str, tmp_path: Path) -> None:
    settings = at_sandbox(Settings(web=WebSection(port=0)), "http://127.0.0.1:9")
    plan = Plan(settings=settings, catalogue=CATALOGUE, data=tmp_path)
    async with started(plan) as program:
        assert not program.stopping.is_set()
        (lost,) = [task for task in asyncio.all_tasks() if task.get_name() == part]
        lost.cancel()
        await asyncio.wait_for(program.stopping.wait(), 10)


@pytest.mark.parametrize("what", ["damaged", "foreign", "newer"])
async def test_a_store_it_cannot_trust_is_refused_at_the_start_in_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / "reelroom.db"
    database = await open_database(path)
    counted = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200)"
    many = f"CREATE TABLE more AS {counted} SELECT n, hex(zeroblob(400)) FROM n"  # noqa: S608 - all of it is ours
    await database.transact(lambda tx: tx.run(many))
    if what != "damaged":
        pragma = "user_version = 9999" if what == "newer" else "application_id = 7"
        await database.transact(lambda tx: tx.fetch(f"PRAGMA {pragma}"))
    await database.close()
    if what == "damaged":
        content = await anyio.Path(path).read_bytes()
        await anyio.Path(path).write_bytes(content[:-8192] + bytes(4096) + content[-4096:])
    bot = await start(tmp_path, "http://127.0.0.1:9")
    assert await bot.process.wait() == 1
    last = bot.said.splitlines()[-1]
    assert str(path).encode() in last
    assert {"damaged": b"damaged", "foreign": b"another program", "newer": b"newer version"}[what] in last
    assert b"Traceback" not in bot.said
