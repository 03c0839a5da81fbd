"""Budgets of groups and of the whole bot in a real store: met exactly, whoever asks and whatever changes meanwhile."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ask import Account
from bot.domain.budget import Budget, House, edited, going_on, with_tier_given, with_tier_role
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Slug
from bot.domain.job import Event
from bot.domain.ledger import Limits, periods_of
from bot.domain.quota import Admission, Policy, Tier
from bot.store.admission import BYPASSED
from bot.store.alerts import AlertStore
from bot.store.books import Books
from tests.builders import ANNA, BEN, NOON, OWNER, PRICE, UTC_ZONE, Ids, a_policy, an_ask, an_order
from tests.store.shop import RELEASED, Shop, shop

DECISION = Decision(who=OWNER.key, what=Ruling.BUDGET_CHANGED, at=NOON, platform="room", group="club")
SUPPORTER = Tier(name="supporter", limits=Limits(day=5 * PRICE), weight=3)


async def lead(kept: Shop, budget: Budget, group: str = "club") -> None:
    """Give a group this budget."""
    await kept.budgets.change("room", group, lambda _: budget, DECISION)


async def run_house(kept: Shop, house: House) -> None:
    """Give the whole bot this."""
    await kept.budgets.change_house(lambda _: house, DECISION)


async def ask(kept: Shop, name: str, account: Account = ANNA, *, group: str = "club", policy: Policy) -> Admission:
    """Somebody asks in a group."""
    return await kept.admit(an_ask(name, account=account, group=group), policy=policy)


def slugs(admission: Admission) -> list[Slug]:
    return [problem.slug for problem in admission.problems]


AMOUNTS = st.integers(0, 12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=16), AMOUNTS, AMOUNTS, AMOUNTS)
def test_nobody_races_past_a_groups_budget_a_members_share_or_the_bots(
    wanted: list[tuple[int, int]], group: int, member: int, whole: int
) -> None:
    async def race(folder: Path) -> None:
        async with shop(folder / "reelroom.db") as kept:
            budget = Budget(group=Limits(day=group), member=Limits(week=member))
            await asyncio.gather(lead(kept, budget), run_house(kept, House(bot=Limits(month=whole))))
            policy = a_policy(group=Limits(day=99), member=Limits(week=99), bot=Limits(month=99))
            people = [Account(platform="room", id=f"person-{number}") for number in range(3)]
            asks = [an_ask(f"ask-{n}", account=people[who], group="club") for n, (who, _) in enumerate(wanted)]
            orders = [an_order(amount) for _, amount in wanted]
            admissions = await asyncio.gather(
                *(kept.admit(one, order, policy) for one, order in zip(asks, orders, strict=True))
            )
            each: Counter[int] = Counter()
            for (who, amount), admission in zip(wanted, admissions, strict=True):
                each[who] += amount if admission.job else 0
            taken = sum(each.values())
            assert taken <= min(group, whole)
            assert all(each[who] <= member for who in range(3))
            for (who, amount), admission in zip(wanted, admissions, strict=True):
                fits = taken + amount <= min(group, whole) and each[who] + amount <= member
                assert admission.job or not fits
            found = await kept.audit()
            assert (found.findings, found.held) == ((), taken)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(race(Path(folder)))


async def test_a_budget_that_is_lowered_holds_for_what_was_being_looked_at(kept: Shop) -> None:
    policy = a_policy(group=Limits(day=5 * PRICE))
    asks = [an_ask(f"ask-{number}", account=replace(ANNA, id=f"p-{number}"), group="club") for number in range(10)]
    lowered = lead(kept, Budget(group=Limits(day=2 * PRICE)))
    admissions = await asyncio.gather(*(kept.admit(one, policy=policy) for one in asks[:2]), lowered)
    rest = await asyncio.gather(*(kept.admit(one, policy=policy) for one in asks[2:]))
    assert [bool(one and one.job) for one in admissions[:2]] == [True, True]
    assert not any(one.job for one in rest)
    assert (await kept.audit()).findings == ()


async def test_what_a_group_has_stands_instead_of_what_every_group_has_and_nowhere_else(kept: Shop) -> None:
    policy = a_policy(group=Limits(day=0))
    await lead(kept, Budget(group=Limits(day=PRICE), confirm_above_microusd=5))
    assert (await ask(kept, "a", policy=policy)).job
    assert slugs(await ask(kept, "b", policy=policy)) == [Slug.OVER_BUDGET]
    assert slugs(await ask(kept, "c", group="another", policy=policy)) == [Slug.OVER_BUDGET]
    assert await kept.budgets.of_group("room", "club") == Budget(group=Limits(day=PRICE), confirm_above_microusd=5)
    assert await kept.budgets.of_group("room", "another") == await kept.budgets.of_group("room", "") == Budget()


async def test_a_pause_stops_admission_here_or_everywhere_and_nothing_that_was_admitted(kept: Shop) -> None:
    policy = a_policy()
    before = (await ask(kept, "before", policy=policy)).job
    await lead(kept, Budget(paused="too much"))
    assert slugs(await ask(kept, "a", policy=policy)) == [Slug.GROUP_PAUSED]
    assert (await ask(kept, "b", group="another", policy=policy)).job
    await run_house(kept, House(paused="holidays"))
    assert slugs(await ask(kept, "c", OWNER, group="", policy=policy)) == [Slug.ALL_PAUSED]
    await run_house(kept, House())
    await lead(kept, Budget())
    assert (await ask(kept, "d", policy=policy)).job
    assert before is not None
    await kept.step(before, Event.PICKED)


async def test_it_pauses_by_itself_until_it_refills_or_an_owner_lets_it_go_on(kept: Shop) -> None:
    policy = a_policy(bot=Limits(day=10 * PRICE), pause_at=30)
    for name in ("a", "b", "c"):
        assert (await ask(kept, name, policy=policy)).job
    refused = await ask(kept, "d", policy=policy)
    assert slugs(refused) == [Slug.BUDGET_PAUSED]
    assert refused.problems[0].facts == {"period": "daily", "refills": "tomorrow at 00:00 (UTC)"}
    await kept.budgets.change_house(lambda house: going_on(house, "day-2026-11-20"), DECISION)
    assert (await ask(kept, "e", policy=policy)).job
    kept.clock.forward(24 * 3600)
    for name in ("f", "g", "h"):
        assert (await ask(kept, name, policy=policy)).job
    assert slugs(await ask(kept, "i", policy=policy)) == [Slug.BUDGET_PAUSED]


async def alerts(kept: Shop) -> list[str]:
    """What owners are to be told, in the first words of each."""
    queue = AlertStore(kept.database, now=kept.clock, new_id=Ids())
    return [notice.text.partition(" is spent")[0] for _, notice in await queue.untold("discord")]


async def test_owners_are_told_at_each_threshold_once_and_when_somebody_is_turned_away(kept: Shop) -> None:
    policy = a_policy(bot=Limits(day=10 * PRICE), alert_at=(50, 80, 100))
    for number in range(4):
        await ask(kept, f"ask-{number}", policy=policy)
    assert await alerts(kept) == []
    latest = (await ask(kept, "half", policy=policy)).job
    assert await alerts(kept) == ["$1.00 of everybody's daily budget of $2.00"]
    assert latest is not None
    await kept.step(latest, Event.CANCELLED, closing=RELEASED)
    await ask(kept, "half again", policy=policy)
    assert len(await alerts(kept)) == 1
    for number in range(4):
        await ask(kept, f"more-{number}", policy=policy)
    assert await alerts(kept) == [f"{used} of everybody's daily budget of $2.00" for used in ("$1.00", "$1.60")]
    for name in ("too much", "and again"):
        assert slugs(await kept.admit(an_ask(name), an_order(2 * PRICE), policy)) == [Slug.OVER_BUDGET]
    assert (await alerts(kept))[2:] == ["$1.80 of everybody's daily budget of $2.00"]
    await kept.admit(an_ask("more than all of it"), an_order(20 * PRICE), policy)
    assert len(await alerts(kept)) == 3


async def test_a_tier_is_given_by_a_role_of_the_group_or_to_a_member_and_only_there(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=0), tiers=(SUPPORTER,))
    patron = replace(BEN, roles=("Patron",))
    budget = with_tier_role(Budget(), "supporter", "Patron", gives=True)
    await lead(kept, with_tier_given(budget, ANNA.key, "supporter"))
    by_role, given = await ask(kept, "a", patron, policy=policy), await ask(kept, "b", policy=policy)
    assert by_role.job is not None
    assert given.job is not None
    weights = {row["weight"] for row in await kept.database.read("SELECT weight FROM jobs")}
    assert weights == {3}
    for account in (patron, ANNA):
        refused = await ask(kept, f"c-{account.id}", account, group="another", policy=policy)
        assert slugs(refused) == [Slug.OVER_BUDGET]
    assert slugs(await ask(kept, "d", BEN, policy=policy)) == [Slug.OVER_BUDGET]


async def test_a_bypass_is_written_down_where_it_made_a_difference(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=PRICE), bypass=frozenset({ANNA.key}))
    first, second = await ask(kept, "a", policy=policy), await ask(kept, "b", policy=policy)
    assert (first.bypassed, second.bypassed) == (False, True)
    rows = await kept.database.read("SELECT cause, account FROM ledger WHERE note = $1", BYPASSED)
    assert {row["cause"] for row in rows} == {"b"}
    assert all(row["account"].startswith(("person:", "member:")) for row in rows)
    assert (await kept.audit()).findings == ()


async def test_a_grant_is_more_room_on_all_that_is_theirs_once_and_none_for_the_group_or_the_bot(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=0), member=Limits(day=0), group=Limits(day=3 * PRICE))
    granted = replace(DECISION, what=Ruling.GRANTED, whom=ANNA.key)
    assert await kept.budgets.grant("grant:1", ANNA, "club", 2 * PRICE, policy, granted)
    assert not await kept.budgets.grant("grant:1", ANNA, "club", 2 * PRICE, policy, granted)
    assert [bool((await ask(kept, name, policy=policy)).job) for name in "abc"] == [True, True, False]
    assert slugs(await ask(kept, "d", BEN, policy=policy)) == [Slug.OVER_BUDGET, Slug.OVER_BUDGET]
    periods = periods_of(kept.clock(), UTC_ZONE)
    balances = await Books(kept.database).balances(["group:room:club", "bot"], periods)
    assert {balance.granted for balance in balances.values()} == {0}
    assert (await kept.audit()).findings == ()
    assert [one.what for _, one in await kept.decisions.latest(limit=9)] == [Ruling.GRANTED]


async def test_a_grant_follows_those_who_have_separated(kept: Shop) -> None:
    too = Account(platform="telegram", id="77", name="Anna")
    policy = a_policy(person=Limits(day=PRICE))
    assert (await ask(kept, "a", policy=policy)).job
    await kept.join(ANNA, too)
    await kept.links.separate(too)
    assert slugs(await ask(kept, "b", policy=policy)) == [Slug.OVER_BUDGET]
    await kept.budgets.grant("grant:1", ANNA, "club", PRICE, policy, DECISION)
    assert (await ask(kept, "c", policy=policy)).job
    assert slugs(await ask(kept, "d", too, policy=policy)) == [Slug.OVER_BUDGET]
    assert (await kept.audit()).findings == ()


@pytest.mark.parametrize("key", ["day", "member_week", "confirm_above"])
async def test_every_change_is_one_decision_and_what_changes_nothing_is_none(kept: Shop, key: str) -> None:
    for _ in range(2):
        await kept.budgets.change("room", "club", lambda before: edited(before, key, 5), DECISION)
    assert [one.what for _, one in await kept.decisions.latest(limit=9)] == [Ruling.BUDGET_CHANGED]
