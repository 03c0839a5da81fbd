"""The console's lists: the right rows, newest first, and each read from an index whatever is wanted of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from bot.domain.ask import Account
from bot.domain.job import Event, Reason, State
from bot.domain.ledger import Closing, Ending, EntryKind
from bot.domain.quota import Standing
from bot.domain.registers import EntriesWanted, JobsWanted
from bot.store.codec import ASK, ORDER, PLACE, dump
from bot.store.database import Database, Row, Tx, open_database
from bot.store.migrate import shipped
from bot.store.registers import Registers
from bot.store.statistics import Figures
from tests.builders import ANNA, BEN, NOON, PRICE, an_ask, an_order
from tests.store.shop import RELEASED, Shop, shop

CLUB = "room:club"
MONTH = "month:2026-11"


class Planned:
    """A reading Database that asks for the plan of every statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.plans: list[str] = []

    async def read(self, sql: str, *args: object) -> list[Row]:
        self.plans += [row["detail"] for row in await self._database.read(f"EXPLAIN QUERY PLAN {sql}", *args)]
        return await self._database.read(sql, *args)


@pytest.fixture
async def lists(kept: Shop) -> Registers:
    return Registers(kept.database)


async def test_jobs_are_those_that_fit_everything_said_newest_first(kept: Shop, lists: Registers) -> None:
    await kept.completed("a")
    kept.clock.forward(1)
    await kept.admitted("b", account=BEN)
    kept.clock.forward(1)
    club = await kept.admitted("c", group="club")
    kept.clock.forward(1)
    await kept.step(await kept.admitted("d"), Event.CANCELLED, closing=RELEASED, reason=Reason.BY_PERSON)

    async def found(wanted: JobsWanted) -> list[str]:
        return [job.id for job in await lists.jobs(wanted, limit=9)]

    assert await found(JobsWanted()) == ["d", "c", "b", "a"]
    assert await found(JobsWanted(group=CLUB)) == ["c"]
    assert await found(JobsWanted(group="discord:club")) == []
    assert await found(JobsWanted(states=frozenset({State.ADMITTED, State.COMPLETED}))) == ["c", "b", "a"]
    assert await found(JobsWanted(states=frozenset({State.CANCELLED}))) == ["d"]
    assert await found(JobsWanted(person=club.person)) == ["d", "c", "a"]
    assert await found(JobsWanted(endpoint="pixverse-effects", group=CLUB)) == ["c"]
    assert await found(JobsWanted(endpoint="another")) == []


async def test_a_page_goes_on_where_the_one_before_ended(kept: Shop, lists: Registers) -> None:
    for name in ("a", "b", "c", "d", "e"):
        await kept.admitted(name)  # all in the same microsecond
    seen: list[str] = []
    before = None
    while page := await lists.jobs(JobsWanted(before=before), limit=2):
        seen += [job.id for job in page]
        before = (page[-1].created_at, page[-1].id)
    assert seen == ["e", "d", "c", "b", "a"]


async def test_ledger_rows_are_those_that_fit_everything_said(kept: Shop, lists: Registers) -> None:
    await kept.completed("a", cost=PRICE + 5, group="club")
    lost = await kept.submitted("b")
    await kept.step(lost, Event.LOST, closing=Closing(ending=Ending.LOST), reason=Reason.LOST)

    async def found(wanted: EntriesWanted) -> list[tuple[str, str]]:
        return [(row.entry.cause, row.entry.kind.value) for row in await lists.entries(wanted, limit=50)]

    assert await found(EntriesWanted(account=f"group:{CLUB}")) == [("a", "settle"), ("a", "hold")]
    assert await found(EntriesWanted(account="bot", cause="b")) == [("b", "loss"), ("b", "hold")]
    assert await found(EntriesWanted(kind=EntryKind.OVERRUN)) == [("a", "overrun")]
    assert await found(EntriesWanted(kind=EntryKind.GRANT)) == []
    rows = await lists.entries(EntriesWanted(account="bot"), limit=2)
    older = await lists.entries(EntriesWanted(account="bot", before=rows[-1].seq), limit=50)
    kinds = [row.entry.kind.value for row in (*rows, *older)]
    assert kinds == ["loss", "hold", "overrun", "settle", "hold"]
    assert rows[0].at == NOON
    assert (rows[0].entry.amount_microusd, rows[0].entry.ends_microusd) == (PRICE, PRICE)


async def test_those_who_spent_most_stand_first(kept: Shop, lists: Registers) -> None:
    await kept.completed("a", cost=PRICE, group="club")
    await kept.completed("b", cost=PRICE, account=BEN)
    await kept.admitted("c", account=BEN)
    everywhere = await lists.spenders(MONTH, "", limit=9)
    assert [(row.name, row.balance.spent, row.balance.held) for row in everywhere] == [
        ("Ben", PRICE, PRICE),
        ("Anna", PRICE, 0),
    ]
    in_the_club = await lists.spenders(MONTH, CLUB, limit=9)
    assert [(row.name, row.balance.spent) for row in in_the_club] == [("Anna", PRICE)]
    assert await lists.spenders("month:2026-10", "", limit=9) == []
    assert [row.name for row in await lists.spenders(MONTH, "", limit=1)] == ["Ben"]


