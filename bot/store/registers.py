"""Reads for the console's lists: bounded, and each from an index that is in its order."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE
from bot.domain.job import Job, Waiting
from bot.domain.ledger import Balance
from bot.domain.quota import Standing
from bot.domain.registers import EntriesWanted, GroupRow, JobsWanted, LedgerRow, PersonRow
from bot.store.codec import ASK, job_of, micros, moment
from bot.store.database import Database
from bot.store.ledger import entry_of
from bot.store.people import PAUSED

SELDOM = ("refund", "loss", "overrun", "grant")
"""The kinds of the index `ledger_seldom`, in its order: it is used when a statement names exactly them."""

UNWELL = ("undelivered", "failed", "cancelled", "refused")
"""The states of the index `jobs_unwell`, likewise."""


class Registers:
    """Who may see what is the caller's to know. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def jobs(self, wanted: JobsWanted, *, limit: int) -> Sequence[Job]:
        """The newest Jobs of those wanted."""
        asked = _Conditions()
        asked.add("parent = {} AND parent <> ''", wanted.parent) if wanted.parent else asked.add("parent = ''")
        asked.equal("of_group", wanted.group)
        asked.equal("endpoint", wanted.endpoint)
        asked.equal("person", wanted.person)
        asked.among("state", sorted(wanted.states), UNWELL)
        if wanted.before:
            asked.add("(created_at, id) < ({}, {})", micros(wanted.before[0]), wanted.before[1])
        rows = await self._database.read(
            f"SELECT * FROM jobs {asked.where} ORDER BY created_at DESC, id DESC LIMIT {asked.place(limit)}",  # noqa: S608  names are ours
            *asked.args,
        )
        return [job_of(row) for row in rows]

    async def waiting_for_moderators(self, group: str, *, limit: int) -> Sequence[Job]:
        """Jobs that wait for a moderator's word, oldest first."""
        asked = _Conditions()
        asked.add("state = 'in_review'")
        asked.equal("of_group", group)
        asked.add("waiting_for LIKE {}", f'%"{Waiting.MODERATOR.value}"%')
        rows = await self._database.read(
            f"SELECT * FROM jobs {asked.where} ORDER BY created_at LIMIT {asked.place(limit)}",  # noqa: S608  names are ours
            *asked.args,
        )
        return [job_of(row) for row in rows]

    async def withheld(self, group: str, *, limit: int) -> Sequence[Job]:
        """Jobs whose reel is withheld until a moderator has looked at it, oldest first."""
        asked = _Conditions()
        asked.add("state = 'undelivered' AND reason = 'withheld'")
        asked.equal("of_group", group)
        rows = await self._database.read(
            f"SELECT * FROM jobs {asked.where} ORDER BY created_at LIMIT {asked.place(limit)}",  # noqa: S608  names are ours
            *asked.args,
        )
        return [job_of(row) for row in rows]

    async def entries(self, wanted: EntriesWanted, *, limit: int) -> Sequence[LedgerRow]:
        """The newest ledger rows of those wanted."""
        asked = _Conditions()
        asked.equal("account", wanted.account)
        asked.equal("cause", wanted.cause)
        asked.among("kind", [wanted.kind] if wanted.kind else [], SELDOM)
        if wanted.before is not None:
            asked.add("seq < {}", wanted.before)
        rows = await self._database.read(
            f"SELECT * FROM ledger {asked.where} ORDER BY seq DESC LIMIT {asked.place(limit)}",  # noqa: S608  names are ours
            *asked.args,
        )
        return [LedgerRow(seq=row["seq"], at=moment(row["at"]), entry=entry_of(row)) for row in rows]

    async def spenders(self, period: str, group: str, *, limit: int) -> Sequence[PersonRow]:
        """Those who spent most in a period ("month:2026-11"): of the whole bot, or of their share of a group."""
        prefix = f"member:{group}:" if group else "person:"
        rows = await self._database.read(
            "SELECT account, held, spent, granted FROM balances WHERE period = $1 AND account >= $2 AND account < $3 "
            "ORDER BY spent + held DESC, account LIMIT $4",
            period,
            prefix,
            f"{prefix[:-1]};",
            limit,
        )
        money = {
            row["account"].removeprefix(prefix): Balance(held=row["held"], spent=row["spent"], granted=row["granted"])
            for row in rows
        }
        return await self._people(list(money), money)

    async def people_named(self, name: str, *, limit: int) -> Sequence[PersonRow]:
        """People one of whose accounts has this in its name or is it by its id; no money is told."""
        rows = await self._database.read(
            "SELECT DISTINCT person FROM accounts WHERE instr(lower(name), lower($1)) > 0 OR account = $1 "
            "ORDER BY person DESC LIMIT $2",
            name,
            limit,
        )
        return await self._people([row["person"] for row in rows], {})

    async def person(self, person: str) -> PersonRow | None:
        """One Person."""
        return next(iter(await self._people([person], {})), None)

    async def groups(self, month: str) -> Sequence[GroupRow]:
        """The groups that somebody decided about, and those with money in a month ("month:2026-11")."""
        rows = await self._database.read("SELECT platform, id, standing, changed_at FROM groups ORDER BY platform, id")
        known = {
            f"{row['platform']}:{row['id']}": GroupRow(
                group=f"{row['platform']}:{row['id']}",
                standing=Standing(row["standing"]),
                since=moment(row["changed_at"]),
            )
            for row in rows
        }
        for row in await self._database.read(
            "SELECT account FROM balances WHERE period = $1 AND account >= 'group:' AND account < 'group;'", month
        ):
            group = row["account"].removeprefix("group:")
            known.setdefault(group, GroupRow(group=group, standing=Standing.NEW))
        return list(known.values())

    async def group_names(self, groups: Sequence[str]) -> Mapping[str, str]:
        """What groups ("discord:123") were called when somebody asked there last; those without a name are absent."""
        named = {}
        for group in groups:
            rows = await self._database.read(
                "SELECT ask FROM jobs WHERE of_group = $1 ORDER BY created_at DESC, id DESC LIMIT 1", group
            )
            named[group] = ASK.validate_json(rows[0]["ask"]).group_name if rows else ""
        return {group: name for group, name in named.items() if name}

    async def paused(self) -> Mapping[str, str]:
        """The endpoints that take no Orders now, by slug, and why."""
        rows = await self._database.read(
            "SELECT scope, value FROM settings WHERE scope >= 'endpoint:' AND scope < 'endpoint;' AND key = $1", PAUSED
        )
        return {row["scope"].partition(":")[2]: row["value"] for row in rows if row["value"]}

    async def has_asked(self, person: str, group: str) -> bool:
        """Whether a Person has ever asked for something in a group."""
        rows = await self._database.read(
            "SELECT 1 FROM jobs WHERE person = $1 AND of_group = $2 LIMIT 1", person, group or EVERYWHERE
        )
        return bool(rows)

    async def _people(self, people: Sequence[str], money: Mapping[str, Balance]) -> Sequence[PersonRow]:
        """These people, in this order; who has no account (any more: it was joined to another Person) is left out."""
        if not people:
            return []
        names = ", ".join(f"${number}" for number in range(1, len(people) + 1))
        rows = await self._database.read(
            f"SELECT person, platform, account, name FROM accounts WHERE person IN ({names}) "  # noqa: S608  names are ours
            "ORDER BY platform, account",
            *people,
        )
        asks = await self._database.read(
            "SELECT people.id AS person, (SELECT ask FROM jobs WHERE person = people.id "  # noqa: S608  names are ours
            f"ORDER BY created_at DESC LIMIT 1) AS ask FROM people WHERE people.id IN ({names})",
            *people,
        )
        latest = {row["person"]: row["ask"] for row in asks}
        known = {row["person"] for row in rows}
        return [
            PersonRow(
                person=person,
                accounts=tuple(
                    Account(platform=row["platform"], id=row["account"], name=row["name"])
                    for row in rows
                    if row["person"] == person
                ),
                latest=ASK.validate_json(latest[person]).account if latest[person] else None,
                balance=money.get(person, Balance()),
            )
            for person in people
            if person in known
        ]


class _Conditions:
    """The conditions of a statement and their arguments; only our own names become part of its text."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.args: list[object] = []

    @property
    def where(self) -> str:
        """`WHERE …`, nothing where nothing is wanted."""
        return f"WHERE {' AND '.join(self._conditions)}" if self._conditions else ""

    def place(self, value: object) -> str:
        """The place of one more argument."""
        self.args.append(value)
        return f"${len(self.args)}"

    def add(self, condition: str, *values: object) -> None:
        """One more condition, with {} for each of its values."""
        self._conditions.append(condition.format(*(self.place(value) for value in values)))

    def equal(self, column: str, value: str) -> None:
        """The column is this, unless nothing is said."""
        if value:
            self.add(f"{column} = {{}}", value)

    def among(self, column: str, values: Iterable[str], seldom: Sequence[str]) -> None:
        """The column is one of these; where all are among the seldom ones, their index is offered as well."""
        wanted = [str(value) for value in values]
        if wanted:
            self.add(f"{column} IN ({_quoted(wanted)})")
        if wanted and set(wanted) <= set(seldom):
            self.add(f"{column} IN ({_quoted(seldom)})")


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
