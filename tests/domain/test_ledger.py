"""Rows and balances: what is held is ended once per account, and nothing is lost or made on the way."""

from datetime import UTC, datetime
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import (
    BOT,
    ENDS_A_HOLD,
    Balance,
    Closing,
    Ending,
    Entry,
    EntryKind,
    Limits,
    Period,
    Periods,
    after,
    closing_entries,
    counterpart,
    is_personal,
    periods_of,
)

NOV = Periods(day="2026-11-20", week="2026-W47", month="2026-11")
ACCOUNTS = ("person:p", "member:room:club:p", "group:room:club", BOT)
MONEY = st.integers(0, 1_000)
CLOSINGS = st.builds(Closing, ending=st.sampled_from(Ending), cost_microusd=MONEY, person_pays=st.booleans())


def holds(amount: int, cause: str = "job") -> list[Entry]:
    return [
        Entry(cause=cause, account=account, kind=EntryKind.HOLD, amount_microusd=amount, periods=NOV)
        for account in ACCOUNTS
    ]


def entry(kind: EntryKind, amount: int, ends: int = 0) -> Entry:
    return Entry(cause="x", account=BOT, kind=kind, amount_microusd=amount, ends_microusd=ends, periods=NOV)


def ended(closing: Closing, hold: int = 200) -> dict[str, list[tuple[str, int]]]:
    """What a closing writes, by account."""
    rows = closing_entries(closing, holds(hold))
    return {name: [(row.kind.value, row.amount_microusd) for row in rows if row.account == name] for name in ACCOUNTS}


@given(CLOSINGS, MONEY)
def test_every_account_gets_exactly_one_end_of_its_whole_hold_in_its_own_periods(closing: Closing, hold: int) -> None:
    rows = closing_entries(closing, holds(hold))
    ends = [row for row in rows if row.kind in ENDS_A_HOLD]
    assert sorted(row.account for row in ends) == sorted(ACCOUNTS)
    assert all(row.ends_microusd == hold and row.amount_microusd <= hold for row in ends)
    assert all(row.cause == "job" and row.periods == NOV for row in rows)
    assert {row.account for row in rows if row.kind is EntryKind.OVERRUN} <= {BOT}


@given(CLOSINGS, MONEY)
def test_once_ended_nothing_is_held_and_the_bot_has_spent_what_it_cost(closing: Closing, hold: int) -> None:
    taken = holds(hold)
    for account in ACCOUNTS:
        rows = [row for row in (*taken, *closing_entries(closing, taken)) if row.account == account]
        balance = reduce(after, rows, Balance())
        assert balance.held == 0
        assert balance.spent >= 0
        if account == BOT and closing.ending in {Ending.PAID, Ending.BILLED_FAILURE}:
            assert balance.spent == closing.cost_microusd


@given(st.lists(st.tuples(MONEY, CLOSINGS | st.none(), st.integers(0, 1_000)), max_size=12))
def test_a_balance_is_the_fold_of_its_rows_and_is_never_negative(lives: list[tuple[int, Closing | None, int]]) -> None:
    balance, held, spent = Balance(), 0, 0
    for number, (hold, closing, refund) in enumerate(lives):
        (taken,) = [row for row in holds(hold, f"job-{number}") if row.account == BOT]
        balance = after(balance, taken)
        held += hold
        if closing is not None:
            rows = [row for row in closing_entries(closing, [taken]) if row.account == BOT]
            paid = sum(row.amount_microusd for row in rows if row.kind is not EntryKind.RELEASE)
            back = min(refund, paid)
            balance = reduce(after, [*rows, entry(EntryKind.REFUND, back)], balance)
            held, spent = held - hold, spent + paid - back
        assert (balance.held, balance.spent) == (held, spent)
        assert balance.used == held + spent >= 0


def test_paid_is_settled_at_the_cost_and_the_rest_of_the_hold_is_free_again() -> None:
    assert ended(Closing(ending=Ending.PAID, cost_microusd=150)) == {name: [("settle", 150)] for name in ACCOUNTS}


def test_what_exceeds_the_hold_is_an_overrun_of_the_bot_alone() -> None:
    over = ended(Closing(ending=Ending.PAID, cost_microusd=250))
    assert over.pop(BOT) == [("settle", 200), ("overrun", 50)]
    assert set(map(str, over.values())) == {"[('settle', 200)]"}


def test_a_billed_failure_is_the_groups_and_the_bots_unless_the_person_pays() -> None:
    spared = ended(Closing(ending=Ending.BILLED_FAILURE, cost_microusd=150))
    assert [spared[name] for name in ACCOUNTS] == [[("release", 200)]] * 2 + [[("settle", 150)]] * 2
    paying = ended(Closing(ending=Ending.BILLED_FAILURE, cost_microusd=150, person_pays=True))
    assert paying == {name: [("settle", 150)] for name in ACCOUNTS}


