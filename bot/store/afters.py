"""What happens to reels after they were posted: a report, a word, its money and its strike in one transaction each."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.after import DECIDES, SEEN, After, Exposure, Hiding, Outcome
from bot.domain.ask import Account
from bot.domain.decision import BY_ITSELF, Decision, Ruling, about_request
from bot.domain.job import Job, Reason
from bot.domain.ledger import Entry, EntryKind, is_personal
from bot.ports.after import Stood, Word
from bot.ports.clock import Now
from bot.ports.wakeups import Wakeups
from bot.store.codec import column, job_of, micros
from bot.store.database import Database, Fetch, Row, Tx
from bot.store.decisions import write_decision
from bot.store.ledger import entry_of, write
from bot.store.people import person_of
from bot.store.sanctions import give_sanction

_POSTED = "state IN ('delivered', 'undelivered')"
"""Only what has been finished can be taken down; what is still on its way is cancelled."""


class Afters:
    """Fits `ports.after.Afters`. Every change wakes `news` with the Job's id."""

    def __init__(self, database: Database, *, news: Wakeups, now: Now) -> None:
        self._database = database
        self._news = news
        self._now = now

    async def get(self, job_id: str) -> After | None:
        """What happened to a reel, None when nothing did."""
        return await _after(self._database.read, job_id)

    async def unsettled_ids(self) -> Sequence[str]:
        """Reels that are not seen as they are wanted, or whose card is to be written anew."""
        rows = await self._database.read("SELECT job FROM afters WHERE wanted <> stands OR due <> carded")
        return [str(row["job"]) for row in rows]

    async def report(self, job: Job, account: Account, hiding: Hiding) -> After:
        """Keep one report a Person, and hide the reel when it is one too many, with the decision."""

        async def work(tx: Tx) -> After:
            now = self._now()
            before = await self._begun(tx, job.id)
            people = await _reporters(tx, job.id)
            if (await person_of(tx.fetch, account) or account.key) in people:
                return before
            await tx.run("INSERT INTO reports (job, who, at) VALUES ($1, $2, $3)", *(job.id, account.key, micros(now)))
            await tx.run("UPDATE afters SET reports = reports + 1, due = due + 1 WHERE job = $1", job.id)
            found = await self._begun(tx, job.id)
            wanted = found.hidden_by(hiding)
            if wanted is not None:
                await tx.run("UPDATE afters SET wanted = $2 WHERE job = $1", job.id, wanted.value)
                await write_decision(tx, _hidden(job, wanted, found.reports, now))
            self._news.wake(tx, job.id)
            return await self._begun(tx, job.id)

        return await self._database.transact(work)

    async def decide(self, job: Job, word: Word) -> Job | None:
        """A moderator's word, once; the Job as it is then, None when somebody said theirs before."""

        async def work(tx: Tx) -> Job | None:
            before = await self._begun(tx, job.id)
            allowed = {Outcome.NONE} if word.first else DECIDES[word.outcome]
            if before.outcome not in allowed:
                return None
            found = await self._taken_down(tx, job, word) if word.outcome is Outcome.TAKEN_DOWN else job
            if found is None:
                return None
            await tx.run(
                "UPDATE afters SET outcome = $2, wanted = $3, decided_by = $4, due = due + 1 WHERE job = $1",
                *(job.id, word.outcome.value, SEEN[word.outcome].value, word.decision.who),
            )
            await write_decision(tx, word.decision)
            if word.strike is not None:
                await give_sanction(tx, word.strike, job.ask.account, now=self._now())
            self._news.wake(tx, job.id)
            return found

        return await self._database.transact(work)

    async def refund(self, job: Job, decision: Decision) -> int | None:
        """Give back what the person paid for a reel that was taken down, once; in micro-dollars, None when not."""

        async def work(tx: Tx) -> int | None:
            before = await _after(tx.fetch, job.id)
            if before is None or before.outcome is not Outcome.TAKEN_DOWN or before.refunded:
                return None
            amount = await _give_back(tx, job.id, now=self._now())
            await tx.run("UPDATE afters SET refunded = 1, due = due + 1 WHERE job = $1", job.id)
            await tx.run(
                "UPDATE jobs SET version = version + 1, reason = $2, said = '' WHERE id = $1",
                *(job.id, Reason.GIVEN_BACK.value),
            )
            await write_decision(tx, decision)
            self._news.wake(tx, job.id)
            return amount

        return await self._database.transact(work)

    async def stood(self, job_id: str, stood: Stood) -> None:
        """Its message was changed as it was wanted, or as near to it as could be.

        Once it is taken down nothing of it stays: neither where it stood, nor its file's name, nor fal's link.
        """

        async def work(tx: Tx) -> None:
            await tx.run(
                "UPDATE afters SET stands = $2, is_reached = $3, due = due + $4, "
                "wanted = CASE WHEN wanted = $5 THEN $2 ELSE wanted END WHERE job = $1",
                *(job_id, stood.exposure.value, int(stood.is_reached), int(stood.is_news), stood.wanted.value),
            )
            found = await _after(tx.fetch, job_id)
            if found is not None and found.outcome is Outcome.TAKEN_DOWN and found.stands is Exposure.GONE:
                await tx.run(
                    "UPDATE jobs SET version = version + 1, reel = NULL, result = NULL, "
                    "reel_receipt = CASE WHEN $2 THEN '' ELSE reel_receipt END WHERE id = $1",
                    *(job_id, int(stood.is_reached)),
                )
            elif stood.receipt is not None:
                await tx.run(
                    "UPDATE jobs SET version = version + 1, reel_receipt = $2 WHERE id = $1", job_id, stood.receipt
                )

        await self._database.transact(work)

    async def carded(self, job_id: str, due: int) -> None:
        """Moderators have seen the card as it was then."""
        await self._database.transact(
            lambda tx: tx.run("UPDATE afters SET carded = $2 WHERE job = $1 AND carded < $2", job_id, due)
        )

    async def is_alone(self, job: Job) -> bool:
        """Whether no other Job that still has its reel has the same file."""
        if job.reel is None:
            return False
        rows = await self._database.read(
            "SELECT 1 FROM jobs WHERE json_extract(reel, '$.sha256') = $1 AND reel IS NOT NULL AND id <> $2 "
            "AND reason NOT IN ($3, $4) LIMIT 1",
            *(job.reel.sha256, job.id, Reason.TAKEN_DOWN.value, Reason.GIVEN_BACK.value),
        )
        return not rows

    async def _begun(self, tx: Tx, job_id: str) -> After:
        await tx.run(
            "INSERT INTO afters (job, wanted, stands) VALUES ($1, 'open', 'open') ON CONFLICT DO NOTHING", job_id
        )
        found = await _after(tx.fetch, job_id)
        if found is None:
            raise AssertionError("it was written just now")
        return found

    async def _taken_down(self, tx: Tx, job: Job, word: Word) -> Job | None:
        """The Job says so to its asker; None when it is not finished, or not any more."""
        fields = (column("reason", Reason.TAKEN_DOWN), column("remark", word.decision.why), ("said", ""))
        rows = await tx.fetch(
            "UPDATE jobs SET version = version + 1, "  # noqa: S608  names are ours
            f"{', '.join(f'{name} = ${number}' for number, (name, _) in enumerate(fields, 2))} "
            f"WHERE id = $1 AND {_POSTED} RETURNING *",
            *(job.id, *(value for _, value in fields)),
        )
        return job_of(rows[0]) if rows else None


