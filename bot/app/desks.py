"""What people meet, put together: what buttons do, what is answered, and the front desk."""

import hmac
from collections.abc import Callable

from bot.actions.defaults import Defaults
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.link import Link
from bot.actions.press import Presses
from bot.actions.replies import Replies
from bot.app import clock
from bot.app.parts import Kept, Plan, World
from bot.app.reception import Reception
from bot.domain.ask import Account
from bot.domain.job import Job
from bot.domain.moderation import animates_faces, is_covered
from bot.store.books import Books
from bot.store.linking import LinkStore
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


def build_presses(plan: Plan, kept: Kept) -> Presses:
    """What buttons do."""

    async def declare(job: Job, account: Account) -> None:
        endpoint = plan.catalogue.endpoint(job.order.endpoint)
        if endpoint is not None and not account.is_owner and animates_faces(job.order, endpoint):
            await kept.people.declare(account, job.ask.group)

    return Presses(
        inbox=kept.inbox,
        jobs=kept.jobs,
        now=clock.now,
        new_id=clock.new_id,
        declare=declare,
        are_one=build_links(plan, kept).are_one,
    )


def build_replies(plan: Plan, kept: Kept, presses: Presses) -> Replies:
    """What is answered to people who ask about their own things."""
    return Replies(
        books=Books(kept.database),
        presses=presses,
        link=build_link(plan, kept),
        catalogue=plan.catalogue,
        policy=plan.settings.quota.policy(),
        now=clock.now,
    )


def build_reception(plan: Plan, kept: Kept, world: World, platform: str) -> Reception:
    """The front desk, for a platform that is among the chats."""
    presses = build_presses(plan, kept)
    return Reception(
        catalogue=plan.catalogue,
        inbox=kept.inbox,
        jobs=kept.jobs,
        presses=presses,
        replies=build_replies(plan, kept, presses),
        doorkeeping=Doorkeeping(standings=kept.people, memory=kept.people, jobs=kept.jobs, now=clock.now),
        defaults=build_defaults(plan, kept),
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
