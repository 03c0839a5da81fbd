"""A program that is killed anywhere loses nothing and does nothing twice."""

from dataclasses import replace

import pytest

from bot.app import clock
from tests.crash.__main__ import head, line
from tests.crash.anytime import killed_at_random
from tests.crash.cell import cell, ground
from tests.crash.doom import Doom
from tests.crash.matrix import sampled
from tests.crash.platforms import PLATFORMS
from tests.crash.scenario import ALBUM, HALVES, PRICE, SCENARIOS, Scenario, short

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.timeout(400)]

TIMELY = 8
"""Of so many dooms one may never come: what is edited into one message, and how often, is a matter of time."""

OTHERS = [name for name in PLATFORMS if name != "room"]


async def deaths(platform: str, scenario: Scenario) -> None:
    """Die a sample of all deaths, and find that it makes no difference."""
    with ground() as shared:
        row = await sampled(scenario, shared.on(platform))
    print(f"\n{head()}\n{line(row)}")  # noqa: T201 - the figures of the test
    assert row.differences == ()
    assert row.kills * scenario.stride >= 8
    assert row.missed * TIMELY <= row.kills


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name.replace(" ", "-"))
async def test_whenever_it_is_killed_every_job_ends_once_and_the_money_is_exact(scenario: Scenario) -> None:
    await deaths("room", replace(scenario, stride=2))


@pytest.mark.parametrize(
    ("platform", "scenario"),
    [
        pytest.param(platform, scenario, id=f"{platform}-{scenario.name.replace(' ', '-')}")
        for platform in OTHERS
        for scenario in short(platform)
    ],
)
async def test_on_every_platform_one_reel_stands_and_what_is_refused_is_said(platform: str, scenario: Scenario) -> None:
    await deaths(platform, scenario)


async def test_killed_at_random_beside_all_platforms_nothing_is_lost_and_nothing_done_twice() -> None:
    with ground() as shared:
        row = await killed_at_random(3, shared, draw=clock.draw)
    print(f"\n{head()}\n{line(row)}")  # noqa: T201 - the figures of the test
    assert row.differences == ()
    assert row.jobs == row.submits == row.reels >= 9
    assert row.charged == row.jobs * PRICE


@pytest.mark.parametrize("doom", HALVES, ids=lambda doom: str(doom).replace(" ", "-"))
async def test_an_album_that_was_half_gathered_becomes_one_reel_of_both_pictures(doom: Doom) -> None:
    with ground() as shared:
        found = await cell(ALBUM, doom, shared.on("telegram"))
    assert found.killed
    assert found.differences == []
    assert (found.verdict.jobs, found.verdict.reels) == (1, 1)
