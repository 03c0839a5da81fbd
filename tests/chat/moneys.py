"""What an owner or moderator sets about money while the program runs, for tests on a platform."""

from dataclasses import replace

from bot.app import clock
from bot.app.program import Program
from bot.domain.ask import Account
from bot.domain.budget import Budget, House
from bot.domain.decision import Decision, Ruling
from bot.store.audit import audit
from bot.store.budgets import Budgets

OWNER = Account(platform="room", id="owner", name="you", is_owner=True)


def budgets(program: Program) -> Budgets:
    """The store's."""
    return Budgets(program.kept.database, now=clock.now, new_id=clock.new_id)


async def budget(program: Program, platform: str, group: object, wanted: Budget) -> None:
    """Give a group this."""
    decision = Decision(who=OWNER.key, what=Ruling.BUDGET_CHANGED, at=clock.now(), platform=platform, group=str(group))
    await budgets(program).change(platform, str(group), lambda _: wanted, decision)


async def pause(program: Program, reason: str) -> None:
    """Stop everything, or with "" go on."""

    def change(house: House) -> House:
        return replace(house, paused=reason)

    await budgets(program).change_house(change, Decision(who=OWNER.key, what=Ruling.PAUSED, at=clock.now()))


async def is_proved(program: Program) -> bool:
    """Whether the ledger is exact."""
    return (await audit(program.kept.database)).findings == ()
