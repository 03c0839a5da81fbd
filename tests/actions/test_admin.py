"""`/admin` in every subcommand and for every role: who is let in, who is told that it is not theirs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.actions.admin import Administration
from bot.domain.admin import SUBS, typed
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.ledger import Limits
from bot.domain.notice import Notice
from bot.domain.price import MICRO
from bot.domain.quota import Standing
from bot.domain.sanction import Kind, Sanction
from bot.settings.endpoints import catalogue_of
from tests.actions.administrations import LINK, an_administration
from tests.builders import ANNA, MODERATOR, NOON, OWNER, a_policy, an_ask, an_endpoint
from tests.store.shop import Shop, shop

POLICY = a_policy(group=Limits(day=5 * MICRO))
BANNED = replace(MODERATOR, id="banned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A store, and those who look after it."""

    kept: Shop
    administration: Administration

    async def says(self, account: Account, text: str, *, group: str = "club", event: str = "1") -> Notice:
        """What is answered."""
        return await self.administration.do(typed(text, account=account, group=group, event=event))

    async def refusal(self, account: Account, text: str, *, group: str = "club") -> Slug | None:
        """What somebody is refused with, None when they are let in."""
        try:
            await self.says(account, text, group=group)
        except Refused as refused:
            return refused.problems[0].slug
        return None


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        catalogue = catalogue_of([an_endpoint()])
        yield Office(kept=kept, administration=an_administration(kept.database, catalogue, POLICY, kept.clock))


TABLE = """
         owner moderator member banned
status   y     y         -      -
console  y     y         -      -
help     y     y         -      -
"""
"""Who is let in, written down a second time."""

HEAD, *LINES = [line.split() for line in TABLE.strip("\n").splitlines()]
ROWS = {line[0]: dict(zip(HEAD, line[1:], strict=True)) for line in LINES}
ROLES = {"owner": OWNER, "moderator": MODERATOR, "member": ANNA, "banned": BANNED}


def test_the_table_has_a_row_for_every_subcommand(office: Office) -> None:
    assert set(ROWS) == set(SUBS) == set(office.administration.rooms)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("sub", SUBS)
async def test_every_role_is_let_in_where_the_table_says(office: Office, sub: str, role: str) -> None:
    ban = Sanction(kind=Kind.BAN, whom=BANNED.key, grp="room:club", by=OWNER.key, at=NOON)
    await office.kept.sanctions.give(BANNED, ban, Decision(who=OWNER.key, what=Ruling.BANNED, at=NOON))
    refused = await office.refusal(ROLES[role], sub)
    outside = {Slug.MODERATOR_ALONE, Slug.OWNER_ALONE, Slug.NOT_YOURS, Slug.BANNED}
    assert (refused not in outside) is (ROWS[sub][role] == "y")
    if role == "banned":
        assert refused is Slug.BANNED


@pytest.mark.parametrize("sub", SUBS)
async def test_in_private_only_the_owner_has_anything_to_say(office: Office, sub: str) -> None:
    assert await office.refusal(MODERATOR, sub, group="") is Slug.OWNER_ALONE
    assert await office.refusal(OWNER, sub, group="") is not Slug.OWNER_ALONE


async def test_status_tells_what_goes_on_here_and_what_today_cost(office: Office) -> None:
    assert (await office.says(MODERATOR, "status")).text == (
        "Nothing is under way.\nToday this group has spent $0.00 of $5.00."
    )
    await office.kept.admit(an_ask(group="club"))
    await office.kept.admit(an_ask(id="elsewhere", event_id="2", group="another"))
    await office.kept.people.pause_endpoint("pixverse-effects", "most of it failed")
    told = (await office.says(MODERATOR, "status")).text.splitlines()
    assert told == [
        "Under way: 1 in line.",
        "Today this group has spent $0.00 of $5.00, and $0.20 held for what is under way.",
        "Pixverse effects is paused: most of it failed",
    ]
    assert (await office.says(OWNER, "status", group="")).text.startswith("Under way: 2 in line.")


async def test_the_console_is_for_one_pair_of_eyes(office: Office) -> None:
    told = await office.says(MODERATOR, "console")
    assert told.private
    assert LINK in told.text


async def test_without_a_word_everything_is_named(office: Office) -> None:
    told = (await office.says(MODERATOR, "")).text
    assert all(f"/admin {name}" in told for name in SUBS)
