"""What is said of Jobs: posted reels as they are wanted first, cards to moderators, then whoever asked."""

from collections.abc import Awaitable, Callable

from bot.app import clock
from bot.app.parts import Kept, Plan, World, build_announce
from bot.pipeline.announce import Announce
from bot.pipeline.cards import Cards
from bot.pipeline.expose import Expose
from bot.pipeline.moderators import Moderators
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.sanctions import Sanctions


def build_moderators(kept: Kept, world: World) -> Moderators:
    """Where moderators are told something."""
    return Moderators(chats=world.chats, groups=Groups(kept.database, now=clock.now))


def build_expose(plan: Plan, kept: Kept, world: World) -> Expose:
    """What is done about reels after they were posted."""
    return Expose(
        jobs=kept.jobs,
        afters=kept.afters,
        media=world.studio,
        chats=world.chats,
        catalogue=plan.catalogue,
        moderators=build_moderators(kept, world),
    )


def build_cards(plan: Plan, kept: Kept, world: World) -> Cards:
    """What moderators are shown."""
    return Cards(
        jobs=kept.jobs,
        moderators=build_moderators(kept, world),
        catalogue=plan.catalogue,
        groups=Groups(kept.database, now=clock.now),
        sanctions=Sanctions(kept.database, now=clock.now),
        decisions=Decisions(kept.database),
        now=clock.now,
    )


def build_telling(plan: Plan, kept: Kept, world: World) -> Callable[[str], Awaitable[float | None]]:
    """`advance(job_id)`: say what changed, to everybody whom it concerns."""
    return telling(build_expose(plan, kept, world), build_cards(plan, kept, world), build_announce(plan, kept, world))


def telling(*stages: Expose | Cards | Announce) -> Callable[[str], Awaitable[float | None]]:
    """One after the other; seconds until any of them has more to say, or None."""

    async def advance(job_id: str) -> float | None:
        waits = [await stage.advance(job_id) for stage in stages]
        return min((wait for wait in waits if wait is not None), default=None)

    return advance
