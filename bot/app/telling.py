"""What is said of Jobs: the card to moderators first, then the status message to whoever asked."""

from collections.abc import Awaitable, Callable

from bot.app import clock
from bot.app.parts import Kept, Plan, World, build_announce
from bot.pipeline.announce import Announce
from bot.pipeline.cards import Cards
from bot.store.decisions import Decisions
from bot.store.groups import Groups
from bot.store.sanctions import Sanctions


def build_cards(plan: Plan, kept: Kept, world: World) -> Cards:
    """What moderators are shown."""
    return Cards(
        jobs=kept.jobs,
        chats=world.chats,
        catalogue=plan.catalogue,
        groups=Groups(kept.database, now=clock.now),
        sanctions=Sanctions(kept.database, now=clock.now),
        decisions=Decisions(kept.database),
        now=clock.now,
    )


def build_telling(plan: Plan, kept: Kept, world: World) -> Callable[[str], Awaitable[float | None]]:
    """`advance(job_id)`: say what changed, to everybody whom it concerns."""
    return telling(build_cards(plan, kept, world), build_announce(plan, kept, world))


def telling(cards: Cards, announce: Announce) -> Callable[[str], Awaitable[float | None]]:
    """The two one after the other; seconds until either has more to say, or None."""

    async def advance(job_id: str) -> float | None:
        waits = [await cards.advance(job_id), await announce.advance(job_id)]
        return min((wait for wait in waits if wait is not None), default=None)

    return advance
