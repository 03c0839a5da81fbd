"""Forgetting somebody: no byte of the store's files names them any more, and nobody gets more than they had by it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from bot.domain.after import Hiding, Outcome
from bot.domain.ask import Account, Attachment, Place, Wish
from bot.domain.consent import EVERYBODY, Consent
from bot.domain.decision import Decision, Ruling
from bot.domain.job import Event, Job, Waiting
from bot.domain.moderation import Verdict
from bot.domain.quota import Standing, talk_of
from bot.domain.sanction import EVERYWHERE, Kind, Sanction
from bot.ports.after import Word
from bot.store.audit import audit
from bot.store.consents import write_consent
from bot.store.database import open_database
from bot.store.erasing import finish_erasures
from bot.store.inbox import EVENTS_KNOWN_FOR, forget_events
from bot.store.linking import forget_codes
from bot.store.privacy import PrivacyStore
from tests.builders import BEN, MODERATOR, NOON, UTC_ZONE, an_ask
from tests.store.shop import RELEASED, Shop

ADA = Account(platform="discord", id="770001770", name="Ada Featherstonehaugh")
ADA_TOO = Account(platform="telegram", id="880002880", name="Ada Onthego")
SECRET = "a lighthouse nobody else knows of"
CLUB = "discord:club"
A_MONTH = timedelta(days=32)


async def delivered(kept: Shop, name: str, account: Account, *, group: str = "", event_id: str = "") -> Job:
    """A reel that was posted and spoken of."""
    wish = Wish(command="video", options={"prompt": f"{SECRET}, {name}"})
    place = Place(platform=account.platform, address=f"talk of {account.id}")
    job = await kept.completed(name, account=account, wish=wish, place=place, group=group, event_id=event_id or name)
    job = await kept.step(job, Event.CLAIMED)
    job = await kept.step(job, Event.POSTED, reel_receipt=f"{account.id}/9")
    await kept.jobs.note(job.id, said=job.state.value, receipt=f"{account.id}/8")
    return job


def a_ban(whom: Account, *, grp: str = CLUB) -> tuple[Sanction, Decision]:
    """A moderator's ban for good."""
    decision = Decision(
        who=MODERATOR.key, what=Ruling.BANNED, at=NOON, platform="discord", group="club", whom=whom.key, why="Be kind"
    )
    return Sanction(kind=Kind.BAN, whom=whom.key, grp=grp, by=MODERATOR.key, at=NOON, why="Be kind"), decision


async def give(kept: Shop, whom: Account, *, grp: str = CLUB) -> None:
    """Ban somebody."""
    await kept.sanctions.give(whom, *a_ban(whom, grp=grp))


async def consent(kept: Shop, whom: Account, asker: str, *, allowed: bool = True) -> None:
    """Remember somebody's word about their face."""
    one = Consent(whom=whom.key, asker=asker, grp=CLUB, allowed=allowed, at=NOON)
    await kept.database.transact(lambda tx: write_consent(tx, one))


async def forget(kept: Shop, account: Account) -> None:
    """Erase the Person behind an account."""
    archive = PrivacyStore(kept.database, now=kept.clock)
    held = await archive.holdings(account)
    assert held is not None
    await archive.erase(held.person)


async def sweep(kept: Shop) -> None:
    """What the janitor does about it."""
    now = kept.clock()
    await finish_erasures(kept.database, zone=UTC_ZONE, now=now)
    await forget_events(kept.database, before=now - EVENTS_KNOWN_FOR)
    await forget_codes(kept.database, before=now - timedelta(hours=1))


async def judge(kept: Shop) -> None:
    """Ada reports Ben's reel, and lets it stay."""
    reported = await kept.jobs.get("ask-3")
    assert reported is not None
    await kept.afters.report(reported, ADA, Hiding())
    kept_by_her = Decision(who=ADA.key, what=Ruling.KEPT, at=NOON, whom=BEN.key, job="ask-3")
    assert await kept.afters.decide(reported, Word(outcome=Outcome.KEPT, decision=kept_by_her))


async def leave_traces(kept: Shop) -> None:
    """Everything there is about Ada beside what she asked for."""
    await give(kept, ADA)
    await consent(kept, ADA, EVERYBODY)
    await consent(kept, BEN, ADA.key)
    theirs_decided = Decision(who=ADA.key, what=Ruling.OPENED, at=NOON, platform="discord", group=talk_of(ADA.id))
    await kept.people.decide("discord", talk_of(ADA.id), Standing.OFF, theirs_decided)
    await judge(kept)
    await kept.people.keep_setting(f"account:{ADA.key}", "default:video:model", "kling-2.1")
    await kept.links.offer(ADA_TOO, "a hash")


