"""`jobs`, `audit`, `backup`, `restore`, `migrate`: the store from the command line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.app import clock
from bot.app.reminder import mark_backup
from bot.domain.price import dollars
from bot.settings.environment import load_settings
from bot.store.audit import audit
from bot.store.backup import backup, restore
from bot.store.books import Books
from bot.store.database import Database, open_database

EXPORTED = ("people", "accounts", "groups", "settings", "jobs", "ledger", "balances", "durations")


def store_file(config: Path, data: Path) -> Path:
    """Where the store is, by the settings."""
    return data / load_settings(config).store.file


@asynccontextmanager
async def _reading(store: Path) -> AsyncIterator[Database]:
    database = await open_database(store, read_only=True)
    try:
        yield database
    finally:
        await database.close()


async def list_jobs(store: Path, *, limit: int, as_json: bool) -> None:
    """The latest jobs, newest first."""
    async with _reading(store) as database:
        found = await Books(database).latest(limit=limit)
    if as_json:
        rows = [
            {
                "id": job.id,
                "state": job.state,
                "endpoint": job.order.endpoint,
                "person": job.person,
                "hold_microusd": job.hold_microusd,
                "cost_microusd": job.cost_microusd,
                "created_at": job.created_at.isoformat(),
                "request_id": job.ticket.request_id if job.ticket else None,
                "failure": job.failure,
            }
            for job in found
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("job", "when", "state", "endpoint", "held", "cost", box=None)
    table.columns[0].no_wrap = True
    for job in found:
        cost = "" if job.cost_microusd is None else dollars(job.cost_microusd)
        when = f"{job.created_at:%d %b %H:%M}"
        table.add_row(job.id, when, job.state, job.order.endpoint, dollars(job.hold_microusd), cost)
    Console().print(table)


async def export_store(store: Path) -> None:
    """Every person, Job and ledger row as a line of JSON: {"table": …, …}. Prompts and names are in it."""
    async with _reading(store) as database:
        for table in EXPORTED:
            for row in await database.read(f"SELECT * FROM {table} ORDER BY 1"):  # noqa: S608  names are ours
                typer.echo(json.dumps({"table": table, **{key: row[key] for key in row.keys()}}, ensure_ascii=False))  # noqa: SIM118  a row is no mapping


async def audit_store(store: Path, *, as_json: bool) -> None:
    """Ends with 1 when anything is not exact."""
    async with _reading(store) as database:
        found = await audit(database)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "jobs": found.jobs,
                    "rows": found.rows,
                    "held_microusd": found.held,
                    "spent_microusd": found.spent,
                    "overruns_microusd": found.overruns,
                    "losses_microusd": found.losses,
                    "findings": found.findings,
                },
                indent=2,
            )
        )
    else:
        typer.echo(
            f"{found.jobs} jobs, {found.rows} ledger rows: {dollars(found.spent)} spent, {dollars(found.held)} held, "
            f"overruns {dollars(found.overruns)}, losses {dollars(found.losses)}"
        )
        typer.echo("\n".join(found.findings) or "Everything is exact.")
    if found.findings:
        raise typer.Exit(1)


async def back_up(store: Path, target: Path) -> None:
    """Copy the store."""
    await backup(store, target)
    mark_backup(store.parent, clock.now())
    typer.echo(f"The store is copied to {target}. Keep the folders media and reels beside {store} with it.")


async def put_back(source: Path, store: Path) -> None:
    """Put a backup in place."""
    await restore(source, store)
    typer.echo(f"{source} is in place. What was there before is kept beside it.")


async def migrate_store(store: Path) -> None:
    """Bring the schema up to date."""
    await asyncio.to_thread(store.parent.mkdir, parents=True, exist_ok=True)
    database = await open_database(store, quick_check=True)
    await database.close()
    typer.echo("The store is up to date.")
