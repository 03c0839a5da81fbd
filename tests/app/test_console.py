"""The console of the whole program: it watches a real reel being made, and its switch stops the next one."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from bot.app import clock
from bot.app.local_fal import at_sandbox, local_fal
from bot.app.parts import Plan
from bot.app.program import Program, started
from bot.chat.terminal.client import Terminal
from bot.domain.ask import Account
from bot.domain.errors import NoReel
from bot.sandbox.settings import SandboxSettings
from bot.settings.bot import WebSection
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings
from tests.console.harness import TOKEN
from tests.source import ROOT

PICTURE = ROOT / "bot" / "cli" / "demo.jpg"
SLUG = "pixverse-v4.5-effects"
DONE = "<b>1</b><span>Done today</span>"


async def owner(program: Program) -> httpx.AsyncClient:
    """A browser of the owner, logged in by a link from the door."""
    async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        link = await terminal.console_link(role="owner", group="", name="Olga")
    browser = httpx.AsyncClient(base_url=program.url, headers={"origin": program.url}, timeout=30)
    entered = await browser.post("/console/login", data={"key": link.partition("key=")[2]})
    assert entered.status_code == 303
    return browser


async def render(program: Program, target: Path) -> None:
    """One reel, asked for at the door."""
    async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        await terminal.render("/effect Kiss Me AI", [PICTURE], target, on_progress=lambda _: None)


async def test_links_lead_where_people_reach_the_pages_from_elsewhere(tmp_path: Path) -> None:
    catalogue = load_catalogue(ROOT / "config" / "endpoints")
    web = WebSection(port=0, public_url="https://reels.example.com/")
    settings = at_sandbox(Settings(web=web), "http://127.0.0.1:9")
    async with started(Plan(settings=settings, catalogue=catalogue, data=tmp_path / "data")) as program:
        assert program.login_url().startswith("https://reels.example.com/login?key=")
        async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
            link = await terminal.console_link(role="owner", group="", name="Olga")
        assert link.startswith("https://reels.example.com/console/login?key=")
        proxied = {"host": "reels.example.com", "origin": "https://reels.example.com"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{program.port}", headers=proxied) as browser:
            entered = await browser.post("/console/login", data={"key": link.partition("key=")[2]})
            assert entered.status_code == 303
            assert "secure" in entered.headers["set-cookie"].lower()
            browser.headers["host"] = "reels.example.com.evil.example"
            assert (await browser.get("/console/login")).status_code == 421


async def test_a_link_asked_for_in_chat_leads_in_as_what_one_is_there(tmp_path: Path) -> None:
    catalogue = load_catalogue(ROOT / "config" / "endpoints")
    settings = at_sandbox(Settings(web=WebSection(port=0)), "http://127.0.0.1:9")
    moderator = Account(platform="discord", id="7", name="Mia", is_moderator=True)
    async with started(Plan(settings=settings, catalogue=catalogue, data=tmp_path / "data")) as program:
        notice = await program.world.invitations.console(moderator, "123")
        link = notice.text.splitlines()[-1]
        async with httpx.AsyncClient(base_url=program.url, headers={"origin": program.url}) as browser:
            await browser.post("/console/login", data={"key": link.partition("key=")[2]})
            assert "moderator of discord:123" in (await browser.get("/console")).text


async def told(browser: httpx.AsyncClient, words: str) -> str:
    """Follow the overview until it says this."""
    async with browser.stream("GET", "/console/live") as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: ") and words in str(html := json.loads(line.removeprefix("data: "))):
                return str(html)
    pytest.fail("the stream ended")


async def test_a_reel_being_made_is_seen_on_the_console_and_a_paused_endpoint_makes_no_other(tmp_path: Path) -> None:
    catalogue = load_catalogue(ROOT / "config" / "endpoints")
    async with local_fal(catalogue, SandboxSettings(speed=100)) as url:
        settings = at_sandbox(Settings(web=WebSection(port=0)), url)
        async with started(Plan(settings=settings, catalogue=catalogue, data=tmp_path / "data")) as program:
            browser = await owner(program)
            watching = asyncio.create_task(told(browser, DONE))
            await render(program, tmp_path / "kiss.mp4")
            html = await asyncio.wait_for(watching, 6)  # less than the beat by which it would be noticed anyway
            job = html.partition('class="row-link" href="/console/jobs/')[2].partition('"')[0]
            page = (await browser.get(f"/console/jobs/{job}")).text
            assert "Kiss Me AI" in page
            reel = await browser.get(f"/console/jobs/{job}/reel.mp4")
            assert reel.content == (tmp_path / "kiss.mp4").read_bytes()
            given = page.partition('<img src="')[2].partition('"')[0]
            assert (await browser.get(given)).headers["content-type"].startswith("image/")

            token = TOKEN.search(page)
            assert token
            form = {"token": token[1], "reason": "to see it stop"}
            assert (await browser.post(f"/console/endpoints/{SLUG}/pause", data=form)).status_code == 303
            with pytest.raises(NoReel, match="is paused for now"):
                await render(program, tmp_path / "no.mp4")
            await browser.aclose()
