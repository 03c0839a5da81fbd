"""The list of Jobs and the page of one: what is shown to whom, and what can be done there."""

import pytest

from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.moderation import Verdict
from tests.builders import ANNA, PRICE, an_ask, an_order
from tests.chat.room_harness import picture
from tests.console.harness import MIA, MODERATOR, OWNER, VIEWER, Harness
from tests.console.scenery import Busy
from tests.store.shop import RELEASED

CLUB = "room:club"
OF_THE_CLUB = Badge(account=MIA, rank=Rank.MODERATOR, group=CLUB)
VIEWER_OF_THE_CLUB = Badge(account=MIA, rank=Rank.VIEWER, group=CLUB)


def shown(text: str) -> list[str]:
    """The ids of the Jobs a page links to, in order and once each."""
    found = [part.partition('"')[0] for part in text.split('href="/console/jobs/')[1:]]
    return list(dict.fromkeys(found))


@pytest.fixture
async def three(at: Harness) -> list[Job]:
    """One in the club, one in another group, one in private; newest last."""
    made = []
    for name, group in (("in-club", "club"), ("elsewhere", "other"), ("private", "")):
        made.append(await at.kept.admitted(name, group=group))
        at.kept.clock.forward(1)
    return made


@pytest.mark.parametrize(
    ("badge", "sees"),
    [
        (OWNER, ["private", "elsewhere", "in-club"]),
        (Badge(account=MIA, rank=Rank.VIEWER, group=EVERYWHERE), ["private", "elsewhere", "in-club"]),
        (OF_THE_CLUB, ["in-club"]),
        (VIEWER_OF_THE_CLUB, ["in-club"]),
        (MODERATOR, []),
    ],
)
@pytest.mark.parametrize("path", ["/console/jobs", "/console/jobs?group=room:other", "/console"])
async def test_who_looks_after_a_group_sees_its_jobs_and_no_others(
    at: Harness, three: list[Job], badge: Badge, sees: list[str], path: str
) -> None:
    expected = [name for name in sees if badge.group or "group=" not in path or name == "elsewhere"]
    async with at.browser(badge) as browser:
        assert shown((await browser.get(path)).text) == expected


@pytest.mark.parametrize(
    ("badge", "sees"), [(OWNER, {200}), (OF_THE_CLUB, {200, 404}), (VIEWER_OF_THE_CLUB, {200, 404}), (MODERATOR, {404})]
)
async def test_the_page_of_a_job_of_another_group_is_not_there(
    at: Harness, three: list[Job], badge: Badge, sees: set[int]
) -> None:
    async with at.browser(badge) as browser:
        found = {job.id: (await browser.get(f"/console/jobs/{job.id}")).status_code for job in three}
    assert set(found.values()) == sees
    assert 404 not in sees or found["elsewhere"] == found["private"] == 404
    assert 404 in sees or found["private"] == 200


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("show=open", ["waits", "goes"]),
        ("show=in_review", ["waits"]),
        ("show=delivered", ["done"]),
        ("show=ended", ["cancelled"]),
        ("show=nonsense", ["cancelled", "waits", "goes", "done"]),
        ("model=pixverse-effects&show=open", ["waits", "goes"]),
        ("model=another", []),
        ("before=nonsense", ["cancelled", "waits", "goes", "done"]),
        ("person=nobody", []),
    ],
)
async def test_the_list_is_narrowed_by_what_its_address_says(at: Harness, query: str, sees: list[str]) -> None:
    kept = at.kept
    done = await kept.completed("done")
    await kept.step(await kept.step(done, Event.CLAIMED), Event.POSTED)
    kept.clock.forward(1)
    await kept.submitted("goes")
    kept.clock.forward(1)
    await kept.admit(an_ask("waits"), verdict=Verdict(waiting_for=frozenset({Waiting.MODERATOR})))
    kept.clock.forward(1)
    await kept.step(await kept.admitted("cancelled"), Event.CANCELLED, closing=RELEASED, reason=Reason.BY_PERSON)
    async with at.browser() as browser:
        assert shown((await browser.get(f"/console/jobs?{query}")).text) == sees


