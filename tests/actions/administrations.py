"""`/admin` for tests: every room on a real store."""

from bot.actions.admin import Administration
from bot.actions.demand import Demands
from bot.actions.glance import Glance
from bot.actions.invitation import Invitations
from bot.domain.catalogue import Catalogue
from bot.domain.quota import Policy, Strangers
from bot.ports.clock import Now
from bot.store.database import Database
from bot.store.people import People
from bot.store.registers import Registers
from bot.store.sanctions import Sanctions
from bot.store.statistics import Figures

LINK = "https://example.com/console/login?key=1"


def an_administration(database: Database, catalogue: Catalogue, policy: Policy, now: Now) -> Administration:
    """All of it; links into the console all look the same."""
    return Administration(
        demand=Demands(
            sanctions=Sanctions(database, now=now),
            standings=People(database, now=now),
            strangers=Strangers.ASK,
            now=now,
        ),
        glance=Glance(counts=Figures(database), lists=Registers(database), catalogue=catalogue, policy=policy, now=now),
        invitations=Invitations(link=lambda _badge: LINK),
    )
