"""Reports and takedowns on a real store: each person once, a moderator's word once, the money as they say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.after import Aftercare
from bot.actions.demand import Demands
from bot.actions.press import Presses
from bot.domain.after import After, Exposure, Hiding, Outcome
from bot.domain.ask import Account
from bot.domain.decision import BY_ITSELF, Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.group_rules import Edit, edited
from bot.domain.job import Event, Job, Reason, State
from bot.domain.notice import Action
from bot.domain.quota import Standing, Strangers
from bot.domain.sanction import Kind, StrikePolicy
from bot.ports.after import Stood
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER, Ids, a_reel
from tests.store.shop import Shop, shop

SECOND = replace(MODERATOR, id="mod-2", name="Second")
MEMBERS = [Account(platform="room", id=f"member-{number}") for number in range(9)]
CLUB = "room:club"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A store with a posted reel of Anna's in it, and what may be done about that."""

    kept: Shop
    care: Aftercare
    presses: Presses

    async def posted(self, name: str = "ask-1") -> Job:
        job = await self.kept.completed(name, group="club")
        await self.kept.jobs.note(job.id, reel=a_reel())
        claimed = await self.kept.step(job, Event.CLAIMED)
        return await self.kept.step(claimed, Event.POSTED, reel_receipt=f"line-{name}")

    async def reported(self, *members: Account) -> After:
        for member in members:
            assert "Thank you" in (await self.care.report("ask-1", member, group="club")).text
        return await self.after()

    async def after(self) -> After:
        found = await self.kept.afters.get("ask-1")
        assert found is not None
        return found

    async def job(self) -> Job:
        found = await self.kept.jobs.get("ask-1")
        assert found is not None
        return found

    async def rulings(self) -> list[tuple[Ruling, str]]:
        return [(one.what, one.who) for one in await self.kept.decisions.of_job("ask-1")]

    async def stood(self, exposure: Exposure, *, is_reached: bool = True) -> None:
        await self.kept.afters.stood("ask-1", Stood(wanted=exposure, exposure=exposure, is_reached=is_reached))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.ASK, now=kept.clock)
        care = Aftercare(
            jobs=kept.jobs,
            afters=kept.afters,
            groups=kept.groups,
            demand=demand,
            hiding=Hiding(hide_after=3),
            policy=StrikePolicy(lasts=timedelta(days=30), strikes=2, timeout=timedelta(days=1)),
            now=kept.clock,
        )
        presses = Presses(
            inbox=kept.inbox,
            jobs=kept.jobs,
            now=kept.clock,
            new_id=Ids(),
            are_one=kept.links.are_one,
            demand=demand,
            take_down=care.take_down,
        )
        made = Bench(kept=kept, care=care, presses=presses)
        await made.posted()
        yield made
        assert (await kept.audit()).findings == ()


async def refusal(doing: object) -> Slug:
    with pytest.raises(Refused) as refused:
        await doing  # type: ignore[misc]  # any of the methods
    return refused.value.problems[0].slug


async def test_each_person_counts_once_and_the_third_hides_it(bench: Bench) -> None:
    found = await bench.reported(MEMBERS[0], MEMBERS[1], MEMBERS[0], MEMBERS[1], MEMBERS[1])
    assert (found.reports, found.wanted) == (2, Exposure.OPEN)
    assert len(await bench.kept.database.read("SELECT 1 FROM reports")) == 2
    found = await bench.reported(MEMBERS[2])
    assert (found.reports, found.wanted, found.stands) == (3, Exposure.COVERED, Exposure.OPEN)
    (decision,) = await bench.kept.decisions.of_job("ask-1")
    assert decision == Decision(
        who=BY_ITSELF,
        what=Ruling.COVERED,
        at=NOON,
        platform="room",
        group="club",
        whom=ANNA.key,
        job="ask-1",
        detail="covered after 3 reports",
    )
    assert await bench.kept.afters.unsettled_ids() == ["ask-1"]


async def test_two_accounts_of_one_person_count_once(bench: Bench) -> None:
    phone = Account(platform="telegram", id="77", name="Ben")
    await bench.kept.join(BEN, phone)
    await bench.care.report("ask-1", BEN, group="club")
    await bench.kept.afters.report(await bench.job(), phone, Hiding())
    assert (await bench.after()).reports == 1


async def test_a_group_has_its_own_numbers(bench: Bench) -> None:
    decision = Decision(who=MODERATOR.key, what=Ruling.RULES_CHANGED, at=NOON)
    await bench.kept.groups.change_rules(
        "room", "club", lambda rules: edited(rules, "remove_after_reports", Edit.SET, ["1"]), decision
    )
    assert (await bench.reported(MEMBERS[0])).wanted is Exposure.GONE


