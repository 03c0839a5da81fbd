"""Spending that follows people: rows of the ledger copied to a second account, and the Bonds of those who separated.

A purse is an account of a Person or of a Bond, with its shares of groups. A copy has the cause, the amounts and the
periods of its original: one Hold per account, and since a Job ends its Holds by their cause, one end for each.
"""

import dataclasses
from datetime import datetime

from bot.domain.ledger import BOND, PERSON, Bond, Period, Periods, counterpart
from bot.store.database import Fetch, Tx
from bot.store.ledger import entry_of, write


async def bond_of(fetch: Fetch, person: str, periods: Periods) -> Bond | None:
    """What a Person shares in these periods, None when every budget has refilled since they separated."""
    rows = await fetch(
        "SELECT bonds.* FROM bonds JOIN bonded ON bonded.bond = bonds.id WHERE bonded.person = $1", person
    )
    kinds = frozenset(kind for row in rows for kind in Period if row[kind.value] == periods.name(kind))
    return Bond(id=rows[0]["id"], kinds=kinds) if kinds else None


async def join(tx: Tx, *, stays: str, goes: str, periods: Periods, now: datetime) -> None:
    """What the Person `goes` has spent and holds counts for the Person `stays` from now on, and for its Bond."""
    own, other = f"{PERSON}:{stays}", f"{PERSON}:{goes}"
    await _copy(tx, other, own, periods=periods, now=now)
    mine = await bond_of(tx.fetch, stays, periods)
    theirs = await bond_of(tx.fetch, goes, periods)
    await tx.run("DELETE FROM bonded WHERE person = $1", goes)
    bond = mine or theirs
    if bond is None:
        return
    await _copy(tx, own, f"{BOND}:{bond.id}", periods=periods, now=now)
    await _put(tx, stays, bond.id)
    if mine is not None and theirs is not None and mine.id != theirs.id:
        await _merge(tx, mine.id, theirs.id, periods=periods, now=now)


async def separate(tx: Tx, *, stays: str, leaves: str, fresh: str, periods: Periods, now: datetime) -> None:
    """What was spent stays with `stays`; until it refills, it and `leaves`, a new Person, spend from one purse.

    `fresh` becomes the id of their Bond, unless `stays` has one that holds.
    """
    bond = await bond_of(tx.fetch, stays, periods)
    if bond is None:
        await tx.run(
            "INSERT INTO bonds (id, day, week, month) VALUES ($1, $2, $3, $4)",
            *(fresh, periods.day, periods.week, periods.month),
        )
        await _copy(tx, f"{PERSON}:{stays}", f"{BOND}:{fresh}", periods=periods, now=now)
    else:
        await _until(tx, bond.id, periods)
    for person in (stays, leaves):
        await _put(tx, person, bond.id if bond else fresh)


async def _until(tx: Tx, bond: str, periods: Periods) -> None:
    await tx.run(
        "UPDATE bonds SET day = $2, week = $3, month = $4 WHERE id = $1",
        *(bond, periods.day, periods.week, periods.month),
    )


async def _put(tx: Tx, person: str, bond: str) -> None:
    await tx.run(
        "INSERT INTO bonded (person, bond) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET bond = excluded.bond",
        *(person, bond),
    )


async def _merge(tx: Tx, stays: str, goes: str, *, periods: Periods, now: datetime) -> None:
    """Everybody of one Bond comes into another, which then holds for as long as either did."""
    await _copy(tx, f"{BOND}:{goes}", f"{BOND}:{stays}", periods=periods, now=now)
    await tx.run("UPDATE bonded SET bond = $1 WHERE bond = $2", stays, goes)
    ends = await tx.fetch(
        "SELECT max(day) AS day, max(week) AS week, max(month) AS month FROM bonds WHERE id IN ($1, $2)", stays, goes
    )
    await _until(tx, stays, Periods(**ends[0]))
    await tx.run("DELETE FROM bonds WHERE id = $1", goes)


async def _copy(tx: Tx, source: str, target: str, *, periods: Periods, now: datetime) -> None:
    """Write the rows of one purse that still count onto another, where they do not stand already."""
    rows = await tx.fetch(
        "SELECT * FROM ledger WHERE cause IN (SELECT cause FROM ledger WHERE account = $1 "
        "AND (day = $2 OR week = $3 OR month = $4)) ORDER BY seq",
        *(source, periods.day, periods.week, periods.month),
    )
    standing = {(row["cause"], row["account"], row["kind"]) for row in rows}
    for row in rows:
        account = counterpart(row["account"], source, target)
        if account is None or (row["cause"], account, row["kind"]) in standing:
            continue
        await write(tx, dataclasses.replace(entry_of(row), account=account, note=f"as {source}"), now=now)
