"""What figures say in words, also when there is nothing to say."""

from datetime import date

from bot.domain.statistics import Day, Made, Month, Statistics, Waits, waits_of
from bot.domain.summary import made_words, month_words, spending_words, statistics_notice, waits_words

EMPTY = Statistics(group="", days=(Day(day=date(2026, 11, 1)),) * 30, made=(), waits=Waits(), month=Month())
BUSY = Statistics(
    group="discord:1",
    days=(
        Day(day=date(2026, 11, 1), spent_microusd=1_200_000),
        Day(day=date(2026, 11, 2)),
        Day(day=date(2026, 11, 3), spent_microusd=3_000_000),
    ),
    made=(Made(name="Kling", made=3, failed=1), Made(name="Veo", made=1)),
    waits=waits_of([20, 20, 100]),
    month=Month(used_microusd=4_200_000, projected_microusd=9_000_000, limit_microusd=20_000_000),
)


def test_a_busy_month_is_told() -> None:
    assert spending_words(BUSY) == "$4.20 spent in 3 days, most on 3 November: $3.00."
    assert made_words(BUSY) == "4 videos in 3 days, most of them by Kling."
    assert waits_words(BUSY) == "Half of the last 3 reels came within 20 s, nine in ten within 2 min."
    assert month_words(BUSY.month) == "$4.20 this month; going on like this, $9.00 by its end, of $20.00 allowed."
    notice = statistics_notice(BUSY)
    assert notice.text.splitlines() == [spending_words(BUSY), made_words(BUSY), waits_words(BUSY)]
    assert notice.detail == month_words(BUSY.month)


def test_a_month_without_anything_is_told_too() -> None:
    assert spending_words(EMPTY) == "$0.00 spent in 30 days."
    assert made_words(EMPTY) == "0 videos in 30 days."
    assert waits_words(EMPTY) == "No reel has been made yet."
    assert month_words(EMPTY.month) == "$0.00 this month."
