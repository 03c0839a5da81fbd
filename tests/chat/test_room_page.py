"""The Room's page in a real Chromium, against a real store and real sockets."""

import io
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, async_playwright, expect

from bot.domain.ask import Ask
from bot.domain.notice import Action, Button, Notice, Tone
from tests.chat.room_harness import Harness, picture, room, until

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH (Debian: apt-get install chromium)"),
]

GIVE_FILE = """
([kind, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
        : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.getElementById("box").dispatchEvent(event);
}
"""

TOO_WIDE = """
() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length
"""

PLAYING = "(video) => video.readyState >= 2 && !video.paused && video.muted && video.currentTime > 0"


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    async with room(tmp_path) as running:
        yield running


@pytest.fixture
async def page(harness: Harness) -> AsyncIterator[Page]:
    """The Room, entered by a one-time link; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = await browser.new_page(viewport={"width": 1280, "height": 800})
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
        await opened.goto(harness.login_url())
        await opened.wait_for_selector("[data-ready]")
        yield opened
        await browser.close()
    assert complaints == []


def photo() -> bytes:
    data = io.BytesIO()
    picture().save(data, "JPEG")
    return data.getvalue()


async def give(page: Page, kind: str) -> None:
    """Drop or paste a picture."""
    base64 = b64encode(photo()).decode()
    await page.evaluate(GIVE_FILE, [kind, base64])
    await expect(page.locator(".file:not([data-state])")).to_have_count(1)


async def received(harness: Harness) -> Ask:
    await until(harness.front.taken)
    return harness.front.received[-1]


async def test_a_newcomer_is_told_what_to_do_and_led_into_the_box(page: Page) -> None:
    await expect(page.get_by_role("heading", name="What shall we bring to life?")).to_be_visible()
    await page.get_by_text("/effect Kiss Me AI").click()
    await expect(page.get_by_label("Message")).to_have_value("/effect Kiss Me AI")


async def test_from_a_dropped_photo_to_a_playing_video(page: Page, harness: Harness) -> None:
    await give(page, "drop")
    box = page.get_by_label("Message")
    await box.press_sequentially("/eff")
    await page.keyboard.press("Enter")
    await box.press_sequentially("ki")
    await expect(page.get_by_role("option")).to_have_text(["Kiss Me AI", "Kiss"])
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/effect Kiss Me AI ")
    await expect(page.locator("#facts")).to_contain_text("$0.20")
    await page.keyboard.press("Enter")

    ask = await received(harness)
    assert ask.wish.options == {"effect": "Kiss Me AI"}
    assert ask.price_seen_microusd == 200_000
    await expect(page.locator(".ask .bubble")).to_have_text("/effect Kiss Me AI")
    await expect(page.locator(".ask img")).to_be_visible()

    cancel = Button(action=Action.CANCEL, subject=ask.id, label="Cancel")
    waiting = Notice(text="You're 2nd in line.", tone=Tone.WAITING, buttons=(cancel,))
    await harness.chat.announce(ask.place, waiting, job=ask.id, receipt="")
    await expect(page.locator(".said-text")).to_have_text("You're 2nd in line.")
    working = Notice(text="Rendering, about 20 s left.", tone=Tone.WORKING, progress=0.4, buttons=(cancel,))
    await harness.chat.announce(ask.place, working, job=ask.id, receipt="")
    await expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator(".toast")).to_have_text("Stopping it.")
    assert harness.front.pressed[0][:2] == (Action.CANCEL, ask.id)

    await harness.chat.deliver(ask.place, harness.parcel(ask.id, picture()), in_doubt=False)
    await page.wait_for_function(f"() => ({PLAYING})(document.querySelector('video') ?? {{}})")
    await expect(page.get_by_role("link", name="Save the video")).to_have_attribute("download", f"reel-{ask.id}.mp4")
    await page.reload()
    await page.wait_for_function(f"() => ({PLAYING})(document.querySelector('video') ?? {{}})")


async def test_what_is_said_once_stands_below_the_box_until_something_is_typed(page: Page) -> None:
    await page.clock.install()
    await page.reload()
    await page.wait_for_selector("[data-ready]")
    box = page.get_by_label("Message")
    await box.fill("/link")
    await page.keyboard.press("Enter")
    await expect(page.locator("#facts")).to_have_text("you asked /link")
    await expect(box).to_have_value("")
    await page.clock.run_for(2_000)
    await expect(page.locator("#facts")).to_have_text("you asked /link")
    await expect(page.locator(".ask")).to_have_count(0)
    await box.fill("/quota")
    await expect(page.locator("#facts")).not_to_contain_text("/link")


async def test_a_pasted_picture_can_be_taken_away_again(page: Page) -> None:
    await page.get_by_label("Message").focus()
    await give(page, "paste")
    await page.get_by_role("button", name="Remove me.jpg").click()
    await expect(page.locator(".file")).to_have_count(0)


async def test_options_and_their_values_are_offered_with_the_keyboard_alone(page: Page) -> None:
    box = page.get_by_label("Message")
    await box.press_sequentially("/animate the horse bolts --as")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("option")).to_contain_text(["16:9", "9:16", "1:1"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/animate the horse bolts --aspect 9:16 ")
    await box.press_sequentially("--mo")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("option")).to_contain_text(["wan-pro"])
    await page.keyboard.press("Escape")
    await expect(page.locator("#completion")).to_be_hidden()


async def test_every_problem_is_shown_and_the_text_stays(page: Page, harness: Harness) -> None:
    box = page.get_by_label("Message")
    await box.fill("/effect Kis Mee --duration 9")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("duration")
    await expect(page.get_by_role("alert")).to_contain_text("attach a picture")
    await expect(box).to_have_value("/effect Kis Mee --duration 9")
    assert harness.front.received == []


async def test_a_file_over_the_limit_is_named_and_not_sent(page: Page) -> None:
    await page.set_input_files("#picker", FilePayload(name="film.mp4", mimeType="video/mp4", buffer=b"x" * 1_000_001))
    await expect(page.get_by_role("alert")).to_contain_text("film.mp4 is too large")
    await expect(page.locator(".file")).to_have_count(0)


async def test_change_puts_text_and_picture_back_into_the_box(page: Page, harness: Harness) -> None:
    await give(page, "drop")
    await page.get_by_label("Message").fill("/effect Hug --duration 8")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    ask = await received(harness)
    change = Button(action=Action.CHANGE, subject=ask.id, label="Change")
    failed = Notice(text="It did not work.", tone=Tone.BAD, buttons=(change,))
    await harness.chat.announce(ask.place, failed, job=ask.id, receipt="")
    await page.get_by_role("button", name="Change").click()
    await expect(page.get_by_label("Message")).to_have_value("/effect Hug --duration 8")
    await expect(page.locator(".file img")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 820])
async def test_nothing_is_wider_than_a_phone(page: Page, harness: Harness, width: int) -> None:
    await give(page, "drop")
    await page.get_by_label("Message").fill("/effect Warmth of Jesus --duration 8 --model kling-1.6")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    ask = await received(harness)
    await harness.chat.deliver(ask.place, harness.parcel(ask.id, picture((240, 426))), in_doubt=False)
    await page.set_viewport_size({"width": width, "height": 700})
    await expect(page.locator("video")).to_be_visible()
    assert await page.evaluate(TOO_WIDE) == 0


async def test_news_from_elsewhere_appear_in_the_list(page: Page, harness: Harness) -> None:
    await harness.rows.open_ask("event-0001", "ask-1", "", "/effect Hug", '{"text": "/effect Hug", "attachments": []}')
    await expect(page.locator(".thread-title")).to_have_text("Hug")


EVIL = """'"></div></script><img src=evil onerror="document.title='hit'">&lt;b"""
"""What closes whatever it stands in, opens something new, and is half escaped already."""


async def test_what_is_written_is_text_wherever_it_stands(page: Page, harness: Harness) -> None:
    typed = f"/animate a ship {EVIL}"
    await give(page, "drop")
    await page.get_by_label("Message").fill(typed)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    ask = await received(harness)
    await expect(page.locator(".ask .bubble")).to_have_text(typed)
    await expect(page.locator(".thread-title").first).to_contain_text("<img src=evil")
    again = Button(action=Action.CANCEL, subject=ask.id, label=EVIL)
    said = Notice(text=EVIL, detail=EVIL, tone=Tone.WAITING, buttons=(again,))
    await harness.chat.announce(ask.place, said, job=ask.id, receipt="")
    await expect(page.locator(".said-text")).to_have_text(EVIL)
    await expect(page.get_by_role("button", name=EVIL)).to_be_visible()
    await page.reload()
    await expect(page.locator(".said-text")).to_have_text(EVIL)
    await expect(page.locator('img[src="evil"], [onerror]')).to_have_count(0)
    assert await page.title() != "hit"