async def test_who_was_joined_is_no_spender_of_their_own_and_a_bond_is_nobody(kept: Shop, lists: Registers) -> None:
    await kept.completed("a", cost=PRICE, group="club")
    kept.clock.forward(1)
    await kept.completed("b", cost=PRICE, account=BEN, group="club")
    await kept.join(ANNA, BEN)
    for group in ("", CLUB):
        (row,) = await lists.spenders(MONTH, group, limit=9)
        assert ([one.id for one in row.accounts], row.balance.spent) == (["anna", "ben"], 2 * PRICE)
    await kept.links.separate(BEN)
    for group in ("", CLUB):
        assert [row.name for row in await lists.spenders(MONTH, group, limit=9)] == ["Anna"]


async def test_a_group_whose_name_begins_like_another_is_another(kept: Shop, lists: Registers) -> None:
    await kept.completed("a", group="club2")
    assert await lists.spenders(MONTH, CLUB, limit=9) == []
    assert await lists.jobs(JobsWanted(group=CLUB), limit=9) == []


async def test_a_person_is_known_by_all_accounts_and_the_roles_they_asked_with_last(
    kept: Shop, lists: Registers
) -> None:
    await kept.admitted("a")
    kept.clock.forward(1)
    supporter = Account(platform="room", id="anna", name="Anna B.", roles=("Supporter",))
    job = await kept.admitted("b", account=supporter)
    found = await lists.person(job.person)
    assert found is not None
    assert [(account.platform, account.id, account.name) for account in found.accounts] == [("room", "anna", "Anna B.")]
    assert found.latest is not None
    assert found.latest.roles == ("Supporter",)
    assert await lists.person("nobody") is None


@pytest.mark.parametrize(("typed", "found"), [("an", ["Anna"]), ("ANNA", ["Anna"]), ("ben", ["Ben"]), ("x%", [])])
async def test_people_are_found_by_a_part_of_their_name(
    kept: Shop, lists: Registers, typed: str, found: list[str]
) -> None:
    await kept.admitted("a", account=ANNA)
    await kept.admitted("b", account=BEN)
    assert [row.name for row in await lists.people_named(typed, limit=9)] == found


async def test_groups_are_those_decided_about_and_those_with_money(kept: Shop, lists: Registers) -> None:
    await kept.people.decide("discord", "5", Standing.OFF)
    await kept.admitted("a", group="club")
    found = {row.group: (row.standing, row.since) for row in await lists.groups(MONTH)}
    assert found == {"discord:5": (Standing.OFF, NOON), CLUB: (Standing.NEW, None)}


async def test_whether_somebody_asked_in_a_group_is_known(kept: Shop, lists: Registers) -> None:
    job = await kept.admitted("a", group="club")
    assert await lists.has_asked(job.person, CLUB)
    assert not await lists.has_asked(job.person, "room:other")


async def test_a_job_made_before_the_console_belongs_to_its_group_too(tmp_path: Path) -> None:
    path = tmp_path / "reelroom.db"
    before = await open_database(path, migrations=shipped()[:3])

    async def write(tx: Tx) -> None:
        await tx.run("INSERT INTO people (id, created_at) VALUES ('p', 0)")
        for ask in (an_ask("a", group="club"), an_ask("b")):
            await tx.run(
                "INSERT INTO jobs (id, state, person, endpoint, ask, ordered, hold_microusd, place, created_at, "
                "state_at) VALUES ($1, 'failed', 'p', 'pixverse-effects', $2, $3, 0, $4, 0, 0)",
                *(ask.id, dump(ASK, ask), dump(ORDER, an_order()), dump(PLACE, ask.place)),
            )

    await before.transact(write)
    await before.close()
    async with shop(path) as kept:
        lists = Registers(kept.database)
        assert [job.id for job in await lists.jobs(JobsWanted(group=CLUB), limit=9)] == ["a"]
        assert [job.id for job in await lists.jobs(JobsWanted(), limit=9)] == ["b", "a"]


Read = Callable[[Registers, Figures], Awaitable[object]]


async def test_a_group_is_called_what_it_was_called_last(kept: Shop, lists: Registers) -> None:
    await kept.admitted("a", group="club", group_name="The Club")
    kept.clock.forward(1)
    await kept.admitted("b", group="club", group_name="The Old Club")
    await kept.admitted("c", group="other")
    assert await lists.group_names([CLUB, "room:other", "room:third"]) == {CLUB: "The Old Club"}


