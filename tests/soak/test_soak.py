"""The soak, shorter; and that its figures are read as they were written."""

import pytest

from bot.app.metrics import LAG_S
from tests.crash.cell import ground
from tests.crash.scenario import PRICE
from tests.soak.gauge import Gauge, quantile
from tests.soak.soak import soak

PAGE = """
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes {bytes}
# TYPE reelroom_loop_lag_seconds histogram
reelroom_loop_lag_seconds_bucket{{le="0.01"}} 98.0
reelroom_loop_lag_seconds_bucket{{le="0.5"}} 99.0
reelroom_loop_lag_seconds_bucket{{le="+Inf"}} 100.0
reelroom_loop_lag_seconds_sum 1.0
reelroom_loop_lag_seconds_count 100.0
"""

MOST_LAG_S = 1.0
"""Of a machine that does other things besides; on one of its own it is a hundredth."""


@pytest.mark.crash
@pytest.mark.slow
async def test_under_load_nothing_is_lost_nothing_is_done_twice_and_the_money_is_exact() -> None:
    with ground() as shared:
        report = await soak(8, shared)
    print(f"\n{report.table()}")  # noqa: T201 - the figures of the test
    assert report.differences == ()
    assert report.is_exact, report.audit
    assert report.asks == report.jobs == report.submits == report.reels > 0
    assert report.charged == report.jobs * PRICE
    assert report.lag_p99_s <= MOST_LAG_S


def test_what_the_program_says_of_itself_is_read() -> None:
    gauge = Gauge("http://nowhere.example")
    for second in range(10):
        gauge.read(PAGE.format(bytes=100 + second), second)
    gauge.read("", 10)
    assert (gauge.memory_about(4), gauge.memory_about(90)) == (104, 107)
    assert [gauge.lag_s(share) for share in (0.5, 0.98, 0.99, 0.995)] == [0.01, 0.01, 0.5, float("inf")]
    with pytest.raises(ValueError, match="nobody"):
        Gauge("http://nowhere.example").memory_about(1)


def test_without_a_single_waking_no_lag_is_claimed() -> None:
    assert quantile([], 0.99) == float("inf")
    assert quantile([(bound, 0.0) for bound in LAG_S], 0.99) == float("inf")
