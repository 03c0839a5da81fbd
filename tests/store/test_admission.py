"""Admission: all of it or nothing, never twice, and never beyond a limit."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ask import Account
from bot.domain.errors import Slug
from bot.domain.job import State, Waiting
from bot.domain.ledger import Limits
from bot.domain.moderation import Verdict
from bot.domain.quota import Counts, Policy, Tier
from tests.builders import ANNA, BEN, NOON, PRICE, a_policy, an_ask, an_order
from tests.store.shop import Shop

THREE = Limits(day=3 * PRICE)


def by(number: int) -> Account:
    return Account(platform="room", id=f"person-{number}", name=f"Person {number}")


async def test_an_admitted_ask_is_a_job_with_a_hold_on_every_account(kept: Shop) -> None:
    admission = await kept.admit(an_ask(group="club"))
    job = admission.job
    assert job is not None
    assert (job.id, job.state, job.hold_microusd, job.cost_microusd) == ("ask-1", State.ADMITTED, PRICE, None)
    assert (job.ask, job.order, job.created_at, job.next_at) == (an_ask(group="club"), an_order(), NOON, None)
    assert await kept.ledger() == [
        (f"person:{job.person}", "hold", PRICE),
        (f"member:room:club:{job.person}", "hold", PRICE),
        ("group:room:club", "hold", PRICE),
        ("bot", "hold", PRICE),
    ]
    assert await kept.inbox.row("ask-1") is None
    assert await kept.jobs.get("ask-1") == job
    assert (await kept.audit()).findings == ()


async def test_admitting_an_ask_twice_gives_the_same_job_and_holds_once(kept: Shop) -> None:
    first = await kept.admit()
    again = await kept.jobs.admit(an_ask(), an_order(), Verdict(), a_policy(bot=Limits(day=0)))
    assert again == first
    assert (await kept.audit()).held == PRICE


async def test_a_refusal_says_every_shortage_and_writes_nothing(kept: Shop) -> None:
    await kept.inbox.receive(an_ask(group="club"))
    before = await kept.counts()
    tight = a_policy(person=Limits(day=PRICE - 1), group=Limits(month=1), bot=Limits(week=0), counts=Counts())
    admission = await kept.jobs.admit(an_ask(group="club"), an_order(), Verdict(), tight)
    assert admission.job is None
    assert [problem.facts["whose"] for problem in admission.problems] == ["your", "this group's", "the bot's"]
    assert await kept.counts() == before
    assert before["people"] == 0
    assert await kept.inbox.row("ask-1") is not None
    assert (kept.work.taken(), kept.news.taken()) == ([], [])


async def test_an_ask_let_go_while_it_was_looked_at_is_not_admitted(kept: Shop) -> None:
    await kept.inbox.receive(an_ask())
    await kept.inbox.consume("ask-1")
    admission = await kept.jobs.admit(an_ask(), an_order(), Verdict(), a_policy())
    assert (admission.job, admission.problems) == (None, ())
    assert (await kept.counts())["ledger"] == 0


@pytest.mark.parametrize(
    ("policy", "group"),
    [(a_policy(group=THREE), "club"), (a_policy(bot=THREE), "club"), (a_policy(bot=THREE), "")],
    ids=["the group's budget", "the bot's budget", "the bot's budget, in private"],
)
async def test_forty_people_at_once_on_a_budget_of_three_are_three(kept: Shop, policy: Policy, group: str) -> None:
    asks = [an_ask(f"ask-{number:02}", account=by(number), group=group) for number in range(40)]
    admissions = await asyncio.gather(*(kept.admit(ask, policy=policy) for ask in asks))
    assert sum(admission.job is not None for admission in admissions) == 3
    refused = [admission.problems for admission in admissions if admission.job is None]
    assert all([problem.slug for problem in problems] == [Slug.OVER_BUDGET] for problems in refused)
    found = await kept.audit()
    assert (found.findings, found.jobs, found.held) == ((), 3, 3 * PRICE)
    assert (await kept.counts())["people"] == 3


@pytest.mark.parametrize(
    "policy",
    [a_policy(person=THREE), a_policy(member=THREE), a_policy(counts=Counts(jobs_at_once=3))],
    ids=["the person's budget", "the person's share of the group's", "jobs at once"],
)
async def test_forty_asks_at_once_of_one_person_on_a_budget_of_three_are_three(kept: Shop, policy: Policy) -> None:
    asks = [an_ask(f"ask-{number:02}", group="club") for number in range(40)]
    admissions = await asyncio.gather(*(kept.admit(ask, policy=policy) for ask in asks))
    assert sum(admission.job is not None for admission in admissions) == 3
    found = await kept.audit()
    assert (found.findings, found.jobs, found.held) == ((), 3, 3 * PRICE)
    assert (await kept.counts())["people"] == 1


async def test_forty_deliveries_of_one_ask_are_one_job(kept: Shop) -> None:
    admissions = await asyncio.gather(*(kept.admit() for _ in range(40)))
    assert {admission.job.id if admission.job else "" for admission in admissions} == {"ask-1"}
    assert (await kept.audit()).held == PRICE


async def test_a_budget_refills_with_its_period_and_not_before(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=PRICE))
    assert (await kept.admit(an_ask("a"), policy=policy)).job
    kept.clock.at = NOON.replace(hour=23, minute=59, second=59)
    assert not (await kept.admit(an_ask("b"), policy=policy)).job
    kept.clock.forward(1)
    assert (await kept.admit(an_ask("b"), policy=policy)).job
    assert (await kept.audit()).findings == ()


async def test_jobs_per_hour_counts_what_was_asked_within_the_hour(kept: Shop) -> None:
    policy = a_policy(counts=Counts(jobs_per_hour=2))
    for name in ("a", "b"):
        assert (await kept.admit(an_ask(name), policy=policy)).job
    kept.clock.forward(3599)
    refused = await kept.admit(an_ask("c"), policy=policy)
    assert [problem.slug for problem in refused.problems] == [Slug.JOBS_PER_HOUR]
    assert (await kept.admit(an_ask("d", account=BEN), policy=policy)).job
    kept.clock.forward(1)
    assert (await kept.admit(an_ask("c"), policy=policy)).job


async def test_a_bypass_lifts_what_is_personal_and_never_the_bots_budget(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=0), bot=Limits(day=PRICE), bypass=frozenset({"room:anna"}))
    assert (await kept.admit(an_ask("a"), policy=policy)).job
    refused = await kept.admit(an_ask("b"), policy=policy)
    assert [problem.facts["whose"] for problem in refused.problems] == ["the bot's"]


async def test_what_costs_nothing_is_admitted_within_a_budget_of_nothing(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=0, week=0, month=0), bot=Limits(day=0))
    assert (await kept.admit(an_ask(), an_order(0), policy)).job
    assert (await kept.audit()).findings == ()


async def test_a_review_holds_the_money_and_ends_by_itself(kept: Shop) -> None:
    admission = await kept.admit(verdict=Verdict(waiting_for=frozenset({Waiting.MODERATOR})))
    job = admission.job
    assert job is not None
    assert (job.state, job.waiting_for) == (State.IN_REVIEW, frozenset({Waiting.MODERATOR}))
    assert job.next_at == NOON + timedelta(minutes=15)
    assert (await kept.audit()).held == PRICE
    assert kept.work.taken() == [("ask-1", job.next_at)]


async def test_a_tiers_priority_goes_with_the_job(kept: Shop) -> None:
    tier = Tier(name="friends", limits=Limits(), roles=frozenset({"friend"}), weight=3)
    await kept.admit(
        an_ask(account=Account(platform="room", id="anna", roles=("friend",))), policy=a_policy(tiers=(tier,))
    )
    assert [one.weight for one in await kept.jobs.waiting(NOON, each=2)] == [3]


async def test_one_account_is_one_person_and_its_latest_name_is_kept(kept: Shop) -> None:
    first = await kept.admitted("a")
    nameless = await kept.admitted("b", account=Account(platform="room", id="anna"))
    renamed = await kept.admitted("c", account=Account(platform="room", id="anna", name="Anna B."))
    elsewhere = await kept.admitted("d", account=Account(platform="telegram", id="anna", name="Anna"))
    assert first.person == nameless.person == renamed.person != elsewhere.person
    assert await kept.people.person(ANNA) == first.person
    names = await kept.database.read("SELECT name FROM accounts WHERE platform = 'room'")
    assert [row["name"] for row in names] == ["Anna B."]


async def test_nothing_is_woken_that_was_not_committed(kept: Shop) -> None:
    await kept.inbox.receive(an_ask())
    assert kept.intake.taken() == [("ask-1", None)]
    broken = an_order(media={"image": ("x",)}, quote=an_order(-1).quote)
    with pytest.raises(Exception, match="CHECK constraint"):
        await kept.jobs.admit(an_ask(), broken, Verdict(), a_policy())
    assert (kept.work.taken(), kept.news.taken()) == ([], [])
    await kept.jobs.admit(an_ask(), an_order(), Verdict(), a_policy())
    assert (kept.work.taken(), kept.news.taken()) == ([("ask-1", None)], [("ask-1", None)])


async def test_a_pause_holds_between_two_jobs_of_a_person_even_when_both_are_asked_for_at_once(kept: Shop) -> None:
    policy = a_policy(cooldown_s=60)
    asks = [an_ask(f"ask-{number}") for number in range(4)]
    found = await asyncio.gather(*(kept.admit(ask, policy=policy) for ask in asks))
    assert sum(one.job is not None for one in found) == 1
    assert {problem.slug for one in found for problem in one.problems} == {Slug.COOLDOWN}
    assert (await kept.admit(an_ask("ben", account=BEN), policy=policy)).job
    kept.clock.forward(60)
    assert (await kept.admit(an_ask("later"), policy=policy)).job
