"""The console in a real Chromium, with three weeks behind it, against a real store and real sockets."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.domain.badge import Badge
from bot.domain.job import Event, State
from bot.store.registers import Registers
from tests.console.harness import OWNER, VIEWER, Harness, console
from tests.console.scenery import fill, shipped
from tests.store.shop import RELEASED

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH (Debian: apt-get install chromium)"),
]

PLACES = ["", "/review", "/jobs", "/people", "/groups", "/rules", "/money", "/endpoints", "/log", "/health"]

TOO_WIDE = """
() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("svg"))
    .map((one) => one.outerHTML.slice(0, 120))
"""

CONTRAST = """
() => {
    const linear = (part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((part) => linear(part / 255));
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const pixel = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const behind = (element) => {
        const found = [];
        for (let one = element; one; one = one.parentElement) found.unshift(getComputedStyle(one).backgroundColor);
        return [getComputedStyle(document.documentElement).getPropertyValue("--bg"), ...found];
    };
    const faint = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || element.closest("svg, .unseen, option, meter, .dim")) continue;
        const under = behind(element);
        const [a, b] = [pixel(under), pixel([...under, getComputedStyle(element).color])].map(luminance);
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < 4.5) faint.push(`${ratio.toFixed(2)}: ${texts.currentNode.data.trim()}`);
    }
    return faint;
}
"""
"""Words that stand out from what is behind them by less than WCAG 2.1 asks for (4.5 : 1)."""


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Harness]:
    async with console(tmp_path, shipped()) as running:
        await fill(running)
        yield running


@asynccontextmanager
async def opened(
    at: Harness, badge: Badge = OWNER, *, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> AsyncIterator[Page]:
    """The console, entered by a link; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(at.console.url(badge))
        await expect(page.get_by_role("button", name="Open the console")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.wait_for_selector("html[data-ready]")
        yield page
        await browser.close()
    assert complaints == []


async def test_a_link_leads_in_with_one_key_and_is_then_used_up(at: Harness) -> None:
    async with opened(at) as page:
        await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        await expect(page.get_by_text("Olga")).to_be_visible()
        await page.get_by_role("button", name="Leave").click()
        await expect(page.get_by_role("heading", name="You have left")).to_be_visible()


async def test_an_endpoint_is_paused_and_resumed_with_the_keyboard(at: Harness) -> None:
    async with opened(at) as page:
        await page.get_by_role("link", name="Endpoints").click()
        switch = page.get_by_label("Pause Veo 2", exact=True)
        await switch.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type("its price has doubled")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Veo 2 is paused. What was asked for before still runs.")
        await expect(page.get_by_text("paused: its price has doubled")).to_be_visible()
        assert await at.kept.people.paused("veo2-image-to-video") == "its price has doubled"
        await page.get_by_role("button", name="Resume Veo 2").press("Enter")
        await expect(page.get_by_text("Veo 2 is back.")).to_be_visible()
        assert await at.kept.people.paused("veo2-image-to-video") == ""


async def test_a_request_is_approved_and_another_refused_with_the_keyboard_alone(at: Harness) -> None:
    waiting = [job.id for job in await Registers(at.kept.database).waiting_for_moderators("", limit=9)]
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/review")
        picture = page.locator("article img").first
        assert await picture.evaluate("(one) => one.complete && one.naturalWidth") == 300
        await page.keyboard.press("j")
        await page.keyboard.press("a")
        await expect(page.get_by_role("status")).to_contain_text("Approved")
        await expect(page.locator("article")).to_have_count(1)
        await page.keyboard.press("j")
        await page.keyboard.press("r")
        await page.keyboard.type("not in this group")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Refused; nothing was charged")
        await expect(page.get_by_text("Nothing waits for a moderator")).to_be_visible()
        await page.goto(f"{at.url}/console/log")
        await expect(page.get_by_role("row").nth(1)).to_contain_text("not in this group")
    jobs = [await at.kept.jobs.get(job) for job in waiting]
    assert [job.state for job in jobs if job] == [State.ADMITTED, State.REFUSED]


async def test_news_of_what_waits_are_told_and_nothing_moves_under_the_moderators_hands(at: Harness) -> None:
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/review")
        await page.wait_for_selector("[data-news][data-on]", state="attached")
        reason = page.get_by_label("Why not?").first
        await reason.fill("half a sent")
        first = await at.kept.jobs.get((await page.locator("article h2").nth(1).get_attribute("id") or "")[6:])
        assert first is not None
        await at.kept.step(first, Event.CANCELLED, closing=RELEASED)
        at.bell.ring()
        news = page.get_by_role("link", name="Show what waits now")
        await expect(news).to_be_visible()
        await expect(reason).to_have_value("half a sent")
        await news.click()
        await expect(page.locator("article")).to_have_count(1)
        await expect(news).to_be_hidden()


async def test_a_rule_is_tried_out_and_kept(at: Harness) -> None:
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/rules?group=discord:4471")
        words = page.get_by_role("textbox", name="Denied words", exact=True)
        await words.fill("Lighthouse")
        await page.get_by_role("button", name="Try denied words").click()
        caught = page.get_by_role("region", name="Caught").get_by_role("listitem")
        await expect(caught.first).to_contain_text("a lighthouse in a storm")
        await expect(page.get_by_text("Nothing is changed so far")).to_be_visible()
        await page.get_by_role("button", name="Keep it").click()
        await expect(page.get_by_role("status")).to_contain_text("Done")
        await expect(words).to_have_value("Lighthouse")
    assert (await at.kept.groups.rules("discord", "4471")).rules.words == ("Lighthouse",)


async def test_a_group_is_opened_with_a_button(at: Harness) -> None:
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/groups")
        await page.get_by_role("button", name="Open discord:5102").click()
        await expect(page.get_by_role("status")).to_contain_text("They can use me now")
        await expect(page.get_by_role("button", name="Open discord:5102")).to_have_count(0)


async def test_the_overview_follows_what_happens_without_being_loaded_again(at: Harness) -> None:
    async with opened(at) as page:
        in_line = page.get_by_role("link", name="In line").locator("b")
        await expect(in_line).to_have_text("1")
        await page.wait_for_selector("#now[data-on]")
        row = page.get_by_role("link", name="Warmth of Jesus").first
        await row.focus()
        jobs = await at.kept.database.read("SELECT id FROM jobs WHERE state = 'admitted'")
        job = await at.kept.jobs.get(jobs[0]["id"])
        assert job is not None
        await at.kept.step(job, Event.PICKED)
        at.bell.ring()
        await expect(in_line).to_have_text("0")
        assert await page.evaluate("document.activeElement.textContent") == "Warmth of Jesus"


async def test_the_plots_are_seen_and_told(at: Harness) -> None:
    async with opened(at) as page:
        for name in ("Spending per day", "Videos per model", "From asking to the reel"):
            drawing = page.get_by_role("img", name=name)
            await expect(drawing).to_have_count(1)
            await expect(drawing).to_be_visible()
            assert await drawing.locator("rect").count() > 4
        await page.get_by_role("figure", name="Videos per model").get_by_text("As figures").click()
        await expect(page.get_by_role("cell", name="Veo 2", exact=True)).to_be_visible()
        await page.set_viewport_size({"width": 390, "height": 800})
        letters = page.get_by_role("img", name="Spending per day").locator("text").first
        assert await letters.evaluate("(one) => one.getBoundingClientRect().height") >= 11


async def test_rows_are_walked_through_and_opened_with_the_keyboard(at: Harness) -> None:
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/jobs")
        for key in ("j", "j", "k", "j"):
            await page.keyboard.press(key)
        second = page.locator(".row-link").nth(1)
        await expect(second).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="What happened")).to_be_visible()
        await page.goto(f"{at.url}/console/people")
        await page.keyboard.press("/")
        await page.keyboard.type("jack")
        await expect(page.get_by_label("Name or id")).to_have_value("jack")


