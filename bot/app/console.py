"""The console, put together."""

from bot.actions.counting import Counting
from bot.actions.declaring import Declaring
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.invitation import Invitations
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.switching import Switching
from bot.app import clock
from bot.app.address import Address
from bot.app.desks import build_budgets, build_buttons, build_demand, build_policies, build_sanctioning
from bot.app.parts import Kept, Plan, World
from bot.console.console import Console
from bot.console.entrance import login_url
from bot.console.front import Doings, Views
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.registers import Registers
from bot.store.sanctions import Sanctions
from bot.store.statistics import Figures
from bot.web.badges import Badges


def secrets_of(plan: Plan, kept: Kept) -> list[bytes]:
    """The secret, and the one before it while it is being changed."""
    old = plan.settings.secret_old
    return [kept.secret, *([old.get_secret_value().encode()] if old else [])]


def build_badges(plan: Plan, kept: Kept) -> Badges:
    """Links and sessions of the console."""
    return Badges(secrets=secrets_of(plan, kept), now=clock.now, entropy=clock.entropy)


def build_invitations(badges: Badges, address: Address) -> Invitations:
    """Links for those who ask in chat."""
    return Invitations(link=lambda badge: login_url(address.base_url, badges.link(badge)))


def build_views(plan: Plan, kept: Kept, world: World) -> Views:
    """What the pages show."""
    policy = plan.settings.quota.policy()
    policies, figures = build_policies(plan, kept), Figures(kept.database)
    return Views(
        lists=Registers(kept.database),
        figures=figures,
        counting=Counting(figures=figures, catalogue=plan.catalogue, policies=policies, now=clock.now),
        find=kept.jobs.get,
        durations=kept.jobs.durations,
        catalogue=plan.catalogue,
        sandbox=plan.sandbox,
        policy=policy,
        policies=policies,
        budgets=build_budgets(kept),
        judging=plan.settings.moderation.screening_budget.limits(),
        files=world.studio,
        rules=plan.settings.moderation.rules(),
        groups=Groups(kept.database, now=clock.now),
        sanctions=Sanctions(kept.database, now=clock.now),
        decisions=Decisions(kept.database),
        declarations=kept.people.declarations,
        after=kept.afters.get,
        picture=world.plotter,
        health=kept.vitals.all,
        bell=kept.pulse,
        now=clock.now,
        sleep=clock.sleep,
    )


def build_console(plan: Plan, kept: Kept, world: World, badges: Badges, address: Address) -> Console:
    """The pages for owners and moderators."""
    views = build_views(plan, kept, world)
    return Console(badges=badges, base_url=address.base_url, views=views, doings=_doings(plan, kept))


def _doings(plan: Plan, kept: Kept) -> Doings:
    """What its forms do."""

    async def pause(slug: str, reason: str) -> None:
        """Keep it, and let whoever watches know at once."""
        await kept.people.pause_endpoint(slug, reason)
        kept.pulse.ring()

    buttons, demand = build_buttons(plan, kept), build_demand(plan, kept)
    return Doings(
        presses=buttons.presses,
        doorkeeping=Doorkeeping(standings=kept.people, now=clock.now),
        reviewing=buttons.reviewing,
        rule_keeping=RuleKeeping(groups=Groups(kept.database, now=clock.now), demand=demand, now=clock.now),
        switching=Switching(catalogue=plan.catalogue, pause=pause),
        budgeting=buttons.budgeting,
        declaring=Declaring(declarations=kept.people, demand=demand, now=clock.now),
        aftercare=buttons.aftercare,
        sanctioning=build_sanctioning(plan, kept),
    )
