"""Every death of a scenario: which there are is learnt from a life without one."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from tests.crash.cell import Cell, Ground, cell
from tests.crash.doom import CALLS, COMMITS, Doom, When
from tests.crash.scenario import Scenario

AT_ONCE = 6
"""Cells that live at the same time: they mostly wait."""

EVERY = 8
"""A sample takes the first commit and call of every name, and every eighth commit."""

DECISIVE = {"submit", "by-endpoint", "cancel", "result"}
"""Calls whose answer takes a Job to another state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a scenario came to over all its deaths, money in micro-dollars. `missed`: dooms that never came."""

    platform: str
    scenario: Scenario
    kills: int
    jobs: int
    submits: int
    reels: int
    charged: int
    lost: int
    missed: int
    differences: tuple[str, ...]


async def sampled(scenario: Scenario, ground: Ground) -> Row:
    """One death at every name of a commit and of a call, in each of its moments, and some by number."""
    whole = await cell(scenario, None, ground)
    decisive = DECISIVE | whole.decisive
    if scenario.steps_alone:
        dooms = [
            *_by_name(COMMITS, [name for name in whole.commits if " " in name]),
            *_by_name(CALLS, [name for name in whole.calls if name in decisive]),
        ]
    else:
        dooms = [*_by_name(COMMITS, whole.commits), *_by_name(CALLS, whole.calls)]
        numbers = range(EVERY, len(whole.commits), EVERY)
        dooms += [Doom(when=when, nth=number) for when in COMMITS for number in numbers]
    struck = [one async for one in _cells(scenario, dooms[:: scenario.stride], ground)]
    return _row(scenario, ground, [whole, *struck])


async def complete(scenario: Scenario, ground: Ground) -> Row:
    """A death at every number, until there is nothing left to strike."""
    cells = [await cell(scenario, None, ground)]
    for when in When:
        nth = 1
        while True:
            dooms = [Doom(when=when, nth=number) for number in range(nth, nth + AT_ONCE)]
            found = [one async for one in _cells(scenario, dooms, ground)]
            cells += found
            nth += AT_ONCE
            if not all(one.killed for one in found):
                break
    return _row(scenario, ground, cells)


def _by_name(moments: Iterable[When], names: Sequence[str]) -> list[Doom]:
    return [Doom(when=when, what=name) for when in moments for name in dict.fromkeys(names)]


async def _cells(scenario: Scenario, dooms: Sequence[Doom], ground: Ground) -> AsyncIterator[Cell]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(doom: Doom) -> Cell:
        async with turns:
            return await cell(scenario, doom, ground)

    for done in asyncio.as_completed([one(doom) for doom in dooms]):
        yield await done


def _row(scenario: Scenario, ground: Ground, cells: Sequence[Cell]) -> Row:
    return Row(
        platform=ground.platform,
        scenario=scenario,
        kills=sum(one.killed for one in cells),
        jobs=sum(one.verdict.jobs for one in cells),
        submits=sum(one.verdict.submits for one in cells),
        reels=sum(one.verdict.reels for one in cells),
        charged=sum(one.verdict.charged for one in cells),
        lost=sum(one.verdict.lost for one in cells),
        missed=sum(not one.killed for one in cells if one.doom and one.doom.what),
        differences=tuple(difference for one in cells for difference in one.differences),
    )
