"""A Job's story: in order, with its money, and with where it is now at the end."""

from datetime import timedelta

import pytest

from bot.domain.job import Reason, State, Waiting
from bot.domain.ledger import BOT, Entry, EntryKind, periods_of
from bot.domain.registers import LedgerRow
from bot.domain.story import ENTRIES, MONEY, REASONS, WAITS, now_words, story
from tests.builders import NOON, PRICE, UTC_ZONE, a_job, an_ask


def at(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def row(seconds: int, kind: EntryKind, account: str = BOT, amount: int = PRICE) -> LedgerRow:
    entry = Entry(cause="ask-1", account=account, kind=kind, amount_microusd=amount, periods=periods_of(NOON, UTC_ZONE))
    return LedgerRow(seq=seconds, at=NOON + at(seconds), entry=entry)


def test_it_is_told_in_order_and_ends_with_where_it_is() -> None:
    job = a_job(
        State.DELIVERED,
        ask=an_ask(received_at=NOON - at(1)),
        submitted_at=NOON + at(2),
        started_at=NOON + at(5),
        cancel_wanted_at=NOON + at(20),
        state_at=NOON + at(40),
    )
    rows = [row(30, EntryKind.SETTLE), row(30, EntryKind.SETTLE, "person:p"), row(0, EntryKind.HOLD)]
    assert [((chapter.at - NOON).total_seconds(), chapter.text) for chapter in story(job, rows)] == [
        (-1, "Asked"),
        (0, "Taken in, with $0.20 set aside for it"),
        (2, "Taken by the video service"),
        (5, "Rendering began"),
        (20, "Somebody wished it cancelled"),
        (30, "Paid: $0.20"),
        (40, "Done"),
    ]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (EntryKind.RELEASE, "Nothing was charged"),
        (EntryKind.LOSS, "Lost to the bot: $0.20"),
        (EntryKind.OVERRUN, "beyond what was set aside: $0.20"),
        (EntryKind.REFUND, "Given back: $0.20"),
    ],
)
def test_each_kind_of_money_has_its_words(kind: EntryKind, says: str) -> None:
    assert says in story(a_job(State.FAILED), [row(1, kind)])[-2].text


def test_where_it_is_says_why() -> None:
    refused = a_job(State.REFUSED, reason=Reason.EXPIRED)
    assert now_words(refused) == "Declined: nobody answered in time"
    waiting = a_job(State.IN_REVIEW, waiting_for=frozenset({Waiting.MODERATOR, Waiting.CONFIRMATION}))
    assert now_words(waiting) == "Waits for a yes: the person's own yes and a moderator"
    assert now_words(a_job(State.ADMITTED)) == "In line"


def test_every_reason_wait_and_kind_of_money_has_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(WAITS) == set(Waiting)
    assert set(MONEY) == set(ENTRIES) == set(EntryKind)
