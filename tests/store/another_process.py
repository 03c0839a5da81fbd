"""Another process on the same file: `python -m tests.store.another_process hold|write DATABASE`.

`hold` opens the store for writing, says so, and keeps it until its input ends. `write` commits notes without end
and prints the id of each once `transact` has returned.
"""

import asyncio
import sys
from pathlib import Path

from bot.domain.errors import StoreUnusable
from tests.store.files import notes, write


async def hold(path: Path) -> None:
    try:
        async with notes(path):
            print("open", flush=True)  # noqa: T201 - how it speaks to the test
            await asyncio.to_thread(sys.stdin.read)
    except StoreUnusable as error:
        print(error, flush=True)  # noqa: T201 - how it speaks to the test


async def write_on(path: Path) -> None:
    async with notes(path) as database:

        async def one() -> None:
            while True:
                print(await write(database, "kept"), flush=True)  # noqa: T201 - how it speaks to the test

        await asyncio.gather(*(one() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run({"hold": hold, "write": write_on}[sys.argv[1]](Path(sys.argv[2])))
