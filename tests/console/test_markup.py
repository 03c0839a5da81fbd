"""Whatever people, groups and services are called, and whatever they write: it is text on every page, and no markup."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from bot.domain.ask import Account, Wish
from bot.domain.badge import Badge, Rank
from bot.domain.decision import Decision, Ruling
from bot.domain.group_rules import Edit, edited
from bot.domain.job import Event, Job, Reason, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.moderation import Verdict
from bot.domain.quota import Standing
from bot.domain.sanction import Kind, Sanction
from tests.builders import an_ask, an_endpoint, an_order
from tests.console.harness import OWNER, Harness
from tests.console.test_overview import events

EVIL = """'"></td></script><img src=evil onerror=alert(1)>&lt;b"""
"""What closes whatever it stands in, opens something new, and is half escaped already."""

EVE = Account(platform="room", id="eve", name=EVIL)
GROUP, GRP = "club", "room:club"


class Elements(HTMLParser):
    """What a browser would make of a page: its elements, and all that is text in it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.planted: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if any(name.startswith("on") for name in given) or given.get("src") == "evil":
            self.planted.append(tag)
        self.words += [value for value in given.values() if value]

    @override
    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(page: str) -> bool:
    """Whether the page says it, exactly as it was written."""
    return any(EVIL in words for words in Elements(page).words)


async def written(at: Harness) -> tuple[Job, Job]:
    """A request that waits and one that failed, with everything about them written by somebody who means no good."""
    kept = at.kept
    ask = an_ask(
        "waits", account=EVE, group=GROUP, group_name=EVIL, wish=Wish(command="video", options={"prompt": EVIL})
    )
    order = an_order(values={"prompt": EVIL})
    waits = (await kept.admit(ask, order, verdict=Verdict(waiting_for=frozenset({Waiting.MODERATOR})))).job
    failed = await kept.submitted("failed", account=EVE, group=GROUP, group_name=EVIL, wish=ask.wish)
    released = Closing(ending=Ending.RELEASED)
    failed = await kept.step(failed, Event.FAILED, closing=released, reason=Reason.FAL_SAID_NO, failure=EVIL)
    assert waits is not None
    now = kept.clock()
    why = Decision(
        who=EVE.key, what=Ruling.TIMED_OUT, at=now, platform="room", group=GROUP, whom=EVE.key, why=EVIL, detail=EVIL
    )
    sanction = Sanction(kind=Kind.BAN, whom=EVE.key, grp=GRP, by=EVE.key, at=now, why=EVIL)
    await kept.sanctions.give(EVE, sanction, why)
    await kept.groups.change_rules("room", GROUP, lambda old: edited(old, "denied_words", Edit.SET, [EVIL]), why)
    await kept.people.decide("room", GROUP, Standing.APPROVED)
    await kept.people.declare(EVE, GROUP)
    await kept.people.pause_endpoint(an_endpoint().slug, EVIL)
    at.vitals.of("Discord").away(EVIL)
    return waits, failed


def pages(waits: Job, failed: Job) -> Iterator[str]:
    yield from (
        "",
        "/review",
        "/jobs",
        "/people",
        f"/people?name={EVIL[:3]}",
        "/groups",
        "/endpoints",
        "/log",
        "/health",
    )
    yield from (f"/rules?group={GRP}", f"/people/{waits.person}", f"/jobs/{waits.id}", f"/jobs/{failed.id}")


async def test_what_anybody_wrote_is_text_on_every_page_and_none_of_it_is_lost(at: Harness) -> None:
    waits, failed = await written(at)
    async with at.browser(OWNER) as browser:
        for path in pages(waits, failed):
            page = await browser.get(f"/console{path}")
            assert (path, page.status_code, Elements(page.text).planted) == (path, 200, [])
            assert (path, seen(page.text)) == (path, True)


async def test_whoever_looks_is_called_what_they_are_called(at: Harness) -> None:
    badge = Badge(account=Account(platform="room", id="o", name=EVIL), rank=Rank.MODERATOR, group=GRP)
    await written(at)
    async with at.browser(badge) as browser, at.stranger() as invited:
        for page in (await browser.get("/console"), await invited.get(at.console.url(badge))):
            assert (seen(page.text), Elements(page.text).planted) == (True, [])


async def test_a_rule_that_is_tried_and_a_refusal_say_it_as_it_was_typed(at: Harness) -> None:
    await written(at)
    async with at.browser(OWNER) as browser:
        form = {"group": GRP, "key": "denied_words", "value": EVIL}
        tried = await browser.send_form("/console/rules/try", on=f"/console/rules?group={GRP}", **form)
        assert (seen(tried.text), Elements(tried.text).planted) == (True, [])
        refused = await browser.send_form(
            "/console/rules/change", on=f"/console/rules?group={GRP}", **{**form, "key": "cooldown_s"}
        )
        assert (refused.status_code, Elements(refused.text).planted) == (422, [])


async def test_what_is_said_of_what_was_done_is_text_too(at: Harness) -> None:
    waits, _ = await written(at)
    async with at.browser(OWNER) as browser:
        path = f"/console/people/{waits.person}"
        await browser.send_form(f"{path}/revoke", on=path, group=GRP)
        page = (await browser.get(path)).text
        assert Elements(page).planted == []
        assert "will be asked again" in page


async def test_the_part_about_now_comes_escaped_as_well(at: Harness) -> None:
    await written(at)
    async with at.browser(OWNER) as browser, browser.stream("GET", "/console/live") as answer:
        _, html = await anext(events(answer))
    assert Elements(html if not html.startswith('"') else json.loads(html)).planted == []


@pytest.mark.parametrize("place", ["name", "group", "account", "job"])
async def test_what_stands_in_an_address_is_text_and_nothing_else(at: Harness, place: str) -> None:
    async with at.browser(OWNER) as browser, at.stranger() as nobody:
        for path in ("/console/people", "/console/jobs", "/console/money", "/console/rules", "/console/log"):
            page = await browser.get(path, params={place: EVIL})
            assert (path, Elements(page.text).planted) == (path, [])
        assert Elements((await nobody.get("/console/login", params={place: EVIL})).text).planted == []