async def _give_back(tx: Tx, job_id: str, *, now: datetime) -> int:
    """What every account of the person settled; fal was paid all the same, so groups and the bot get nothing back."""
    rows = await tx.fetch(
        "SELECT cause, account, kind, amount_microusd, ends_microusd, day, week, month, note FROM ledger "
        "WHERE cause = $1 AND kind = 'settle' AND account NOT IN "
        "(SELECT account FROM ledger WHERE cause = $1 AND kind = 'refund') ORDER BY seq",
        job_id,
    )
    paid = [entry for entry in map(entry_of, rows) if is_personal(entry.account) and entry.amount_microusd]
    for entry in paid:
        back = Entry(
            cause=entry.cause,
            account=entry.account,
            kind=EntryKind.REFUND,
            amount_microusd=entry.amount_microusd,
            periods=entry.periods,
        )
        await write(tx, back, now=now)
    return max((entry.amount_microusd for entry in paid), default=0)


async def _reporters(tx: Tx, job_id: str) -> frozenset[str]:
    """The different people who reported a reel; who never asked for anything is known by their account."""
    found = set()
    for row in await tx.fetch("SELECT who FROM reports WHERE job = $1", job_id):
        platform, _, account = str(row["who"]).partition(":")
        found.add(await person_of(tx.fetch, Account(platform=platform, id=account)) or row["who"])
    return frozenset(found)


def _hidden(job: Job, wanted: Exposure, reports: int, now: datetime) -> Decision:
    done = "removed" if wanted is Exposure.GONE else "covered"
    detail = f"{done} after {reports} {'report' if reports == 1 else 'reports'}"
    return about_request(Ruling.COVERED, job, by=BY_ITSELF, at=now, detail=detail)


async def _after(fetch: Fetch, job_id: str) -> After | None:
    rows = await fetch("SELECT * FROM afters WHERE job = $1", job_id)
    return _read(rows[0]) if rows else None


def _read(row: Row) -> After:
    return After(
        job=row["job"],
        reports=row["reports"],
        wanted=Exposure(row["wanted"]),
        stands=Exposure(row["stands"]),
        is_reached=bool(row["is_reached"]),
        outcome=Outcome(row["outcome"]),
        by=row["decided_by"],
        refunded=bool(row["refunded"]),
        due=row["due"],
        carded=row["carded"],
    )
