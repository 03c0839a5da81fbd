"""What the sweep may take, and above all what it may not."""

from datetime import timedelta

import pytest

from bot.domain.after import Hiding, Outcome
from bot.domain.ask import STAGED, Attachment
from bot.domain.decision import Decision, Ruling
from bot.domain.job import Event, State
from bot.ports.after import Word
from bot.store.retention import media_in_use, reels_in_use
from bot.store.wizards import WizardStore
from tests.builders import BEN, MODERATOR, NOON, a_reel, an_ask
from tests.domain.wizards import a_wizard
from tests.store.shop import RELEASED, Shop

LONG_AGO = NOON - timedelta(days=7)
NOW = NOON


async def test_media_of_a_waiting_ask_and_of_a_job_under_way_stay(kept: Shop) -> None:
    upload = Attachment(platform=STAGED, handle="fresh")
    await kept.inbox.receive(an_ask("waiting", attachments=(upload,)))
    await kept.submitted("running")
    assert await media_in_use(kept.database, ended_after=NOW) == {"fresh", "cafe"}


async def test_media_of_a_request_that_is_being_put_together_stay(kept: Shop) -> None:
    again = Attachment(platform=STAGED, handle="kept", option="image")
    await WizardStore(kept.database, now=kept.clock).begin(a_wizard("effect", again))
    assert await media_in_use(kept.database, ended_after=NOW) == {"kept"}


async def test_media_of_an_ended_job_stay_for_a_while(kept: Shop) -> None:
    await kept.step(await kept.admitted(), Event.CANCELLED, closing=RELEASED)
    assert await media_in_use(kept.database, ended_after=LONG_AGO) == {"cafe"}
    assert await media_in_use(kept.database, ended_after=NOW) == frozenset()


@pytest.mark.parametrize("state", [State.COMPLETED, State.UNDELIVERED])
async def test_a_reel_stays_until_it_was_delivered_however_long(kept: Shop, state: State) -> None:
    job = await kept.in_state(state)
    await kept.jobs.note(job.id, reel=a_reel("beef"))
    assert await reels_in_use(kept.database, delivered_after=NOW + timedelta(days=400)) == {"beef"}


async def test_a_delivered_reel_stays_for_its_days(kept: Shop) -> None:
    job = await kept.in_state(State.DELIVERED)
    await kept.jobs.note(job.id, reel=a_reel("beef"))
    assert await reels_in_use(kept.database, delivered_after=LONG_AGO) == {"beef"}
    assert await reels_in_use(kept.database, delivered_after=NOW) == frozenset()


async def test_a_reported_reel_stays_until_a_moderator_has_said_what_becomes_of_it(kept: Shop) -> None:
    job = await kept.in_state(State.DELIVERED)
    await kept.jobs.note(job.id, reel=a_reel("beef"))
    await kept.afters.report(job, BEN, Hiding(remove_after=1))
    assert await reels_in_use(kept.database, delivered_after=NOW) == {"beef"}
    stays = Word(outcome=Outcome.KEPT, decision=Decision(who=MODERATOR.key, what=Ruling.KEPT, at=NOON, job=job.id))
    assert await kept.afters.decide(job, stays)
    assert await reels_in_use(kept.database, delivered_after=NOW) == frozenset()


async def test_media_of_a_reel_that_could_not_be_posted_stay_for_again(kept: Shop) -> None:
    await kept.in_state(State.UNDELIVERED)
    assert await media_in_use(kept.database, ended_after=NOW + timedelta(days=1)) == {"cafe"}
