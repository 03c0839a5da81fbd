"""Strikes, timeouts and bans in a real store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.sanction import EVERYWHERE, Kind, Sanction
from bot.store.database import Tx
from bot.store.people import remember
from tests.builders import ANNA, BEN, MODERATOR, NOON
from tests.store.shop import Shop

CLUB = "room:club"
ELSEWHERE = Account(platform="telegram", id="77", name="Anna")
"""Another account of Anna's."""

DECISION = Decision(who=MODERATOR.key, what=Ruling.BANNED, at=NOON, whom=ANNA.key)


def a_sanction(kind: Kind = Kind.BAN, *, grp: str = CLUB, hours: float | None = None, why: str = "") -> Sanction:
    until = None if hours is None else NOON + timedelta(hours=hours)
    return Sanction(kind=kind, whom=ANNA.key, grp=grp, by=MODERATOR.key, at=NOON, until=until, why=why)


async def kinds(kept: Shop, account: Account = ANNA, grp: str = CLUB) -> Sequence[Kind]:
    return [one.kind for one in await kept.sanctions.against(account, grp)]


async def test_one_is_kept_as_it_was_given_with_its_decision(kept: Shop) -> None:
    given = a_sanction(Kind.TIMEOUT, hours=2, why="Please be kind")
    (found,) = await kept.sanctions.give(ANNA, given, DECISION)
    assert (found.kind, found.whom, found.grp, found.by) == (Kind.TIMEOUT, ANNA.key, CLUB, MODERATOR.key)
    assert (found.until, found.why, found.at) == (given.until, "Please be kind", NOON)
    assert await kept.decisions.about(ANNA.key, limit=9) == [DECISION]


async def test_it_holds_for_one_person_in_one_group(kept: Shop) -> None:
    await kept.sanctions.give(ANNA, a_sanction(), DECISION)
    assert await kinds(kept) == [Kind.BAN]
    assert await kinds(kept, BEN) == []
    assert await kinds(kept, grp="room:another") == []
    assert await kinds(kept, grp="") == []
    assert await kinds(kept, Account(platform="telegram", id="anna")) == []


async def test_one_for_everywhere_holds_in_every_group_and_in_private(kept: Shop) -> None:
    await kept.sanctions.give(ANNA, a_sanction(grp=EVERYWHERE), DECISION)
    assert [await kinds(kept, grp=grp) for grp in (CLUB, "discord:9", "")] == [[Kind.BAN]] * 3


async def test_it_is_over_when_its_time_is(kept: Shop) -> None:
    await kept.sanctions.give(ANNA, a_sanction(Kind.TIMEOUT, hours=1), DECISION)
    kept.clock.forward(3599)
    assert await kinds(kept) == [Kind.TIMEOUT]
    kept.clock.forward(1)
    assert await kinds(kept) == []


async def test_another_account_is_no_way_round_it(kept: Shop) -> None:
    async def know(tx: Tx) -> None:
        for account in (ANNA, ELSEWHERE):
            await remember(tx, account, "person-1", now=NOON)

    await kept.sanctions.give(ANNA, a_sanction(grp=EVERYWHERE), DECISION)
    assert await kinds(kept, ELSEWHERE) == []
    await kept.database.transact(know)
    assert await kinds(kept, ELSEWHERE) == [Kind.BAN]


async def joined(kept: Shop, *accounts: Account) -> None:
    for other in accounts[1:]:
        await kept.links.offer(accounts[0], "a code")
        await kept.links.redeem(other, "a code")


@pytest.mark.parametrize("leaver", [ANNA, ELSEWHERE], ids=["whom it was given", "the other account"])
@pytest.mark.parametrize("first", ["join", "give"])
async def test_accounts_that_separate_take_it_with_them(kept: Shop, leaver: Account, first: str) -> None:
    """Whichever leaves, whichever was banned, and whether they were joined by then."""
    if first == "join":
        await joined(kept, ANNA, ELSEWHERE)
    await kept.sanctions.give(ANNA, a_sanction(grp=EVERYWHERE), DECISION)
    if first == "give":
        await joined(kept, ANNA, ELSEWHERE)
    await kept.links.separate(leaver)
    assert (await kinds(kept), await kinds(kept, ELSEWHERE)) == ([Kind.BAN], [Kind.BAN])
    assert await kinds(kept, BEN) == []


