"""Strikes, timeouts and bans on a real store: by whom may, where they may, and written down."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.demand import Demands
from bot.actions.sanctioning import Sanctioning
from bot.domain.ask import Account
from bot.domain.decision import BY_ITSELF, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.quota import Standing, Strangers
from bot.domain.sanction import Kind, StrikePolicy
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER
from tests.store.shop import Shop, shop

CLUB = "room:club"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A store, and those who judge."""

    kept: Shop
    sanctioning: Sanctioning

    async def held(self, account: Account = ANNA, grp: str = CLUB) -> list[Kind]:
        return [one.kind for one in await self.kept.sanctions.against(account, grp)]

    async def strike(self, by: Account = MODERATOR) -> str:
        return (await self.sanctioning.strike(by, ANNA, "room", "club", why=" be \n kind ")).text


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.ASK, now=kept.clock)
        policy = StrikePolicy(lasts=30 * DAY, strikes=3, timeout=DAY)
        yield Bench(
            kept=kept,
            sanctioning=Sanctioning(sanctions=kept.sanctions, demand=demand, policy=policy, now=kept.clock),
        )


async def test_the_third_strike_that_holds_is_a_timeout_that_nobody_gave(bench: Bench) -> None:
    assert await bench.strike() == "That is strike 1 of 3 for Anna; it counts until 20 December, 12:00 UTC."
    await bench.strike(OWNER)
    assert await bench.held() == [Kind.STRIKE] * 2
    assert await bench.strike() == (
        "That is strike 3 of 3 for Anna; it counts until 20 December, 12:00 UTC. "
        "Anna can't ask for reels until 21 November, 12:00 UTC."
    )
    assert await bench.held() == [*[Kind.STRIKE] * 3, Kind.TIMEOUT]
    told = [(one.who, one.what, one.why) for one in await bench.kept.decisions.about(ANNA.key, limit=9)]
    assert told == [
        (BY_ITSELF, Ruling.TIMED_OUT, "be kind"),
        (MODERATOR.key, Ruling.STRUCK, "be kind"),
        (OWNER.key, Ruling.STRUCK, "be kind"),
        (MODERATOR.key, Ruling.STRUCK, "be kind"),
    ]


async def test_strikes_are_over_after_their_time(bench: Bench) -> None:
    for _ in range(2):
        await bench.strike()
    bench.kept.clock.forward(30 * DAY.total_seconds())
    assert (await bench.strike()).startswith("That is strike 1 of 3")
    assert await bench.held() == [Kind.STRIKE]


async def test_a_timeout_lasts_as_long_as_is_said_and_else_as_the_settings_say(bench: Bench) -> None:
    told = await bench.sanctioning.time_out(MODERATOR, ANNA, "room", "club", lasts=timedelta(hours=2))
    assert told.text == "Anna can't ask for reels in this group until 14:00 UTC."
    await bench.sanctioning.time_out(MODERATOR, BEN, "room", "club")
    (of_ben,) = await bench.kept.sanctions.against(BEN, CLUB)
    assert of_ben.until == NOON + DAY


async def test_a_ban_lasts_until_it_is_lifted(bench: Bench) -> None:
    told = await bench.sanctioning.ban(MODERATOR, ANNA, "room", "club", why="Spam")
    assert told.text == "Anna can't ask for reels in this group any more."
    bench.kept.clock.forward(1000 * DAY.total_seconds())
    assert await bench.held() == [Kind.BAN]
    lifted = await bench.sanctioning.lift(MODERATOR, ANNA, "room", "club", why="They said sorry")
    assert lifted.text == "Lifted what held against Anna here."
    assert await bench.held() == []
    (last, *_) = await bench.kept.decisions.about(ANNA.key, limit=9)
    assert (last.what, last.who, last.why) == (Ruling.LIFTED, MODERATOR.key, "They said sorry")
    again = await bench.sanctioning.lift(MODERATOR, ANNA, "room", "club")
    assert again.text == "Nothing holds against Anna here."


async def test_only_the_kinds_that_are_named_are_lifted(bench: Bench) -> None:
    await bench.strike()
    await bench.sanctioning.time_out(MODERATOR, ANNA, "room", "club")
    await bench.sanctioning.lift(MODERATOR, ANNA, "room", "club", kinds=[Kind.TIMEOUT])
    assert await bench.held() == [Kind.STRIKE]


async def test_everywhere_is_the_owners_to_give_and_to_lift(bench: Bench) -> None:
    with pytest.raises(Refused) as refused:
        await bench.sanctioning.ban(MODERATOR, ANNA, "", "")
    assert refused.value.problems[0].slug is Slug.OWNER_ALONE
    told = await bench.sanctioning.ban(OWNER, ANNA, "", "")
    assert told.text == "Anna can't ask for reels anywhere any more."
    assert await bench.held(grp="discord:9") == [Kind.BAN]
    with pytest.raises(Refused):
        await bench.sanctioning.lift(MODERATOR, ANNA, "", "")
    await bench.sanctioning.lift(MODERATOR, ANNA, "room", "club")
    assert await bench.held() == [Kind.BAN], "what holds everywhere is not lifted in one group"
    await bench.sanctioning.lift(OWNER, ANNA, "", "")
    assert await bench.held() == []


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("account", "standing_in"), [(ANNA, "club"), (BEN, "club"), (MODERATOR, "another"), (MODERATOR, "")]
)
async def test_nobody_else_gives_any(bench: Bench, kind: Kind, account: Account, standing_in: str) -> None:
    give = {
        Kind.STRIKE: bench.sanctioning.strike,
        Kind.TIMEOUT: bench.sanctioning.time_out,
        Kind.BAN: bench.sanctioning.ban,
    }[kind]
    with pytest.raises(Refused) as refused:
        await give(account, replace(BEN, id="carl"), "room", "club", standing_in=standing_in)
    assert refused.value.problems[0].slug is Slug.MODERATOR_ALONE
    assert await bench.kept.sanctions.standing_in(CLUB, limit=9) == []
