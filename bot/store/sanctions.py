"""Strikes, timeouts and bans. An account is found by a keyed hash, so that a ban outlives what is known of a person."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import permutations

from bot.domain.ask import Account
from bot.domain.decision import Decision
from bot.domain.sanction import Kind, Sanction
from bot.domain.striking import Strike, decision_of, following
from bot.ports.clock import Now
from bot.store.codec import micros, moment
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.decisions import write_decision
from bot.store.people import one_persons
from bot.store.subjects import subject_of

_HOLDING = "lifted_at IS NULL AND (until IS NULL OR until > $1) AND (grp = '' OR grp = $2)"


async def write_sanction(tx: Tx, one: Sanction) -> None:
    """Add a sanction within a transaction, against every account of its Person."""
    rows = await tx.fetch(
        "INSERT INTO sanctions (kind, whom, grp, made_by, why, at, until) VALUES ($1, $2, $3, $4, $5, $6, $7) "
        "RETURNING number",
        one.kind.value,
        one.whom,
        one.grp,
        one.by,
        one.why,
        micros(one.at),
        None if one.until is None else micros(one.until),
    )
    for key in await one_persons(tx.fetch, one.whom):
        await tx.run(
            "INSERT INTO sanctioned (subject, sanction) VALUES ($1, $2)",
            *(await subject_of(tx.fetch, key), rows[0]["number"]),
        )


async def give_sanction(tx: Tx, strike: Strike, whom: Account, *, now: datetime) -> None:
    """Give a strike within a transaction, with its decision and the timeout it may lead to."""
    await write_sanction(tx, strike.given)
    await write_decision(tx, decision_of(strike.given, job=strike.job))
    held = await holding(tx.fetch, whom, strike.given.grp, now_micros=micros(now))
    follows = following(strike.policy, strike.given, held, now)
    if follows is not None:
        await write_sanction(tx, follows[0])
        await write_decision(tx, follows[1])


async def share_sanctions(tx: Tx, account_key: str) -> None:
    """What was given to one account of a Person is each one's, within the transaction that separates them."""
    subjects = [await subject_of(tx.fetch, key) for key in await one_persons(tx.fetch, account_key)]
    for source, target in permutations(subjects, 2):
        await tx.run(
            "INSERT INTO sanctioned (subject, sanction) SELECT $2, sanction FROM sanctioned WHERE subject = $1 "
            "ON CONFLICT DO NOTHING",
            *(source, target),
        )


async def holding(fetch: Fetch, account: Account, grp: str, *, now_micros: int) -> Sequence[Sanction]:
    """What holds against a person in a group, by whichever of their accounts they were given it."""
    found: dict[int, Sanction] = {}
    for key in await one_persons(fetch, account.key):
        rows = await fetch(
            f"SELECT sanctions.* FROM sanctioned JOIN sanctions ON number = sanction WHERE {_HOLDING} AND subject = $3",  # noqa: S608  ours
            *(now_micros, grp, await subject_of(fetch, key)),
        )
        found |= {row["number"]: _sanction(row) for row in rows}
    return [found[number] for number in sorted(found)]


class Sanctions:
    """Gives them, lifts them, and says what holds."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    async def against(self, account: Account, grp: str) -> Sequence[Sanction]:
        """What holds against a person in a group ("discord:1", "" in private), bans from everywhere included."""
        return await holding(self._database.read, account, grp, now_micros=micros(self._now()))

    async def give(
        self,
        whom: Account,
        sanction: Sanction,
        decision: Decision,
        *,
        then: Callable[[Sequence[Sanction]], tuple[Sanction, Decision] | None] = lambda _: None,
    ) -> Sequence[Sanction]:
        """Write one with its decision; everything that then holds.

        `then` is asked, within the transaction, what follows from all that holds with it.
        """

        async def work(tx: Tx) -> Sequence[Sanction]:
            now = micros(self._now())
            await write_sanction(tx, sanction)
            await write_decision(tx, decision)
            follows = then(await holding(tx.fetch, whom, sanction.grp, now_micros=now))
            if follows is not None:
                await write_sanction(tx, follows[0])
                await write_decision(tx, follows[1])
            return await holding(tx.fetch, whom, sanction.grp, now_micros=now)

        return await self._database.transact(work)

    async def lift(self, whom: Account, grp: str, kinds: Sequence[Kind], decision: Decision) -> int:
        """End what holds in exactly this group (or everywhere) and is of these kinds; how many that were."""

        async def work(tx: Tx) -> int:
            now = micros(self._now())
            held = await holding(tx.fetch, whom, grp, now_micros=now)
            ended = [one for one in held if one.kind in kinds and one.grp == grp]
            for one in ended:
                await tx.run("UPDATE sanctions SET lifted_at = $2 WHERE number = $1", one.number, now)
            if ended:
                await write_decision(tx, decision)
            return len(ended)

        return await self._database.transact(work)

    async def standing_in(self, grp: str, *, limit: int) -> Sequence[Sanction]:
        """The newest that hold in a group or everywhere, whoever they are against."""
        rows = await self._database.read(
            f"SELECT * FROM sanctions WHERE {_HOLDING} ORDER BY number DESC LIMIT $3",  # noqa: S608  ours
            micros(self._now()),
            grp,
            limit,
        )
        return [_sanction(row) for row in rows]


def _sanction(row: Row) -> Sanction:
    return Sanction(
        kind=Kind(row["kind"]),
        whom=row["whom"],
        grp=row["grp"],
        by=row["made_by"],
        at=moment(row["at"]),
        until=None if row["until"] is None else moment(row["until"]),
        why=row["why"],
        number=row["number"],
    )
