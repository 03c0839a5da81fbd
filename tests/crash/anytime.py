"""The program beside all platforms at once, killed at random moments under load, over one and the same data.

In every life each platform's person asks for more, whatever is still under way from the lives before. Moments fall
anywhere from the first line of the program to the work under way.
"""

from collections.abc import Callable
from dataclasses import replace

from tests.crash.cell import Ground, Run, begun
from tests.crash.later import look_again
from tests.crash.matrix import Row
from tests.crash.platforms import TOGETHER
from tests.crash.scenario import ANYTIME, EFFECT, WORDS, Scenario

LEAST_S, MOST_S = 0.5, 6.0
"""From the birth of a program to its death; it serves after about a second."""

CALM_EVERY = 10
REST_S = 240.0
"""After so many deaths one life may come to rest, however long that takes: it has much to make up for."""


async def killed_at_random(kills: int, ground: Ground, *, draw: Callable[[], float]) -> Row:
    """Kill the program so many times, let the last one come to rest, and compare what is with what should be.

    `draw` gives numbers from 0 to 1.
    """
    async with begun(ANYTIME, ground.on(TOGETHER)) as run:
        done = 0
        while done < kills:
            if done and not done % CALM_EVERY:
                await run.live(None, lasts_s=REST_S)
            run.want(_more(run.scenario))
            _, killed = await run.live(None, after_s=LEAST_S + draw() * (MOST_S - LEAST_S))
            done += killed
        await run.live(None, lasts_s=REST_S)
        return await _judged(run, done)


async def _judged(run: Run, kills: int) -> Row:
    verdict = await run.verdict()
    if verdict.doubtful and not verdict.differences:
        await look_again(run.birth(None), verdict.doubtful)
        await run.live(None)
        verdict = await run.verdict()
    return Row(
        platform=TOGETHER,
        scenario=run.scenario,
        kills=kills,
        jobs=verdict.jobs,
        submits=verdict.submits,
        reels=verdict.reels,
        charged=verdict.charged,
        lost=verdict.lost,
        missed=0,
        differences=(*run.troubles, *verdict.differences),
    )


def _more(scenario: Scenario) -> Scenario:
    """One more ask on each platform: two with a picture, one of words that nobody else asks for."""
    words = WORDS.format(f"a paper boat, number {len(scenario.asks)}")
    turn = (EFFECT, EFFECT, words)
    start = len(scenario.asks) // len(turn) % len(turn)
    return replace(scenario, asks=(*scenario.asks, *turn[start:], *turn[:start]))
