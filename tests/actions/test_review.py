"""A moderator's yes or no on a real store: once, by whom may, with its decision and its money."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.demand import Demands
from bot.actions.review import Reviewing
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.moderation import Verdict
from bot.domain.quota import Standing, Strangers
from bot.domain.sanction import Kind
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER, an_ask
from tests.store.shop import Shop, shop

SECOND = replace(MODERATOR, id="mod-2", name="Second")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A store, and those who judge."""

    kept: Shop
    reviewing: Reviewing

    async def waits(self, *what: Waiting, group: str = "club") -> Job:
        verdict = Verdict(waiting_for=frozenset(what or {Waiting.MODERATOR}))
        job = (await self.kept.admit(an_ask(group=group), verdict=verdict)).job
        assert job is not None
        return job

    async def job(self) -> Job:
        found = await self.kept.jobs.get("ask-1")
        assert found is not None
        return found

    async def rulings(self) -> list[tuple[Ruling, str, str]]:
        return [(one.what, one.who, one.why) for one in await self.kept.decisions.of_job("ask-1")]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.ASK, now=kept.clock)
        reviewing = Reviewing(jobs=kept.jobs, demand=demand, timeout=timedelta(hours=6), now=kept.clock)
        yield Bench(kept=kept, reviewing=reviewing)


@pytest.mark.parametrize("account", [MODERATOR, OWNER], ids=lambda one: one.id)
async def test_approved_it_goes_on(bench: Bench, account: Account) -> None:
    await bench.waits()
    told = await bench.reviewing.approve("ask-1", account, group="club")
    assert (told.text, told.private) == ("Approved. It's on its way.", True)
    assert (await bench.job()).state is State.ADMITTED
    (decision,) = await bench.kept.decisions.of_job("ask-1")
    assert decision == Decision(
        who=account.key, what=Ruling.APPROVED, at=NOON, platform="room", group="club", whom=ANNA.key, job="ask-1"
    )


async def test_an_approval_promises_nothing_for_others(bench: Bench) -> None:
    await bench.waits(Waiting.MODERATOR, Waiting.CONSENT)
    told = await bench.reviewing.approve("ask-1", MODERATOR, group="club")
    assert told.text == "Approved. It goes on as soon as the others have said yes too."
    assert (await bench.job()).waiting_for == frozenset({Waiting.CONSENT})


async def test_refused_it_ends_with_the_reason_and_costs_nothing(bench: Bench) -> None:
    await bench.waits()
    told = await bench.reviewing.refuse("ask-1", MODERATOR, group="club", reason="  too \n close ")
    assert told.text == "Refused; nothing was charged."
    job = await bench.job()
    assert (job.state, job.reason, job.remark) == (State.REFUSED, Reason.BY_MODERATOR, "too close")
    assert await bench.rulings() == [(Ruling.REFUSED, MODERATOR.key, "too close")]
    found = await bench.kept.audit()
    assert (found.findings, found.held) == ((), 0)
    assert await bench.kept.sanctions.against(ANNA, "room:club") == []


@pytest.mark.parametrize(("lasts", "hours"), [(None, 6), (timedelta(hours=1), 1)])
async def test_refused_with_a_timeout_the_person_pauses_in_this_group(
    bench: Bench, lasts: timedelta | None, hours: int
) -> None:
    await bench.waits()
    told = await bench.reviewing.silence("ask-1", MODERATOR, group="club", reason="again", lasts=lasts)
    assert told.text == f"Refused; nothing was charged. They can ask again from {12 + hours}:00 UTC on."
    (sanction,) = await bench.kept.sanctions.against(ANNA, "room:club")
    assert (sanction.kind, sanction.until, sanction.why) == (Kind.TIMEOUT, NOON + timedelta(hours=hours), "again")
    assert await bench.kept.sanctions.against(ANNA, "room:another") == []
    assert {ruling for ruling, _, _ in await bench.rulings()} == {Ruling.REFUSED, Ruling.TIMED_OUT}


@pytest.mark.parametrize("press", ["approve", "refuse", "silence"])
async def test_two_moderators_at_once_do_it_once(bench: Bench, press: str) -> None:
    await bench.waits(Waiting.MODERATOR, Waiting.CONSENT)
    first, second = getattr(bench.reviewing, press), bench.reviewing.refuse
    outcomes = await asyncio.gather(
        first("ask-1", MODERATOR, group="club"),
        second("ask-1", SECOND, group="club"),
        bench.reviewing.approve("ask-1", OWNER, group="club"),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 2
    assert {one.problems[0].slug for one in refused} == {Slug.NOTHING_TO_PRESS}
    assert len({who for _, who, _ in await bench.rulings()}) == 1
    assert (await bench.kept.audit()).findings == ()


async def test_what_no_longer_waits_for_a_moderator_is_settled(bench: Bench) -> None:
    await bench.waits(Waiting.CONFIRMATION)
    for press in (bench.reviewing.approve, bench.reviewing.refuse, bench.reviewing.silence):
        with pytest.raises(Refused) as caught:
            await press("ask-1", MODERATOR, group="club")
        assert caught.value.problems[0].slug is Slug.NOTHING_TO_PRESS
    assert (await bench.rulings(), await bench.kept.sanctions.against(ANNA, "room:club")) == ([], [])


@pytest.mark.parametrize(
    ("account", "group"),
    [
        (ANNA, "club"),
        (BEN, "club"),
        (MODERATOR, "another"),
        (MODERATOR, ""),
        (replace(ANNA, is_moderator=True), "club"),
    ],
)
async def test_nobody_else_decides(bench: Bench, account: Account, group: str) -> None:
    await bench.waits()
    for press in (bench.reviewing.approve, bench.reviewing.refuse, bench.reviewing.silence):
        with pytest.raises(Refused) as caught:
            await press("ask-1", account, group=group)
        assert caught.value.problems[0].slug is Slug.MODERATOR_ALONE
    assert ((await bench.job()).state, await bench.rulings()) == (State.IN_REVIEW, [])


async def test_what_nobody_knows_is_forgotten(bench: Bench) -> None:
    with pytest.raises(Refused) as caught:
        await bench.reviewing.approve("nobody", OWNER)
    assert caught.value.problems[0].slug is Slug.FORGOTTEN
