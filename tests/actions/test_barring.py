"""Bans and timeouts from chat: given for a time or for good, here or everywhere, and lifted again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.actions.admin import Administration
from bot.domain.admin import typed
from bot.domain.ask import Account
from bot.domain.errors import Refused, Slug
from bot.domain.quota import Standing
from bot.settings.endpoints import catalogue_of
from tests.actions.administrations import an_administration
from tests.builders import ANNA, MODERATOR, OWNER, a_policy, an_endpoint
from tests.store.shop import Shop, shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A store, and those who keep its gate."""

    kept: Shop
    administration: Administration

    async def says(self, account: Account, text: str, *, whom: Account | None = ANNA, group: str = "club") -> str:
        errand = typed(text, account=account, group=group, event="1", whom=whom)
        return (await self.administration.do(errand)).text

    async def refusal(self, account: Account, text: str, *, whom: Account | None = ANNA, group: str = "club") -> Slug:
        with pytest.raises(Refused) as caught:
            await self.says(account, text, whom=whom, group=group)
        return caught.value.problems[0].slug

    async def holds(self, grp: str = "room:club") -> list[str]:
        return [one.kind.value for one in await self.kept.sanctions.against(ANNA, grp)]


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[Gate]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        catalogue = catalogue_of([an_endpoint()])
        yield Gate(kept=kept, administration=an_administration(kept.database, catalogue, a_policy(), kept.clock))


async def test_a_ban_holds_here_until_it_is_lifted_and_both_are_written_down(gate: Gate) -> None:
    assert await gate.says(MODERATOR, "ban be kind") == "Anna can't ask for reels in this group any more."
    assert (await gate.holds(), await gate.holds("room:another")) == (["ban"], [])
    assert await gate.says(MODERATOR, "ban lift") == "Lifted what held against Anna here."
    assert await gate.holds() == []
    told = (await gate.says(MODERATOR, "log")).splitlines()
    assert told == ["12:00 UTC, Mod lifted what was held (Anna): ban", "12:00 UTC, Mod banned (Anna): be kind"]


async def test_a_timeout_lasts_as_long_as_is_said_or_as_the_settings_say(gate: Gate) -> None:
    assert await gate.says(MODERATOR, "timeout 90m") == "Anna can't ask for reels in this group until 13:30 UTC."
    gate.kept.clock.forward(90 * 60)
    assert await gate.holds() == []
    assert "until 21 November, 13:30 UTC" in await gate.says(MODERATOR, "timeout")
    assert "until 27 November" in await gate.says(MODERATOR, "ban 7d")


async def test_only_the_owner_bans_everywhere(gate: Gate) -> None:
    assert await gate.refusal(MODERATOR, "ban everywhere") is Slug.OWNER_ALONE
    assert "anywhere any more" in await gate.says(OWNER, "ban everywhere")
    assert (await gate.holds(), await gate.holds("")) == (["ban"], ["ban"])
    assert "Nothing holds against Anna here" in await gate.says(MODERATOR, "ban lift")
    assert await gate.refusal(MODERATOR, "ban lift everywhere") is Slug.OWNER_ALONE
    await gate.says(OWNER, "ban lift", group="")
    assert await gate.holds() == []


async def test_neither_the_owner_nor_oneself_is_kept_out(gate: Gate) -> None:
    assert await gate.refusal(MODERATOR, "ban", whom=OWNER) is Slug.RULE_BROKEN
    assert await gate.refusal(MODERATOR, "timeout", whom=replace(MODERATOR, name="")) is Slug.RULE_BROKEN


async def test_without_a_person_or_with_a_length_that_is_none_nothing_is_done(gate: Gate) -> None:
    assert await gate.refusal(MODERATOR, "ban", whom=None) is Slug.MISSING_OPTION
    errand = typed("ban", account=MODERATOR, group="club", event="1", whom=ANNA)
    with pytest.raises(Refused) as caught:
        await gate.administration.do(replace(errand, values={"duration": "a while"}))
    assert caught.value.problems[0].slug is Slug.UNKNOWN_CHOICE
    assert await gate.holds() == []
