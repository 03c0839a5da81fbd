"""Owners open and shut groups; everything is kept in the store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.doorkeeping import Doorkeeping
from bot.domain.errors import Refused, Slug
from bot.domain.notice import Action
from bot.domain.quota import Standing
from tests.builders import ANNA, MODERATOR, OWNER
from tests.store.shop import Shop, shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Porch:
    kept: Shop
    doors: Doorkeeping


@pytest.fixture
async def porch(tmp_path: Path) -> AsyncIterator[Porch]:
    async with shop(tmp_path / "reelroom.db") as kept:
        doors = Doorkeeping(standings=kept.people, now=kept.clock)
        yield Porch(kept=kept, doors=doors)


@pytest.mark.parametrize(("action", "standing"), [(Action.OPEN, Standing.APPROVED), (Action.SHUT, Standing.OFF)])
async def test_an_owner_decides_and_may_think_again(porch: Porch, action: Action, standing: Standing) -> None:
    await porch.kept.people.decide("room", "club", Standing.ASKED)
    assert (await porch.doors.decide(action, "club", OWNER)).private
    assert await porch.kept.people.standing("room", "club") is standing
    assert await porch.kept.people.standing("room", "another") is Standing.NEW
    assert await porch.kept.people.standing("discord", "club") is Standing.NEW


@pytest.mark.parametrize("account", [ANNA, MODERATOR], ids=lambda one: one.id)
async def test_nobody_else_does(porch: Porch, account: object) -> None:
    presser = ANNA if account is ANNA else MODERATOR
    with pytest.raises(Refused) as caught:
        await porch.doors.decide(Action.OPEN, "club", presser)
    assert caught.value.problems[0].slug is Slug.OWNER_ALONE
    assert await porch.kept.people.standing("room", "club") is Standing.NEW


async def test_an_owner_may_decide_about_a_group_of_another_platform(porch: Porch) -> None:
    await porch.doors.decide(Action.OPEN, "club", OWNER, platform="discord")
    assert await porch.kept.people.standing("discord", "club") is Standing.APPROVED
    assert await porch.kept.people.standing("room", "club") is Standing.NEW
