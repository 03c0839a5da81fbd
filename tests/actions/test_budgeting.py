"""Money set by those who may: an owner raises and grants, a moderator lowers and pauses, everything is a decision."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.actions.budgeting import Budgeting
from bot.actions.demand import Demands
from bot.domain.ask import Account
from bot.domain.budget import Budget
from bot.domain.decision import Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.ledger import Limits
from bot.domain.quota import Strangers, Tier
from bot.store.books import Books
from tests.builders import ANNA, BEN, MODERATOR, OWNER, PRICE, a_policy, an_ask
from tests.store.shop import Shop, shop

POLICY = a_policy(
    person=Limits(day=PRICE),
    group=Limits(day=10_000_000, month=100_000_000),
    member=Limits(day=3_000_000),
    bot=Limits(day=20_000_000),
    confirm_above_microusd=1_000_000,
    tiers=(Tier(name="supporter", limits=Limits(day=5_000_000)),),
)
ELSEWHERE = "another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store and who keeps the money in it."""

    kept: Shop
    budgeting: Budgeting

    async def limit(self, who: Account, key: str, amount: str, *, at: str = "club") -> str:
        """Set a number of the club's, standing somewhere."""
        return (await self.budgeting.limit(who, "room", "club", key, amount, standing_in=at)).text

    async def rulings(self) -> list[tuple[Ruling, str, str]]:
        """What was decided, newest first."""
        return [(one.what, one.who, one.detail) for _, one in await self.kept.decisions.latest(limit=9)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with shop(tmp_path / "reelroom.db") as kept:
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.WELCOME, now=kept.clock)
        budgeting = Budgeting(
            budgets=kept.budgets, balances=Books(kept.database), demand=demand, policy=POLICY, now=kept.clock
        )
        yield Desk(kept=kept, budgeting=budgeting)


async def refused(doing: object) -> Slug:
    """Why it was refused."""
    with pytest.raises(Refused) as caught:
        await doing  # type: ignore[misc]  # any coroutine
    return caught.value.problems[0].slug


async def test_how_a_group_stands_and_where_its_month_leads(desk: Desk) -> None:
    await desk.kept.admit(an_ask(group="club"), policy=POLICY)
    told = (await desk.budgeting.show(MODERATOR, "room", "club", standing_in="club")).text
    assert told.splitlines() == [
        "This group: $0.20 of $10.00 this day, $0.20 this week, $0.20 of $100.00 this month.",
        "Each member: at most $3.00 per day of it.",
        "If it goes on so, this month comes to about $0.31.",
        "Above $1.00 people are asked first.",
    ]
    whole = (await desk.budgeting.show(OWNER, "room", "", standing_in="")).text
    assert whole.startswith("Everybody together: $0.20 of $20.00 this day")
    assert await refused(desk.budgeting.show(MODERATOR, "room", "", standing_in="")) is Slug.OWNER_ALONE
    assert await refused(desk.budgeting.show(ANNA, "room", "club", standing_in="club")) is Slug.MODERATOR_ALONE


@pytest.mark.parametrize("key", ["day", "month", "member_day", "confirm_above", "week", "member week"])
async def test_a_moderator_lowers_and_only_an_owner_raises(desk: Desk, key: str) -> None:
    assert "Done." in await desk.limit(MODERATOR, key, "0.50")
    assert await refused(desk.limit(MODERATOR, key, "0.51")) is Slug.OWNER_ALONE
    assert await refused(desk.limit(MODERATOR, key, "default")) is Slug.OWNER_ALONE
    assert "Done." in await desk.limit(MODERATOR, key, "$0.25")
    assert "$0.75" in await desk.limit(OWNER, key, "0.75")
    assert await refused(desk.limit(ANNA, key, "0.10")) is Slug.MODERATOR_ALONE
    assert await refused(desk.limit(MODERATOR, key, "0.10", at=ELSEWHERE)) is Slug.MODERATOR_ALONE
    assert [(what, who) for what, who, _ in await desk.rulings()] == [
        (Ruling.BUDGET_CHANGED, OWNER.key),
        (Ruling.BUDGET_CHANGED, MODERATOR.key),
        (Ruling.BUDGET_CHANGED, MODERATOR.key),
    ]
    await desk.limit(OWNER, key, "")
    assert await desk.kept.budgets.of_group("room", "club") == Budget()


