"""SIGTERM in the middle of work: the program ends by itself in time, and the next one goes on from there."""

import signal

import pytest

from tests.crash.cell import begun, ground
from tests.crash.scenario import WORDS, Scenario

SLOW = Scenario(name="under way at fal", asks=tuple(WORDS.format(f"sandbox:slow boat {n}") for n in range(3)))

WITHIN_S = 10.0
"""The set time of `child.plan` is five seconds; the rest is for a busy machine."""


@pytest.mark.crash
@pytest.mark.timeout(150)
@pytest.mark.parametrize("call", ["submit", "status"])
async def test_it_ends_in_time_and_hands_over_what_is_under_way(call: str) -> None:
    with ground() as shared:
        async with begun(SLOW, shared) as run:
            life, took_s = await run.stopped_at(call, signal.SIGTERM)
            assert life.exit_code == 0
            assert took_s < WITHIN_S
            unfinished = [one for one in await run.fal.account() if one["status_code"] is None]
            assert unfinished
            await run.live(None)
            verdict = await run.verdict()
    assert (run.troubles, verdict.differences) == ([], ())
    assert (verdict.jobs, verdict.submits, verdict.reels) == (3, 3, 3)
