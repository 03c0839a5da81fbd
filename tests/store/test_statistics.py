"""Figures: counted right, of a group and of everything, and of nothing that is too old."""

from datetime import timedelta

from bot.domain.job import Event, Reason, State
from bot.domain.ledger import Balance
from bot.store.statistics import Figures
from tests.builders import BEN, NOON, PRICE, an_ask, an_order
from tests.store.shop import RELEASED, Shop

SLUG = "pixverse-effects"
CLUB = "room:club"


async def delivered(kept: Shop, name: str, *, after_s: float, group: str = "") -> None:
    """A Job whose reel stands in its thread so many seconds after it was admitted."""
    job = await kept.completed(name, group=group)
    kept.clock.forward(after_s)
    await kept.step(await kept.step(job, Event.CLAIMED), Event.POSTED)


async def failed(kept: Shop, name: str) -> None:
    """A Job that fal refused."""
    await kept.step(await kept.submitted(name), Event.FAILED, closing=RELEASED, reason=Reason.FAL_SAID_NO)


async def test_figures_of_somebody_are_theirs_alone_wherever_they_asked(kept: Shop) -> None:
    await delivered(kept, "a", after_s=30, group="club")
    await delivered(kept, "b", after_s=60)
    await failed(kept, "c")
    other = await kept.completed("d", account=BEN, group="club")
    anna = await kept.jobs.get("a")
    assert anna is not None
    figures, since = Figures(kept.database), NOON - timedelta(days=1)
    assert await figures.endings([SLUG], since, f"person:{anna.person}") == {SLUG: (2, 1)}
    assert await figures.waits(since, f"person:{anna.person}", at_most=9) == [60.0, 30.0]
    assert await figures.waits(since, f"person:{other.person}", at_most=9) == []
    assert await figures.endings([SLUG], since, "person:") == {}


async def test_money_by_day_is_the_balances_of_those_days_and_no_others(kept: Shop) -> None:
    await kept.completed("a", cost=PRICE - 1, group="club")
    kept.clock.forward(timedelta(days=1).total_seconds())
    await kept.admitted("b")
    figures = Figures(kept.database)
    assert await figures.by_day("bot", "2026-11-20", "2026-11-21") == {
        "2026-11-20": Balance(spent=PRICE - 1),
        "2026-11-21": Balance(held=PRICE),
    }
    assert await figures.by_day(f"group:{CLUB}", "2026-11-20", "2026-11-21") == {"2026-11-20": Balance(spent=PRICE - 1)}
    assert await figures.by_day("bot", "2026-11-22", "2026-11-30") == {}


async def test_endings_are_counted_by_endpoint_group_and_time(kept: Shop) -> None:
    await delivered(kept, "old", after_s=10)
    start = kept.clock.forward(60)
    await delivered(kept, "a", after_s=10, group="club")
    await failed(kept, "b")
    await kept.submitted("still going")
    other = await kept.admit(an_ask("c"), an_order(endpoint="another"))
    assert other.job
    figures = Figures(kept.database)
    assert await figures.endings([SLUG, "another"], start, "") == {SLUG: (1, 1)}
    assert await figures.endings([SLUG], NOON, "") == {SLUG: (2, 1)}
    assert await figures.endings([SLUG], NOON, CLUB) == {SLUG: (1, 0)}
    assert await figures.endings([], NOON, "") == {}
    assert await figures.latest_endings(SLUG, at_most=200) == (2, 1)
    assert await figures.latest_endings(SLUG, at_most=1) == (0, 1)
    assert await figures.latest_endings("another", at_most=200) == (0, 0)


async def test_waits_are_from_the_admission_to_the_reel_of_the_latest(kept: Shop) -> None:
    for seconds in (30, 20, 10):
        await delivered(kept, f"after-{seconds}", after_s=seconds, group="club" if seconds == 20 else "")
    await failed(kept, "b")
    figures = Figures(kept.database)
    assert await figures.waits(NOON, "", at_most=2) == [10, 20]
    assert await figures.waits(NOON, CLUB, at_most=9) == [20]
    assert await figures.waits(kept.clock.forward(1), "", at_most=9) == []


async def test_jobs_are_counted_by_state(kept: Shop) -> None:
    await delivered(kept, "a", after_s=1)
    await kept.submitted("b", group="club")
    await kept.submitted("c")
    await failed(kept, "d")
    await kept.inbox.receive(an_ask("e"))
    figures = Figures(kept.database)
    assert await figures.open_by_state("") == {State.SUBMITTED: 2}
    assert await figures.open_by_state(CLUB) == {State.SUBMITTED: 1}
    assert await figures.ended_by_state(NOON, "") == {State.DELIVERED: 1, State.FAILED: 1}
    assert await figures.ended_by_state(NOON, CLUB) == {}
    assert await figures.asks_waiting() == 1
