"""The switches of endpoints: an owner's, with a reason, and what everybody sees of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.job import Event, Reason
from bot.settings.endpoints import catalogue_of
from tests.builders import an_endpoint
from tests.console.harness import MIA, MODERATOR, Harness, console
from tests.store.shop import RELEASED

SLUG = "pixverse-effects"
PAUSE = f"/console/endpoints/{SLUG}/pause"
RESUME = f"/console/endpoints/{SLUG}/resume"
EVERYWHERES = Badge(account=MIA, rank=Rank.MODERATOR, group=EVERYWHERE)


async def test_an_owner_pauses_an_endpoint_for_a_reason_and_puts_it_back(at: Harness) -> None:
    async with at.browser() as browser, at.browser(MODERATOR) as moderator:
        done = await browser.send_form(PAUSE, on="/console/endpoints", reason="twice as dear as it says")
        assert (done.status_code, done.headers["location"]) == (303, "/console/endpoints")
        assert await at.kept.people.paused(SLUG) == "twice as dear as it says"
        after = (await browser.get("/console/endpoints")).text
        assert "Pixverse effects is paused." in after
        assert "paused: twice as dear as it says" in after
        assert "paused: twice as dear as it says" in (await moderator.get("/console/endpoints")).text
        assert "twice as dear" in (await moderator.get("/console")).text
        await browser.send_form(RESUME, on="/console/endpoints")
        assert await at.kept.people.paused(SLUG) == ""
        assert "twice as dear" not in (await browser.get("/console/endpoints")).text


@pytest.mark.parametrize("badge", [MODERATOR, EVERYWHERES], ids=["of a group", "of all"])
async def test_a_moderator_sees_no_switch_and_cannot_use_one(at: Harness, badge: Badge) -> None:
    async with at.browser(badge) as browser:
        page = (await browser.get("/console/endpoints")).text
        assert PAUSE not in page
        assert "Only an owner" in page
        refused = await browser.send_form(PAUSE, reason="because")
        assert (refused.status_code, "not yours to change" in refused.text) == (403, True)
        await at.kept.people.pause_endpoint(SLUG, "too dear")
        assert (await browser.send_form(RESUME)).status_code == 403
    assert await at.kept.people.paused(SLUG) == "too dear"


@pytest.mark.parametrize(("reason", "says"), [("  ", "reason"), ("x" * 201, "at most 200 fit")])
async def test_a_pause_without_a_good_reason_is_not_done_and_says_so(at: Harness, reason: str, says: str) -> None:
    async with at.browser() as browser:
        refused = await browser.send_form(PAUSE, on="/console/endpoints", reason=reason)
    assert refused.status_code == 422
    assert says in refused.text
    assert await at.kept.people.paused(SLUG) == ""


async def test_there_is_no_switch_for_what_is_not_there(at: Harness) -> None:
    async with at.browser() as browser:
        refused = await browser.send_form("/console/endpoints/made-up/pause", reason="because")
    assert (refused.status_code, "made-up" in refused.text) == (422, True)


async def test_what_an_endpoint_costs_takes_and_fails_is_told_from_its_own_runs(at: Harness) -> None:
    async with at.browser() as browser:
        before = (await browser.get("/console/endpoints")).text
        assert "a first guess" in before
        assert "no runs yet" in before
        assert "usually $0.20" in before
        for number in range(6):
            job = await at.kept.completed(f"made-{number}")
            await at.kept.jobs.took(job, 40 + number)
            await at.kept.step(await at.kept.step(job, Event.CLAIMED), Event.POSTED)
        for number in range(2):
            job = await at.kept.submitted(f"failed-{number}")
            await at.kept.step(job, Event.FAILED, closing=RELEASED, reason=Reason.FAL_SAID_NO)
        after = (await browser.get("/console/endpoints")).text
    assert "25 %" in after
    assert "of the last 8" in after
    assert "a first guess" not in after
    assert "40 s" in after


async def test_what_its_file_keeps_off_has_no_switch(tmp_path: Path) -> None:
    retired = replace(an_endpoint(), retired=True)
    free = replace(an_endpoint(slug="free", model="free", id="fal-ai/free"), price=None)
    async with console(tmp_path, catalogue_of([retired, free])) as at, at.browser() as browser:
        page = (await browser.get("/console/endpoints")).text
    assert "off: fal no longer lists it" in page
    assert "off: it has no price yet" in page
    assert "/pause" not in page
