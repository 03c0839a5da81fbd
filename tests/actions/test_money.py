"""Money by `/admin`: who may give, who may only take away, and a ledger that stays exact."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.admin import Administration
from bot.domain.admin import typed
from bot.domain.ask import Account
from bot.domain.errors import Refused, Slug
from bot.domain.ledger import Limits
from bot.domain.quota import Standing, Tier
from bot.settings.endpoints import catalogue_of
from tests.actions.administrations import an_administration
from tests.builders import ANNA, BEN, MODERATOR, OWNER, PRICE, a_policy, an_ask, an_endpoint
from tests.store.shop import Shop, shop

POLICY = a_policy(
    person=Limits(day=PRICE),
    member=Limits(day=2 * PRICE),
    group=Limits(day=3 * PRICE),
    bot=Limits(day=6 * PRICE),
    tiers=(Tier(name="friends", limits=Limits(day=2 * PRICE)),),
)
"""One reel a day for each, three for a group, six for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A store, and those who decide about money."""

    kept: Shop
    administration: Administration

    async def says(
        self, account: Account, text: str, *, whom: Account | None = None, group: str = "club", event: str = "1"
    ) -> str:
        errand = typed(text, account=account, group=group, event=event, whom=whom)
        return (await self.administration.do(errand)).text

    async def refusal(self, account: Account, text: str, *, whom: Account | None = None, group: str = "club") -> Slug:
        with pytest.raises(Refused) as caught:
            await self.says(account, text, whom=whom, group=group)
        return caught.value.problems[0].slug

    async def makes(self, name: str, account: Account = ANNA, *, group: str = "club") -> bool:
        """Whether a reel is admitted."""
        ask = an_ask(name, event_id=name, account=account, group=group)
        return (await self.kept.admit(ask, policy=POLICY)).job is not None


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        catalogue = catalogue_of([an_endpoint()])
        yield Till(kept=kept, administration=an_administration(kept.database, catalogue, POLICY, kept.clock))
        assert (await kept.audit()).findings == ()


async def test_a_grant_raises_what_somebody_may_spend_and_nothing_of_what_all_share(till: Till) -> None:
    assert [await till.makes("one"), await till.makes("two")] == [True, False]
    assert "Anna can spend $0.40 more" in await till.says(OWNER, "grant 0.40", whom=ANNA)
    assert [await till.makes(name) for name in ("two", "three", "four")] == [True, True, False]
    assert not await till.makes("bens", BEN), "the group's three are spent"


async def test_one_event_grants_once(till: Till) -> None:
    await till.says(OWNER, "grant 0.20", whom=ANNA)
    assert "already" in await till.says(OWNER, "grant 0.20", whom=ANNA)
    rows = await till.kept.database.read("SELECT account FROM ledger WHERE kind = 'grant'")
    assert {row["account"].partition(":")[0] for row in rows} == {"person", "member"}
    assert len(rows) == 2


async def test_only_the_owner_grants(till: Till) -> None:
    assert await till.refusal(MODERATOR, "grant 5", whom=ANNA) is Slug.OWNER_ALONE
    assert await till.refusal(OWNER, "grant 5") is Slug.MISSING_OPTION
    assert await till.refusal(OWNER, "grant", whom=ANNA) is Slug.MISSING_OPTION
    assert await till.refusal(OWNER, "grant 0", whom=ANNA) is Slug.BELOW_MINIMUM
    assert await till.kept.database.read("SELECT 1 FROM ledger") == []


async def test_moderators_lower_a_budget_and_only_the_owner_raises_it_again(till: Till) -> None:
    assert "$0.00 of $0.60 this day" in await till.says(MODERATOR, "budget")
    assert "of $0.20 this day" in await till.says(MODERATOR, "budget 0.20")
    assert [await till.makes("one"), await till.makes("bens", BEN)] == [True, False]
    for more in ("budget 0.21", "budget default"):
        assert await till.refusal(MODERATOR, more) is Slug.OWNER_ALONE
    assert "of $0.40 this day" in await till.says(OWNER, "budget 0.40 day group")
    assert await till.makes("bens", BEN)
    assert "of $0.60 this day" in await till.says(OWNER, "budget default")


async def test_the_share_of_each_member_is_a_budget_of_its_own(till: Till) -> None:
    assert "Each member: at most $0.10 per day" in await till.says(MODERATOR, "budget 0.10 member")
    assert not await till.makes("one")
    await till.says(OWNER, "budget 0.20 day member")
    assert await till.makes("one")


async def test_a_group_is_paused_and_goes_on_again(till: Till) -> None:
    assert "Paused here" in await till.says(MODERATOR, "budget pause calm down")
    assert "This group is paused: calm down." in await till.says(MODERATOR, "status")
    assert not await till.makes("one")
    await till.says(MODERATOR, "budget resume")
    assert await till.makes("one")


async def test_in_private_the_owner_budgets_the_whole_bot(till: Till) -> None:
    await till.says(OWNER, "budget pause holidays", group="")
    assert "paused me everywhere: holidays" in await till.says(MODERATOR, "status")
    assert not await till.makes("one")
    await till.says(OWNER, "budget resume", group="")
    assert "of $0.10 this day" in await till.says(OWNER, "budget 0.10", group="")
    assert not await till.makes("one")


async def test_a_tier_is_the_owners_to_give_and_a_moderators_to_take(till: Till) -> None:
    assert await till.refusal(MODERATOR, "tier friends", whom=ANNA) is Slug.OWNER_ALONE
    assert await till.refusal(OWNER, "tier freinds", whom=ANNA) is Slug.UNKNOWN_CHOICE
    await till.says(OWNER, "tier friends", whom=ANNA)
    assert [await till.makes(name) for name in ("one", "two", "three")] == [True, True, False]
    await till.says(MODERATOR, "tier none", whom=ANNA)
    assert "given the tier" not in await till.says(MODERATOR, "budget")


async def test_somebody_is_meant_by_their_name_or_their_account(till: Till) -> None:
    await till.makes("one")
    assert "Anna can spend" in await till.says(OWNER, "grant @anna 0.20")
    await till.says(OWNER, "grant discord:123456 0.20", event="2")
    assert await till.kept.people.person(Account(platform="discord", id="123456")) is not None
    assert await till.refusal(OWNER, "grant @nobody 0.20") is Slug.RULE_BROKEN
