"""What is going on now, told again whenever it changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.domain.badge import Badge, Rank
from bot.domain.job import Event
from tests.console.harness import MIA, Harness

OF_THE_CLUB = Badge(account=MIA, rank=Rank.VIEWER, group="room:club")


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """Each event of a stream: its name and its data."""
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: ")) or ""


async def until(news: AsyncIterator[tuple[str, str]], tile: str) -> AsyncIterator[tuple[str, str]]:
    """What is told up to the first time that a tile counts something."""
    async for event in news:
        yield event
        if count(event[1], tile):
            return


def count(html: str, name: str) -> int:
    """The number on the tile of this name."""
    return int(html.partition(f"</b><span>{name}</span>")[0].rpartition("<b>")[2])


async def test_the_page_counts_what_is_under_way_and_what_came_of_today(at: Harness) -> None:
    await at.kept.submitted("a", group="club")
    await at.kept.admitted("b")
    done = await at.kept.completed("c")
    await at.kept.step(await at.kept.step(done, Event.CLAIMED), Event.POSTED)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as viewer:
        page = (await browser.get("/console")).text
        assert count(page, "At the video service") == 1
        assert count(page, "In line") == 1
        assert count(page, "Done today") == 1
        own = (await viewer.get("/console")).text
        assert (count(own, "At the video service"), count(own, "In line"), count(own, "Done today")) == (1, 0, 0)
    at.kept.clock.forward(timedelta(days=1).total_seconds())
    async with at.browser() as browser:
        assert count((await browser.get("/console")).text, "Done today") == 0


async def test_news_come_by_themselves_and_only_when_something_changed(at: Harness) -> None:
    job = await at.kept.admitted("a")
    async with at.browser() as browser, browser.stream("GET", "/console/live") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        news = events(answer)
        name, html = await asyncio.wait_for(anext(news), 10)
        assert (name, count(html, "In line")) == ("now", 1)
        for look in (2, 3, 4):
            at.bell.ring()  # nothing has changed: nothing is told
            await asyncio.wait_for(at.looks.until(look), 10)
        await at.kept.step(job, Event.PICKED)
        at.bell.ring()
        async with asyncio.timeout(10):
            told = [html async for _, html in until(news, "At the video service")]
    assert (count(told[-1], "In line"), count(told[-1], "At the video service")) == (0, 1)
    assert len(told) <= 2, "a look that fell into the step may have seen one half of it"


@pytest.mark.parametrize("query", ["", "?dark=1"])
async def test_the_plots_are_to_be_had_as_a_picture(at: Harness, query: str) -> None:
    async with at.browser() as browser:
        drawn = await browser.get(f"/console/statistics.png{query}", timeout=30)
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content.startswith(b"\x89PNG")


async def test_a_stream_ends_with_its_session(at: Harness) -> None:
    async with at.browser() as browser, browser.stream("GET", "/console/live") as answer:
        news = events(answer)
        await asyncio.wait_for(anext(news), 10)
        at.kept.clock.forward(timedelta(hours=12).total_seconds())
        at.bell.ring()
        assert await asyncio.wait_for(anext(news), 10) == ("over", "")
        assert [rest async for rest in news] == []


async def test_a_stream_shows_its_own_group_alone(at: Harness) -> None:
    await at.kept.admitted("a", group="club")
    await at.kept.admitted("b", group="other")
    async with at.browser(OF_THE_CLUB) as viewer, viewer.stream("GET", "/console/live") as answer:
        _, html = await asyncio.wait_for(anext(events(answer)), 10)
    assert count(html, "In line") == 1
    assert "/console/jobs/a" in html
    assert "/console/jobs/b" not in html
