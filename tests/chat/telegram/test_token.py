"""The token opens every group the bot is in: it stands in no log line, no file and no argument."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from bot.settings.environment import environment
from tests.chat.telegram.harness import REEL_S, fal, photo
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.faults import Drop, Status
from tests.source import ROOT


@asynccontextmanager
async def process(telegram: Telegram, data: Path, fal_url: str, written: bytearray) -> AsyncIterator[int]:
    """The program as its own process, saying all it can; its number. What it said is in `written` at the end."""
    urls = {f"REELROOM_FAL__{name}_URL": fal_url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-u", "-m", "bot", "run", "--data", str(data)),
        cwd=ROOT,
        env={
            "PATH": environment("PATH"),
            "FAL_KEY": "example:key",
            "TELEGRAM_TOKEN": telegram.token,
            "REELROOM_TELEGRAM__API_URL": telegram.api_url,
            "REELROOM_TELEGRAM__FILE_URL": telegram.file_url,
            "REELROOM_TELEGRAM__EDIT_EVERY_S": "0.2",
            "REELROOM_FAL__SANDBOX": "true",
            "REELROOM_QUOTA__UNKNOWN": "welcome",
            "REELROOM_MODERATION__FACES": "off",
            "REELROOM_WEB__PORT": "0",
            "REELROOM_LOG": "DEBUG",
            **urls,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert running.stdout is not None
    reading = asyncio.create_task(running.stdout.read())
    try:
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        written += await asyncio.wait_for(reading, 30)
        await running.wait()


async def test_the_token_is_written_nowhere(telegram: Telegram, tmp_path: Path) -> None:
    data, said = tmp_path / "data", bytearray()
    ada = telegram.person("Ada", at=telegram.group("Reel lovers"))
    async with fal() as url:
        async with process(telegram, data, url, said) as number:
            await telegram.until(lambda: telegram.updates.poll, REEL_S, "a poll")
            telegram.faults.add("file/**", Status(status=500), times=1)
            telegram.faults.add("getFile", Drop(after=False), times=1)
            telegram.faults.add("editMessageText", Status(status=500, html=True), times=1)
            telegram.faults.add("getUpdates", Drop(after=True), times=1)
            asked = ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI")
            reel = await telegram.until(lambda: [one for one in telegram.replies(asked) if one.media], REEL_S, "a reel")
            await ada.press(reel[0], "Report")
            arguments = await anyio.Path(f"/proc/{number}/cmdline").read_bytes()
        assert b"DEBUG" in said
        assert b"Traceback" in said or b"cannot be reached" in said
    for secret in (telegram.token.encode(), telegram.token.partition(":")[2].encode()):
        assert secret not in arguments
        assert secret not in said
        assert [path.name for path in data.rglob("*") if path.is_file() and secret in path.read_bytes()] == []
