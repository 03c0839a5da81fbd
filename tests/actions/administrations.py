"""`/admin` for tests: every room on a real store."""

from bot.actions.admin import Administration
from bot.actions.barring import Barring
from bot.actions.budgeting import Budgeting
from bot.actions.counting import Counting
from bot.actions.demand import Demands
from bot.actions.glance import Glance
from bot.actions.invitation import Invitations
from bot.actions.meant import Meant
from bot.actions.money import Money
from bot.actions.policies import Policies
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.sanctioning import Sanctioning
from bot.actions.stats import Stats
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import Job
from bot.domain.quota import Policy, Strangers
from bot.domain.sanction import StrikePolicy
from bot.domain.statistics import Statistics
from bot.ports.administration import Pictures
from bot.ports.clock import Now
from bot.store.books import Books
from bot.store.budgets import Budgets
from bot.store.database import Database
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.people import People
from bot.store.registers import Registers
from bot.store.sanctions import Sanctions
from bot.store.statistics import Figures
from tests.builders import Ids

LINK = "https://example.com/console/login?key=1"


def an_administration(database: Database, catalogue: Catalogue, policy: Policy, now: Now) -> Administration:
    """All of it; links into the console all look the same."""
    groups, budgets, figures = Groups(database, now=now), Budgets(database, now=now, new_id=Ids()), Figures(database)
    demand = Demands(
        sanctions=Sanctions(database, now=now),
        standings=People(database, now=now),
        strangers=Strangers.ASK,
        now=now,
    )
    return Administration(
        meeting=People(database, now=now),
        new_id=Ids(),
        meant=Meant(people=Registers(database)),
        demand=demand,
        glance=Glance(
            counts=figures,
            budgets=budgets,
            lists=Registers(database),
            decisions=Decisions(database),
            groups=groups,
            card=_card,
            catalogue=catalogue,
            policy=policy,
            now=now,
        ),
        money=Money(
            budgeting=Budgeting(budgets=budgets, balances=Books(database), demand=demand, policy=policy, now=now)
        ),
        rule_keeping=RuleKeeping(groups=groups, demand=demand, now=now),
        barring=Barring(
            sanctioning=Sanctioning(
                sanctions=Sanctions(database, now=now), demand=demand, policy=StrikePolicy(), now=now
            )
        ),
        stats=some_stats(database, catalogue, policy, now),
        invitations=Invitations(link=lambda _badge: LINK),
    )


def some_stats(
    database: Database, catalogue: Catalogue, policy: Policy, now: Now, pictures: Pictures | None = None
) -> Stats:
    """Statistics of a real store, drawn by `pictures`."""
    return Stats(
        counting=Counting(
            figures=Figures(database),
            catalogue=catalogue,
            policies=Policies(policy=policy, budgets=Budgets(database, now=now, new_id=Ids())),
            now=now,
        ),
        names=Registers(database),
        meeting=People(database, now=now),
        pictures=pictures or Pencil(),
        now=now,
        new_id=lambda: "somebody-new",
    )


class Pencil:
    """Draws nothing, and knows what it was given to draw."""

    def __init__(self) -> None:
        self.drawn: list[tuple[Statistics, bool]] = []
        self.broken = False

    async def picture(self, statistics: Statistics, *, dark: bool) -> bytes:
        """Not a PNG."""
        if self.broken:
            raise Refused([Problem(slug=Slug.UNREADABLE_FILE)])
        self.drawn.append((statistics, dark))
        return f"picture {len(self.drawn)}".encode()


async def _card(job: Job) -> str:
    return f"https://example.com/cards/{job.id}"
