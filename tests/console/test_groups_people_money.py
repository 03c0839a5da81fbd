"""Groups, people and money: who sees what, and an owner's word about a group."""

import re

import pytest

from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.budget import Budget
from bot.domain.decision import Ruling
from bot.domain.errors import Slug
from bot.domain.job import Event, Reason
from bot.domain.ledger import Closing, Ending, Limits
from bot.domain.quota import Standing
from tests.builders import ANNA, BEN, PRICE, an_ask, an_order
from tests.console.harness import MIA, MODERATOR, Harness

CLUB = "room:club"
OF_THE_CLUB = Badge(account=MIA, rank=Rank.MODERATOR, group=CLUB)
EVERYWHERES = Badge(account=MIA, rank=Rank.MODERATOR, group=EVERYWHERE)

# --- groups ----------------------------------------------------------------------------------------------------------


async def test_an_owner_opens_and_closes_a_group_of_any_platform(at: Harness) -> None:
    await at.kept.people.decide("telegram", "-100200", Standing.ASKED)
    async with at.browser() as browser:
        page = (await browser.get("/console/groups")).text
        assert "waits for your word" in page
        assert 'action="/console/groups/telegram/-100200/open"' in page
        done = await browser.send_form("/console/groups/telegram/-100200/open", on="/console/groups")
        assert done.headers["location"] == "/console/groups"
        assert await at.kept.people.standing("telegram", "-100200") is Standing.APPROVED
        assert "They can use me now" in (await browser.get("/console/groups")).text
        await browser.send_form("/console/groups/telegram/-100200/shut", on="/console/groups")
        assert await at.kept.people.standing("telegram", "-100200") is Standing.OFF
        assert (await browser.send_form("/console/groups/telegram/-100200/burn", on="/console")).status_code == 404


@pytest.mark.parametrize("badge", [OF_THE_CLUB, EVERYWHERES, MODERATOR])
async def test_nobody_else_does(at: Harness, badge: Badge) -> None:
    await at.kept.people.decide("room", "club", Standing.ASKED)
    async with at.browser(badge) as browser:
        assert "/open" not in (await browser.get("/console/groups")).text
        for door in ("open", "shut"):
            assert (await browser.send_form(f"/console/groups/room/club/{door}")).status_code == 403
    assert await at.kept.people.standing("room", "club") is Standing.ASKED


async def test_a_group_stands_with_what_it_spent_and_may_spend(at: Harness) -> None:
    await at.kept.completed("a", cost=PRICE, group="club")
    await at.kept.people.decide("discord", "5", Standing.ASKED)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as moderator:
        page = (await browser.get("/console/groups")).text
        assert page.index("discord:5") < page.index(CLUB)
        assert "$0.20" in page
        assert "of $100.00" in page
        own = (await moderator.get("/console/groups")).text
    assert CLUB in own
    assert "discord:5" not in own


# --- people ----------------------------------------------------------------------------------------------------------


async def test_people_stand_by_what_they_spent_in_a_day_week_or_month(at: Harness) -> None:
    await at.kept.completed("a", cost=PRICE, account=ANNA, group="club")
    await at.kept.completed("b", cost=PRICE, account=BEN)
    await at.kept.completed("c", cost=PRICE, account=BEN)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as moderator:
        page = (await browser.get("/console/people")).text
        assert page.index("Ben") < page.index("Anna")
        assert "$0.40" in page
        own = (await moderator.get("/console/people")).text
        assert "Anna" in own
        assert "Ben" not in own
    at.kept.clock.forward(86_400)
    async with at.browser() as browser:
        assert "Nobody has spent anything this day" in (await browser.get("/console/people?per=day")).text
        assert "Ben" in (await browser.get("/console/people?per=week")).text


async def test_somebody_is_found_by_name_and_only_by_those_who_look_after_a_group_of_theirs(at: Harness) -> None:
    await at.kept.admitted("a", account=ANNA, group="club")
    await at.kept.admitted("b", account=BEN)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as moderator:
        assert "Ben" in (await browser.get("/console/people?name=be")).text
        assert "Nobody is called that" in (await moderator.get("/console/people?name=be")).text
        assert "Anna" in (await moderator.get("/console/people?name=an")).text


async def test_a_person_stands_with_tier_budget_accounts_and_requests(at: Harness) -> None:
    job = await at.kept.completed("a", cost=PRICE, account=ANNA, group="club")
    await at.kept.admitted("b", account=ANNA)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as moderator, at.browser(MODERATOR) as elsewhere:
        path = f"/console/people/{job.person}"
        page = (await browser.get(path)).text
        for words in ("Anna", "everyone", "anna", "/console/jobs/a", "/console/jobs/b", "no limit"):
            assert words in page, words
        own = (await moderator.get(path)).text
        assert "/console/jobs/a" in own
        assert "/console/jobs/b" not in own
        assert (await elsewhere.get(path)).status_code == 404
        assert (await browser.get("/console/people/nobody")).status_code == 404


