"""Moderators change their group's rules and nobody else does; every change is a decision."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.actions.demand import Demands
from bot.actions.rule_keeping import RuleKeeping
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.group_rules import Edit
from bot.domain.quota import Standing, Strangers
from bot.domain.sanction import Kind, Sanction
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER
from tests.store.shop import Shop, shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A store and who keeps its rules."""

    kept: Shop
    keeping: RuleKeeping

    async def add(self, account: Account, *, group: str = "club", standing_in: str | None = "club") -> str:
        found = await self.keeping.change(
            account, "room", group, "denied_words", Edit.ADD, ["frog"], standing_in=standing_in
        )
        return found.text

    async def refusal(self, account: Account, *, group: str = "club", standing_in: str | None = "club") -> Slug:
        with pytest.raises(Refused) as caught:
            await self.add(account, group=group, standing_in=standing_in)
        return caught.value.problems[0].slug


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.people.decide("room", "club", Standing.APPROVED)
        demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.ASK, now=kept.clock)
        yield Office(kept=kept, keeping=RuleKeeping(groups=kept.groups, demand=demand, now=kept.clock))


@pytest.mark.parametrize("account", [OWNER, MODERATOR], ids=lambda one: one.id)
async def test_a_rule_is_changed_without_a_restart_and_written_down(office: Office, account: Account) -> None:
    assert await office.add(account) == "Done. What this group has set now:\ndenied words: frog"
    assert (await office.kept.groups.rules("room", "club")).rules.words == ("frog",)
    ((_, decision),) = await office.kept.decisions.of_group("room", "club", limit=9)
    assert (decision.who, decision.what, decision.at) == (account.key, Ruling.RULES_CHANGED, NOON)
    assert decision.detail == "denied_words add: frog"


async def test_setting_nothing_puts_a_rule_back(office: Office) -> None:
    await office.add(MODERATOR)
    told = await office.keeping.change(MODERATOR, "room", "club", "denied words", Edit.SET, [])
    assert told.text == "Done. What this group has set now:\nnothing"
    shown = await office.keeping.show(MODERATOR, "room", "club")
    assert shown.text == "This group has no rules of its own; those of the bot hold."


async def test_nobody_else_changes_them(office: Office) -> None:
    assert await office.refusal(ANNA) is Slug.MODERATOR_ALONE
    assert await office.refusal(MODERATOR, standing_in="another") is Slug.MODERATOR_ALONE
    assert await office.refusal(MODERATOR, standing_in="") is Slug.MODERATOR_ALONE
    assert await office.refusal(replace(MODERATOR, platform="discord")) is Slug.MODERATOR_ALONE
    assert (await office.kept.groups.rules("room", "club")).rules.words == ()
    assert await office.kept.decisions.of_group("room", "club", limit=9) == []


async def test_who_is_banned_is_told_so(office: Office) -> None:
    ban = Sanction(kind=Kind.BAN, whom=MODERATOR.key, grp="room:club", by=OWNER.key, at=NOON)
    await office.kept.sanctions.give(MODERATOR, ban, Decision(who=OWNER.key, what=Ruling.BANNED, at=NOON))
    assert await office.refusal(MODERATOR) is Slug.BANNED


async def test_members_do_not_look_at_them_either(office: Office) -> None:
    for look in (office.keeping.show, office.keeping.rules):
        with pytest.raises(Refused):
            await look(BEN, "room", "club")


async def test_in_private_there_is_no_group_to_set_anything_for(office: Office) -> None:
    assert await office.refusal(OWNER, group="", standing_in="") is Slug.GROUPS_ONLY


async def test_a_key_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        await office.keeping.change(MODERATOR, "room", "club", "colour", Edit.SET, ["red"])
    assert caught.value.problems[0].slug is Slug.UNKNOWN_CHOICE
