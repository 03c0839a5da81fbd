"""Statistics for who asks: a group's in a group, one's own in private, with a picture that is drawn once a minute."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.stats import FRESH, Stats
from bot.domain.admin import typed
from bot.domain.job import Event
from bot.domain.ledger import Limits
from bot.settings.endpoints import catalogue_of
from tests.actions.administrations import Pencil, an_administration, some_stats
from tests.builders import ANNA, BEN, OWNER, PRICE, a_policy, an_endpoint
from tests.store.shop import Shop, shop

POLICY = a_policy(person=Limits(month=9 * PRICE), group=Limits(month=5 * PRICE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Booth:
    """A store, and who draws."""

    kept: Shop
    stats: Stats
    pencil: Pencil


@pytest.fixture
async def booth(tmp_path: Path) -> AsyncIterator[Booth]:
    async with shop(tmp_path / "reelroom.db") as kept:
        for name, group, account in (("here", "club", ANNA), ("there", "another", ANNA), ("bens", "club", BEN)):
            job = await kept.completed(name, group=group, account=account)
            await kept.step(await kept.step(job, Event.CLAIMED), Event.POSTED)
        pencil = Pencil()
        stats = some_stats(kept.database, catalogue_of([an_endpoint()]), POLICY, kept.clock, pencil)
        yield Booth(kept=kept, stats=stats, pencil=pencil)


async def test_in_a_group_everybody_sees_the_groups_figures(booth: Booth) -> None:
    told = await booth.stats.picture(BEN, "club", dark=True)
    assert told.text.startswith("$0.40 spent in 30 days")
    assert "of $1.00 allowed" in told.detail
    assert told.chart == b"picture 1"
    ((drawn, dark),) = booth.pencil.drawn
    assert (drawn.group, drawn.whose, dark) == ("room:club", "in this group", True)


async def test_in_private_everybody_sees_their_own_wherever_they_asked(booth: Booth) -> None:
    told = await booth.stats.picture(ANNA, "", dark=False)
    assert told.text.startswith("$0.40 spent in 30 days")
    assert "2 videos in 30 days" in told.text
    assert "of $1.80 allowed" in told.detail
    assert (await booth.stats.picture(BEN, "", dark=False)).text.startswith("$0.20 spent")
    assert [drawn.whose for drawn, _ in booth.pencil.drawn] == ["of Anna", "of Ben"]


async def test_a_groups_lowered_budget_is_what_is_allowed(booth: Booth) -> None:
    administration = an_administration(booth.kept.database, catalogue_of([an_endpoint()]), POLICY, booth.kept.clock)
    await administration.do(typed("budget 0.60 month", account=OWNER, group="club", event="1"))
    assert "of $0.60 allowed" in (await booth.stats.words(BEN, "club")).detail


async def test_the_owner_sees_the_whole_bots_in_private_by_admin_alone(booth: Booth) -> None:
    errand = typed("stats", account=OWNER, group="", event="1")
    assert (await booth.stats.said(errand)).text.startswith("$0.60 spent in 30 days")
    assert (await booth.stats.picture(OWNER, "", dark=False)).text.startswith("$0.00 spent in 30 days")


async def test_who_asks_again_and_again_has_nothing_drawn_anew_for_a_minute(booth: Booth) -> None:
    for _ in range(3):
        assert (await booth.stats.picture(BEN, "club", dark=True)).chart == b"picture 1"
    assert (await booth.stats.picture(BEN, "another", dark=True)).chart == b"picture 2"
    booth.kept.clock.forward(FRESH.total_seconds())
    assert (await booth.stats.picture(BEN, "club", dark=True)).chart == b"picture 3"


async def test_what_cannot_be_drawn_is_told_in_words(booth: Booth) -> None:
    booth.pencil.broken = True
    told = await booth.stats.picture(BEN, "club", dark=True)
    assert told.chart == b""
    assert "$0.40 spent" in told.text
