"""fal's own JavaScript client, as it is, against the sandbox."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.harness import Local

FOLDER = Path(__file__).parent / "js"
MIB = 1024 * 1024


@pytest.fixture(scope="session")
def node() -> str:
    """The node to run, with the client installed; skips where either cannot be had."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("node and npm are not installed")
    if not (FOLDER / "node_modules" / "@fal-ai" / "client").is_dir():
        command = [npm, "ci", "--no-audit", "--no-fund", "--prefer-offline"]
        installed = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
        if installed.returncode:
            pytest.skip(f"@fal-ai/client cannot be installed: {installed.stderr.strip()[-200:]}")
    return found


async def test_it_submits_follows_fetches_cancels_and_uploads(node: str, local: Local) -> None:
    script = str(FOLDER / "client.mjs")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(node, script, local.url, stdout=pipe, stderr=pipe)
    printed, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    seen: dict[str, Any] = json.loads(printed)
    assert seen["polled"]["last"] == "COMPLETED"
    assert seen["polled"]["requestId"]
    assert seen["streamed"]["last"] == "COMPLETED"
    assert (seen["events"]["first"] != "COMPLETED", seen["events"]["last"]) == (True, "COMPLETED")
    assert (seen["fetched"], seen["run"], seen["proxied"]) == ("video/mp4",) * 3
    assert seen["cancelled"] == "COMPLETED"
    assert seen["rejected"] == {"name": "ValidationError", "status": 422, "fields": ["literal_error"]}
    assert (await local.http.get(seen["polled"]["video"])).headers["content-type"] == "video/mp4"
    assert (await local.http.get(seen["small"])).text == "hello"
    large = await local.http.get(seen["large"])
    assert (len(large.content), large.content[-1], large.headers["content-type"]) == (91 * MIB, 7, "video/mp4")
