"""The audit is quiet about a true store and names every way of tampering with one."""

import sqlite3
from pathlib import Path

import pytest

from bot.domain.errors import Conflict
from bot.domain.job import Event
from bot.domain.ledger import Closing, Ending, Limits
from bot.store.audit import audit
from bot.store.database import Tx, open_database
from tests.builders import PRICE, a_policy, an_ask
from tests.store.shop import Shop, shop

UNLOCK = "DROP TRIGGER ledger_is_never_changed; DROP TRIGGER ledger_is_never_deleted;"


async def findings_after(path: Path, tampering: str) -> str:
    """What the audit says of a store with one paid, one running and one refused Job, tampered with from outside."""
    policy = a_policy(bot=Limits(day=3 * PRICE), person=Limits(month=3 * PRICE))
    async with shop(path) as kept:
        await kept.completed("paid", group="club")
        await kept.submitted("running")
        assert (await kept.admit(an_ask("held"), policy=policy)).job
        assert (await kept.audit()).findings == ()
    with sqlite3.connect(path) as outside:
        outside.executescript(UNLOCK + tampering)
    outside.close()
    database = await open_database(path, read_only=True)
    try:
        return "\n".join((await audit(database)).findings)
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE balances SET held = held + 1 WHERE account = 'bot'", "bot, day:2026-11-20: the ledger says"),
        ("UPDATE balances SET spent = 0 WHERE account LIKE 'person:%'", "the ledger says"),
        ("UPDATE balances SET granted = 5 WHERE account = 'group:room:club'", "group:room:club, week:2026-W47"),
        ("DELETE FROM balances WHERE account LIKE 'member:%'", "the balance None"),
        ("INSERT INTO balances (account, period, held) VALUES ('bot', 'day:1999-01-01', 7)", "the ledger says None"),
        ("DELETE FROM ledger WHERE kind = 'settle' AND account = 'bot'", "bot: its Hold has not ended"),
        ("DELETE FROM ledger WHERE kind = 'hold' AND cause = 'running'", "running: a Job without a Hold on bot"),
        ("UPDATE jobs SET state = 'failed' WHERE id = 'running'", "running: failed, bot: its Hold has not ended"),
        ("UPDATE jobs SET state = 'submitted' WHERE id = 'paid'", "paid: submitted, bot: its Hold has ended too early"),
        ("UPDATE jobs SET hold_microusd = 1 WHERE id = 'running'", "running: submitted, bot: held 200000 instead of 1"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM jobs WHERE id = 'running'", "running: Holds of no Job"),
        ("UPDATE ledger SET account = 'person:x' WHERE kind = 'settle' AND account = 'bot'", "an end of no Hold"),
        ("UPDATE ledger SET ends_microusd = 1 WHERE kind = 'settle' AND account = 'bot'", "ends 1 of the 200000 held"),
        ("UPDATE ledger SET amount_microusd = 300000 WHERE kind = 'settle'", "more than the 200000 held"),
        ("UPDATE ledger SET day = '2026-11-21' WHERE kind = 'settle'", "ended in another period"),
        (
            "UPDATE ledger SET week = '2026-W48' WHERE cause = 'running' AND account LIKE 'person:%'",
            ": held in another period than on bot",
        ),
        ("UPDATE ledger SET day_limit = 1 WHERE cause = 'held'", "held: bot was admitted beyond its limit of day:"),
        ("UPDATE ledger SET month_limit = 599999 WHERE cause = 'held'", "was admitted beyond its limit of month:"),
        (
            "UPDATE ledger SET amount_microusd = 900000 WHERE cause = 'held' AND kind = 'hold'",
            "held: bot was admitted beyond its limit",
        ),
    ],
)
async def test_every_way_of_tampering_is_found(tmp_path: Path, tampering: str, said: str) -> None:
    assert said in await findings_after(tmp_path / "reelroom.db", tampering)


async def test_a_store_nobody_touched_is_exact(tmp_path: Path) -> None:
    assert await findings_after(tmp_path / "reelroom.db", "") == ""


async def test_the_sums_are_the_bots_and_told_apart(kept: Shop) -> None:
    await kept.completed("over", cost=PRICE + 5)
    await kept.submitted("running", group="club")
    lost = Closing(ending=Ending.LOST)
    await kept.step(await kept.submitted("lost", group="club"), Event.LOST, closing=lost)
    found = await kept.audit()
    assert (found.jobs, found.rows, found.held, found.spent) == (3, 17, PRICE, 2 * PRICE + 5)
    assert (found.overruns, found.losses, found.findings) == (5, PRICE, ())


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount_microusd = 0", "DELETE FROM ledger"])
async def test_the_ledger_only_ever_grows(kept: Shop, statement: str) -> None:
    await kept.admitted()
    before = await kept.ledger()

    async def work(tx: Tx) -> None:
        await tx.run(statement)

    with pytest.raises(Conflict, match="append-only"):
        await kept.database.transact(work)
    assert await kept.ledger() == before


@pytest.mark.parametrize("kind", ["hold", "release", "settle"])
async def test_the_database_itself_refuses_a_second_hold_and_a_second_end(kept: Shop, kind: str) -> None:
    await kept.completed()

    async def work(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO ledger (cause, account, kind, amount_microusd, day, week, month, at) "
            "VALUES ('ask-1', 'bot', $1, 1, '', '', '', 0)",
            kind,
        )

    with pytest.raises(Conflict):
        await kept.database.transact(work)
    assert (await kept.audit()).findings == ()


async def test_a_job_in_every_step_of_its_life_is_audited_clean(kept: Shop) -> None:
    job = await kept.completed()
    for event in (Event.CLAIMED, Event.NOWHERE_TO_POST, Event.ASKED_AGAIN, Event.POSTED):
        job = await kept.step(job, event)
        assert (await kept.audit()).findings == ()