async def test_after_all_of_it_no_byte_of_the_files_names_them_and_the_books_are_exact(kept: Shop) -> None:
    await delivered(kept, "ask-1", ADA, group="club", event_id=f"again:x:discord:{ADA.id}:1")
    await delivered(kept, "ask-2", ADA_TOO, event_id=f"m:{ADA_TOO.id}:5")
    await kept.join(ADA, ADA_TOO)
    await delivered(kept, "ask-3", BEN)
    running = await kept.submitted("ask-4", account=ADA, wish=Wish(command="video", options={"prompt": SECRET}))
    theirs = Attachment(platform="discord", handle=ADA.id, name=f"{ADA.name}.png", option="image")
    named = an_ask("ask-5", account=BEN, attachments=(theirs,), named=(ADA,), group="club")
    waits = await kept.admit(named, verdict=Verdict(waiting_for=frozenset({Waiting.CONSENT}), asked=(ADA,)))
    assert waits.job is not None
    await kept.inbox.receive(an_ask("ask-6", account=ADA_TOO, event_id=f"m:{ADA_TOO.id}:6"))
    await leave_traces(kept)

    await forget(kept, ADA)
    ended = await kept.step(running, Event.FAL_CANCELLED, closing=RELEASED)
    await kept.jobs.note(ended.id, said=ended.state.value)
    refused = await kept.step(waits.job, Event.EXPIRED, closing=RELEASED)
    await kept.jobs.note(refused.id, said=refused.state.value)
    kept.clock.at += A_MONTH
    await sweep(kept)

    await kept.database.close()
    with closing(sqlite3.connect(kept.path)) as shell:
        shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = {path.name: path.read_bytes() for path in kept.path.parent.iterdir()}
    assert len(files[kept.path.name]) > 100_000
    assert SECRET.encode() + b", ask-3" in files[kept.path.name]
    for left in (ADA.id, ADA.name, ADA_TOO.id, ADA_TOO.name, f"{SECRET}, ask-1", f"{SECRET}, ask-2", "kling-2.1"):
        assert [name for name, content in files.items() if left.encode() in content] == [], left
    database = await open_database(kept.path)
    assert (await audit(database)).findings == ()
    await database.close()


async def test_before_the_month_is_over_nothing_but_a_keyed_hash_is_left_of_an_account(kept: Shop) -> None:
    job = await delivered(kept, "ask-1", ADA)
    await forget(kept, ADA)
    assert await kept.database.read("SELECT 1 FROM accounts") == []
    assert await kept.people.person(ADA) == job.person
    assert await kept.people.person(replace(ADA, id="770001771")) is None
    kept.clock.at += A_MONTH
    await sweep(kept)
    assert await kept.people.person(ADA) is None
    assert await kept.database.read("SELECT 1 FROM settings WHERE scope IN ('erased', 'forgotten')") == []


async def test_who_comes_back_within_the_month_has_spent_what_they_had(kept: Shop) -> None:
    before = await delivered(kept, "ask-1", ADA)
    await forget(kept, ADA)
    kept.clock.at += timedelta(hours=1)
    back = await delivered(kept, "ask-2", ADA)
    assert back.person == before.person
    kept.clock.at += A_MONTH
    await sweep(kept)
    assert await kept.people.person(ADA) == back.person
    assert (await kept.audit()).findings == ()


async def test_whoever_is_banned_stays_so_on_every_account_they_had(kept: Shop) -> None:
    await delivered(kept, "ask-1", ADA)
    await delivered(kept, "ask-2", ADA_TOO)
    await give(kept, ADA)
    await give(kept, ADA_TOO, grp=EVERYWHERE)
    await kept.join(ADA, ADA_TOO)
    await forget(kept, ADA_TOO)
    kept.clock.at += A_MONTH
    await sweep(kept)
    for account in (ADA, ADA_TOO):
        held = await kept.sanctions.against(account, CLUB)
        assert [(one.kind, one.whom, one.why) for one in held] == [(Kind.BAN, "", "Be kind")] * 2
    assert [one.whom for _, one in await kept.decisions.latest(limit=9)] == ["", "", ""]


async def test_a_private_talk_that_owners_shut_stays_shut_and_one_they_opened_is_asked_about_again(kept: Shop) -> None:
    for account, standing in ((ADA, Standing.OFF), (BEN, Standing.APPROVED)):
        await delivered(kept, f"ask-{account.id}", account)
        await kept.people.decide(account.platform, talk_of(account.id), standing)
        await forget(kept, account)
    assert await kept.people.standing(ADA.platform, talk_of(ADA.id)) is Standing.OFF
    assert await kept.people.standing(BEN.platform, talk_of(BEN.id)) is Standing.NEW


async def test_whose_yes_is_waited_for_and_is_gone_gives_none_and_the_others_is_not_enough(kept: Shop) -> None:
    await delivered(kept, "ask-1", ADA)
    asked = Verdict(waiting_for=frozenset({Waiting.CONSENT}), asked=(ADA, MODERATOR))
    waits = await kept.admit(an_ask("ask-2", account=BEN, named=(ADA, MODERATOR)), verdict=asked)
    await forget(kept, ADA)
    assert waits.job is not None
    left = {one.whom: one.answered for one in await kept.consents.asked("ask-2")}
    assert ADA.key not in left
    assert list(left.values()) == [False, False]