async def test_who_separated_stands_with_what_is_still_shared(at: Harness) -> None:
    await at.kept.completed("a", cost=PRICE, account=ANNA, group="club")
    await at.kept.join(ANNA, BEN)
    await at.kept.links.separate(BEN)
    person = await at.kept.people.person(BEN)
    async with at.browser() as browser:
        page = (await browser.get(f"/console/people/{person}")).text
    assert page.count("shared until it refills") == 3
    assert page.count("$0.20") >= 3
    at.kept.clock.forward(24 * 3600)
    async with at.browser() as browser:
        page = (await browser.get(f"/console/people/{person}")).text
    assert '<td data-name="Per">day</td>' in page
    assert "month, shared until it refills" in page


async def test_the_money_of_a_person_in_a_group_is_their_share_of_it(at: Harness) -> None:
    job = await at.kept.completed("a", cost=PRICE, account=ANNA, group="club")
    await at.kept.completed("b", cost=PRICE, account=ANNA)
    async with at.browser() as browser, at.browser(OF_THE_CLUB) as moderator:
        assert "$0.40" in (await browser.get(f"/console/people/{job.person}")).text
        own = (await moderator.get(f"/console/people/{job.person}")).text
    assert "$0.20" in own
    assert "$0.40" not in own


# --- money -----------------------------------------------------------------------------------------------------------


async def test_money_stands_against_its_limits_and_in_rows(at: Harness) -> None:
    await at.kept.completed("a", cost=PRICE, group="club")
    lost = await at.kept.submitted("b")
    await at.kept.step(lost, Event.LOST, closing=Closing(ending=Ending.LOST), reason=Reason.LOST)
    async with at.browser() as browser:
        page = (await browser.get("/console/money")).text
        assert "$0.40 of $200.00" in page
        assert "$0.40 this month; going on like this, $0.62 by its end" in page
        assert page.count('<td data-name="When">') == 4
        losses = (await browser.get("/console/money?kind=loss&account=")).text
        assert "/console/jobs/b" in losses
        assert "/console/jobs/a" not in losses
        of_a_job = (await browser.get("/console/money?job=a")).text
        assert "member:room:club:" in of_a_job
        assert "/console/jobs/b" not in of_a_job
        assert "There is no such row" in (await browser.get("/console/money?account=person:nobody")).text


@pytest.mark.parametrize("asked", ["", "bot", "person:new-1", "group:room:other", "member:room:other:new-1", "member:"])
async def test_who_looks_after_a_group_sees_its_rows_whatever_the_address_asks_for(at: Harness, asked: str) -> None:
    await at.kept.completed("a", cost=PRICE, group="club")
    await at.kept.completed("b", cost=PRICE, group="other")
    async with at.browser(OF_THE_CLUB) as moderator:
        page = (await moderator.get("/console/money", params={"account": asked})).text
    assert "/console/jobs/a" in page
    assert "/console/jobs/b" not in page
    assert "$0.20 of $100.00" in page


async def test_the_rows_of_one_member_are_shown_too(at: Harness) -> None:
    job = await at.kept.completed("a", cost=PRICE, account=ANNA, group="club")
    ben = Account(platform="room", id="ben", name="Ben")
    await at.kept.completed("b", cost=PRICE, account=ben, group="club")
    async with at.browser(OF_THE_CLUB) as moderator:
        page = (await moderator.get("/console/money", params={"account": f"member:{CLUB}:{job.person}"})).text
    assert "/console/jobs/a" in page
    assert "/console/jobs/b" not in page


async def test_a_moderator_lowers_a_budget_and_only_an_owner_raises_it(at: Harness) -> None:
    async with at.browser(OF_THE_CLUB) as moderator:
        done = await moderator.send_form("/console/money/limit", on="/console/money", key="month", amount="50")
        assert done.status_code == 303
        page = (await moderator.get("/console/money")).text
        assert "of $50.00" in page
        assert "raising one is the owner" in page
        refused = await moderator.send_form("/console/money/limit", on="/console/money", key="month", amount="51")
        assert refused.status_code == 403
    assert (await at.kept.budgets.of_group("room", "club")).group == Limits(month=50_000_000)
    async with at.browser() as owner:
        assert "of $50.00" not in (await owner.get("/console/money")).text
        await owner.send_form("/console/money/limit", on="/console/money", key="day", amount="7.50")
        assert "of $7.50" in (await owner.get("/console/money")).text
        nonsense = await owner.send_form("/console/money/limit", on="/console/money", key="day", amount="lots")
        assert "takes a number" in nonsense.text
    assert (await at.kept.budgets.of_house()).bot == Limits(day=7_500_000)


