"""The main job as a newcomer meets it: `reelroom demo --stay`, a real browser, a photo, and a video that plays."""

import asyncio
import base64
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.source import ROOT

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURE = ROOT / "bot" / "cli" / "demo.jpg"
ARTIFACTS = ROOT / "tests" / "artifacts"
PATIENCE_MS = 90_000
LINK = re.compile(rb"http://127\.0\.0\.1:\d+/login\?key=[\w.-]+")

# A photo let go over the page, as a hand would: the bytes travel in the event's own DataTransfer.
DROP = """async ([name, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name, {type: "image/jpeg"}));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
    }
}"""

# Resolves once a second of it has really been shown.
PLAYS_ON = """video => new Promise((resolve, reject) => {
    video.muted = true;
    video.addEventListener("timeupdate", () => { if (video.currentTime > 1) resolve(); });
    video.addEventListener("error", () => reject(video.error.message));
    video.play().catch(reject);
})"""


@asynccontextmanager
async def demo(*arguments: str) -> AsyncIterator[str]:
    """`reelroom demo --stay`, until the block is left; the one-time link it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-m", "bot", "demo", "--stay", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async for line in process.stdout:
            found = LINK.search(line)
            if found:
                yield found.group().decode()
                break
        else:
            pytest.fail("the demo ended without opening the Room")
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0


@asynccontextmanager
async def browser_page(*, width: int, height: int) -> AsyncIterator[Page]:
    """A page of a real Chromium that fails the test on any error of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": width, "height": height})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        await browser.close()
        assert errors == []


async def picture(page: Page, name: str) -> Path:
    """A screenshot among the test's artifacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    path = ARTIFACTS / f"{name}.png"
    await page.screenshot(path=path)
    return path


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
@pytest.mark.timeout(240)
async def test_a_dropped_photo_and_kiss_me_ai_become_a_video_that_plays_in_the_thread() -> None:
    async with demo("--speed", "4") as link, browser_page(width=1280, height=860) as page:
        await page.goto(link)
        await expect(page.get_by_role("heading", name="What shall we bring to life?")).to_be_visible()
        await page.evaluate(DROP, [PICTURE.name, _base64(PICTURE)])
        await expect(page.locator("#files img")).to_be_visible()
        box = page.get_by_role("combobox", name="Message")
        await box.press_sequentially("/effect Kiss Me AI")
        await expect(page.locator("#facts")).to_contain_text("$0.20")
        await box.press("Escape")
        await box.press("Enter")

        status = page.locator("article[data-kind=status]")
        await expect(status).to_contain_text(re.compile("in its line|next|Rendering"), timeout=PATIENCE_MS)
        await expect(status.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
        await picture(page, "room-working")

        video = page.locator("video")
        await expect(video).to_be_visible(timeout=PATIENCE_MS)
        await video.evaluate(PLAYS_ON)
        facts = await video.evaluate("video => [video.videoWidth, video.videoHeight, video.duration]")
        assert facts == [720, 720, pytest.approx(5, abs=0.1)]
        await expect(status).to_contain_text("Here it is")
        await picture(page, "room")


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
