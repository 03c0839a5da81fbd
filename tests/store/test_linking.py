"""Joining and separating on a real store: who is one, what of the money goes along, and what codes are good for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ask import Account
from bot.domain.errors import Problem, Slug
from bot.domain.job import Event, State
from bot.domain.ledger import Closing, Ending, Limits
from bot.domain.linking import CODE_LIFE, MOST_WRONG, WAIT, Outcome
from bot.domain.quota import Counts, Policy
from bot.store.books import Books
from bot.store.codec import ASK, dump
from bot.store.database import Tx, open_database
from bot.store.linking import forget_codes
from bot.store.migrate import shipped
from tests.builders import PRICE, a_policy, an_ask
from tests.store.shop import Shop

ADA = Account(platform="discord", id="1", name="Ada")
ADA_TOO = Account(platform="telegram", id="7", name="Ada L.")
ALT = Account(platform="discord", id="2", name="Alt")
HOME = Account(platform="room", id="owner", name="Ada at home")
CLUB = "club"

TWO_A_DAY = a_policy(person=Limits(day=2 * PRICE))
TWO_A_MONTH = a_policy(person=Limits(month=2 * PRICE))


def named(*accounts: Account) -> list[tuple[str, str, str]]:
    return [(one.platform, one.id, one.name) for one in accounts]


async def asks(kept: Shop, account: Account, policy: Policy, group: str = "") -> bool:
    """Whether an Ask of the account is admitted."""
    return not await refusal(kept, account, policy, group)


async def refusal(kept: Shop, account: Account, policy: Policy, group: str = "") -> Sequence[Problem]:
    """Why an Ask of the account is not admitted; nothing when it is."""
    number = len(await kept.database.read("SELECT id FROM inbox"))
    ask = an_ask(f"ask-{number}", account=account, group=group, received_at=kept.clock.at)
    return (await kept.admit(ask, policy=policy)).problems


async def row_count(kept: Shop) -> int:
    return (await kept.counts())["ledger"]


# --- who is one with whom -------------------------------------------------------------------------------------------


async def test_a_code_typed_elsewhere_makes_two_accounts_one_person(kept: Shop) -> None:
    assert named(*await kept.links.offer(ADA, "code")) == named(ADA)
    redeemed = await kept.links.redeem(ADA_TOO, "code")
    assert redeemed.outcome is Outcome.JOINED
    assert named(*redeemed.accounts) == named(ADA, ADA_TOO)
    assert await kept.people.person(ADA) == await kept.people.person(ADA_TOO)
    assert named(*await kept.links.others(ADA)) == named(ADA_TOO)
    assert await kept.links.are_one(ADA, ADA_TOO)


async def test_whoever_is_joined_brings_all_they_are_one_with(kept: Shop) -> None:
    await kept.join(ADA, ALT)
    await kept.join(HOME, ADA_TOO)
    await kept.join(ADA_TOO, ALT)
    assert named(*await kept.links.others(HOME)) == named(ADA, ALT, ADA_TOO)


async def test_strangers_and_the_unknown_are_not_one(kept: Shop) -> None:
    assert not await kept.links.are_one(ADA, ALT)
    await kept.admitted(account=ADA)
    assert not await kept.links.are_one(ADA, ALT)
    assert await kept.links.are_one(ADA, replace(ADA, name="Renamed"))
    assert await kept.links.others(ALT) == ()


async def test_an_account_that_separates_is_by_itself_and_the_others_stay_together(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    await kept.join(ADA, ALT)
    assert named(*await kept.links.separate(ADA)) == named(ALT, ADA_TOO)
    assert not await kept.links.are_one(ADA, ALT)
    assert await kept.links.are_one(ALT, ADA_TOO)
    assert await kept.links.separate(ADA) == ()
    assert await kept.links.separate(HOME) == ()


async def test_jobs_are_seen_from_either_side_while_joined_and_go_with_who_asked(kept: Shop) -> None:
    await kept.admitted("hers", account=ADA)
    kept.clock.forward(60)
    await kept.admitted("hers too", account=ADA_TOO)
    books = Books(kept.database)
    await kept.join(ADA, ADA_TOO)
    for account in (ADA, ADA_TOO):
        assert {job.id for job in await books.jobs_of(account, limit=9)} == {"hers", "hers too"}
    await kept.links.separate(ADA)
    assert [job.id for job in await books.jobs_of(ADA, limit=9)] == ["hers"]
    assert [job.id for job in await books.jobs_of(ADA_TOO, limit=9)] == ["hers too"]


async def test_what_was_declared_and_is_usually_wanted_goes_along(kept: Shop) -> None:
    await kept.admitted("hers", account=ADA)
    await kept.admitted("hers too", account=ADA_TOO)
    await kept.people.declare(ADA_TOO, CLUB)
    await kept.people.keep_setting("account:telegram:7", "default:effect:model", "kling-1.6")
    await kept.people.keep_setting("account:discord:1", "default:animate:model", "wan-pro")
    await kept.join(ADA, ADA_TOO)
    assert await kept.people.declared(replace(ADA, platform="telegram", id="7"), CLUB)
    assert await kept.people.setting("account:discord:1", "default:effect:model") == "kling-1.6"
    assert await kept.people.setting("account:telegram:7", "default:animate:model") == "wan-pro"
    await kept.links.separate(ADA_TOO)
    assert await kept.people.declared(ADA_TOO, CLUB)


async def test_limits_beside_money_count_what_either_has_under_way(kept: Shop) -> None:
    policy = a_policy(counts=Counts(jobs_at_once=2))
    assert await asks(kept, ADA, policy)
    assert await asks(kept, ADA_TOO, policy)
    await kept.join(ADA, ADA_TOO)
    refused = await refusal(kept, ADA, policy)
    assert [problem.slug for problem in refused] == [Slug.JOBS_AT_ONCE]


# --- the money ------------------------------------------------------------------------------------------------------


async def test_what_either_has_spent_or_holds_counts_for_both(kept: Shop) -> None:
    await kept.completed("spent", account=ADA_TOO)
    await kept.submitted("held", account=ADA)
    await kept.join(ADA, ADA_TOO)
    for account in (ADA, ADA_TOO):
        refused = await refusal(kept, account, TWO_A_DAY)
        (problem,) = refused
        assert (problem.facts["whose"], problem.facts["left"]) == ("your", "$0.00")
    assert (await kept.audit()).findings == ()


async def test_a_job_under_way_ends_once_on_every_account_that_holds_it(kept: Shop) -> None:
    await kept.admitted("before", account=ADA)
    kept.clock.forward(1)
    job = await kept.submitted("under-way", account=ADA_TOO, group=CLUB)
    before = job.person
    await kept.join(ADA, ADA_TOO)
    after = str(await kept.people.person(ADA))
    paid = Closing(ending=Ending.PAID, cost_microusd=PRICE - 1)
    assert (await kept.step(job, Event.COMPLETED, closing=paid, cost_microusd=PRICE - 1)).state is State.COMPLETED
    rows = await kept.ledger("under-way")
    personal = [
        f"person:{before}",
        f"member:telegram:{CLUB}:{before}",
        f"person:{after}",
        f"member:telegram:{CLUB}:{after}",
    ]
    assert sorted(rows) == sorted(
        (account, kind, amount)
        for account in [*personal, f"group:telegram:{CLUB}", "bot"]
        for kind, amount in (("hold", PRICE), ("settle", PRICE - 1))
    )
    found = await kept.audit()
    assert (found.findings, found.held, found.spent) == ((), PRICE, PRICE - 1)


async def test_joining_again_and_again_writes_nothing_twice(kept: Shop) -> None:
    await kept.completed("spent", account=ADA_TOO)
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    rows = await row_count(kept)
    for _ in range(3):
        kept.clock.forward(1)
        await kept.join(ADA_TOO, ADA)
        await kept.links.separate(ADA)
        kept.clock.forward(1)
        await kept.join(ADA, ADA_TOO)
        await kept.links.separate(ADA_TOO)
    assert await row_count(kept) == rows
    assert (await kept.audit()).findings == ()


async def test_separating_refills_nothing_and_gives_no_second_budget(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    assert await asks(kept, ADA, TWO_A_DAY)
    await kept.links.separate(ADA_TOO)
    assert await asks(kept, ADA_TOO, TWO_A_DAY)
    for account in (ADA, ADA_TOO):
        refused = await refusal(kept, account, TWO_A_DAY)
        (problem,) = refused
        assert problem.facts["whose"] == "your shared"
    kept.clock.forward(24 * 3600)
    for account in (ADA, ADA, ADA_TOO, ADA_TOO):
        assert await asks(kept, account, TWO_A_DAY)
    assert (await kept.audit()).findings == ()


async def test_of_each_budget_as_much_is_shared_as_was_not_refilled(kept: Shop) -> None:
    policy = a_policy(person=Limits(day=2 * PRICE, month=3 * PRICE))
    await kept.join(ADA, ADA_TOO)
    assert await asks(kept, ADA, policy)
    await kept.links.separate(ADA_TOO)
    kept.clock.forward(24 * 3600)
    assert await asks(kept, ADA_TOO, policy)
    assert await asks(kept, ADA_TOO, policy)
    refused = await refusal(kept, ADA, policy)
    assert [(one.facts["whose"], one.facts["period"]) for one in refused] == [("your shared", "monthly")]
    kept.clock.at = kept.clock.at.replace(month=12, day=1)
    assert await asks(kept, ADA, policy)


async def test_a_day_together_binds_also_those_who_were_bound_before(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    kept.clock.forward(24 * 3600)
    await kept.join(ADA, ADA_TOO)
    assert await asks(kept, ADA, TWO_A_DAY)
    await kept.links.separate(ADA)
    assert await asks(kept, ADA_TOO, TWO_A_DAY)
    assert not await asks(kept, ADA, TWO_A_DAY)
    assert not await asks(kept, ADA_TOO, TWO_A_DAY)


async def test_what_was_spent_days_ago_counts_where_a_budget_is_that_long(kept: Shop) -> None:
    await kept.join(ADA, HOME)
    kept.clock.forward(1)
    await kept.completed("long-ago", account=ADA_TOO)
    kept.clock.forward(9 * 24 * 3600)
    await kept.join(ADA, ADA_TOO)
    assert await asks(kept, ADA, TWO_A_MONTH)
    assert not await asks(kept, ADA, TWO_A_MONTH)
    assert await asks(kept, ADA, TWO_A_DAY)


async def test_one_who_comes_later_is_bound_with_those_who_have_separated(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    assert await asks(kept, HOME, TWO_A_DAY)
    await kept.join(ADA, HOME)
    assert await asks(kept, ADA_TOO, TWO_A_DAY)
    assert not await asks(kept, ADA_TOO, TWO_A_DAY)
    assert not await asks(kept, HOME, TWO_A_DAY)


@pytest.mark.parametrize("outsider_is_older", [True, False])
async def test_one_who_joins_the_bound_from_outside_is_bound_too(kept: Shop, *, outsider_is_older: bool) -> None:
    if outsider_is_older:
        await kept.admitted("before", account=HOME)
        kept.clock.forward(1)
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    await kept.join(ADA, HOME)
    left = 1 if outsider_is_older else 2
    for account in (HOME, ADA)[:left]:
        assert await asks(kept, account, TWO_A_DAY)
    for account in (ADA, HOME, ADA_TOO):
        assert not await asks(kept, account, TWO_A_DAY)


async def test_two_bonds_become_one_when_their_people_do(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    kept.clock.forward(24 * 3600)
    await kept.join(HOME, ALT)
    await kept.links.separate(ALT)
    await kept.join(ADA, HOME)
    assert await asks(kept, ALT, TWO_A_MONTH)
    assert await asks(kept, ADA_TOO, TWO_A_MONTH)
    for account in (ADA, ADA_TOO, HOME, ALT):
        assert not await asks(kept, account, TWO_A_MONTH)
    assert (await kept.audit()).findings == ()


async def test_a_merged_bond_holds_for_as_long_as_either_did(kept: Shop) -> None:
    await kept.join(ADA, ADA_TOO)
    await kept.links.separate(ADA_TOO)
    kept.clock.forward(24 * 3600)
    await kept.join(HOME, ALT)
    assert await asks(kept, HOME, TWO_A_DAY)
    await kept.links.separate(ALT)
    await kept.join(ADA, HOME)
    assert await asks(kept, ADA, TWO_A_DAY)
    assert not await asks(kept, ALT, TWO_A_DAY)


async def test_a_share_of_a_groups_budget_goes_along_too(kept: Shop) -> None:
    policy = a_policy(member=Limits(day=2 * PRICE))
    assert await asks(kept, ADA, policy, CLUB)
    await kept.join(ALT, ADA)
    assert await asks(kept, ALT, policy, CLUB)
    await kept.links.separate(ADA)
    for account in (ADA, ALT):
        refused = await refusal(kept, account, policy, CLUB)
        assert [one.facts["whose"] for one in refused] == ["your shared part of this group's"]
        assert await asks(kept, account, policy, "another club")
    assert (await kept.audit()).findings == ()


async def test_a_second_account_gives_no_budget_that_is_spent_already(kept: Shop) -> None:
    """Both have spent all there is before they are joined: nothing was wrong then, and nothing is left now."""
    for account in (ADA, ADA, ADA_TOO, ADA_TOO):
        assert await asks(kept, account, TWO_A_DAY)
    await kept.join(ADA, ADA_TOO)
    assert not await asks(kept, ADA, TWO_A_DAY)
    await kept.links.separate(ADA)
    assert not await asks(kept, ADA, TWO_A_DAY)
    assert not await asks(kept, ADA_TOO, TWO_A_DAY)
    assert (await kept.audit()).findings == ()


async def test_jobs_of_an_older_store_know_who_asked(tmp_path: Path) -> None:
    before = [one for one in shipped() if one.name < next(new.name for new in shipped() if "linking" in new.name)]
    database = await open_database(tmp_path / "reelroom.db", migrations=before)

    async def work(tx: Tx) -> None:
        await tx.run("INSERT INTO people (id, created_at) VALUES ('ada', 0)")
        await tx.run(
            "INSERT INTO jobs (id, state, person, endpoint, ask, ordered, hold_microusd, place, created_at, state_at) "
            "VALUES ('old', 'delivered', 'ada', 'x', $1, '{}', 0, '{}', 0, 0)",
            dump(ASK, an_ask(account=ADA)),
        )

    await database.transact(work)
    await database.close()
    database = await open_database(tmp_path / "reelroom.db")
    assert await database.read("SELECT asker FROM jobs") == [{"asker": "discord:1"}]
    await database.close()


# --- codes ----------------------------------------------------------------------------------------------------------


async def test_a_code_is_good_once_and_its_answer_is_given_again(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    first = await kept.links.redeem(ADA_TOO, "code")
    assert await kept.links.redeem(ADA_TOO, "code") == first
    assert (await kept.links.redeem(ALT, "code")).outcome is Outcome.UNKNOWN
    assert not await kept.links.are_one(ALT, ADA)


async def test_a_used_code_does_not_undo_a_separation(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    await kept.links.redeem(ADA_TOO, "code")
    await kept.links.separate(ADA_TOO)
    assert (await kept.links.redeem(ADA_TOO, "code")).outcome is Outcome.UNKNOWN
    assert not await kept.links.are_one(ADA, ADA_TOO)


async def test_the_newest_code_replaces_the_older(kept: Shop) -> None:
    await kept.links.offer(ADA, "old")
    await kept.links.offer(ADA, "new")
    assert (await kept.links.redeem(ADA_TOO, "old")).outcome is Outcome.UNKNOWN
    assert (await kept.links.redeem(ADA_TOO, "new")).outcome is Outcome.JOINED


async def test_a_code_is_over_after_ten_minutes(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    kept.clock.forward(CODE_LIFE.total_seconds())
    assert (await kept.links.redeem(ADA_TOO, "code")).outcome is Outcome.UNKNOWN
    await kept.links.offer(ADA, "another")
    kept.clock.forward(CODE_LIFE.total_seconds() - 1)
    assert (await kept.links.redeem(ADA_TOO, "another")).outcome is Outcome.JOINED


async def test_ones_own_code_is_for_the_other_account_and_stays_good(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    assert (await kept.links.redeem(ADA, "code")).outcome is Outcome.OWN
    assert (await kept.links.redeem(ADA_TOO, "code")).outcome is Outcome.JOINED
    await kept.links.offer(ADA, "another")
    assert (await kept.links.redeem(ADA_TOO, "another")).outcome is Outcome.ALREADY


async def test_who_guesses_wrong_too_often_waits_even_with_the_right_code(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    for _ in range(MOST_WRONG):
        assert (await kept.links.redeem(ALT, "a guess")).outcome is Outcome.UNKNOWN
        kept.clock.forward(60)
    kept.clock.forward(-60)
    refused = await kept.links.redeem(ALT, "code")
    assert (refused.outcome, refused.again_at) == (Outcome.TOO_MANY, kept.clock.at + WAIT)
    assert (await kept.links.redeem(ADA_TOO, "code")).outcome is Outcome.JOINED
    kept.clock.forward(WAIT.total_seconds())
    assert (await kept.links.redeem(ALT, "a guess")).outcome is Outcome.UNKNOWN
    await kept.links.offer(ADA, "another")
    assert (await kept.links.redeem(ALT, "another")).outcome is Outcome.JOINED


async def test_a_wrong_guess_writes_down_nobody(kept: Shop) -> None:
    await kept.links.redeem(ALT, "a guess")
    assert (await kept.counts())["people"] == 0


async def test_what_is_over_is_forgotten_and_what_is_not_stays(kept: Shop) -> None:
    await kept.links.offer(ADA, "code")
    await kept.links.redeem(ALT, "a guess")
    await forget_codes(kept.database, before=kept.clock.at)
    assert (await kept.links.redeem(ADA_TOO, "code")).outcome is Outcome.JOINED
    await forget_codes(kept.database, before=kept.clock.at + timedelta(hours=1))
    for table in ("link_codes", "link_guesses"):
        assert await kept.database.read(f"SELECT * FROM {table}") == []  # noqa: S608  one of two names