async def test_only_who_is_there_reports_and_only_what_stands(bench: Bench) -> None:
    assert await refusal(bench.care.report("nothing", BEN)) is Slug.FORGOTTEN
    assert await refusal(bench.care.report("ask-1", BEN, group="another")) is Slug.NOT_YOURS
    job = await bench.kept.admitted("ask-2", group="club")
    assert await refusal(bench.care.report(job.id, BEN, group="club")) is Slug.NOTHING_TO_PRESS
    await bench.care.take_down("ask-1", MODERATOR, group="club")
    assert await refusal(bench.care.report("ask-1", BEN, group="club")) is Slug.NOTHING_TO_PRESS


async def test_what_may_stay_is_seen_again_and_reports_hide_it_no_more(bench: Bench) -> None:
    await bench.reported(*MEMBERS[:3])
    await bench.stood(Exposure.COVERED)
    await bench.care.keep("ask-1", MODERATOR, group="club")
    found = await bench.after()
    assert (found.wanted, found.stands, found.outcome) == (Exposure.OPEN, Exposure.COVERED, Outcome.KEPT)
    assert (await bench.reported(*MEMBERS[3:])).wanted is Exposure.OPEN
    assert await bench.rulings() == [(Ruling.KEPT, MODERATOR.key), (Ruling.COVERED, BY_ITSELF)]


async def test_two_moderators_at_once_do_it_once(bench: Bench) -> None:
    await bench.reported(*MEMBERS[:3])
    answers = await asyncio.gather(
        bench.care.take_down("ask-1", MODERATOR, group="club", strike=True, first=True),
        bench.care.take_down("ask-1", SECOND, group="club", strike=True, first=True),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in answers) == ["Notice", "Refused"]
    assert await refusal(bench.care.keep("ask-1", OWNER)) is Slug.NOTHING_TO_PRESS
    assert [one.kind for one in await bench.kept.sanctions.against(ANNA, CLUB)] == [Kind.STRIKE]
    assert [what for what, _ in await bench.rulings()] == [Ruling.STRUCK, Ruling.TAKEN_DOWN, Ruling.COVERED]


async def test_a_button_pressed_after_another_moderators_word_changes_nothing(bench: Bench) -> None:
    await bench.reported(MEMBERS[0])
    await bench.care.keep("ask-1", MODERATOR, group="club")
    late = bench.care.take_down("ask-1", SECOND, group="club", first=True)
    assert await refusal(late) is Slug.NOTHING_TO_PRESS
    await bench.care.take_down("ask-1", SECOND, group="club")
    assert (await bench.after()).outcome is Outcome.TAKEN_DOWN, "who goes to the reel itself may think again"


async def test_a_takedown_is_told_to_the_asker_and_written_down_with_its_reason(bench: Bench) -> None:
    told = await bench.care.take_down("ask-1", MODERATOR, group="club", why="  too \n close ")
    assert told.text == "Taken down, and its file with it."
    assert [button.action for button in told.buttons] == [Action.GIVE_BACK]
    job = await bench.job()
    assert (job.state, job.reason, job.remark, job.said) == (State.DELIVERED, Reason.TAKEN_DOWN, "too close", "")
    (decision,) = await bench.kept.decisions.of_job("ask-1")
    assert (decision.what, decision.who, decision.whom, decision.why) == (
        Ruling.TAKEN_DOWN,
        MODERATOR.key,
        ANNA.key,
        "too close",
    )
    assert await refusal(bench.care.take_down("ask-1", SECOND, group="club")) is Slug.NOTHING_TO_PRESS
    assert await refusal(bench.care.keep("ask-1", SECOND, group="club")) is Slug.NOTHING_TO_PRESS


async def test_nothing_of_it_is_kept_once_it_is_gone_and_until_then_all_is(bench: Bench) -> None:
    await bench.care.take_down("ask-1", MODERATOR, group="club")
    job = await bench.job()
    assert job.reel is not None
    assert job.result is not None
    assert job.reel_receipt
    await bench.stood(Exposure.GONE)
    job = await bench.job()
    assert (job.reel, job.result, job.reel_receipt) == (None, None, "")
    assert (await bench.after()).stands is Exposure.GONE


async def test_where_it_cannot_be_reached_its_place_is_remembered(bench: Bench) -> None:
    await bench.care.take_down("ask-1", MODERATOR, group="club")
    await bench.stood(Exposure.GONE, is_reached=False)
    job = await bench.job()
    assert (job.reel, job.result, job.reel_receipt) == (None, None, "line-ask-1")


