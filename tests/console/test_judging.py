"""How pictures were judged: under the request they were given for, and as a line of its own in the money."""

from dataclasses import replace

from bot.domain.decision import Ruling
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending, Limits
from bot.domain.moderation import Verdict
from bot.domain.screener import Screener, judgings_of
from bot.domain.screening import Bounds, Missing, Part
from tests.builders import ANNA, a_result, a_ticket, an_ask
from tests.console.harness import Harness
from tests.console.test_jobs import CLUB, OF_THE_CLUB, shown
from tests.domain.test_screener import a_judge

BOUNDS = Bounds(doubt_from=0.5, refuse_from=0.9, missing=Missing.REVIEW, review_s=60)
COST = 1_000


async def judged(at: Harness, probability: float) -> tuple[Job, Job]:
    """A request of the club and what judged its picture."""
    kept = at.kept
    screener = Screener(endpoint=a_judge(), bounds=BOUNDS, limits=Limits(day=1_000_000))
    verdict = Verdict(
        waiting_for=frozenset({Waiting.SCREENING}), judgings=judgings_of(("cafe",), Part.PICTURE, screener)
    )
    job = (await kept.admit(an_ask("a", group="club", account=ANNA), verdict=verdict)).job
    assert job is not None
    rows = await kept.database.read("SELECT id FROM jobs WHERE parent = $1", job.id)
    child = await kept.jobs.get(rows[0]["id"])
    assert child is not None
    child = await kept.step(child, Event.PICKED)
    child = await kept.step(child, Event.ACCEPTED, ticket=a_ticket("request-judge"))
    result = replace(a_result(), video_url="", probability=probability)
    closing = Closing(ending=Ending.PAID, cost_microusd=COST)
    child = await kept.step(child, Event.COMPLETED, closing=closing, result=result, cost_microusd=COST)
    return job, child


async def test_the_page_of_a_request_shows_how_its_pictures_were_judged_and_leads_there(at: Harness) -> None:
    job, child = await judged(at, 0.62)
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get(f"/console/jobs/{job.id}")).text
        assert "How its pictures were judged" in page
        assert "62% likely not safe for work: doubtful" in page
        assert "was in doubt about a picture" in page
        assert f"/console/jobs/{child.id}" in page
        its_own = (await browser.get(f"/console/jobs/{child.id}")).text
        assert "The judging of a picture" in its_own
        assert f'<a href="/console/jobs/{job.id}">' in its_own
        assert "screening" in its_own
        assert "Cancel it" not in its_own


async def test_no_list_of_requests_has_it(at: Harness) -> None:
    job, _ = await judged(at, 0.1)
    async with at.browser() as browser:
        for path in ("/console/jobs", f"/console/jobs?group={CLUB}", f"/console/people/{job.person}", "/console"):
            assert set(shown((await browser.get(path)).text)) <= {job.id}, path


async def test_what_judging_costs_is_a_line_of_its_own_for_owners(at: Harness) -> None:
    async with at.browser() as browser:
        assert "Judging pictures" not in (await browser.get("/console/money")).text
    await judged(at, 0.1)
    async with at.browser() as browser:
        page = (await browser.get("/console/money")).text
        assert "Judging pictures, of that" in page
        assert "of $1.00" in page
        rows = (await browser.get("/console/money?account=screening")).text
        assert rows.count('<span class="mono">screening</span>') == 2
    async with at.browser(OF_THE_CLUB) as browser:
        assert "Judging pictures" not in (await browser.get("/console/money")).text


async def test_the_review_page_says_why_a_picture_is_asked_about(at: Harness) -> None:
    job, _ = await judged(at, 0.62)
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get("/console/review")).text
    assert "Picture: 62% likely not safe for work." in page
    assert f"/console/review/{job.id}/approve" in page


async def test_a_reel_that_is_withheld_stands_on_the_review_page_until_it_is_posted(at: Harness) -> None:
    job = await at.kept.completed("withheld-reel", group="club", account=ANNA)
    await at.kept.step(job, Event.WITHHELD, reason=Reason.WITHHELD)
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get("/console/review")).text
        assert f"/console/jobs/{job.id}/reel.mp4" in page
        assert f"/console/review/{job.id}/approve" not in page
        await browser.send_form(f"/console/jobs/{job.id}/deliver", on="/console/review")
        assert job.id not in (await browser.get("/console/review")).text
    posted = await at.kept.jobs.get(job.id)
    assert posted is not None
    assert posted.state is State.DELIVERING
    (decision,) = await at.kept.decisions.of_job(job.id)
    assert (decision.who, decision.what) == (OF_THE_CLUB.account.key, Ruling.APPROVED)


async def test_who_looks_after_another_group_sees_none_of_it(at: Harness) -> None:
    job = await at.kept.completed("withheld-reel", group="other", account=ANNA)
    await at.kept.step(job, Event.WITHHELD, reason=Reason.WITHHELD)
    async with at.browser(OF_THE_CLUB) as browser:
        assert job.id not in (await browser.get("/console/review")).text
