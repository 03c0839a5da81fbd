"""Review from the ask to the end: the card, the yes and the no, time that runs out, and a restart in between."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.ask import Account
from bot.domain.catalogue import Catalogue
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.group_rules import Edit, edited
from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.moderation import Faces, Reviews, Rules
from bot.domain.notice import Action
from bot.domain.phrases import Standing, status_notice
from tests.pipeline.example import EXAMPLE
from tests.pipeline.fal import Fal
from tests.pipeline.world import HandClock, Setting, World, world

MOD = Account(platform=EXAMPLE, id="mod", name="Mod", is_moderator=True)


@pytest.fixture
def strict(catalogue: Catalogue, told: Fal, clock: HandClock) -> Setting:
    """Everybody's requests wait for a moderator."""
    rules = Rules(faces=Faces.DECLARE, review=Reviews.ALWAYS)
    return Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, rules=rules)


async def place(here: World, where: str) -> None:
    decision = Decision(who=MOD.key, what=Ruling.RULES_CHANGED, at=here.now(), platform=EXAMPLE, group="club")
    await here.groups.change_rules(
        EXAMPLE, "club", lambda old: edited(old, "moderators_place", Edit.SET, [where]), decision
    )


def words(here: World, job: Job) -> str:
    return status_notice(job, here.setting.catalogue, Standing(), here.now()).text


async def test_moderators_see_a_card_once_and_their_yes_lets_it_go_on(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        job = await here.admitted("/video a paper boat", group="club")
        assert words(here, job) == "This waits for a moderator. I'll go on as soon as somebody has looked at it."
        for _ in range(2):
            await here.cards.advance(job.id)
        ((where, key, card),) = here.example.heard
        assert (where, key) == ("owners", f"card-{job.id}")
        assert card.text.splitlines()[:2] == ["ann asks for /video.", "Prompt: a paper boat"]
        await here.buttons.press(Action.APPROVE, job.id, MOD, group="club")
        assert (await here.job(job.id)).state is State.ADMITTED
        await here.cards.advance(job.id)
        assert len(here.example.heard) == 1


async def test_a_group_has_its_cards_where_it_wants_them_and_they_change_when_they_are_settled(
    tmp_path: Path, strict: Setting
) -> None:
    async with world(tmp_path, strict) as here:
        await place(here, "77")
        job = await here.admitted("/video a paper boat", group="club")
        await here.cards.advance(job.id)
        await here.buttons.press(Action.REFUSE, job.id, MOD, group="club")
        for _ in range(2):
            await here.cards.advance(job.id)
        asked, settled = here.example.heard
        assert (asked[0], asked[1]) == (settled[0], settled[1]) == ("moderators:club:77", f"card-{job.id}")
        assert settled[2].text == "ann asked for /video. Somebody said no."
        assert not settled[2].buttons


async def test_somebody_refused_is_told_why(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        job = await here.admitted(group="club")
        await here.buttons.reviewing.refuse(job.id, MOD, group="club", reason="no boats today")
        job = await here.job(job.id)
        assert words(here, job) == "A moderator declined this: No boats today. Nothing was charged."
        assert {kind for _, kind, _ in await here.money(job)} == {"release"}


async def test_a_place_that_is_gone_is_no_reason_for_silence(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        await place(here, "77")
        job = await here.admitted(group="club")
        here.example.fails = [PlaceGone("deleted")]
        await here.cards.advance(job.id)
        assert [where for where, _, _ in here.example.heard] == ["owners"]
        assert (await here.job(job.id)).carded == "asked"


async def test_a_card_that_cannot_be_shown_now_is_shown_later_also_after_a_restart(
    tmp_path: Path, strict: Setting
) -> None:
    async with world(tmp_path, strict) as here:
        job = await here.admitted(group="club")
        here.example.fails = [ChatUnavailable("away", retry_after_s=7.0)]
        assert await here.cards.advance(job.id) == 7.0
        assert here.example.heard == []
        here.restart()
        await here.cards.advance(job.id)
        assert len(here.example.heard) == 1


async def test_moderators_are_not_bothered_before_the_person_has_said_yes(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        job = await here.admitted('/effect "Kiss Me AI"', files=[here.picture()], group="club")
        assert job.waiting_for == frozenset({Waiting.CONFIRMATION, Waiting.MODERATOR})
        await here.cards.advance(job.id)
        assert here.example.heard == []
        await here.pressed(Action.CONFIRM, job.id)
        await here.cards.advance(job.id)
        assert len(here.example.heard) == 1
        assert here.example.heard[0][2].picture == next(iter(job.order.media.values()))[0]


async def test_what_waits_for_others_waits_longer_than_a_persons_own_yes(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        job = await here.admitted(group="club")
        here.clock.go_on(hours=23)
        assert await here.review.advance(await here.job(job.id)) == 3600.0
        here.clock.go_on(hours=1)
        await here.review.advance(await here.job(job.id))
        job = await here.job(job.id)
        assert (job.state, job.reason) == (State.REFUSED, Reason.EXPIRED)
        assert words(here, job) == "Nobody answered in time, so I let this go. Nothing was charged."


async def test_a_moderator_who_asks_waits_for_nobody(tmp_path: Path, strict: Setting) -> None:
    async with world(tmp_path, strict) as here:
        ask = here.ask("/video a boat", who="mod", group="club")
        assert (await here.taken_in(replace(ask, account=MOD))).state is State.ADMITTED
