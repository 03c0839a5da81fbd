"""Reads for plots and for the overview: counted by the database from indexes that hold all they need."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.job import State
from bot.domain.ledger import PERSON, Balance, Bond, Period, Periods
from bot.store.codec import micros
from bot.store.database import Database
from bot.store.ledger import balances
from bot.store.purses import bond_of

OPEN = "('in_review', 'admitted', 'submitting', 'uncertain', 'submitted', 'completed', 'delivering')"
"""The states of the index `jobs_open`, written as it has them."""

ENDED = "('delivered', 'undelivered', 'failed')"
"""The states of the index `jobs_ended`."""


_PERSON = f"{PERSON}:"


class Figures:
    """Fits `ports.statistics.Figures`. `group` is "discord:123", somebody's "person:<id>", or "" for everything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_day(self, account: str, first: str, last: str) -> Mapping[str, Balance]:
        """The balances of a ledger account by day, from one day to another."""
        rows = await self._database.read(
            "SELECT period, held, spent, granted FROM balances WHERE account = $1 AND period BETWEEN $2 AND $3",
            account,
            f"{Period.DAY.value}:{first}",
            f"{Period.DAY.value}:{last}",
        )
        return {
            row["period"].partition(":")[2]: Balance(held=row["held"], spent=row["spent"], granted=row["granted"])
            for row in rows
        }

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""
        return await balances(self._database.read, accounts, periods)

    async def bond(self, person: str, periods: Periods) -> Bond | None:
        """What a Person still spends from together with those they were one with; None when nothing."""
        return await bond_of(self._database.read, person, periods)

    async def endings(self, endpoints: Sequence[str], since: datetime, group: str) -> Mapping[str, tuple[int, int]]:
        """How many Jobs of each endpoint made a reel since then, and how many failed."""
        if not endpoints:
            return {}
        names = ", ".join(f"${number}" for number in range(3, 3 + len(endpoints)))
        rows = await self._database.read(
            f"SELECT endpoint, count(*) FILTER (WHERE state <> 'failed') AS made, "  # noqa: S608  names are ours
            f"count(*) FILTER (WHERE state = 'failed') AS failed FROM jobs "
            f"WHERE endpoint IN ({names}) AND created_at >= $1 AND state IN {ENDED} AND {_within(group, 2)} "
            "GROUP BY endpoint",
            micros(since),
            group,
            *endpoints,
        )
        return {row["endpoint"]: (row["made"], row["failed"]) for row in rows}

    async def latest_endings(self, endpoint: str, *, at_most: int) -> tuple[int, int]:
        """Of an endpoint's latest ended Jobs, how many made a reel and how many failed."""
        rows = await self._database.read(
            f"SELECT count(*) AS n, count(*) FILTER (WHERE state = 'failed') AS failed FROM ("  # noqa: S608  names are ours
            f"SELECT state FROM jobs WHERE endpoint = $1 AND state IN {ENDED} "
            "ORDER BY created_at DESC LIMIT $2) AS latest",
            endpoint,
            at_most,
        )
        return rows[0]["n"] - rows[0]["failed"], rows[0]["failed"]

    async def waits(self, since: datetime, group: str, *, at_most: int) -> Sequence[float]:
        """Seconds from admission to the posted reel of the latest Jobs since then."""
        rows = await self._database.read(
            f"SELECT state_at - created_at AS waited FROM jobs WHERE created_at >= $1 AND {_within(group, 2)} "  # noqa: S608  names are ours
            "AND state = 'delivered' ORDER BY created_at DESC LIMIT $3",
            micros(since),
            group,
            at_most,
        )
        return [row["waited"] / 1_000_000 for row in rows]

    async def open_by_state(self, group: str) -> Mapping[State, int]:
        """How many Jobs are in each state that goes on by itself."""
        rows = await self._database.read(
            f"SELECT state, count(*) AS n FROM jobs WHERE state IN {OPEN} AND parent = '' AND {_within(group, 1)} "  # noqa: S608  names are ours
            "GROUP BY state",
            group,
        )
        return {State(row["state"]): row["n"] for row in rows}

    async def ended_by_state(self, since: datetime, group: str) -> Mapping[State, int]:
        """How many Jobs admitted since then are at rest, by state."""
        rows = await self._database.read(
            f"SELECT state, count(*) AS n FROM jobs WHERE created_at >= $1 AND parent = '' AND {_within(group, 2)} "  # noqa: S608  names are ours
            f"AND state NOT IN {OPEN} GROUP BY state",
            micros(since),
            group,
        )
        return {State(row["state"]): row["n"] for row in rows}

    async def asks_waiting(self) -> int:
        """How many Asks are taken down and not yet looked at."""
        rows = await self._database.read("SELECT count(*) AS n FROM inbox WHERE state <> 'done'")
        return int(rows[0]["n"])


def _within(group: str, place: int) -> str:
    """A condition on the group; written out, since a condition that is switched by its argument uses no index."""
    if group.startswith(_PERSON):
        return f"person = substr(${place}, {len(_PERSON) + 1})"
    return f"of_group = ${place}" if group else f"${place} = ''"
