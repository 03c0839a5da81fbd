"""What people meet, put together: the intake, what buttons do, what is answered, and the front desk."""

import hmac
from collections.abc import Callable
from datetime import timedelta

from bot.actions.after import Aftercare
from bot.actions.budgeting import Budgeting
from bot.actions.buttons import Buttons
from bot.actions.consent import Consenting
from bot.actions.defaults import Defaults
from bot.actions.demand import Demands
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.link import Link
from bot.actions.policies import Policies
from bot.actions.press import Presses
from bot.actions.privacy import Privacy
from bot.actions.replies import Replies
from bot.actions.review import Reviewing
from bot.actions.sanctioning import Sanctioning
from bot.actions.taking_back import TakingBack
from bot.app import clock
from bot.app.administration import build_administration, build_stats
from bot.app.parts import Kept, Plan, World
from bot.app.reception import Reception
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.job import Job
from bot.domain.moderation import animates_faces, is_covered
from bot.domain.order import off_reason
from bot.domain.privacy import Terms
from bot.domain.quota import Strangers
from bot.domain.screener import NOBODY, Screener
from bot.pipeline.intake import Intake, IntakeSettings
from bot.pipeline.judging import Judging
from bot.pipeline.screeners import Screeners
from bot.store.books import Books
from bot.store.budgets import Budgets
from bot.store.consents import Consents
from bot.store.groups import Groups
from bot.store.linking import LinkStore
from bot.store.privacy import PrivacyStore
from bot.store.registers import Registers
from bot.store.sanctions import Sanctions
from bot.web.session import derived


def build_links(plan: Plan, kept: Kept) -> LinkStore:
    """Which accounts are one Person."""
    return LinkStore(kept.database, zone=plan.settings.quota.policy().zone, now=clock.now, new_id=clock.new_id)


def build_link(plan: Plan, kept: Kept) -> Link:
    """What joins accounts. Codes are kept hashed with a key that is theirs alone."""
    key = derived(kept.secret, "linking")
    return Link(
        links=build_links(plan, kept),
        digest=lambda code: hmac.digest(key, code.encode(), "sha256").hex(),
        entropy=clock.entropy,
        now=clock.now,
    )


def build_defaults(plan: Plan, kept: Kept) -> Defaults:
    """What people usually want."""
    return Defaults(memory=kept.people, catalogue=plan.catalogue, others=build_links(plan, kept).others)


def build_demand(plan: Plan, kept: Kept) -> Demands:
    """What every action asks first."""
    return Demands(
        sanctions=Sanctions(kept.database, now=clock.now),
        standings=kept.people,
        strangers=Strangers(plan.settings.quota.unknown),
        now=clock.now,
    )


def build_budgets(kept: Kept) -> Budgets:
    """What was set about money while the bot ran."""
    return Budgets(kept.database, now=clock.now, new_id=clock.new_id)


def build_policies(plan: Plan, kept: Kept) -> Policies:
    """The quota as it holds now."""
    return Policies(policy=plan.settings.quota.policy(), budgets=build_budgets(kept))


def build_budgeting(plan: Plan, kept: Kept) -> Budgeting:
    """What owners and moderators do about money."""
    return Budgeting(
        budgets=build_budgets(kept),
        balances=Books(kept.database),
        demand=build_demand(plan, kept),
        policy=plan.settings.quota.policy(),
        now=clock.now,
    )


def build_judging(plan: Plan, kept: Kept) -> Judging:
    """What moderation has to know of an Ask."""
    return Judging(
        rules=plan.settings.moderation.rules(),
        policy=plan.settings.quota.policy(),
        standings=kept.people,
        groups=Groups(kept.database, now=clock.now),
        sanctions=Sanctions(kept.database, now=clock.now),
        consents=Consents(kept.database),
        budgets=build_budgets(kept),
        now=clock.now,
        others_take=timedelta(hours=plan.settings.moderation.review_hours),
        screeners=build_screeners(plan, kept),
    )


def build_screeners(plan: Plan, kept: Kept) -> Screeners:
    """Who judges pictures: the first endpoint of the catalogue that does, where its file lets it."""
    judge = next(iter(plan.catalogue.judges), None)
    moderation = plan.settings.moderation
    screener = Screener(
        endpoint=judge,
        bounds=moderation.bounds(),
        limits=moderation.screening_budget.limits(),
        away=off_reason(judge, sandbox=plan.sandbox) if judge else NOBODY,
    )
    return Screeners(screener=screener, rules=moderation.rules(), standings=kept.people)


def build_intake(plan: Plan, kept: Kept, world: World) -> Intake:
    """The stage before the first state."""
    return Intake(
        inbox=kept.inbox,
        jobs=kept.jobs,
        media=world.studio,
        uploads=world.uploads,
        chats=world.chats,
        catalogue=plan.catalogue,
        judging=build_judging(plan, kept),
        standings=kept.people,
        now=clock.now,
        settings=IntakeSettings(
            away_after=timedelta(seconds=plan.settings.pipeline.away_after_s),
            sandbox=plan.sandbox,
            strangers=Strangers(plan.settings.quota.unknown),
        ),
    )