async def test_the_list_of_somebody_names_them_only_to_who_may_know_them(at: Harness) -> None:
    job = await at.kept.admitted("a", group="club", account=ANNA)
    path = f"/console/jobs?person={job.person}"
    async with at.browser(OF_THE_CLUB) as browser, at.browser(MODERATOR) as elsewhere:
        assert "Anna" in (await browser.get(path)).text
        assert "Anna" not in (await elsewhere.get(path)).text


async def test_what_a_job_costs_is_told_by_where_it_is(at: Harness) -> None:
    kept = at.kept
    await kept.completed("paid", cost=PRICE - 20_000)
    await kept.admitted("waits")
    await kept.step(await kept.admitted("cancelled"), Event.CANCELLED, closing=RELEASED, reason=Reason.BY_PERSON)
    async with at.browser() as browser:
        page = (await browser.get("/console/jobs")).text
    cells = dict(zip(shown(page), page.split('data-name="Cost" class="number">')[1:], strict=True))
    told = {name: cell.partition("<")[0] for name, cell in cells.items()}
    assert told == {"paid": "$0.18", "waits": "$0.20 set aside", "cancelled": "nothing"}


async def test_older_jobs_are_a_page_further(at: Harness) -> None:
    for number in range(45):
        await at.kept.admitted(f"job-{number:02}")
        at.kept.clock.forward(1)
    async with at.browser() as browser:
        first = (await browser.get("/console/jobs")).text
        assert shown(first) == [f"job-{number:02}" for number in reversed(range(5, 45))]
        older = first.partition('<a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert shown((await browser.get(older)).text) == [f"job-{number:02}" for number in reversed(range(5))]


async def test_a_job_tells_its_whole_story(at: Harness) -> None:
    kept = at.kept
    job = await kept.submitted("a", group="club", group_name="The Club", account=ANNA)
    kept.clock.forward(30)
    await kept.step(job, Event.FAILED, closing=RELEASED, reason=Reason.FAL_SAID_NO, failure="content_policy_violation")
    async with at.browser() as browser:
        page = (await browser.get("/console/jobs/a")).text
    for words in (
        "Kiss Me AI",
        "Did not work out",
        "the video service said no",
        "Taken in, with $0.20 set aside for it",
        "Taken by the video service",
        "12:00:30",
        "Nothing was charged",
        "content_policy_violation",
        "own safety check",
        "request-a",
        "<dd>The Club <span",
        "room:club",
        "Pixverse effects",
        "member:room:club:",
        "720p",
    ):
        assert words in page, words


async def test_what_was_given_is_shown_with_its_job_and_to_nobody_else(at: Harness) -> None:
    busy = Busy(at)
    mine, theirs = busy.give(picture(hue=10)), busy.give(picture(hue=200))
    await at.kept.admit(an_ask("mine", group="club"), an_order(media={"image": (mine,)}))
    await at.kept.admit(an_ask("theirs", group="other"), an_order(media={"image": (theirs,)}))
    async with at.browser(OF_THE_CLUB) as browser:
        assert f"/console/jobs/mine/given/{mine}" in (await browser.get("/console/jobs/mine")).text
        shown_picture = await browser.get(f"/console/jobs/mine/given/{mine}")
        assert (shown_picture.status_code, shown_picture.headers["content-type"]) == (200, "image/jpeg")
        assert (await browser.get(f"/console/jobs/mine/given/{theirs}")).status_code == 404
        assert (await browser.get(f"/console/jobs/theirs/given/{theirs}")).status_code == 404
        assert (await browser.get("/console/jobs/mine/given/..%2Fsecret")).status_code == 404
    async with at.browser() as browser:
        assert (await browser.get(f"/console/jobs/theirs/given/{theirs}")).status_code == 200


async def test_what_a_browser_should_not_show_is_not_sent(at: Harness) -> None:
    page = b"<script>alert(1)</script>"
    sha256 = "ab" * 32
    (at.folder / "media").mkdir()
    (at.folder / "media" / sha256).write_bytes(page)
    await at.kept.admit(an_ask("a"), an_order(media={"image": (sha256,)}))
    async with at.browser() as browser:
        assert (await browser.get(f"/console/jobs/a/given/{sha256}")).status_code == 404


async def test_the_reel_stands_on_the_page_as_long_as_it_is_kept(at: Harness) -> None:
    job = await at.kept.in_state(State.DELIVERED, "a")
    await Busy(at).with_reel(job, picture((90, 120)))
    async with at.browser() as browser, at.browser(MODERATOR) as elsewhere:
        assert "/console/jobs/a/reel.mp4" in (await browser.get("/console/jobs/a")).text
        reel = await browser.get("/console/jobs/a/reel.mp4", headers={"range": "bytes=0-99"})
        assert (reel.status_code, reel.headers["content-type"], len(reel.content)) == (206, "video/mp4", 100)
        assert (await browser.get("/console/jobs/a/still.jpg")).headers["content-type"] == "image/jpeg"
        assert (await elsewhere.get("/console/jobs/a/reel.mp4")).status_code == 404
        assert (await elsewhere.get("/console/jobs/a/still.jpg")).status_code == 404
        for path in (at.folder / "reels").iterdir():
            path.unlink()
        assert "reel.mp4" not in (await browser.get("/console/jobs/a")).text
        assert (await browser.get("/console/jobs/a/reel.mp4")).status_code == 404


async def test_a_moderator_cancels_a_request_of_the_group(at: Harness) -> None:
    await at.kept.admit(an_ask("a", group="club"), verdict=Verdict(waiting_for=frozenset({Waiting.CONFIRMATION})))
    async with at.browser(OF_THE_CLUB) as browser:
        done = await browser.send_form("/console/jobs/a/cancel", on="/console/jobs/a")
        assert done.headers["location"] == "/console/jobs/a"
        assert "Nothing was charged." in (await browser.get("/console/jobs/a")).text
        assert "Nothing was charged." not in (await browser.get("/console")).text
        again = await browser.send_form("/console/jobs/a/cancel", on="/console")
        assert (again.status_code, "already settled" in again.text) == (422, True)
    job = await at.kept.jobs.get("a")
    assert job is not None
    assert (job.state, job.reason) == (State.CANCELLED, Reason.BY_MODERATOR)
    assert (await at.kept.audit()).held == 0


@pytest.mark.parametrize(
    ("badge", "status"), [(VIEWER_OF_THE_CLUB, 403), (VIEWER, 403), (MODERATOR, 404)], ids=["viewer", "vi", "moderator"]
)
async def test_nobody_else_does(at: Harness, badge: Badge, status: int) -> None:
    job = await at.kept.admitted("a", group="club")
    kept = await at.kept.in_state(State.UNDELIVERED, "b")
    async with at.browser(badge) as browser:
        assert (await browser.send_form("/console/jobs/a/cancel")).status_code == status
        assert (await browser.send_form("/console/jobs/b/deliver")).status_code == status
    assert await at.kept.jobs.get("a") == job
    assert await at.kept.jobs.get("b") == kept


async def test_a_viewer_who_asked_cannot_cancel_even_that(at: Harness) -> None:
    await at.kept.admitted("a", group="club")
    asker = Badge(account=ANNA, rank=Rank.VIEWER, group=CLUB)
    async with at.browser(asker) as browser:
        page = (await browser.get("/console/jobs/a")).text
        assert "Cancel it" not in page
        assert (await browser.send_form("/console/jobs/a/cancel")).status_code == 403


async def test_a_kept_reel_is_posted_again_from_its_page(at: Harness) -> None:
    await at.kept.in_state(State.UNDELIVERED, "a")
    async with at.browser() as browser:
        assert "Post it again" in (await browser.get("/console/jobs/a")).text
        await browser.send_form("/console/jobs/a/deliver", on="/console/jobs/a")
    job = await at.kept.jobs.get("a")
    assert job is not None
    assert job.state is State.DELIVERING


async def test_what_people_typed_is_text_and_nothing_else(at: Harness) -> None:
    typed = '<img src=x onerror="alert(1)">'
    ask = an_ask("a", wish=an_ask().wish.__class__(command="video", options={"prompt": typed}))
    await at.kept.admit(ask, an_order(hold=PRICE, values={"prompt": typed}))
    async with at.browser() as browser:
        for path in ("/console", "/console/jobs", "/console/jobs/a"):
            page = (await browser.get(path)).text
            assert "<img src=x" not in page
            assert "&lt;img src=x" in page
