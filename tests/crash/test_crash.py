"""A program that is killed anywhere loses nothing and does nothing twice."""

import pytest

from tests.crash.__main__ import head, line
from tests.crash.cell import ground
from tests.crash.matrix import sampled
from tests.crash.scenario import SCENARIOS, Scenario

pytestmark = [pytest.mark.crash, pytest.mark.slow]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name.replace(" ", "-"))
async def test_whenever_it_is_killed_every_job_ends_once_and_the_money_is_exact(scenario: Scenario) -> None:
    with ground() as shared:
        row = await sampled(scenario, shared)
    print(f"\n{head()}\n{line(row)}")  # noqa: T201 - the figures of the test
    assert row.differences == ()
    assert row.kills >= 8
    assert row.missed == 0
