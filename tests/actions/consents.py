"""`/consent` for tests, on a store."""

from collections.abc import Callable
from datetime import datetime

from bot.actions.demand import by_table
from bot.actions.taking_back import TakingBack
from bot.store.consents import Consents
from bot.store.database import Database
from bot.store.groups import Groups
from bot.store.registers import Registers


def a_taking_back(database: Database, clock: Callable[[], datetime]) -> TakingBack:
    """What shows people what they have said about their faces."""
    return TakingBack(
        consents=Consents(database),
        demand=by_table,
        people=Groups(database, now=clock).names,
        groups=Registers(database).group_names,
        now=clock,
    )
