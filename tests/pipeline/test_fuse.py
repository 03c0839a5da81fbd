"""An endpoint that fails is paused once, tried again, and rests longer when the try fails; an owner's pause stays."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.alerts import Alert
from bot.domain.errors import StoreUnavailable
from bot.domain.job import Job, Reason, State
from bot.domain.screening import Bounds, Missing, Part, Screening
from bot.pipeline.fuse import REST, WHY, Fuse
from bot.settings.endpoints import load_catalogue
from tests.builders import a_job
from tests.source import ROOT

CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")
SLUG, TITLE = CATALOGUE.endpoints[0].slug, CATALOGUE.endpoints[0].title


def ended(state: State, *, reason: Reason = Reason.NONE, failure: str = "") -> Job:
    """A Job of the endpoint in question."""
    job = a_job(state, reason=reason, failure=failure)
    return replace(job, order=replace(job.order, endpoint=SLUG))


WELL = ended(State.COMPLETED)
BADLY = ended(State.FAILED, reason=Reason.FAL_SAID_NO, failure="internal_server_error")
OWN_FAULT = ended(State.FAILED, reason=Reason.FAL_SAID_NO, failure="content_policy_violation")


@dataclass(slots=True)
class Switches:
    """What is paused, kept as the store does."""

    paused: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    away: bool = False
    moment: datetime = datetime(2026, 11, 20, tzinfo=UTC)

    def fuse(self) -> Fuse:
        return Fuse(
            catalogue=CATALOGUE,
            pause=self.pause,
            paused=self.all,
            alert=self.alert,
            blames_person=lambda kind: kind == "content_policy_violation",
            now=lambda: self.moment,
        )

    async def pause(self, slug: str, reason: str) -> None:
        if self.away:
            raise StoreUnavailable("away")
        self.paused[slug] = reason

    async def all(self) -> dict[str, str]:
        return {slug: why for slug, why in self.paused.items() if why}

    async def alert(self, alert: Alert) -> None:
        self.told.append(alert.notice.text)
        self.keys.add(alert.key)


@pytest.fixture
def switches() -> Switches:
    return Switches()


async def blown(switches: Switches) -> Fuse:
    """A fuse after five failures."""
    fuse = switches.fuse()
    for _ in range(5):
        fuse.stepped(BADLY)
    await fuse.look()
    assert switches.paused == {SLUG: WHY}
    return fuse


async def test_five_failures_pause_it_and_owners_are_told_once(switches: Switches) -> None:
    fuse = await blown(switches)
    fuse.stepped(BADLY)
    await fuse.look()
    (told,) = switches.told
    assert told.startswith("5 of the last 5 reels of ")


async def test_what_people_did_wrong_pauses_nothing(switches: Switches) -> None:
    fuse = switches.fuse()
    for _ in range(20):
        fuse.stepped(OWN_FAULT)
    await fuse.look()
    assert await switches.all() == {}


async def test_after_its_rest_it_is_tried_and_put_back_when_that_goes_well(switches: Switches) -> None:
    fuse = await blown(switches)
    switches.moment += REST - timedelta(seconds=1)
    await fuse.look()
    assert switches.paused[SLUG]
    switches.moment += timedelta(seconds=1)
    await fuse.look()
    assert not switches.paused[SLUG]
    await fuse.look()
    assert len(switches.told) == 1
    fuse.stepped(WELL)
    await fuse.look()
    assert switches.told[1:] == [f"{TITLE} makes reels again; I've put it back."]


async def test_one_failed_try_is_enough_and_makes_the_rest_longer(switches: Switches) -> None:
    fuse = await blown(switches)
    switches.moment += REST
    await fuse.look()
    fuse.stepped(BADLY)
    await fuse.look()
    assert switches.paused[SLUG] == WHY
    switches.moment += REST
    await fuse.look()
    assert switches.paused[SLUG] == WHY
    switches.moment += REST
    await fuse.look()
    assert not switches.paused[SLUG]
    assert len(switches.told) == 1


async def test_an_owners_pause_is_not_lifted(switches: Switches) -> None:
    switches.paused[SLUG] = "too dear"
    fuse = switches.fuse()
    switches.moment += timedelta(days=1)
    await fuse.look()
    switches.moment += timedelta(days=1)
    await fuse.look()
    assert switches.paused[SLUG] == "too dear"


async def test_after_a_restart_a_pause_of_ours_is_tried_too(switches: Switches) -> None:
    await blown(switches)
    fuse = switches.fuse()
    await fuse.look()
    switches.moment += REST
    await fuse.look()
    assert not switches.paused[SLUG]


async def test_owners_are_told_before_it_is_paused_and_once_when_the_store_was_away_in_between(
    switches: Switches,
) -> None:
    fuse = switches.fuse()
    for _ in range(5):
        fuse.stepped(BADLY)
    switches.away = True
    with pytest.raises(StoreUnavailable):
        await fuse.look()
    switches.moment += timedelta(seconds=30)
    switches.away = False
    await fuse.look()
    assert switches.paused == {SLUG: WHY}
    assert len(switches.told) == 2
    assert len(switches.keys) == 1


async def test_what_judges_pictures_is_never_paused_by_itself(switches: Switches) -> None:
    """Without it there is still moderation, and each request says what happened."""
    bounds = Bounds(doubt_from=0.5, refuse_from=0.9, missing=Missing.REVIEW, review_s=60)
    judging = replace(BADLY, screening=Screening(parent="a", part=Part.PICTURE, bounds=bounds))
    fuse = switches.fuse()
    for _ in range(20):
        fuse.stepped(judging)
    await fuse.look()
    assert switches.paused == {}