async def test_paused_endpoints_are_those_with_a_reason(kept: Shop, lists: Registers) -> None:
    for slug, reason in (("one", "too dear"), ("two", "broken"), ("two", "")):
        await kept.people.pause_endpoint(slug, reason)
    await kept.people.keep_setting("endpoint:three", "another", "thing")
    await kept.people.keep_setting("group:room:club", "paused", "not an endpoint")
    assert await lists.paused() == {"one": "too dear"}


READS: dict[str, Read] = {
    "jobs": lambda lists, _: lists.jobs(JobsWanted(), limit=50),
    "jobs of a group": lambda lists, _: lists.jobs(JobsWanted(group=CLUB), limit=50),
    "jobs of an endpoint": lambda lists, _: lists.jobs(JobsWanted(endpoint="x", before=(NOON, "a")), limit=50),
    "jobs of a person": lambda lists, _: lists.jobs(JobsWanted(person="p"), limit=50),
    "waiting": lambda lists, _: lists.waiting_for_moderators("", limit=50),
    "waiting in a group": lambda lists, _: lists.waiting_for_moderators(CLUB, limit=50),
    "withheld": lambda lists, _: lists.withheld("", limit=50),
    "withheld in a group": lambda lists, _: lists.withheld(CLUB, limit=50),
    "judged": lambda lists, _: lists.jobs(JobsWanted(parent="a"), limit=50),
    "failed jobs": lambda lists, _: lists.jobs(JobsWanted(states=frozenset({State.FAILED})), limit=50),
    "ledger": lambda lists, _: lists.entries(EntriesWanted(), limit=50),
    "ledger of an account": lambda lists, _: lists.entries(EntriesWanted(account="bot", before=9), limit=50),
    "ledger of a job": lambda lists, _: lists.entries(EntriesWanted(cause="a"), limit=50),
    "losses": lambda lists, _: lists.entries(EntriesWanted(account="bot", kind=EntryKind.LOSS), limit=50),
    "spenders": lambda lists, _: lists.spenders(MONTH, "", limit=50),
    "spenders of a group": lambda lists, _: lists.spenders(MONTH, CLUB, limit=50),
    "a person": lambda lists, _: lists.person("p"),
    "groups": lambda lists, _: lists.groups(MONTH),
    "asked here": lambda lists, _: lists.has_asked("p", CLUB),
    "paused": lambda lists, _: lists.paused(),
    "names": lambda lists, _: lists.group_names([CLUB]),
    "days": lambda _, figures: figures.by_day("bot", "2026-11-01", "2026-11-30"),
    "endings": lambda _, figures: figures.endings(["x", "y"], NOON, ""),
    "endings of a group": lambda _, figures: figures.endings(["x", "y"], NOON, CLUB),
    "latest endings": lambda _, figures: figures.latest_endings("x", at_most=200),
    "waits": lambda _, figures: figures.waits(NOON, "", at_most=500),
    "waits of a group": lambda _, figures: figures.waits(NOON, CLUB, at_most=500),
    "open": lambda _, figures: figures.open_by_state(""),
    "ended": lambda _, figures: figures.ended_by_state(NOON, ""),
    "asks": lambda _, figures: figures.asks_waiting(),
}
SORTED = {"spenders", "spenders of a group", "a person", "ledger of a job"}
"""What is sorted after it was found: those active in a month, one person's accounts, one job's rows."""

IN_ORDER = {"SCAN ledger", "SCAN groups"}
"""The ledger's own order, walked from its end until there is enough; and a table with a row per decision."""


@pytest.mark.parametrize("name", READS)
async def test_nothing_is_read_from_end_to_end_whatever_is_wanted(kept: Shop, name: str) -> None:
    planned = Planned(kept.database)
    database = cast("Database", planned)
    await READS[name](Registers(database), Figures(database))
    whole = [plan for plan in planned.plans if plan.startswith("SCAN ") and " USING " not in plan]
    assert [plan for plan in whole if plan not in IN_ORDER | {"SCAN latest"}] == []
    assert name in SORTED or [plan for plan in planned.plans if "TEMP B-TREE FOR ORDER" in plan] == []


async def test_a_seldom_kind_is_found_without_reading_the_others(kept: Shop) -> None:
    planned = Planned(kept.database)
    await READS["losses"](Registers(cast("Database", planned)), Figures(cast("Database", planned)))
    assert planned.plans == ["SEARCH ledger USING INDEX ledger_seldom (account=? AND kind=?)"]


@pytest.mark.parametrize("name", ["endings", "endings of a group", "latest endings", "open"])
async def test_what_is_counted_over_many_jobs_is_all_in_an_index(kept: Shop, name: str) -> None:
    planned = Planned(kept.database)
    database = cast("Database", planned)
    await READS[name](Registers(database), Figures(database))
    assert [plan for plan in planned.plans if "jobs USING COVERING INDEX" in plan] != []
