"""What a group has of its own, met by an Ask on its way to a Job."""

from bot.domain.budget import Budget
from bot.domain.decision import Decision, Ruling
from bot.domain.job import State, Waiting
from tests.builders import NOON, OWNER
from tests.pipeline.example import EXAMPLE
from tests.pipeline.world import World


async def test_a_price_above_the_groups_own_is_asked_about_there_and_nowhere_else(here: World) -> None:
    decision = Decision(who=OWNER.key, what=Ruling.BUDGET_CHANGED, at=NOON)
    await here.budgets.change(EXAMPLE, "club", lambda _: Budget(confirm_above_microusd=1), decision)
    asked, plain = await here.admitted(group="club"), await here.admitted(group="another")
    assert (asked.state, asked.waiting_for) == (State.IN_REVIEW, frozenset({Waiting.CONFIRMATION}))
    assert plain.state is State.ADMITTED
    await here.budgets.change(EXAMPLE, "club", lambda _: Budget(confirm_above_microusd=10**9), decision)
    assert (await here.admitted(group="club")).state is State.ADMITTED
