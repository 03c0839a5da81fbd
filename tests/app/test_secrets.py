"""The whole program at its most talkative, on every platform at once: no secret stands in anything it leaves behind."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx

from bot.app import clock
from bot.chat.terminal.client import Terminal
from bot.settings.environment import environment
from bot.web.listener import open_port
from tests.chat.discord.harness import REEL_S, fal, photo, reels
from tests.emulators.discord import emulator as on_discord
from tests.emulators.discord.emulator import Discord
from tests.emulators.telegram import emulator as on_telegram
from tests.emulators.telegram.emulator import Telegram
from tests.source import ROOT

KEY = "0f1e2d3c-example:4b5a69788796a5b4"
SECRET, OLD = "an-example-secret-of-the-owner", "the-example-secret-before-that"


def surroundings(discord: Discord, telegram: Telegram, fal_url: str, port: int) -> dict[str, str]:
    """The environment of the program: everything on, and everything here."""
    urls = {f"REELROOM_FAL__{name}_URL": fal_url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
    return {
        "PATH": environment("PATH"),
        "FAL_KEY": KEY,
        "DISCORD_TOKEN": discord.token,
        "TELEGRAM_TOKEN": telegram.token,
        "REELROOM_SECRET": SECRET,
        "REELROOM_SECRET_OLD": OLD,
        "REELROOM_DISCORD__API_URL": discord.api_url,
        "REELROOM_DISCORD__GATEWAY_URL": discord.gateway_url,
        "REELROOM_DISCORD__CDN_URL": discord.cdn_url,
        "REELROOM_TELEGRAM__API_URL": telegram.api_url,
        "REELROOM_TELEGRAM__FILE_URL": telegram.file_url,
        "REELROOM_FAL__SANDBOX": "true",
        "REELROOM_QUOTA__UNKNOWN": "welcome",
        "REELROOM_MODERATION__FACES": "off",
        "REELROOM_WEB__PORT": str(port),
        "REELROOM_WEBHOOK__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "REELROOM_LOG": "DEBUG",
        **urls,
    }


@asynccontextmanager
async def process(data: Path, env: dict[str, str], said: bytearray, *, end: signal.Signals) -> AsyncIterator[int]:
    """The program until it is told to end; its number. What it said is in `said` afterwards."""
    program = (sys.executable, "-u", "-X", "faulthandler", "-m", "bot", "run", "--data", str(data))
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(
        *program, cwd=ROOT, env=env, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    assert running.stdout is not None
    reading = asyncio.create_task(running.stdout.read())
    try:
        yield running.pid
    finally:
        running.send_signal(end)
        said += await asyncio.wait_for(reading, 30)
        await running.wait()


async def command(data: Path, env: dict[str, str], *words: str) -> bytes:
    """What a command says."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", words[0], "--data", str(data), *words[1:]),
        cwd=ROOT,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return (await running.communicate())[0]


def found(folder: Path, secret: bytes) -> list[str]:
    """The files a secret stands in."""
    return [path.name for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


async def test_no_secret_is_written_anywhere(tmp_path: Path) -> None:
    data, said, crashed = tmp_path / "data", bytearray(), bytearray()
    with open_port("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    async with on_discord.emulated(clock.now) as discord, on_telegram.emulated(clock.now) as telegram, fal() as url:
        env = surroundings(discord, telegram, url, port)
        guild = discord.guild("Reel lovers")
        channel = discord.text(guild, "general")
        ada, eve = discord.person("Ada", at=channel), telegram.person("Eve", at=telegram.group("Reel lovers"))
        async with process(data, env, said, end=signal.SIGTERM) as number:
            await discord.until(lambda: discord.gateway.connected(1), REEL_S, "Discord")
            await telegram.until(lambda: telegram.updates.poll, REEL_S, "a poll")
            exchange = await ada.slash("effect", effect="Kiss Me AI", image=photo())
            status = exchange.original
            assert status is not None
            asked = eve.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
            thread = await discord.until(lambda: status.thread, REEL_S, "a thread")
            await discord.until(lambda: reels(thread), REEL_S, "a reel on Discord")
            await telegram.until(
                lambda: [one for one in telegram.replies(asked) if one.media], REEL_S, "a reel on Telegram"
            )
            links = await looked_at_the_pages(data, port)
            exported = await command(data, env, "export")
            backed_up = await command(data, env, "backup", str(tmp_path / "copy.db"))
            arguments = await anyio.Path(f"/proc/{number}/cmdline").read_bytes()
        async with process(data, env, crashed, end=signal.SIGABRT):
            await telegram.until(lambda: telegram.updates.poll, REEL_S, "a poll")
    assert b"DEBUG" in said
    assert b"Fatal Python error" in crashed
    assert (tmp_path / "copy.db").stat().st_size > 0
    written = {"log": bytes(said), "crash": bytes(crashed), "export": exported, "backup": backed_up, "argv": arguments}
    tokens = (discord.token, telegram.token, telegram.token.partition(":")[2])
    for secret in (KEY, KEY.partition(":")[2], SECRET, OLD, *tokens, *links):
        for spelled in {secret.encode(), quote(secret, safe="").encode()}:
            assert [where for where, text in written.items() if spelled in text] == []
            assert found(tmp_path, spelled) == []


async def looked_at_the_pages(data: Path, port: int) -> list[str]:
    """The Room and the console opened by their links; the keys of the links."""
    async with Terminal(data / "door", new_id=clock.new_id, sleep=clock.sleep) as terminal:
        room = await terminal.login_link()
        console = await terminal.console_link(role="owner", group="", name="Olga")
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, trust_env=False) as browser:
        assert (await browser.get(room)).status_code == 200
        key = console.partition("key=")[2]
        entered = await browser.post("/console/login", data={"key": key}, follow_redirects=True)
        assert entered.status_code == 200
        assert (await browser.get("/login", params={"key": "wrong"})).status_code in {200, 303}
        cookies = list(browser.cookies.values())
        for path in ("/", "/api/threads", "/console", "/console/jobs", "/console/health"):
            assert KEY not in (await browser.get(path, follow_redirects=True)).text
    return [room.partition("key=")[2], key, *filter(None, cookies)]