async def test_an_owner_pauses_the_whole_bot_and_a_moderator_their_group(at: Harness) -> None:
    async with at.browser() as owner, at.browser(OF_THE_CLUB) as moderator, at.browser(EVERYWHERES) as nobody:
        await moderator.send_form("/console/money/pause", on="/console/money", reason="too much")
        assert "paused: too much" in (await moderator.get("/console/money")).text
        refused = await at.kept.admit(an_ask("a", group="club"))
        assert [problem.slug for problem in refused.problems] == [Slug.GROUP_PAUSED]
        await moderator.send_form("/console/money/resume", on="/console/money")
        assert (await at.kept.admit(an_ask("b", group="club"))).job
        assert (await nobody.send_form("/console/money/pause", reason="x")).status_code == 403
        await owner.send_form("/console/money/pause", on="/console/money", reason="holidays")
        refused = await at.kept.admit(an_ask("c"))
        assert [problem.slug for problem in refused.problems] == [Slug.ALL_PAUSED]
        await owner.send_form("/console/money/resume", on="/console/money")
        assert (await at.kept.admit(an_ask("d"))).job


async def test_a_viewer_changes_no_budget_and_sees_no_button(at: Harness) -> None:
    async with at.browser(Badge(account=MIA, rank=Rank.VIEWER, group=CLUB)) as viewer:
        assert "/console/money/limit" not in (await viewer.get("/console/money")).text
        for doing in ("limit", "pause", "resume"):
            assert (await viewer.send_form(f"/console/money/{doing}", key="day", amount="1")).status_code == 403
    assert await at.kept.budgets.of_group("room", "club") == Budget()


async def test_an_owner_lets_it_go_on_where_a_budget_pauses_it(at: Harness) -> None:
    await at.kept.admit(an_ask("a"), an_order(18_000_000))
    async with at.browser() as owner, at.browser(EVERYWHERES) as moderator:
        assert "nothing more begins" in (await owner.get("/console/money")).text
        assert "/console/money/go-on" not in (await moderator.get("/console/money")).text
        assert (await moderator.send_form("/console/money/go-on", period="day-2026-11-20")).status_code == 403
        await owner.send_form("/console/money/go-on", on="/console/money", period="day-2026-11-20")
        assert "nothing more begins" not in (await owner.get("/console/money")).text
    assert (await at.kept.budgets.of_house()).let_go_on == ("day-2026-11-20",)


# --- declarations ----------------------------------------------------------------------------------------------------


async def test_a_moderator_takes_a_declaration_of_their_group_back_and_it_is_written_down(at: Harness) -> None:
    job = await at.kept.admitted("a", account=ANNA, group="club")
    for group in ("club", "other", ""):
        await at.kept.people.declare(ANNA, group)
    path = f"/console/people/{job.person}"
    async with at.browser(OF_THE_CLUB) as moderator, at.browser() as owner:
        page = (await moderator.get(path)).text
        assert re.findall('name="group" value="([^"]*)"', page) == ["room:club"]
        assert (await owner.get(path)).text.count("Take back</button>") == 3
        assert (await moderator.send_form(f"{path}/revoke", on=path, group="room:other")).status_code == 404
        await moderator.send_form(f"{path}/revoke", on=path, group="room:club")
        assert "Anna will be asked again" in (await moderator.get(path)).text
        assert (await moderator.send_form(f"{path}/revoke", on="/console", group="room:club")).status_code == 404
    assert [await at.kept.people.declared(ANNA, group) for group in ("club", "other", "")] == [False, True, True]
    (decision,) = await at.kept.decisions.about(ANNA.key, limit=5)
    assert (decision.who, decision.what, decision.group) == (MIA.key, Ruling.REVOKED, "club")


async def test_a_viewer_sees_what_was_declared_and_takes_nothing_back(at: Harness) -> None:
    job = await at.kept.admitted("a", account=ANNA, group="club")
    await at.kept.people.declare(ANNA, "club")
    path = f"/console/people/{job.person}"
    async with at.browser(Badge(account=MIA, rank=Rank.VIEWER, group=CLUB)) as viewer:
        page = (await viewer.get(path)).text
        assert "Declared" in page
        assert "Take back" not in page
        assert (await viewer.send_form(f"{path}/revoke", group="room:club")).status_code == 403
    assert await at.kept.people.declared(ANNA, "club")
