"""`/admin`, put together."""

from bot.actions.admin import Administration
from bot.actions.demand import Demand
from bot.actions.glance import Glance
from bot.app import clock
from bot.app.parts import Kept, Plan, World
from bot.store.registers import Registers
from bot.store.statistics import Figures


def build_administration(plan: Plan, kept: Kept, world: World, demand: Demand) -> Administration:
    """What moderators and owners say in chat."""
    policy = plan.settings.quota.policy()
    return Administration(
        demand=demand,
        glance=Glance(
            counts=Figures(kept.database),
            lists=Registers(kept.database),
            catalogue=plan.catalogue,
            policy=policy,
            now=clock.now,
        ),
        invitations=world.invitations,
    )