async def test_one_strike_stays_one_however_often_accounts_join_and_separate(kept: Shop) -> None:
    await joined(kept, ANNA, ELSEWHERE)
    await kept.sanctions.give(ELSEWHERE, replace(a_sanction(Kind.STRIKE), whom=ELSEWHERE.key), DECISION)
    for _ in range(3):
        await kept.links.separate(ANNA)
        await joined(kept, ANNA, ELSEWHERE)
    assert await kinds(kept) == await kinds(kept, ELSEWHERE) == [Kind.STRIKE]


async def test_what_is_lifted_is_lifted_for_every_account(kept: Shop) -> None:
    await joined(kept, ANNA, ELSEWHERE)
    await kept.sanctions.give(ANNA, a_sanction(), DECISION)
    await kept.links.separate(ELSEWHERE)
    await kept.sanctions.lift(ANNA, CLUB, [Kind.BAN], DECISION)
    assert (await kinds(kept), await kinds(kept, ELSEWHERE)) == ([], [])


async def test_lifting_ends_what_it_names_and_no_more(kept: Shop) -> None:
    for kind, grp in ((Kind.STRIKE, CLUB), (Kind.TIMEOUT, CLUB), (Kind.BAN, CLUB), (Kind.BAN, EVERYWHERE)):
        await kept.sanctions.give(ANNA, a_sanction(kind, grp=grp), DECISION)
    lifted = Decision(who=MODERATOR.key, what=Ruling.LIFTED, at=NOON, whom=ANNA.key)
    assert await kept.sanctions.lift(ANNA, CLUB, [Kind.BAN, Kind.TIMEOUT], lifted) == 2
    assert [(one.kind, one.grp) for one in await kept.sanctions.against(ANNA, CLUB)] == [
        (Kind.STRIKE, CLUB),
        (Kind.BAN, EVERYWHERE),
    ]
    assert await kept.sanctions.lift(ANNA, CLUB, [Kind.BAN], lifted) == 0
    rulings = [one.what for one in await kept.decisions.about(ANNA.key, limit=9)]
    assert rulings.count(Ruling.LIFTED) == 1


async def test_what_follows_is_decided_and_written_in_the_same_transaction(kept: Shop) -> None:
    def then(held: Sequence[Sanction]) -> tuple[Sanction, Decision] | None:
        return (a_sanction(Kind.TIMEOUT), DECISION) if len(held) >= 2 else None

    assert len(await kept.sanctions.give(ANNA, a_sanction(Kind.STRIKE), DECISION, then=then)) == 1
    held = await kept.sanctions.give(ANNA, a_sanction(Kind.STRIKE), DECISION, then=then)
    assert [one.kind for one in held] == [Kind.STRIKE, Kind.STRIKE, Kind.TIMEOUT]
    assert len(await kept.decisions.about(ANNA.key, limit=9)) == 3


async def test_those_that_hold_in_a_group_are_listed(kept: Shop) -> None:
    await kept.sanctions.give(ANNA, a_sanction(Kind.TIMEOUT, hours=1), DECISION)
    await kept.sanctions.give(ANNA, a_sanction(grp=EVERYWHERE), DECISION)
    await kept.sanctions.give(ANNA, a_sanction(grp="room:another"), DECISION)
    assert [one.kind for one in await kept.sanctions.standing_in(CLUB, limit=9)] == [Kind.BAN, Kind.TIMEOUT]
    assert len(await kept.sanctions.standing_in(CLUB, limit=1)) == 1


async def test_what_is_kept_of_somebody_erased_is_no_name_and_still_a_ban(kept: Shop) -> None:
    await kept.sanctions.give(ANNA, a_sanction(), DECISION)
    await kept.database.transact(lambda tx: tx.run("UPDATE sanctions SET whom = ''"))
    assert await kinds(kept) == [Kind.BAN]
    (row,) = await kept.database.read("SELECT * FROM sanctions")
    assert "anna" not in str(dict(row))


async def test_every_store_has_a_key_of_its_own(kept: Shop) -> None:
    (row,) = await kept.database.read("SELECT key FROM store_keys")
    assert len(row["key"]) == 32
    assert len(set(row["key"])) > 8
