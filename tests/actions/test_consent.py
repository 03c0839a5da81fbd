"""The answer of whoever is named, on a real store: theirs alone, once, with what it is to be remembered for."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.consent import Consenting
from bot.actions.demand import Demands
from bot.domain.ask import Account
from bot.domain.consent import ANSWERS, YES
from bot.domain.decision import Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.moderation import Verdict
from bot.domain.notice import Action
from bot.domain.quota import Strangers
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER, an_ask
from tests.store.shop import Shop, shop

CLEO = Account(platform="room", id="cleo", name="Cleo")
BEN_TOO = Account(platform="telegram", id="7001", name="Ben on the road")
BOTH = frozenset({Waiting.CONSENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A store, and those who are asked."""

    kept: Shop
    consenting: Consenting

    async def asks(self, *named: Account, waiting: frozenset[Waiting] = BOTH, name: str = "ask-1") -> Job:
        ask = an_ask(name, event_id=f"event of {name}", group="club", named=named)
        job = (await self.kept.admit(ask, verdict=Verdict(waiting_for=waiting, asked=named))).job
        assert job is not None
        return job

    async def job(self) -> Job:
        found = await self.kept.jobs.get("ask-1")
        assert found is not None
        return found

    async def refusal(self, action: Action, account: Account) -> Slug:
        with pytest.raises(Refused) as caught:
            await self.consenting.answer(action, "ask-1", account)
        return caught.value.problems[0].slug


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    async with shop(tmp_path / "reelroom.db") as kept:
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.WELCOME, now=kept.clock)
        consenting = Consenting(
            jobs=kept.jobs, consents=kept.consents, demand=demand, lasts=timedelta(days=180), now=kept.clock
        )
        yield Table(kept=kept, consenting=consenting)


@pytest.mark.parametrize("action", sorted(YES))
async def test_a_yes_lets_it_go_on(table: Table, action: Action) -> None:
    await table.asks(BEN)
    assert (await table.consenting.answer(action, "ask-1", BEN)).private
    assert (await table.job()).state is State.ADMITTED
    (decision,) = await table.kept.decisions.of_job("ask-1")
    assert (decision.who, decision.what, decision.whom) == (BEN.key, Ruling.CONSENTED, ANNA.key)
    assert (decision.detail, decision.at) == (action.value, NOON)


@pytest.mark.parametrize("action", sorted(ANSWERS - YES))
async def test_a_no_ends_it_and_costs_nothing(table: Table, action: Action) -> None:
    await table.asks(BEN)
    await table.consenting.answer(action, "ask-1", BEN)
    job = await table.job()
    assert (job.state, job.reason) == (State.REFUSED, Reason.NO_CONSENT)
    found = await table.kept.audit()
    assert (found.findings, found.held) == ((), 0)
    assert [one.what for one in await table.kept.decisions.of_job("ask-1")] == [Ruling.OBJECTED]


async def test_everybody_who_is_named_has_to_say_yes(table: Table) -> None:
    await table.asks(BEN, CLEO)
    await table.consenting.answer(Action.ALLOW_ONCE, "ask-1", BEN)
    assert ((await table.job()).state, (await table.job()).waiting_for) == (State.IN_REVIEW, BOTH)
    assert [(one.whom, one.answered) for one in await table.kept.consents.asked("ask-1")] == [
        (BEN.key, True),
        (CLEO.key, False),
    ]
    await table.consenting.answer(Action.ALLOW_ONCE, "ask-1", CLEO)
    assert (await table.job()).state is State.ADMITTED


async def test_one_no_of_several_is_a_no(table: Table) -> None:
    await table.asks(BEN, CLEO)
    await table.consenting.answer(Action.ALLOW_ALL, "ask-1", BEN)
    await table.consenting.answer(Action.FORBID_ONCE, "ask-1", CLEO)
    assert (await table.job()).reason is Reason.NO_CONSENT


async def test_both_at_once_and_twice_it_goes_on_once(table: Table) -> None:
    await table.asks(BEN, CLEO)
    presses = [table.consenting.answer(Action.ALLOW_ONCE, "ask-1", one) for one in (BEN, CLEO, BEN, CLEO)]
    outcomes = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in outcomes) == 2
    assert (await table.job()).state is State.ADMITTED
    assert len(await table.kept.decisions.of_job("ask-1")) == 2


