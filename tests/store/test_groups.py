"""A group's own rules in a real store, and what its members have had."""

import asyncio

import pytest

from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.group_rules import Edit, GroupRules, edited
from bot.domain.job import State
from tests.builders import ANNA, BEN, MODERATOR, NOON
from tests.store.shop import Shop

CHANGED = Decision(who=MODERATOR.key, what=Ruling.RULES_CHANGED, at=NOON, platform="room", group="club")


async def add(kept: Shop, word: str, group: str = "club") -> GroupRules:
    return await kept.groups.change_rules(
        "room", group, lambda before: edited(before, "denied_words", Edit.ADD, [word]), CHANGED
    )


async def test_a_group_has_no_rules_until_somebody_makes_some(kept: Shop) -> None:
    assert await kept.groups.rules("room", "club") == GroupRules()
    assert (await add(kept, "frog")).rules.words == ("frog",)
    assert (await kept.groups.rules("room", "club")).rules.words == ("frog",)
    assert await kept.groups.rules("room", "another") == GroupRules()
    assert await kept.groups.rules("discord", "club") == GroupRules()
    assert await kept.groups.rules("room", "") == GroupRules()


async def test_two_moderators_at_once_lose_nothing_of_each_other(kept: Shop) -> None:
    await asyncio.gather(*(add(kept, f"word{number}") for number in range(8)))
    assert len((await kept.groups.rules("room", "club")).rules.words) == 8
    assert len(await kept.decisions.of_group("room", "club", limit=99)) == 8


async def test_a_change_that_changes_nothing_is_no_decision(kept: Shop) -> None:
    await add(kept, "frog")
    await add(kept, "FROG")
    assert len(await kept.decisions.of_group("room", "club", limit=9)) == 1


async def test_a_change_that_is_refused_leaves_everything_as_it_was(kept: Shop) -> None:
    def refuse(_before: GroupRules) -> GroupRules:
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE)])

    await add(kept, "frog")
    with pytest.raises(Refused):
        await kept.groups.change_rules("room", "club", refuse, CHANGED)
    assert (await kept.groups.rules("room", "club")).rules.words == ("frog",)
    assert len(await kept.decisions.of_group("room", "club", limit=9)) == 1


async def test_reels_are_counted_by_person_and_group_once_they_are_delivered(kept: Shop) -> None:
    await kept.in_state(State.DELIVERED, "first")
    await kept.completed("second")
    assert await kept.groups.reels(ANNA, "") == 1
    assert (await kept.groups.reels(ANNA, "room:club"), await kept.groups.reels(BEN, "")) == (0, 0)
    await kept.completed("third", group="club")
    await kept.database.transact(lambda tx: tx.run("UPDATE jobs SET state = 'delivered'"))
    assert (await kept.groups.reels(ANNA, ""), await kept.groups.reels(ANNA, "room:club")) == (2, 1)