def test_a_lost_job_is_released_to_the_person_and_stays_a_loss_of_group_and_bot() -> None:
    lost = ended(Closing(ending=Ending.LOST))
    assert [lost[name] for name in ACCOUNTS] == [[("release", 200)]] * 2 + [[("loss", 200)]] * 2


@pytest.mark.parametrize(
    ("row", "balance"),
    [
        (entry(EntryKind.HOLD, 5), Balance(held=15, spent=20, granted=30)),
        (entry(EntryKind.SETTLE, 4, 10), Balance(held=0, spent=24, granted=30)),
        (entry(EntryKind.LOSS, 10, 10), Balance(held=0, spent=30, granted=30)),
        (entry(EntryKind.RELEASE, 10, 10), Balance(held=0, spent=20, granted=30)),
        (entry(EntryKind.REFUND, 5), Balance(held=10, spent=15, granted=30)),
        (entry(EntryKind.OVERRUN, 5), Balance(held=10, spent=25, granted=30)),
        (entry(EntryKind.GRANT, 5), Balance(held=10, spent=20, granted=35)),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Entry) else "",
)
def test_what_each_kind_of_row_does(row: Entry, balance: Balance) -> None:
    assert after(Balance(held=10, spent=20, granted=30), row) == balance


def test_a_grant_makes_room() -> None:
    assert Balance(held=10, spent=20, granted=5).used == 25


@pytest.mark.parametrize(
    ("account", "personal"), [("person:p", True), ("member:a:b:p", True), ("group:a:b", False), (BOT, False)]
)
def test_a_persons_share_of_a_group_is_their_own(account: str, *, personal: bool) -> None:
    assert is_personal(account) is personal


@pytest.mark.parametrize(
    ("at", "zone", "day", "week", "month"),
    [
        ("2026-11-20T23:30", "UTC", "2026-11-20", "2026-W47", "2026-11"),
        ("2026-11-20T23:30", "Europe/Berlin", "2026-11-21", "2026-W47", "2026-11"),
        ("2026-11-30T23:30", "Pacific/Kiritimati", "2026-12-01", "2026-W49", "2026-12"),
        ("2026-12-31T12:00", "UTC", "2026-12-31", "2026-W53", "2026-12"),
        ("2027-01-01T12:00", "UTC", "2027-01-01", "2026-W53", "2027-01"),
        ("2027-01-04T00:00", "UTC", "2027-01-04", "2027-W01", "2027-01"),
        ("2024-12-30T00:00", "UTC", "2024-12-30", "2025-W01", "2024-12"),
        ("2026-03-29T00:59", "Europe/Berlin", "2026-03-29", "2026-W13", "2026-03"),
        ("2026-10-25T22:59", "Europe/Berlin", "2026-10-25", "2026-W43", "2026-10"),
        ("2026-10-25T23:00", "Europe/Berlin", "2026-10-26", "2026-W44", "2026-10"),
        ("2026-11-01T04:30", "America/Havana", "2026-11-01", "2026-W44", "2026-11"),
        ("2026-11-01T05:30", "America/Havana", "2026-11-01", "2026-W44", "2026-11"),
    ],
)
def test_periods_follow_the_clock_on_the_owners_wall(at: str, zone: str, day: str, week: str, month: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert periods_of(moment, ZoneInfo(zone)) == Periods(day=day, week=week, month=month)


def test_names_and_limits_are_found_by_period() -> None:
    assert [NOV.name(period) for period in Period] == [NOV.day, NOV.week, NOV.month]
    assert [Limits(day=1, month=3).of(period) for period in Period] == [1, None, 3]


@pytest.mark.parametrize(
    ("account", "becomes"),
    [
        ("person:p", "bond:b"),
        ("member:room:club:p", "member:room:club:b"),
        ("member:telegram:-100:p", "member:telegram:-100:b"),
        ("person:q", None),
        ("member:room:p:q", None),
        ("member:room:club:P", None),
        ("group:room:p", None),
        ("bond:p", None),
        (BOT, None),
    ],
)
def test_what_belongs_to_a_purse_has_its_counterpart_and_nothing_else_has(account: str, becomes: str | None) -> None:
    assert counterpart(account, "person:p", "bond:b") == becomes


def test_what_is_shared_is_personal_too() -> None:
    assert [is_personal(one) for one in ("bond:b", "member:room:club:b", "group:room:club", BOT)] == [
        True,
        True,
        False,
        False,
    ]


def test_limits_of_some_kinds_leave_the_others_open() -> None:
    limits = Limits(day=1, week=2, month=3)
    assert limits.only([Period.DAY, Period.MONTH]) == Limits(day=1, month=3)
    assert limits.only([]) == Limits()
    assert limits.only(list(Period)) == limits
