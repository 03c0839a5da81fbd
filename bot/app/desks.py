"""What every chat network is handed: its front desk, and what it asks of the rest."""

from collections.abc import Callable

from bot.actions.defaults import Defaults
from bot.actions.doorkeeping import Doorkeeping
from bot.app import clock
from bot.app.parts import Kept, Plan, World, build_presses, build_replies
from bot.app.reception import Reception
from bot.domain.job import Job
from bot.domain.moderation import is_covered


def build_reception(plan: Plan, kept: Kept, world: World, platform: str) -> Reception:
    """The front desk of a platform that is among the chats."""
    presses = build_presses(plan, kept)
    return Reception(
        catalogue=plan.catalogue,
        inbox=kept.inbox,
        jobs=kept.jobs,
        presses=presses,
        replies=build_replies(plan, kept, presses),
        doorkeeping=Doorkeeping(standings=kept.people, memory=kept.people, jobs=kept.jobs, now=clock.now),
        defaults=Defaults(memory=kept.people, catalogue=plan.catalogue),
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
