"""Strangers spend nothing: what groups get that the owner has not decided about."""

from dataclasses import replace

import pytest

from bot.domain.ask import Ask
from bot.domain.notice import Action
from bot.domain.quota import Standing, Strangers, group_key, is_welcome
from bot.pipeline.intake import Intake, IntakeSettings
from tests.builders import ANNA, OWNER
from tests.pipeline.world import World


def intake(here: World, strangers: Strangers) -> Intake:
    return Intake(
        inbox=here.inbox,
        jobs=here.jobs,
        media=here.media,
        uploads=here.files,
        chats=here.chats,
        catalogue=here.setting.catalogue,
        judging=here.judging,
        standings=here.people,
        now=here.now,
        settings=IntakeSettings(strangers=strangers),
    )


async def taken(here: World, strangers: Strangers, ask: Ask) -> bool:
    """Whether the Ask became a Job."""
    await here.inbox.receive(ask)
    await intake(here, strangers).advance(ask.id)
    return await here.jobs.get(ask.id) is not None


@pytest.mark.parametrize("group", ["club", ""])
async def test_an_unknown_group_spends_nothing_and_its_owner_is_asked_once(here: World, group: str) -> None:
    for _ in range(2):
        ask = here.ask("/video a paper boat", group=group)
        assert not await taken(here, Strangers.ASK, ask)
        assert here.example.said[ask.id].private
        assert await here.inbox.row(ask.id) is None
    asked = here.example.said.pop(group or "dm-ann")
    assert [button.action for button in asked.buttons] == [Action.OPEN, Action.SHUT]
    assert {button.subject for button in asked.buttons} == {group or "dm-ann"}
    assert not await taken(here, Strangers.ASK, here.ask("/video a paper boat", group=group))
    assert (group or "dm-ann") not in here.example.said
    assert (await here.count("jobs"), await here.count("ledger")) == (0, 0)


async def test_an_approved_group_goes_on(here: World) -> None:
    await here.people.decide("example", "club", Standing.APPROVED)
    assert await taken(here, Strangers.ASK, here.ask("/video a paper boat", group="club"))
    assert not await taken(here, Strangers.ASK, here.ask("/video a paper boat", group="another"))


async def test_where_strangers_are_off_nobody_is_asked(here: World) -> None:
    ask = here.ask("/video a paper boat", group="club")
    assert not await taken(here, Strangers.OFF, ask)
    assert set(here.example.said) == {ask.id}


async def test_an_owner_needs_no_opening(here: World) -> None:
    ask = here.ask("/video a paper boat", group="club")
    assert await taken(here, Strangers.OFF, replace(ask, account=replace(ask.account, is_owner=True)))


@pytest.mark.parametrize("strangers", Strangers)
@pytest.mark.parametrize("standing", Standing)
def test_an_owners_no_is_a_no_and_a_welcome_is_for_the_undecided(standing: Standing, strangers: Strangers) -> None:
    undecided = standing in {Standing.NEW, Standing.ASKED}
    expected = standing is Standing.APPROVED or (undecided and strangers is Strangers.WELCOME)
    assert is_welcome(ANNA, standing, strangers) is expected
    assert is_welcome(OWNER, standing, strangers)


def test_in_private_somebody_is_a_group_of_one() -> None:
    assert group_key(ANNA, "") == "dm-anna"
    assert group_key(ANNA, "club") == "club"