def build_aftercare(plan: Plan, kept: Kept) -> Aftercare:
    """What people may do about a reel that was posted."""
    return Aftercare(
        jobs=kept.jobs,
        afters=kept.afters,
        groups=Groups(kept.database, now=clock.now),
        demand=build_demand(plan, kept),
        hiding=plan.settings.moderation.hiding(),
        policy=plan.settings.moderation.strikes(),
        now=clock.now,
    )


def build_presses(plan: Plan, kept: Kept, aftercare: Aftercare) -> Presses:
    """What buttons do."""

    async def declare(job: Job, account: Account) -> None:
        endpoint = plan.catalogue.endpoint(job.order.endpoint)
        if endpoint is not None and not account.is_owner and animates_faces(job.order, endpoint):
            decision = Decision(
                who=account.key,
                what=Ruling.DECLARED,
                at=clock.now(),
                platform=account.platform,
                group=job.ask.group,
                job=job.id,
            )
            await kept.people.declare(account, job.ask.group, decision)

    return Presses(
        inbox=kept.inbox,
        jobs=kept.jobs,
        now=clock.now,
        new_id=clock.new_id,
        declare=declare,
        are_one=build_links(plan, kept).are_one,
        demand=build_demand(plan, kept),
        take_down=aftercare.take_down,
    )


def build_buttons(plan: Plan, kept: Kept) -> Buttons:
    """What every button leads to."""
    aftercare = build_aftercare(plan, kept)
    presses = build_presses(plan, kept, aftercare)
    return Buttons(
        presses=presses,
        doorkeeping=Doorkeeping(standings=kept.people, now=clock.now),
        reviewing=Reviewing(
            jobs=kept.jobs,
            demand=build_demand(plan, kept),
            timeout=plan.settings.moderation.strikes().timeout,
            now=clock.now,
        ),
        consenting=Consenting(
            jobs=kept.jobs,
            consents=Consents(kept.database),
            demand=build_demand(plan, kept),
            lasts=timedelta(days=plan.settings.moderation.consent_days),
            now=clock.now,
        ),
        privacy=build_privacy(plan, kept, presses),
        budgeting=build_budgeting(plan, kept),
        taking_back=build_taking_back(plan, kept),
        aftercare=aftercare,
    )


def build_privacy(plan: Plan, kept: Kept, presses: Presses) -> Privacy:
    """What is kept of people, and how it is handed over and erased."""
    return Privacy(
        archive=PrivacyStore(kept.database, now=clock.now),
        presses=presses,
        terms=Terms(prompt_days=plan.settings.privacy.prompt_days, file_days=plan.settings.fal.file_days),
        demand=build_demand(plan, kept),
    )


def build_taking_back(plan: Plan, kept: Kept) -> TakingBack:
    """What people have said about their faces, and how they take it back."""
    groups = Groups(kept.database, now=clock.now)
    return TakingBack(
        consents=Consents(kept.database),
        demand=build_demand(plan, kept),
        people=groups.names,
        groups=Registers(kept.database).group_names,
        now=clock.now,
    )


def build_sanctioning(plan: Plan, kept: Kept) -> Sanctioning:
    """What gives strikes, timeouts and bans."""
    return Sanctioning(
        sanctions=Sanctions(kept.database, now=clock.now),
        demand=build_demand(plan, kept),
        policy=plan.settings.moderation.strikes(),
        now=clock.now,
    )


def build_replies(plan: Plan, kept: Kept, presses: Presses) -> Replies:
    """What is answered to people who ask about their own things."""
    return Replies(
        books=Books(kept.database),
        presses=presses,
        link=build_link(plan, kept),
        privacy=build_privacy(plan, kept, presses),
        policies=build_policies(plan, kept),
        taking_back=build_taking_back(plan, kept),
        catalogue=plan.catalogue,
        now=clock.now,
    )


def build_reception(plan: Plan, kept: Kept, world: World, platform: str) -> Reception:
    """The front desk, for a platform that is among the chats."""
    buttons, stats = build_buttons(plan, kept), build_stats(plan, kept, world, build_policies(plan, kept))
    return Reception(
        catalogue=plan.catalogue,
        inbox=kept.inbox,
        jobs=kept.jobs,
        buttons=buttons,
        replies=build_replies(plan, kept, buttons.presses),
        defaults=build_defaults(plan, kept),
        administration=build_administration(
            plan,
            kept,
            world,
            demand=build_demand(plan, kept),
            budgeting=build_budgeting(plan, kept),
            sanctioning=build_sanctioning(plan, kept),
            stats=stats,
        ),
        stats=stats,
        chat=world.chats[platform],
        sandbox=plan.sandbox,
        sleep=clock.sleep,
    )


def covering(plan: Plan) -> Callable[[Job], bool]:
    """Whose reel is a spoiler."""
    rules = plan.settings.moderation.rules()

    def covered(job: Job) -> bool:
        endpoint = plan.catalogue.endpoint(job.order.endpoint)
        return endpoint is not None and is_covered(job.order, endpoint, rules)

    return covered
