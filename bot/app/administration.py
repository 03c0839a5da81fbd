"""`/admin`, put together."""

from bot.actions.admin import Administration
from bot.actions.barring import Barring
from bot.actions.budgeting import Budgeting
from bot.actions.counting import Counting
from bot.actions.demand import Demand
from bot.actions.glance import Glance
from bot.actions.meant import Meant
from bot.actions.money import Money
from bot.actions.policies import Policies
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.sanctioning import Sanctioning
from bot.actions.stats import Stats
from bot.app import clock
from bot.app.parts import Kept, Plan, World
from bot.chat.discord import place as discord
from bot.chat.telegram import place as telegram
from bot.domain.cards import card_key
from bot.domain.job import Job
from bot.ports.administration import CardLink
from bot.store.budgets import Budgets
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.registers import Registers
from bot.store.statistics import Figures
from bot.store.updates import ReceiptStore


def build_administration(
    plan: Plan,
    kept: Kept,
    world: World,
    *,
    demand: Demand,
    budgeting: Budgeting,
    sanctioning: Sanctioning,
    stats: Stats,
) -> Administration:
    """What moderators and owners say in chat."""
    groups, lists = Groups(kept.database, now=clock.now), Registers(kept.database)
    return Administration(
        meeting=kept.people,
        new_id=clock.new_id,
        meant=Meant(people=lists),
        demand=demand,
        glance=Glance(
            counts=Figures(kept.database),
            budgets=Budgets(kept.database, now=clock.now, new_id=clock.new_id),
            lists=lists,
            decisions=Decisions(kept.database),
            groups=groups,
            card=card_links(kept),
            catalogue=plan.catalogue,
            policy=plan.settings.quota.policy(),
            now=clock.now,
        ),
        money=Money(budgeting=budgeting),
        rule_keeping=RuleKeeping(groups=groups, demand=demand, now=clock.now),
        barring=Barring(sanctioning=sanctioning),
        stats=stats,
        invitations=world.invitations,
    )


def build_stats(plan: Plan, kept: Kept, world: World, policies: Policies) -> Stats:
    """Statistics for people who ask for them."""
    return Stats(
        counting=Counting(figures=Figures(kept.database), catalogue=plan.catalogue, policies=policies, now=clock.now),
        names=Registers(kept.database),
        meeting=kept.people,
        pictures=world.plotter,
        now=clock.now,
        new_id=clock.new_id,
    )


def card_links(kept: Kept) -> CardLink:
    """Where cards stand, on whichever platform."""

    async def link(job: Job) -> str:
        platform, group = job.ask.account.platform, job.ask.group
        receipt = await ReceiptStore(kept.database, platform, now=clock.now).receipt(card_key(job.id))
        if platform == discord.DISCORD and (on_discord := discord.receipt_of(receipt)) is not None:
            return discord.link_to(on_discord, int(group))
        if platform == telegram.TELEGRAM and (on_telegram := telegram.receipt_of(receipt)) is not None:
            return telegram.link_to(on_telegram)
        return ""

    return link
