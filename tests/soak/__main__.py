"""`python -m tests.soak [SECONDS]`: the program under load for so long, by default ten minutes, and what came of it."""

import asyncio
import logging
import sys
from collections.abc import Sequence

from tests.crash.cell import ground
from tests.soak.soak import soak

TEN_MINUTES_S = 600.0


async def main(arguments: Sequence[str]) -> int:
    """Run and print; 1 when there is any difference."""
    logging.getLogger().setLevel(logging.CRITICAL)
    lasts_s = float(arguments[0]) if arguments else TEN_MINUTES_S
    with ground() as shared:
        report = await soak(lasts_s, shared)
    print(report.table())  # noqa: T201 - its answer
    return int(bool(report.differences) or not report.is_exact)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(sys.argv[1:])))