async def test_nothing_is_given_back_unless_a_moderator_says_so_and_then_once(bench: Bench) -> None:
    await bench.care.take_down("ask-1", MODERATOR, group="club")
    assert all(kind != "refund" for _, kind, _ in await bench.kept.ledger())
    assert await refusal(bench.care.give_back("ask-1", ANNA)) is Slug.MODERATOR_ALONE
    answers = await asyncio.gather(
        bench.care.give_back("ask-1", MODERATOR, group="club"),
        bench.care.give_back("ask-1", SECOND, group="club"),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in answers) == ["Notice", "Refused"]
    back = {
        (account.partition(":")[0], amount) for account, kind, amount in await bench.kept.ledger() if kind == "refund"
    }
    assert back == {("person", 200_000), ("member", 200_000)}
    spent = await bench.kept.database.read(
        "SELECT substr(account, 1, 5) AS whose, spent FROM balances WHERE period LIKE 'day:%'"
    )
    assert {(row["whose"], row["spent"]) for row in spent} == {
        ("perso", 0),
        ("membe", 0),
        ("group", 200_000),
        ("bot", 200_000),
    }, "fal was paid all the same"
    assert (await bench.job()).reason is Reason.GIVEN_BACK


async def test_nothing_is_given_back_for_what_stands(bench: Bench) -> None:
    assert await refusal(bench.care.give_back("ask-1", MODERATOR, group="club")) is Slug.NOTHING_TO_PRESS
    await bench.reported(MEMBERS[0])
    await bench.care.keep("ask-1", MODERATOR, group="club")
    assert await refusal(bench.care.give_back("ask-1", MODERATOR, group="club")) is Slug.NOTHING_TO_PRESS


async def test_a_strike_with_it_counts_and_the_second_is_a_timeout(bench: Bench) -> None:
    await bench.posted("ask-2")
    for name in ("ask-1", "ask-2"):
        told = await bench.care.take_down(name, MODERATOR, group="club", why="Spam", strike=True)
        assert told.text.endswith("Anna got a strike.")
    held = await bench.kept.sanctions.against(ANNA, CLUB)
    assert [(one.kind, one.why) for one in held] == [
        (Kind.STRIKE, "Spam"),
        (Kind.STRIKE, "Spam"),
        (Kind.TIMEOUT, "Spam"),
    ]


@pytest.mark.parametrize(("account", "group"), [(ANNA, "club"), (BEN, "club"), (MODERATOR, "another")])
async def test_nobody_else_decides(bench: Bench, account: Account, group: str) -> None:
    await bench.reported(MEMBERS[0])
    for doing in (bench.care.keep, bench.care.take_down, bench.care.give_back):
        assert await refusal(doing("ask-1", account, group=group)) is Slug.MODERATOR_ALONE
    assert await bench.rulings() == []


async def test_delete_by_a_moderator_is_a_takedown_and_by_its_asker_is_not(bench: Bench) -> None:
    phone = Account(platform="telegram", id="77", name="Anna")
    await bench.kept.join(ANNA, phone)
    for own in (ANNA, phone):
        assert (await bench.presses.press(Action.DELETE, "ask-1", own)).text == "Removed."
    assert await bench.rulings() == []
    told = await bench.presses.press(Action.DELETE, "ask-1", MODERATOR, group="club")
    assert told.text == "Taken down, and its file with it."
    assert await bench.rulings() == [(Ruling.TAKEN_DOWN, MODERATOR.key)]


async def test_what_was_taken_down_is_neither_shown_nor_posted_again(bench: Bench) -> None:
    await bench.care.take_down("ask-1", MODERATOR, group="club")
    for action in (Action.SHOW, Action.DELIVER):
        assert await refusal(bench.presses.press(action, "ask-1", ANNA)) is Slug.NOTHING_TO_PRESS


async def test_a_reel_that_was_kept_for_want_of_a_place_can_be_taken_down_too(bench: Bench) -> None:
    job = await bench.kept.in_state(State.UNDELIVERED, "ask-3")
    await bench.care.take_down(job.id, OWNER)
    assert await refusal(bench.presses.press(Action.DELIVER, job.id, replace(ANNA))) is Slug.NOTHING_TO_PRESS
    stale = await bench.kept.jobs.record(job, Event.ASKED_AGAIN, reason=job.reason)
    assert stale is None, "nor by whoever had read it just before"
    running = await bench.kept.submitted("ask-4")
    assert await refusal(bench.care.take_down(running.id, OWNER)) is Slug.NOTHING_TO_PRESS


async def test_a_file_another_job_still_has_is_not_alone(bench: Bench) -> None:
    other = await bench.posted("ask-2")
    assert not await bench.kept.afters.is_alone(await bench.job())
    await bench.care.take_down(other.id, OWNER)
    assert await bench.kept.afters.is_alone(await bench.job())
