"""What fal is to forget of people who were erased: asked for once each, and again where it was not done."""

from datetime import timedelta
from pathlib import Path

from bot.app.forgetting import forget_at_fal
from bot.domain.errors import FalUnavailable
from bot.domain.job import Event
from bot.store.at_fal import FAL_KEEPS, to_forget
from bot.store.privacy import PrivacyStore
from tests.builders import ANNA, BEN
from tests.store.shop import Shop, shop


async def erased(kept: Shop) -> None:
    """Two of Anna's reels, of which she wants nothing kept, and one of Ben's."""
    for name, account in (("a", ANNA), ("b", ANNA), ("c", BEN)):
        job = await kept.step(await kept.completed(name, account=account), Event.CLAIMED)
        job = await kept.step(job, Event.POSTED, reel_receipt="x")
        await kept.jobs.note(job.id, said=job.state.value)
    person = await kept.people.person(ANNA)
    assert person is not None
    await PrivacyStore(kept.database, now=kept.clock).erase(person)


async def test_each_request_is_forgotten_once_and_one_that_fails_is_asked_for_again(tmp_path: Path) -> None:
    async with shop(tmp_path / "reelroom.db") as kept:
        await erased(kept)
        asked: list[str] = []

        async def forget(request_id: str) -> None:
            asked.append(request_id)
            if len(asked) == 2:
                raise FalUnavailable("not_permitted")

        for _ in range(3):
            await forget_at_fal(kept.database, forget, now=kept.clock)
        assert asked == ["request-a", "request-b", "request-b"]


async def test_what_fal_has_forgotten_by_itself_is_not_asked_for_any_more(tmp_path: Path) -> None:
    async with shop(tmp_path / "reelroom.db") as kept:
        await erased(kept)
        kept.clock.at += FAL_KEEPS + timedelta(seconds=1)

        async def forget(request_id: str) -> None:
            raise AssertionError(request_id)

        await forget_at_fal(kept.database, forget, now=kept.clock)
        assert await to_forget(kept.database, limit=9) == []
