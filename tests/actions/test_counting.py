"""The figures of a group and of the whole bot, from a real store."""

from datetime import timedelta
from pathlib import Path

from bot.actions.counting import Counting
from bot.actions.policies import Policies
from bot.domain.job import Event
from bot.domain.ledger import Limits
from bot.domain.statistics import Made
from bot.settings.endpoints import catalogue_of
from bot.store.statistics import Figures
from tests.builders import PRICE, a_policy, an_endpoint
from tests.store.shop import Shop, shop


def counting(kept: Shop) -> Counting:
    return Counting(
        figures=Figures(kept.database),
        catalogue=catalogue_of([an_endpoint()]),
        policies=Policies(
            policy=a_policy(bot=Limits(month=9 * PRICE), group=Limits(month=PRICE)), budgets=kept.budgets
        ),
        now=kept.clock,
    )


async def test_what_was_spent_made_and_waited_for_is_told_of_a_group_and_of_everything(tmp_path: Path) -> None:
    async with shop(tmp_path / "reelroom.db") as kept:
        kept.clock.forward(-timedelta(days=1).total_seconds())
        await kept.completed("yesterday", cost=PRICE)
        kept.clock.forward(timedelta(days=1).total_seconds())
        job = await kept.completed("today", group="club")
        kept.clock.forward(40)
        await kept.step(await kept.step(job, Event.CLAIMED), Event.POSTED)

        everything = await counting(kept).of()
        assert [day.spent_microusd for day in everything.days[-3:]] == [0, PRICE, PRICE]
        assert everything.made == (Made(name="Pixverse effects", made=1),)
        assert (everything.waits.count, everything.waits.median_s) == (1, 40)
        assert (everything.month.used_microusd, everything.month.limit_microusd) == (2 * PRICE, 9 * PRICE)

        club = await counting(kept).of("room:club")
        assert [day.spent_microusd for day in club.days[-2:]] == [0, PRICE]
        assert (club.group, club.month.used_microusd, club.month.limit_microusd) == ("room:club", PRICE, PRICE)
        assert (await counting(kept).of("room:other")).made == ()