async def test_a_reel_plays_on_the_page_of_its_job(at: Harness) -> None:
    async with opened(at) as page:
        await page.goto(f"{at.url}/console/jobs?show=delivered")
        await page.locator(".row-link").first.click()
        video = page.locator("video")
        await video.evaluate("(one) => { one.muted = true; return one.play(); }")
        await page.wait_for_function("document.querySelector('video').currentTime > 0")


async def test_a_viewer_is_shown_nothing_to_press(at: Harness) -> None:
    viewer = Badge(account=VIEWER.account, rank=VIEWER.rank, group="discord:4471")
    async with opened(at, viewer) as page:
        for place in PLACES:
            await page.goto(f"{at.url}/console{place}")
            await expect(page.locator("main form[method=post]")).to_have_count(0)
        await page.goto(f"{at.url}/console/jobs?show=admitted")
        await page.locator(".row-link").first.click()
        await expect(page.locator("main form[method=post]")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 820])
async def test_nothing_is_wider_than_a_phone(at: Harness, width: int) -> None:
    async with opened(at, width=width) as page:
        for place in PLACES:
            await page.goto(f"{at.url}/console{place}")
            assert (place, await page.evaluate(TOO_WIDE)) == (place, [])
            await expect(page.locator("nav [aria-current]")).to_be_in_viewport(ratio=1)
        await page.goto(f"{at.url}/console/jobs?show=open")
        await page.locator(".row-link").first.click()
        await page.wait_for_url("**/console/jobs/*")
        assert await page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_what_is_behind_it(at: Harness, scheme: Literal["light", "dark"]) -> None:
    await at.kept.people.pause_endpoint("veo2-image-to-video", "to see how it looks")
    async with opened(at, scheme=scheme) as page:
        for place in [*PLACES, "/jobs?show=failed"]:
            await page.goto(f"{at.url}/console{place}")
            assert (place, await page.evaluate(CONTRAST)) == (place, [])
