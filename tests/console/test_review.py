"""Review: what waits for a moderator, and what each of them may say to it, once."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ask import Account
from bot.domain.badge import Badge, Rank
from bot.domain.decision import Ruling
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.moderation import Verdict
from tests.builders import ANNA, BEN, NOON, an_ask, an_order
from tests.console.harness import MIA, MODERATOR, OWNER, VIEWER, Harness
from tests.console.test_overview import events

CLUB = "room:club"
OF_THE_CLUB = Badge(account=MIA, rank=Rank.MODERATOR, group=CLUB)
VIEWER_OF_THE_CLUB = Badge(account=VIEWER.account, rank=Rank.VIEWER, group=CLUB)


async def waits(
    at: Harness, name: str, *also: Waiting, group: str = "club", account: Account = ANNA, prompt: str = "a frog sings"
) -> Job:
    """A request that waits for a moderator."""
    admission = await at.kept.admit(
        an_ask(name, group=group, account=account),
        an_order(values={"effect": "Kiss Me AI", "prompt": prompt}),
        verdict=Verdict(waiting_for=frozenset({Waiting.MODERATOR, *also})),
    )
    assert admission.job
    return admission.job


async def now(at: Harness, name: str) -> Job:
    """The Job as it is now."""
    job = await at.kept.jobs.get(name)
    assert job
    return job


async def test_a_request_stands_with_all_that_helps_to_decide(at: Harness) -> None:
    for number in range(2):
        job = await at.kept.completed(f"before-{number}", group="club")
        await at.kept.step(await at.kept.step(job, Event.CLAIMED), Event.POSTED)
    await waits(at, "a")
    at.kept.clock.forward(120)
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get("/console/review")).text
    for words in (
        "Kiss Me AI",
        "a frog sings",
        "Anna",
        "2 reels here",
        "no strike",
        "2 min ago",
        "it expires in",
        "$0.20",
        "/console/jobs/a/given/cafe",
    ):
        assert words in page, words


async def test_only_what_waits_for_a_moderator_of_this_group_is_shown_oldest_first(at: Harness) -> None:
    await waits(at, "first")
    at.kept.clock.forward(1)
    await waits(at, "second", Waiting.CONFIRMATION)
    await waits(at, "elsewhere", group="other")
    await at.kept.admit(an_ask("own", group="club"), verdict=Verdict(waiting_for=frozenset({Waiting.CONFIRMATION})))
    async with at.browser(OF_THE_CLUB) as browser, at.browser(OWNER) as owner, at.browser(MODERATOR) as elsewhere:
        page = (await browser.get("/console/review")).text
        assert [name for name in ("first", "second", "elsewhere", "own") if f"review/{name}/" in page] == [
            "first",
            "second",
        ]
        assert page.index("review/first/") < page.index("review/second/")
        assert "also waits for the person's own yes" in page.replace("&#39;", "'")
        assert "review/elsewhere/" in (await owner.get("/console/review")).text
        assert "Nothing waits" in (await elsewhere.get("/console/review")).text


async def test_what_waits_is_told_by_itself_and_of_the_own_group_alone(at: Harness) -> None:
    await waits(at, "elsewhere", group="other")
    async with at.browser(OF_THE_CLUB) as browser, browser.stream("GET", "/console/review/live") as answer:
        news = events(answer)
        assert await asyncio.wait_for(anext(news), 10) == ("now", "")
        await waits(at, "a")
        at.bell.ring()
        assert await asyncio.wait_for(anext(news), 10) == ("now", "a")


async def test_a_moderator_approves_and_the_next_finds_it_settled(at: Harness) -> None:
    await waits(at, "a")
    async with at.browser(OF_THE_CLUB) as browser, at.browser(OWNER) as other:
        done = await browser.send_form("/console/review/a/approve", on="/console/review")
        assert done.headers["location"] == "/console/review"
        assert "Approved." in (await browser.get("/console/review")).text
        late = await other.send_form("/console/review/a/approve", on="/console")
        assert (late.status_code, "already settled" in late.text) == (422, True)
    assert (await now(at, "a")).state is State.ADMITTED
    (decision,) = await at.kept.decisions.of_job("a")
    assert (decision.what, decision.who, decision.whom, decision.at) == (
        Ruling.APPROVED,
        MIA.key,
        ANNA.key,
        NOON,
    )


async def test_a_moderator_refuses_with_a_reason_that_is_told(at: Harness) -> None:
    await waits(at, "a")
    async with at.browser(OF_THE_CLUB) as browser:
        await browser.send_form("/console/review/a/refuse", on="/console/review", reason="  not  here ")
    job = await now(at, "a")
    assert (job.state, job.reason, job.remark) == (State.REFUSED, Reason.BY_MODERATOR, "not here")
    assert [one.why for one in await at.kept.decisions.of_job("a")] == ["not here"]
    assert (await at.kept.audit()).held == 0
    assert await at.kept.sanctions.against(ANNA, CLUB) == []


@pytest.mark.parametrize(("hours", "lasts"), [("", 24), ("1", 1), ("168", 168), ("9999", 24), ("x", 24)])
async def test_a_moderator_refuses_and_keeps_somebody_out_for_a_while(at: Harness, hours: str, lasts: int) -> None:
    await waits(at, "a")
    async with at.browser(OF_THE_CLUB) as browser:
        await browser.send_form("/console/review/a/refuse", on="/console/review", silence="1", hours=hours)
        assert "They can ask again from" in (await browser.get("/console/review")).text
    (out,) = await at.kept.sanctions.against(ANNA, CLUB)
    assert out.until == NOON + timedelta(hours=lasts)
    assert await at.kept.sanctions.against(ANNA, "room:other") == []


async def test_what_was_decided_stands_with_the_request_and_with_the_person(at: Harness) -> None:
    await waits(at, "a")
    await waits(at, "b", group="other")
    async with at.browser(OF_THE_CLUB) as browser, at.browser(OWNER) as owner:
        await browser.send_form("/console/review/a/refuse", on="/console/review", silence="1", reason="spam")
        await owner.send_form("/console/review/b/refuse", on="/console/review", reason="rude")
        job = await now(at, "a")
        page = (await browser.get("/console/jobs/a")).text
        for words in ("refused a request", "gave a timeout", "spam", MIA.key):
            assert words in page
        person = (await browser.get(f"/console/people/{job.person}")).text
        assert "Kept out</strong> in room:club until" in person
        assert "gave a timeout" in person
        assert "rude" not in person
        assert "rude" in (await owner.get(f"/console/people/{job.person}")).text


@pytest.mark.parametrize(
    ("badge", "status"), [(VIEWER_OF_THE_CLUB, 403), (VIEWER, 403), (MODERATOR, 404)], ids=["viewer", "vi", "elsewhere"]
)
@pytest.mark.parametrize("answer", ["approve", "refuse"])
async def test_nobody_else_decides(at: Harness, badge: Badge, status: int, answer: str) -> None:
    job = await waits(at, "a")
    async with at.browser(badge) as browser:
        assert '<form class="refusal"' not in (await browser.get("/console/review")).text
        refused = await browser.send_form(f"/console/review/a/{answer}", silence="1")
        assert refused.status_code == status
    assert await now(at, "a") == job
    assert await at.kept.decisions.of_job("a") == []


async def test_nobody_approves_what_they_asked_for(at: Harness) -> None:
    await waits(at, "a", account=BEN)
    ben = Badge(account=BEN, rank=Rank.MODERATOR, group=CLUB)
    async with at.browser(ben) as browser:
        assert (await browser.send_form("/console/review/a/approve", on="/console/review")).status_code == 403
    assert (await now(at, "a")).state is State.IN_REVIEW
