"""`/privacy` on a real store: what is counted, handed over, and gone; the books stay exact and hold no name."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.press import Presses
from bot.actions.privacy import Privacy
from bot.domain.ask import Account, Wish
from bot.domain.consent import EVERYBODY, Consent, remembered
from bot.domain.decision import Along, Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.job import Event, Job, State, Waiting
from bot.domain.moderation import Verdict
from bot.domain.notice import Action, Notice
from bot.domain.sanction import Kind, Sanction
from bot.store.acquaintances import AcquaintanceStore
from bot.store.books import Books
from bot.store.consents import write_consent
from bot.store.erasing import finish_erasures
from bot.store.privacy import forget_prompts
from tests.actions.privacies import a_privacy
from tests.builders import ANNA, BEN, MODERATOR, NOON, UTC_ZONE, Ids, an_ask
from tests.store.shop import RELEASED, Shop, shop

SECRET = "a lighthouse nobody else knows of"
ANNA_TOO = Account(platform="telegram", id="77", name="Anna on the road")
A_MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store, and who answers from it."""

    kept: Shop
    presses: Presses
    privacy: Privacy

    async def delivered(self, name: str, account: Account = ANNA) -> Job:
        """A reel that was posted and spoken of."""
        job = await self.kept.completed(name, account=account, wish=Wish(command="video", options={"prompt": SECRET}))
        job = await self.kept.step(job, Event.CLAIMED)
        job = await self.kept.step(job, Event.POSTED, reel_receipt=f"reel of {account.name}")
        await self.kept.jobs.note(job.id, said=job.state.value)
        return job

    async def erase(self, account: Account = ANNA) -> Notice:
        """Ask for it, and say yes."""
        asked = await self.privacy.reply("erase", account)
        assert [one.action for one in asked.buttons] == [Action.ERASE]
        return await self.privacy.erase(asked.buttons[0].subject, account)

    async def everything(self) -> str:
        """Every row of the store, as text."""
        tables = await self.kept.database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = []
        for table in tables:
            # The name is the database's own.
            rows = await self.kept.database.read(f"SELECT * FROM {table['name']}")  # noqa: S608
            found += [str([row[key] for key in row.keys()]) for row in rows]  # noqa: SIM118  a row is no mapping
        return "\n".join(found)

    async def sweep(self) -> None:
        """What the janitor does about it."""
        await finish_erasures(self.kept.database, zone=UTC_ZONE, now=self.kept.clock())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with shop(tmp_path / "reelroom.db") as kept:
        presses = Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids(), are_one=kept.links.are_one)
        yield Desk(kept=kept, presses=presses, privacy=a_privacy(kept.database, presses, kept.clock))


async def test_who_was_never_seen_is_told_that_nothing_is_kept(desk: Desk) -> None:
    for what in ("", "export", "erase"):
        told = await desk.privacy.reply(what, ANNA)
        assert (told.text, told.private, told.buttons, told.document) == ("I keep nothing about you.", True, (), None)


async def test_the_export_holds_what_was_asked_on_all_accounts_and_nobody_elses(desk: Desk) -> None:
    await desk.delivered("ask-1")
    await desk.delivered("ask-2", ANNA_TOO)
    await desk.delivered("ask-3", BEN)
    await desk.kept.join(ANNA, ANNA_TOO)
    shown = await desk.privacy.reply("", ANNA_TOO)
    assert "2 requests" in shown.text
    assert "after 90 days" in shown.text
    document = (await desk.privacy.reply("export", ANNA_TOO)).document
    assert document is not None
    held = json.loads(document.text)
    assert [one["id"] for one in held["requests"]] == ["ask-1", "ask-2"]
    assert {one["id"] for one in held["accounts"]} == {ANNA.id, ANNA_TOO.id}
    assert held["requests"][0]["ask"]["wish"]["options"] == {"prompt": SECRET}
    assert {"hold", "settle"} <= {line["kind"] for line in held["money"]}
    assert BEN.id not in document.text