async def test_a_consent_is_not_a_moderators_yes(table: Table) -> None:
    await table.asks(BEN, waiting=frozenset({Waiting.CONSENT, Waiting.MODERATOR}))
    await table.consenting.answer(Action.ALLOW_ONCE, "ask-1", BEN)
    assert (await table.job()).waiting_for == frozenset({Waiting.MODERATOR})


@pytest.mark.parametrize("account", [ANNA, CLEO, MODERATOR, OWNER], ids=lambda one: one.id)
@pytest.mark.parametrize("action", sorted(ANSWERS))
async def test_nobody_can_answer_for_somebody_else(table: Table, action: Action, account: Account) -> None:
    await table.asks(BEN)
    assert await table.refusal(action, account) is Slug.ASKED_ALONE
    assert (await table.job()).state is State.IN_REVIEW
    assert await table.kept.decisions.of_job("ask-1") == []


async def test_an_answer_is_given_once(table: Table) -> None:
    await table.asks(BEN, CLEO)
    await table.consenting.answer(Action.ALLOW_ONCE, "ask-1", BEN)
    assert await table.refusal(Action.ALLOW_ALL, BEN) is Slug.NOTHING_TO_PRESS
    assert await table.kept.consents.all_of(BEN.key) == []
    await table.consenting.answer(Action.FORBID_ONCE, "ask-1", CLEO)
    assert await table.refusal(Action.FORBID, CLEO) is Slug.NOTHING_TO_PRESS


async def test_what_is_to_be_remembered_is(table: Table) -> None:
    await table.asks(BEN)
    told = await table.consenting.answer(Action.ALLOW_THEM, "ask-1", BEN)
    assert told.text == "Thank you. I won't ask again when Anna uses your picture here. /consent takes that back."
    (kept,) = await table.kept.consents.all_of(BEN.key)
    assert (kept.whom, kept.asker, kept.grp, kept.allowed) == (BEN.key, ANNA.key, "room:club", True)
    assert await table.kept.consents.kept(BEN.key, "room:club") == [kept]
    assert await table.kept.consents.kept(BEN.key, "room:another") == []


async def test_a_later_word_replaces_an_earlier_one(table: Table) -> None:
    await table.asks(BEN)
    await table.consenting.answer(Action.FORBID, "ask-1", BEN)
    assert [one.allowed for one in await table.kept.consents.kept(BEN.key, "room:anywhere")] == [False]


@pytest.mark.parametrize("answering", [BEN, BEN_TOO], ids=lambda one: one.platform)
async def test_any_account_of_whoever_is_asked_answers_for_all_of_them(table: Table, answering: Account) -> None:
    await table.kept.join(BEN, BEN_TOO)
    await table.asks(BEN, BEN_TOO)
    await table.consenting.answer(Action.ALLOW_THEM, "ask-1", answering)
    assert (await table.job()).state is State.ADMITTED
    (kept,) = await table.kept.consents.kept(BEN.key, "room:club")
    assert kept.whom == answering.key
    assert await table.kept.consents.kept(BEN_TOO.key, "room:club") == [kept]


@pytest.mark.parametrize("leaver", [BEN, BEN_TOO], ids=lambda one: one.platform)
async def test_accounts_that_separate_keep_a_never_each_and_a_yes_where_it_was_given(
    table: Table, leaver: Account
) -> None:
    await table.kept.join(BEN, BEN_TOO)
    await table.asks(BEN)
    await table.consenting.answer(Action.FORBID, "ask-1", BEN)
    await table.asks(BEN, name="ask-2")
    await table.consenting.answer(Action.ALLOW_ALL, "ask-2", BEN)
    await table.kept.links.separate(leaver)
    for account, words in ((BEN, [False, True]), (BEN_TOO, [False])):
        assert sorted(one.allowed for one in await table.kept.consents.all_of(account.key)) == words


async def test_what_nobody_knows_is_forgotten(table: Table) -> None:
    assert await table.refusal(Action.ALLOW_ONCE, BEN) is Slug.FORGOTTEN
