"""discord.js, in a process and a language of its own, against the emulator: a third opinion."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.clients import PNG
from tests.emulators.discord.emulator import Discord, emulated

FOLDER = Path(__file__).parent / "discord" / "js"


@pytest.fixture(scope="session")
def node() -> str:
    """The node to run, with the client installed; skips where either cannot be had."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("node and npm are not installed")
    if not (FOLDER / "node_modules" / "discord.js").is_dir():
        command = [npm, "ci", "--no-audit", "--no-fund", "--prefer-offline"]
        installed = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
        if installed.returncode:
            pytest.skip(f"discord.js cannot be installed: {installed.stderr.strip()[-200:]}")
    return found


async def started(node: str, discord: Discord) -> asyncio.subprocess.Process:
    script, api = str(FOLDER / "client.mjs"), f"{discord.base}/api"
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(node, script, api, discord.token, stdout=pipe, stderr=pipe)


async def line(process: asyncio.subprocess.Process) -> str:
    """What it says next; what it complained about when it says nothing more."""
    assert process.stdout is not None
    assert process.stderr is not None
    said = (await process.stdout.readline()).decode().strip()
    assert said, (await process.stderr.read()).decode()
    return said


async def test_discord_js_registers_completes_answers_and_posts_in_a_thread(node: str) -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        process = await started(node, discord)
        assert await line(process) == "ready"
        typing = await ada.autocomplete("effect", "effect", "kis")
        seen = await (await ada.slash("effect", image=PNG, effect=typing.choices[0]["value"])).settled()
        private = await seen.until(lambda one: one.follow_ups)
        assert seen.original is not None
        await ada.press(seen.original, "Cancel")
        told: dict[str, Any] = json.loads(await line(process))
        assert await process.wait() == 0
    assert told["typed"] == "kis"
    assert told["picture"] == {"name": "image.png", "size": len(PNG), "type": "image/png"}
    assert told["reel"] == {"name": "reel.png", "size": len(PNG)}
    assert seen.original.content == "cancelled"
    assert private[0].ephemeral
    (reel,) = ada.pings
    assert (reel.channel, reel.attachments[0].description) == (seen.original.thread, "a reel")
