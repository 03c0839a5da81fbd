"""On the pages of a reel and of a person: taken down, kept, given back; strikes, timeouts and bans, and by whom."""

from datetime import timedelta

import pytest

from bot.domain.after import Exposure, Hiding, Outcome
from bot.domain.badge import Badge, Rank
from bot.domain.decision import Ruling
from bot.domain.job import Event, Job, Reason
from bot.domain.sanction import EVERYWHERE, Kind
from tests.builders import ANNA, BEN, NOON, a_reel
from tests.console.harness import MIA, MODERATOR, OWNER, VIEWER, Harness

CLUB = "room:club"
OF_THE_CLUB = Badge(account=MIA, rank=Rank.MODERATOR, group=CLUB)
VIEWER_OF_THE_CLUB = Badge(account=VIEWER.account, rank=Rank.VIEWER, group=CLUB)


async def posted(at: Harness, name: str = "a") -> Job:
    """A reel of Anna's in the club."""
    job = await at.kept.completed(name, group="club")
    await at.kept.jobs.note(job.id, reel=a_reel("be" * 32))
    return await at.kept.step(await at.kept.step(job, Event.CLAIMED), Event.POSTED, reel_receipt="line-2")


async def now(at: Harness, name: str = "a") -> Job:
    """The Job as it is now."""
    job = await at.kept.jobs.get(name)
    assert job
    return job


async def rulings(at: Harness) -> list[tuple[Ruling, str, str]]:
    return [(one.what, one.who, one.why) for one in await at.kept.decisions.of_job("a")]


async def test_a_reel_is_taken_down_with_its_reason_a_strike_and_the_money_where_they_are_ticked(at: Harness) -> None:
    await posted(at)
    async with at.browser(OF_THE_CLUB) as browser:
        fields = {"why": "  not  theirs ", "strike": "1", "refund": "1"}
        done = await browser.send_form("/console/jobs/a/takedown", on="/console/jobs/a", **fields)
        assert done.headers["location"] == "/console/jobs/a"
        page = (await browser.get("/console/jobs/a")).text
    assert "Taken down, and its file with it. Anna got a strike." in page
    assert "takedown" not in page
    assert "giveback" not in page
    assert (await now(at)).reason is Reason.GIVEN_BACK
    assert [(one.kind, one.why) for one in await at.kept.sanctions.against(ANNA, CLUB)] == [(Kind.STRIKE, "not theirs")]
    assert {kind for _, kind, _ in await at.kept.ledger("a")} >= {"refund"}
    assert (await at.kept.audit()).findings == ()


async def test_nothing_is_ticked_as_it_is_shown_and_the_money_can_follow(at: Harness) -> None:
    await posted(at)
    async with at.browser(OF_THE_CLUB) as browser:
        await browser.send_form("/console/jobs/a/takedown", on="/console/jobs/a", why="")
        assert (await now(at)).reason is Reason.TAKEN_DOWN
        assert await at.kept.sanctions.against(ANNA, CLUB) == []
        late = await browser.send_form("/console/jobs/a/takedown", on="/console/jobs/a", why="")
        assert late.status_code == 422
        await browser.send_form("/console/jobs/a/giveback", on="/console/jobs/a")
        assert "Anna got $0.20 back." in (await browser.get("/console/jobs/a")).text
    assert (await now(at)).reason is Reason.GIVEN_BACK
    assert [what for what, _, _ in await rulings(at)] == [Ruling.REFUNDED, Ruling.TAKEN_DOWN]


async def test_a_reported_reel_may_stay(at: Harness) -> None:
    job = await posted(at)
    await at.kept.afters.report(job, BEN, Hiding(hide_after=1))
    async with at.browser(OF_THE_CLUB) as browser:
        assert "1 person reported it; it is behind a spoiler" in (await browser.get("/console/jobs/a")).text
        await browser.send_form("/console/jobs/a/keep", on="/console/jobs/a")
    after = await at.kept.afters.get("a")
    assert after is not None
    assert (after.outcome, after.wanted) == (Outcome.KEPT, Exposure.OPEN)


@pytest.mark.parametrize(
    ("badge", "status"), [(VIEWER_OF_THE_CLUB, 403), (VIEWER, 403), (MODERATOR, 404)], ids=["viewer", "vi", "elsewhere"]
)
async def test_nobody_else_decides_about_reels_or_people(at: Harness, badge: Badge, status: int) -> None:
    job = await posted(at)
    await at.kept.afters.report(job, BEN, Hiding())
    async with at.browser(badge) as browser:
        for what in ("takedown", "keep", "giveback"):
            assert (await browser.send_form(f"/console/jobs/a/{what}", strike="1")).status_code == status
        for what in ("sanction", "lift"):
            path = f"/console/people/{job.person}/{what}"
            assert (await browser.send_form(path, kind="ban")).status_code == status
    assert await rulings(at) == []
    assert await at.kept.sanctions.against(ANNA, CLUB) == []


@pytest.mark.parametrize(
    ("kind", "hours", "lasts"),
    [
        ("strike", "", timedelta(days=30)),
        ("timeout", "", timedelta(days=1)),
        ("timeout", "168", timedelta(days=7)),
        ("timeout", "9999", timedelta(days=1)),
        ("ban", "", None),
        ("ban", "720", timedelta(days=30)),
    ],
)
async def test_somebody_is_kept_out_of_the_own_group_and_let_in_again(
    at: Harness, kind: str, hours: str, lasts: timedelta | None
) -> None:
    path = f"/console/people/{(await posted(at)).person}"
    async with at.browser(OF_THE_CLUB) as browser:
        await browser.send_form(f"{path}/sanction", on=path, kind=kind, hours=hours, why="spam")
        (one,) = await at.kept.sanctions.against(ANNA, CLUB)
        assert (one.kind, one.grp, one.by, one.why) == (Kind(kind), CLUB, MIA.key, "spam")
        assert one.until == (None if lasts is None else NOON + lasts)
        assert "spam" in (await browser.get(path)).text
        await browser.send_form(f"{path}/lift", on=path)
        assert await at.kept.sanctions.against(ANNA, CLUB) == []


async def test_owners_keep_somebody_out_everywhere(at: Harness) -> None:
    path = f"/console/people/{(await posted(at)).person}"
    async with at.browser(OWNER) as owner, at.browser(OF_THE_CLUB) as browser:
        await owner.send_form(f"{path}/sanction", on=path, kind="ban")
        (one,) = await at.kept.sanctions.against(ANNA, "discord:9")
        assert one.grp == EVERYWHERE
        await browser.send_form(f"{path}/lift", on=path)
        assert await at.kept.sanctions.against(ANNA, CLUB) == [one], "a group lifts what was given there"
        assert (await owner.send_form(f"{path}/sanction", on=path, kind="curse")).status_code == 422
