"""What owners are told about the bot's own budgets, and where it pauses by itself."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import Budget, House
from bot.domain.errors import Slug
from bot.domain.ledger import BOT, Balance, Limits, Period, periods_of
from bot.domain.thresholds import Gauge, admitted_alerts, pauses, refused_alerts
from tests.builders import NOON, UTC_ZONE, a_policy

MARKS = st.sets(st.integers(1, 100), max_size=4)


def a_gauge(
    used: int, *, limit: int = 1_000, marks: tuple[int, ...] = (50, 80, 100), pause_at: int | None = None, on: str = ""
) -> Gauge:
    """A day's budget so far used."""
    return Gauge(
        policy=a_policy(bot=Limits(day=limit), alert_at=marks, pause_at=pause_at),
        house=House(let_go_on=(on,)),
        balances={(BOT, Period.DAY): Balance(spent=used)},
        periods=periods_of(NOON, UTC_ZONE),
        now=NOON,
    )


@given(MARKS, st.lists(st.integers(0, 400), max_size=12))
def test_each_percent_that_is_passed_is_told_at_most_once_and_the_last_of_them_always(
    marks: set[int], holds: list[int]
) -> None:
    told, used = [], 0
    for hold in holds:
        if used + hold > 1_000:
            break
        gauge = a_gauge(used, marks=tuple(sorted(marks)))
        told += [alert.key for alert in admitted_alerts(gauge, hold)]
        used += hold
    assert len(told) == len(set(told))
    passed = [mark for mark in marks if used >= mark * 10]
    if passed and max(passed) > 0:
        assert f"budget:day-2026-11-20:{max(passed)}" in told
    assert all(int(key.rpartition(":")[2]) in passed for key in told)


def test_somebody_turned_away_is_told_where_all_of_the_budget_would_have_done() -> None:
    (alert,) = refused_alerts(a_gauge(950), 100)
    assert alert.key == "budget:day-2026-11-20:100"
    assert "and somebody was turned away. It refills tomorrow at 00:00 (UTC)." in alert.notice.text
    assert list(refused_alerts(a_gauge(950), 1_001)) == []
    assert list(refused_alerts(a_gauge(900), 100)) == []
    assert list(refused_alerts(a_gauge(950, marks=(50,)), 100)) == []


def test_it_pauses_at_its_percent_and_not_before_nor_where_an_owner_lets_it_go_on() -> None:
    def slugs(gauge: Gauge) -> list[Slug]:
        return [problem.slug for problem in pauses(gauge, Budget())]

    assert slugs(a_gauge(899, pause_at=90)) == []
    assert slugs(a_gauge(900, pause_at=90)) == [Slug.BUDGET_PAUSED]
    assert slugs(a_gauge(900, pause_at=90, on="day-2026-11-20")) == []
    assert slugs(a_gauge(900, pause_at=90, on="day-2026-11-19")) == [Slug.BUDGET_PAUSED]
    assert slugs(a_gauge(5_000)) == []


def test_the_alert_that_comes_with_a_pause_has_a_button_and_says_where_the_month_leads() -> None:
    gauge = a_gauge(850, pause_at=90)
    (alert,) = admitted_alerts(gauge, 100)
    assert alert.key.endswith(":90")
    assert [(one.label, one.subject) for one in alert.notice.buttons] == [("Go on", "day-2026-11-20")]
    assert "Until then I begin nothing more" in alert.notice.text
    assert "If it goes on so, this month comes to about" in alert.notice.text
    (early,) = admitted_alerts(a_gauge(450, pause_at=90), 100)
    assert early.notice.buttons == ()


def test_a_word_of_an_owners_or_a_moderators_comes_first() -> None:
    gauge = a_gauge(0)
    assert [one.slug for one in pauses(gauge, Budget(paused="x"))] == [Slug.GROUP_PAUSED]
