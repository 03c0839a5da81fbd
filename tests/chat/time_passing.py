"""A running program to which a long time passes at once: what is kept with a moment is kept with an earlier one."""

from bot.app import clock
from bot.app.program import Program
from bot.store.codec import micros
from bot.store.database import Tx


async def gone_by(program: Program, table: str, column: str) -> None:
    """Every moment that was to come in this column is over, and whoever waits for it looks."""

    async def work(tx: Tx) -> None:
        # Both names are the tests' own.
        await tx.run(f"UPDATE {table} SET {column} = $1 WHERE {column} > $1", micros(clock.now()))  # noqa: S608

    await program.kept.database.transact(work)
    for job, _, _ in await program.kept.jobs.open_ids():
        program.kept.work.nudge(job)