async def test_what_moderators_decided_and_what_was_said_about_a_face_is_theirs_to_see(desk: Desk) -> None:
    await desk.delivered("ask-1")
    consent = Consent(whom=ANNA.key, asker=EVERYBODY, grp="room:club", allowed=False, at=NOON)
    ban = Sanction(kind=Kind.BAN, whom=ANNA.key, grp="room:club", by=MODERATOR.key, at=NOON, why="Be kind")
    decision = Decision(who=MODERATOR.key, what=Ruling.BANNED, at=NOON, whom=ANNA.key, why="Be kind")
    await desk.kept.database.transact(lambda tx: write_consent(tx, consent))
    await desk.kept.sanctions.give(ANNA, ban, decision)
    shown = (await desk.privacy.reply("", ANNA)).text
    assert "1 answer about your face." in shown
    assert "1 decision of moderators about you." in shown
    document = (await desk.privacy.reply("export", ANNA)).document
    assert document is not None
    held = json.loads(document.text)
    assert [(one["grp"], one["allowed"]) for one in held["faces"]] == [("room:club", 0)]
    assert [(one["what"], one["why"]) for one in held["decisions"]] == [("banned", "Be kind")]
    assert [(one["kind"], one["why"]) for one in held["sanctions"]] == [("ban", "Be kind")]
    assert MODERATOR.key not in document.text


async def test_erasing_leaves_the_books_exact_and_neither_words_nor_names(desk: Desk) -> None:
    await desk.delivered("ask-1")
    await desk.kept.people.keep_setting(f"account:{ANNA.key}", "default:video:model", "kling-2.1")
    await desk.kept.people.declare(ANNA, "group-1")
    before = await desk.kept.ledger()
    told = await desk.erase()
    assert told.text.startswith("Forgotten.")
    left = await desk.everything()
    assert SECRET not in left
    assert ANNA.name not in left
    assert await desk.kept.ledger() == before
    assert (await desk.kept.audit()).findings == ()
    assert await Books(desk.kept.database).jobs_of(ANNA, limit=5) == []
    assert (await desk.privacy.reply("", ANNA)).text == "I keep nothing about you."


async def test_what_was_said_about_faces_is_handed_over_and_erased(desk: Desk) -> None:
    await desk.delivered("ask-1")
    met = AcquaintanceStore(desk.kept.database, ANNA.platform, now=desk.kept.clock)
    await met.met("group-1", "anna_example", ANNA)
    ask = an_ask("ask-2", event_id="event-2", account=BEN, named=(ANNA,))
    waiting = Verdict(waiting_for=frozenset({Waiting.CONSENT}), asked=(ANNA,))
    job = (await desk.kept.admit(ask, verdict=waiting)).job
    assert job is not None
    kept = remembered(Action.FORBID, ANNA, ask, now=desk.kept.clock(), lasts=A_MONTH)
    assert kept is not None
    ended = await desk.kept.jobs.record(
        job, Event.REFUSED, closing=RELEASED, along=Along(consents=(kept,)), waiting=Waiting.CONSENT
    )
    assert ended is not None
    await desk.kept.jobs.note(ended.id, said=ended.state.value)
    document = (await desk.privacy.reply("export", ANNA)).document
    assert document is not None
    assert json.loads(document.text)["faces"][0]["allowed"] == 0
    await desk.erase()
    assert await desk.kept.consents.all_of(ANNA.key) == []
    assert await desk.kept.consents.asked("ask-2") == []
    assert await met.find("group-1", "anna_example") is None
    later = desk.kept.clock() + timedelta(days=91)
    await desk.kept.jobs.note("ask-2", said=ended.state.value)
    await forget_prompts(desk.kept.database, before=later, now=later)
    assert ANNA.name not in await desk.everything()


async def test_erasing_refills_no_budget_and_the_account_goes_when_the_month_is_over(desk: Desk) -> None:
    job = await desk.delivered("ask-1")
    await desk.erase()
    await desk.sweep()
    assert await desk.kept.people.person(ANNA) == job.person
    desk.kept.clock.at += A_MONTH
    await desk.sweep()
    assert await desk.kept.people.person(ANNA) is None
    assert ANNA.id not in [row["account"] for row in await desk.kept.database.read("SELECT account FROM accounts")]
    assert (await desk.kept.audit()).findings == ()


async def test_who_comes_back_within_the_month_keeps_their_account_and_what_is_new(desk: Desk) -> None:
    await desk.delivered("ask-1")
    await desk.erase()
    desk.kept.clock.at += timedelta(hours=1)
    await desk.delivered("ask-2")
    desk.kept.clock.at += A_MONTH
    await desk.sweep()
    await desk.sweep()
    assert [job.id for job in await Books(desk.kept.database).jobs_of(ANNA, limit=5)] == ["ask-2"]


