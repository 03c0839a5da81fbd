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
from bot.domain.job import Waiting
from bot.domain.ledger import Limits
from bot.domain.moderation import Verdict
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
budget   y     y         -      -
grant    y     -         -      -
tier     y     y         -      -
review   y     y         -      -
rules    y     y         -      -
ban      y     y         -      -
timeout  y     y         -      -
log      y     y         -      -
stats    y     y         -      -
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


async def test_rules_are_shown_and_changed_the_way_the_console_does(office: Office) -> None:
    assert "no rules of its own" in (await office.says(MODERATOR, "rules")).text
    assert (await office.says(MODERATOR, "rules denied_words add frog, small toad")).text.endswith(
        "denied words: frog, small toad"
    )
    await office.says(MODERATOR, "rules remove denied-words frog")
    await office.says(MODERATOR, "rules review always")
    told = (await office.says(MODERATOR, "rules")).text
    assert "denied words: small toad\nreview: always" in told
    assert "It can be off, newcomers or always." in (await office.says(MODERATOR, "rules review")).text
    assert "nothing of this group's own" in (await office.says(MODERATOR, "rules cooldown_s")).text
    await office.says(MODERATOR, "rules review set")
    assert "review" not in (await office.says(MODERATOR, "rules")).text.partition("toad")[2]


async def test_a_rule_there_is_not_and_a_value_it_cannot_have_are_refused(office: Office) -> None:
    assert await office.refusal(MODERATOR, "rules denied_wrods add frog") is Slug.UNKNOWN_CHOICE
    assert await office.refusal(MODERATOR, "rules review sometimes") is Slug.UNKNOWN_CHOICE
    assert await office.refusal(OWNER, "rules review always", group="") is Slug.GROUPS_ONLY


async def test_a_place_can_be_called_here(office: Office) -> None:
    errand = typed("rules denied_places add here, 77", account=MODERATOR, group="club", event="1", here="42/7")
    await office.administration.do(errand)
    assert (await office.kept.groups.rules("room", "club")).rules.places == ("42/7", "77")


async def test_what_waits_is_listed_with_its_card_and_what_was_decided_with_who_did_it(office: Office) -> None:
    assert (await office.says(MODERATOR, "review")).text == "Nothing waits for a moderator."
    assert (await office.says(MODERATOR, "log")).text == "Nothing has been decided here yet."
    verdict = Verdict(waiting_for=frozenset({Waiting.MODERATOR}))
    await office.kept.admit(an_ask(group="club"), verdict=verdict)
    told = (await office.says(MODERATOR, "review")).text
    assert "Anna, a moment ago: /effect Kiss Me AI https://example.com/cards/ask-1" in told
    assert "Waiting for a moderator: 1." in (await office.says(MODERATOR, "status")).text
    await office.says(MODERATOR, "rules denied_words add frog")
    told = (await office.says(MODERATOR, "log")).text
    assert told == "12:00 UTC, Mod changed the rules: denied_words add: frog"
    assert told in (await office.says(OWNER, "log", group="")).text
    assert (await office.says(MODERATOR, "log", group="another")).text == "Nothing has been decided here yet."


async def test_the_console_is_for_one_pair_of_eyes(office: Office) -> None:
    told = await office.says(MODERATOR, "console")
    assert told.private
    assert LINK in told.text


async def test_without_a_word_everything_is_named(office: Office) -> None:
    told = (await office.says(MODERATOR, "")).text
    assert all(f"/admin {name}" in told for name in SUBS)
