"""`python -m tests.crash [--all] [PLATFORM …] [SCENARIO …]`: the table of kills; without names, everything.

`--all` strikes at every number and not at some. `together` is no platform but all of them, where the program is killed
at random moments under load: 200 times with `--all`, else 10 times.
"""

import asyncio
import logging
import sys
from collections.abc import Collection, Sequence
from functools import partial
from time import perf_counter

from bot.app import clock
from bot.domain.price import dollars
from tests.crash.anytime import killed_at_random
from tests.crash.cell import ground
from tests.crash.matrix import Row, complete, sampled
from tests.crash.platforms import PLATFORMS, TOGETHER
from tests.crash.scenario import SCENARIOS, SPECIAL, Scenario

MANY, SOME = 200, 10

_HEAD = ("platform, scenario", "kills", "jobs", "submits", "reels", "charged", "lost", "differences")


def line(row: Row) -> str:
    """A row of the table."""
    numbers = (row.kills, row.jobs, row.submits, row.reels, dollars(row.charged), dollars(row.lost))
    return _line([f"{row.platform}, {row.scenario.name}", *map(str, numbers), str(len(row.differences))])


def head() -> str:
    """The row above them."""
    return _line(_HEAD)


def _line(columns: Sequence[str]) -> str:
    return f"{columns[0]:<28}" + "".join(f"{column:>12}" for column in columns[1:])


def _of(platform: str, names: Collection[str]) -> Sequence[Scenario]:
    """The scenarios that are named, or all; some are only there on one platform."""
    known = (*SCENARIOS, *SPECIAL.get(platform, ()))
    named = {one.name for one in (*SCENARIOS, *(each for some in SPECIAL.values() for each in some))} & {*names}
    return [one for one in known if one.name in named] if named else known


async def main(arguments: Sequence[str]) -> int:
    """Run and print; 1 when there is any difference."""
    run = complete if "--all" in arguments else sampled
    names = {argument for argument in arguments if not argument.startswith("--")}
    named = [name for name in PLATFORMS if name in names]
    platforms = named or ([] if TOGETHER in names else list(PLATFORMS))
    wanted = [(one, scenario) for one in platforms for scenario in _of(one, names)]
    logging.getLogger().setLevel(logging.CRITICAL)  # a killed caller is no news here
    started, wrong = perf_counter(), 0
    print(head(), flush=True)  # noqa: T201 - its answer
    with ground() as shared:
        rows = [partial(run, scenario, shared.on(platform)) for platform, scenario in wanted]
        if names <= {TOGETHER}:
            rows.append(partial(killed_at_random, MANY if "--all" in arguments else SOME, shared, draw=clock.draw))
        for one in rows:
            row = await one()
            print("\n".join([line(row), *row.differences]), flush=True)  # noqa: T201 - its answer
            wrong += len(row.differences)
    print(f"{perf_counter() - started:.0f} s")  # noqa: T201 - its answer
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(sys.argv[1:])))