async def test_what_is_in_the_making_is_cancelled_and_forgotten_once_it_has_ended(desk: Desk) -> None:
    running = await desk.kept.submitted("ask-1", wish=Wish(command="video", options={"prompt": SECRET}))
    await desk.erase()
    job = await desk.kept.jobs.get(running.id)
    assert job is not None
    assert job.cancel_wanted_at is not None
    assert job.ask.wish.options == {"prompt": SECRET}
    await desk.sweep()
    assert SECRET in await desk.everything()
    ended = await desk.kept.step(job, Event.FAL_CANCELLED, closing=RELEASED)
    await desk.kept.jobs.note(ended.id, said=ended.state.value)
    await desk.sweep()
    assert SECRET not in await desk.everything()
    assert (await desk.kept.audit()).findings == ()


async def test_an_ask_that_is_no_job_yet_is_let_go(desk: Desk) -> None:
    await desk.delivered("ask-1")
    await desk.kept.inbox.receive(an_ask("ask-2", event_id="event-2"))
    await desk.kept.inbox.receive(an_ask("ask-3", event_id="event-3", account=BEN))
    await desk.erase()
    assert await desk.kept.inbox.row("ask-2") is None
    assert await desk.kept.inbox.row("ask-3") is not None


async def test_nobody_erases_anybody_else(desk: Desk) -> None:
    annas, bens = await desk.delivered("ask-1"), await desk.delivered("ask-2", BEN)
    with pytest.raises(Refused) as caught:
        await desk.privacy.erase(annas.person, BEN)
    assert caught.value.problems[0].slug is Slug.ASKER_ALONE
    await desk.erase()
    kept = await desk.kept.jobs.get(bens.id)
    assert kept is not None
    assert kept.ask.wish.options == {"prompt": SECRET}
    with pytest.raises(Refused) as again:
        await desk.privacy.erase(annas.person, ANNA)
    assert again.value.problems[0].slug is Slug.NOTHING_TO_PRESS


async def test_a_forgotten_request_is_not_made_again_but_its_reel_can_still_be_removed(desk: Desk) -> None:
    job = await desk.delivered("ask-1")
    later = desk.kept.clock() + timedelta(days=91)
    await forget_prompts(desk.kept.database, before=later, now=later)
    with pytest.raises(Refused) as caught:
        await desk.presses.press(Action.AGAIN, job.id, ANNA)
    assert caught.value.problems[0].slug is Slug.FORGOTTEN
    assert (await desk.presses.press(Action.DELETE, job.id, ANNA)).text == "Removed."


async def test_prompts_go_after_their_days_and_what_is_younger_or_not_delivered_stays(desk: Desk) -> None:
    old = await desk.delivered("ask-1")
    undelivered = await desk.kept.in_state(State.UNDELIVERED, "ask-2")
    await desk.kept.jobs.note(undelivered.id, said=undelivered.state.value)
    desk.kept.clock.at += timedelta(days=1)
    young = await desk.delivered("ask-3", BEN)
    await forget_prompts(desk.kept.database, before=desk.kept.clock(), now=desk.kept.clock())
    forgotten = await desk.kept.jobs.get(old.id)
    assert forgotten is not None
    assert (forgotten.ask.wish.options, forgotten.order.values, forgotten.sent) == ({}, {}, None)
    assert forgotten.ask.account.id == ANNA.id
    for one in (undelivered, young):
        still = await desk.kept.jobs.get(one.id)
        assert still is not None
        assert still.ask.wish.command
    staged = [row["job"] for row in await desk.kept.database.read("SELECT job FROM staged ORDER BY job")]
    assert staged == ["ask-2", "ask-3"]
    assert (await desk.kept.audit()).findings == ()


@pytest.mark.parametrize(("group", "receipt", "kept"), [("g", "5/9", "5/9"), ("", "5/9", ""), ("g", "anna/9", "")])
async def test_where_a_reel_stands_is_kept_for_a_groups_moderators_alone(
    desk: Desk, group: str, receipt: str, kept: str
) -> None:
    job = await desk.kept.step(await desk.kept.completed("ask-1", account=ANNA, group=group), Event.CLAIMED)
    job = await desk.kept.step(job, Event.POSTED, reel_receipt=receipt)
    await desk.kept.jobs.note(job.id, said=job.state.value)
    await desk.erase()
    left = await desk.kept.jobs.get(job.id)
    assert left is not None
    assert left.reel_receipt == kept
    if kept:
        assert (await desk.presses.press(Action.DELETE, job.id, MODERATOR)).text == "Removed."
