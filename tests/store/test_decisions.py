"""Decisions are written with what they decide, read page by page, and never changed."""

from dataclasses import replace

import pytest

from bot.domain.decision import Along, Decision, Ruling
from bot.domain.errors import Conflict
from bot.domain.job import Event, Waiting
from bot.domain.moderation import Verdict
from bot.domain.quota import Standing
from bot.domain.sanction import Kind, Sanction
from bot.store.database import Tx
from bot.store.decisions import write_decision
from tests.builders import ANNA, MODERATOR, NOON, OWNER
from tests.store.shop import RELEASED, Shop

SAMPLE = Decision(
    who=MODERATOR.key,
    what=Ruling.TAKEN_DOWN,
    at=NOON,
    platform="room",
    group="club",
    whom=ANNA.key,
    job="ask-1",
    why="x",
)


async def write(kept: Shop, *decisions: Decision) -> None:
    async def work(tx: Tx) -> None:
        for one in decisions:
            await write_decision(tx, one)

    await kept.database.transact(work)


async def test_a_group_sees_its_own_and_those_for_everywhere_newest_first(kept: Shop) -> None:
    everywhere = Decision(who=OWNER.key, what=Ruling.PAUSED, at=NOON)
    others = [replace(SAMPLE, group="another"), replace(SAMPLE, platform="discord")]
    await write(kept, SAMPLE, *others, everywhere, replace(SAMPLE, why="y"))
    found = await kept.decisions.of_group("room", "club", limit=10)
    assert [one for _, one in found] == [replace(SAMPLE, why="y"), everywhere, SAMPLE]
    assert [one for _, one in await kept.decisions.latest(limit=2)] == [replace(SAMPLE, why="y"), everywhere]


async def test_pages_follow_one_another_without_a_gap(kept: Shop) -> None:
    await write(kept, *(replace(SAMPLE, why=str(number)) for number in range(5)))
    seen: list[str] = []
    before = None
    while page := await kept.decisions.of_group("room", "club", limit=2, before=before):
        seen += [one.why for _, one in page]
        before = page[-1][0]
    assert seen == ["4", "3", "2", "1", "0"]
    assert len(await kept.decisions.latest(limit=9, before=before)) == 0


async def test_they_are_found_by_whom_and_by_job(kept: Shop) -> None:
    await write(kept, SAMPLE, replace(SAMPLE, whom="", job=""))
    assert await kept.decisions.about(ANNA.key, limit=9) == [SAMPLE]
    assert await kept.decisions.of_job("ask-1") == [SAMPLE]
    assert (await kept.decisions.about("", limit=9), await kept.decisions.of_job("")) == ([], [])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decisions",
        "UPDATE decisions SET why = 'z'",
        "UPDATE decisions SET who = 'room:ben'",
        "UPDATE decisions SET what = 'kept'",
        "UPDATE decisions SET at = 0",
        "UPDATE decisions SET job = ''",
        "UPDATE decisions SET grp = ''",
    ],
)
async def test_they_only_ever_grow(kept: Shop, statement: str) -> None:
    await write(kept, SAMPLE)
    with pytest.raises(Conflict, match="append-only"):
        await kept.database.transact(lambda tx: tx.run(statement))
    assert await kept.decisions.of_job("ask-1") == [SAMPLE]


async def test_names_can_be_blanked_and_nothing_else(kept: Shop) -> None:
    await write(kept, SAMPLE)
    await kept.database.transact(lambda tx: tx.run("UPDATE decisions SET who = '', whom = '', why = ''"))
    assert await kept.decisions.of_job("ask-1") == [replace(SAMPLE, who="", whom="", why="")]


async def test_the_group_of_one_that_a_private_talk_is_can_lose_its_name(kept: Shop) -> None:
    await write(kept, replace(SAMPLE, group="dm-anna"))
    await kept.database.transact(lambda tx: tx.run("UPDATE decisions SET grp = ''"))
    assert await kept.decisions.of_job("ask-1") == [replace(SAMPLE, group="")]


async def test_what_is_written_along_with_a_step_is_written_exactly_when_the_step_is_made(kept: Shop) -> None:
    waiting = frozenset({Waiting.MODERATOR, Waiting.CONFIRMATION})
    job = (await kept.admit(verdict=Verdict(waiting_for=waiting))).job
    assert job is not None
    sanction = Sanction(kind=Kind.TIMEOUT, whom=ANNA.key, grp="room:club", by=MODERATOR.key, at=NOON)
    along = Along(decisions=(SAMPLE,), sanctions=(sanction,))
    assert await kept.jobs.approve(job, Waiting.CONSENT, along=along) is None
    assert await kept.decisions.of_job("ask-1") == []
    assert await kept.jobs.approve(job, Waiting.MODERATOR, along=Along(decisions=(SAMPLE,)))
    assert await kept.jobs.approve(job, Waiting.MODERATOR, along=along) is None
    assert await kept.decisions.of_job("ask-1") == [SAMPLE]
    for _ in range(2):
        await kept.jobs.record(job, Event.REFUSED, closing=RELEASED, along=along)
    assert await kept.decisions.of_job("ask-1") == [SAMPLE, SAMPLE]
    assert [one.kind for one in await kept.sanctions.against(ANNA, "room:club")] == [Kind.TIMEOUT]


async def test_opening_a_group_is_a_decision(kept: Shop) -> None:
    opened = Decision(who=OWNER.key, what=Ruling.OPENED, at=NOON, platform="room", group="club")
    await kept.people.decide("room", "club", Standing.ASKED)
    await kept.people.decide("room", "club", Standing.APPROVED, opened)
    assert [one for _, one in await kept.decisions.latest(limit=9)] == [opened]