async def test_what_is_no_money_or_no_budget_is_said_to_be_none(desk: Desk) -> None:
    for amount, slug in (
        ("lots", Slug.NOT_A_NUMBER),
        ("NaN", Slug.NOT_A_NUMBER),
        ("-1", Slug.BELOW_MINIMUM),
        ("1e9", Slug.ABOVE_MAXIMUM),
    ):
        assert await refused(desk.limit(OWNER, "day", amount)) is slug
    assert await refused(desk.limit(OWNER, "year", "1")) is Slug.UNKNOWN_CHOICE
    assert await refused(desk.budgeting.limit(OWNER, "room", "", "member_day", "1")) is Slug.UNKNOWN_CHOICE
    assert await desk.rulings() == []


async def test_the_whole_bots_budget_is_the_owners_alone(desk: Desk) -> None:
    assert await refused(desk.budgeting.limit(MODERATOR, "room", "", "day", "1", standing_in="")) is Slug.OWNER_ALONE
    told = await desk.budgeting.limit(OWNER, "room", "", "day", "1", standing_in="")
    assert "$0.00 of $1.00 this day" in told.text


async def test_a_group_is_paused_by_its_moderators_and_the_bot_by_an_owner(desk: Desk) -> None:
    await desk.budgeting.pause(MODERATOR, "room", "club", "too much", standing_in="club")
    assert (await desk.kept.budgets.of_group("room", "club")).paused == "too much"
    assert "Paused" in (await desk.budgeting.show(MODERATOR, "room", "club", standing_in="club")).text
    await desk.budgeting.resume(MODERATOR, "room", "club", standing_in="club")
    assert (await desk.kept.budgets.of_group("room", "club")).paused == ""
    assert await refused(desk.budgeting.pause(MODERATOR, "room", "", standing_in="club")) is Slug.OWNER_ALONE
    await desk.budgeting.pause(OWNER, "room", "", "holidays", standing_in="")
    assert await refused(desk.budgeting.resume(MODERATOR, "room", "", standing_in="club")) is Slug.OWNER_ALONE
    assert (await desk.kept.budgets.of_house()).paused == "holidays"
    await desk.budgeting.resume(OWNER, "room", "", standing_in="")
    assert (await desk.kept.budgets.of_house()).paused == ""
    assert [what for what, _, _ in await desk.rulings()] == [Ruling.RESUMED, Ruling.PAUSED] * 2
    assert await refused(desk.budgeting.go_on("day-2026-11-20", MODERATOR)) is Slug.OWNER_ALONE


async def test_an_owner_grants_once_for_an_event(desk: Desk) -> None:
    async def grant(who: Account, amount: str = "2", event: str = "1") -> str:
        told = await desk.budgeting.grant(who, "room", "club", BEN, amount, event=event, standing_in="club")
        return told.text

    assert await refused(grant(MODERATOR)) is Slug.OWNER_ALONE
    assert await refused(grant(OWNER, "")) is Slug.BELOW_MINIMUM
    assert await grant(OWNER) == "Ben can spend $2.00 more this day, week and month."
    assert await grant(OWNER) == "Ben had got that already."
    assert [what for what, _, _ in await desk.rulings()] == [Ruling.GRANTED]
    (row,) = await desk.kept.database.read("SELECT sum(amount_microusd) AS n FROM ledger WHERE account LIKE 'person:%'")
    assert row["n"] == 2_000_000


async def test_tiers_are_given_by_an_owner_and_taken_by_a_moderator(desk: Desk) -> None:
    where = {"platform": "room", "group": "club", "standing_in": "club"}

    async def role(who: Account, *, gives: bool, tier: str = "Supporter") -> str:
        return (await desk.budgeting.tier_role(who, tier=tier, role="Patron", gives=gives, **where)).text

    assert await refused(role(MODERATOR, gives=True)) is Slug.OWNER_ALONE
    assert await refused(role(OWNER, gives=True, tier="king")) is Slug.UNKNOWN_CHOICE
    assert "Patron: the tier supporter." in await role(OWNER, gives=True)
    assert "Patron" not in await role(MODERATOR, gives=False)
    given = replace(BEN, name="")
    assert await refused(desk.budgeting.give_tier(MODERATOR, whom=given, tier="supporter", **where)) is Slug.OWNER_ALONE
    told = await desk.budgeting.give_tier(OWNER, whom=given, tier="supporter", **where)
    assert f"{BEN.key}: given the tier supporter." in told.text
    await desk.budgeting.give_tier(MODERATOR, whom=given, tier="", **where)
    assert await desk.kept.budgets.of_group("room", "club") == Budget()
