"""Pictures that are judged before anything is made of them: each by a Job of its own, with its own account."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.ask import Account, Place
from bot.domain.catalogue import Catalogue
from bot.domain.decision import BY_ITSELF, Decision, Ruling
from bot.domain.errors import Refused
from bot.domain.group_rules import Edit, GroupRules, edited
from bot.domain.house_rules import Faces, Reviews, Rules
from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.ledger import Limits
from bot.domain.notice import Action
from bot.domain.phrases import Standing, status_notice
from bot.domain.quota import Counts
from bot.domain.screener import judgings_of
from bot.domain.screening import Missing, Part, Scrutiny
from bot.store.decisions import Decisions
from bot.store.privacy import PrivacyStore
from tests.pipeline.example import EXAMPLE, Wakes
from tests.pipeline.fal import Break, Fal, model_error
from tests.pipeline.world import FREE, PATIENCE_S, HandClock, Setting, World, world

ANIMATE = "/animate it waves --model kling-1.6"
TWO = "/transition into winter"
MOD = Account(platform=EXAMPLE, id="mod", name="Mod", is_moderator=True)
PRICE = 1_000
"""What one judgement costs, in micro-dollars."""


@pytest.fixture
def judging(catalogue: Catalogue, told: Fal, clock: HandClock) -> Setting:
    """Pictures are judged."""
    rules = Rules(faces=Faces.OFF, screening=Scrutiny.PICTURES)
    return Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, rules=rules)


async def asked(here: World, text: str = ANIMATE, *, pictures: Sequence[bytes] = (b"one",), **more: str) -> Job:
    files = [here.picture(data, f"{number}.jpg") for number, data in enumerate(pictures)]
    return await here.admitted(text, files=files, group="club", **more)


async def advanced(here: World, job: Job, times: int = 1) -> Job:
    """After the stage of its state has looked at it."""
    for _ in range(times):
        await here.advance()(job.id)
    return await here.job(job.id)


async def judged(here: World, told: Fal, job: Job, probability: float) -> Job:
    """After all its pictures were judged."""
    told.usual_phase, told.probability = "COMPLETED", probability
    for child in await here.children(job):
        await advanced(here, child, 2)
    return await here.job(job.id)


async def decided(here: World, job: Job) -> list[tuple[str, Ruling, str]]:
    return [(one.who, one.what, one.detail) for one in await Decisions(here.database).of_job(job.id)]


def words(here: World, job: Job) -> str:
    return status_notice(job, here.setting.catalogue, Standing(), here.now()).text


async def test_a_harmless_picture_is_judged_and_the_request_goes_on(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        assert (job.state, set(job.waiting_for)) == (State.IN_REVIEW, {Waiting.SCREENING})
        assert words(here, job) == "I'm having a look at this first."
        (child,) = await here.children(job)
        assert (child.state, child.order.media, child.ask.wish.options) == (
            State.ADMITTED,
            {"image": (next(iter(job.order.media.values()))[0],)},
            {},
        )
        job = await judged(here, told, job, 0.1)
        assert (job.state, set(job.waiting_for)) == (State.ADMITTED, set())
        (child,) = await here.children(job)
        assert child.result is not None
        assert (child.state, child.result.probability, child.cost_microusd) == (State.COMPLETED, 0.1, PRICE)
        assert await here.money(child) == {("screening", "settle", PRICE), ("bot", "settle", PRICE)}
        assert [one.endpoint for one in told.taken] == ["fal-ai/imageutils/nsfw"]
        assert await decided(here, job) == []


async def test_a_refused_picture_costs_the_person_nothing_and_is_told_in_one_sentence(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await judged(here, told, await asked(here), 0.95)
        assert (job.state, job.reason) == (State.REFUSED, Reason.SCREENED)
        assert words(here, job) == (
            "I can't use this picture: it looks too revealing for a reel here. Another one will do. "
            "Nothing was charged."
        )
        assert {kind for _, kind, _ in await here.money(job)} == {"release"}
        assert await here.money((await here.children(job))[0]) == {
            ("screening", "settle", PRICE),
            ("bot", "settle", PRICE),
        }
        assert await decided(here, job) == [(BY_ITSELF, Ruling.REFUSED, "picture: 95% likely not safe for work")]


async def test_a_picture_in_doubt_is_shown_to_moderators_who_decide(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        await here.cards.advance(job.id)
        assert here.example.heard == []
        job = await judged(here, told, job, 0.6)
        assert job.waiting_for == {Waiting.MODERATOR}
        assert job.next_at is not None
        assert (job.next_at - here.now()).total_seconds() == 86_400
        await here.cards.advance(job.id)
        ((_, _, card),) = here.example.heard
        assert card.text.splitlines()[1] == "Picture: 60% likely not safe for work."
        await here.buttons.press(Action.APPROVE, job.id, MOD, group="club")
        assert (await here.job(job.id)).state is State.ADMITTED
        assert (BY_ITSELF, Ruling.DOUBTED, "picture: 60% likely not safe for work") in await decided(here, job)


async def test_every_picture_is_judged_once_and_the_worst_of_them_counts(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here, TWO, pictures=(b"one", b"two"))
        first, second = await here.children(job)
        told.usual_phase, told.probability = "COMPLETED", 0.1
        await advanced(here, first, 2)
        assert (await here.job(job.id)).waiting_for == {Waiting.SCREENING}
        told.probability = 0.95
        await advanced(here, second, 2)
        assert (await here.job(job.id)).state is State.REFUSED

        again = await asked(here, TWO, pictures=(b"same", b"same"))
        assert len(await here.children(again)) == 1


async def test_what_is_refused_lets_go_of_what_is_still_to_be_judged(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here, TWO, pictures=(b"one", b"two"))
        first, second = await here.children(job)
        told.usual_phase, told.probability = "COMPLETED", 0.95
        await advanced(here, first, 2)
        second = await advanced(here, second)
        assert (second.state, {kind for _, kind, _ in await here.money(second)}) == (State.CANCELLED, {"release"})
        assert len(told.taken) == 1


async def test_who_cancels_lets_go_of_the_judging_too(tmp_path: Path, judging: Setting, told: Fal) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        await here.pressed(Action.CANCEL, job.id)
        assert (await here.job(job.id)).state is State.CANCELLED
        (child,) = await here.children(job)
        assert (await advanced(here, child)).state is State.CANCELLED
        assert told.taken == []


@pytest.mark.parametrize(
    ("missing", "state", "waiting"),
    [(Missing.REVIEW, State.IN_REVIEW, {Waiting.MODERATOR}), (Missing.ALLOW, State.ADMITTED, set())],
)
async def test_without_a_judgement_in_time_the_setting_decides_and_it_is_written_down(
    tmp_path: Path, judging: Setting, told: Fal, missing: Missing, state: State, waiting: set[Waiting]
) -> None:
    judging.bounds = replace(judging.bounds, missing=missing)
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        (child,) = await here.children(job)
        await advanced(here, child)
        here.clock.go_on(seconds=PATIENCE_S - 1)
        await advanced(here, child)
        assert (await here.job(job.id)).waiting_for == {Waiting.SCREENING}
        here.clock.go_on(seconds=1)
        await advanced(here, child)
        job = await here.job(job.id)
        assert (job.state, set(job.waiting_for)) == (state, waiting)
        assert await decided(here, job) == [
            (BY_ITSELF, Ruling.UNSCREENED, "picture: it was not judged in time"),
        ]


async def test_a_classifier_that_fails_is_a_judgement_missing_and_a_group_may_allow_that(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        edit = Decision(who=MOD.key, what=Ruling.RULES_CHANGED, at=here.now(), platform=EXAMPLE, group="club")
        await here.groups.change_rules(
            EXAMPLE, "club", lambda old: edited(old, "screening_missing", Edit.SET, ["allow"]), edit
        )
        job = await asked(here)
        (child,) = await here.children(job)
        await advanced(here, child)
        told.usual_phase = "COMPLETED"
        told.once["result"].append(model_error("image_load_error"))
        child = await advanced(here, child)
        assert child.state is State.FAILED
        assert {kind for _, kind, _ in await here.money(child)} == {"release"}
        assert (await here.job(job.id)).state is State.ADMITTED
        assert await decided(here, job) == [
            (BY_ITSELF, Ruling.UNSCREENED, "picture: the classifier failed (image_load_error)")
        ]


async def test_a_late_judgement_still_refuses_what_waits_for_a_moderator(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        edit = Decision(who=MOD.key, what=Ruling.RULES_CHANGED, at=here.now(), platform=EXAMPLE, group="club")
        await here.groups.change_rules(
            EXAMPLE, "club", lambda old: edited(old, "moderators_place", Edit.SET, ["77"]), edit
        )
        job = await asked(here)
        (child,) = await here.children(job)
        await advanced(here, child)
        here.clock.go_on(seconds=PATIENCE_S)
        await advanced(here, child)
        await here.cards.advance(job.id)
        told.usual_phase, told.probability = "COMPLETED", 0.95
        await advanced(here, child)
        job = await here.job(job.id)
        assert (job.state, job.reason) == (State.REFUSED, Reason.SCREENED)
        await here.cards.advance(job.id)
        card, settled = (notice.text for _, _, notice in here.example.heard)
        assert card.splitlines()[1] == "Picture: it was not judged in time."
        assert settled.endswith("Its picture was judged too revealing.")


async def test_what_was_given_up_and_fails_later_is_written_down_once(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        (child,) = await here.children(job)
        await advanced(here, child)
        here.clock.go_on(seconds=PATIENCE_S)
        await advanced(here, child)
        told.usual_phase = "COMPLETED"
        told.once["result"].append(model_error("image_load_error"))
        assert (await advanced(here, child)).state is State.FAILED
        assert await decided(here, job) == [(BY_ITSELF, Ruling.UNSCREENED, "picture: it was not judged in time")]


async def test_after_we_were_away_a_judgement_that_is_there_is_looked_at_before_it_is_given_up(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    judging.bounds = replace(judging.bounds, missing=Missing.ALLOW)
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        (child,) = await here.children(job)
        await advanced(here, child)
        told.usual_phase, told.probability = "COMPLETED", 0.95
        here.clock.go_on(hours=1)
        here.restart()
        await advanced(here, child)
        assert (await here.job(job.id)).reason is Reason.SCREENED


async def test_one_judgement_that_is_there_gives_up_none_of_the_others(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here, TWO, pictures=(b"one", b"two"))
        first, second = await here.children(job)
        for child in (first, second):
            await advanced(here, child)
        told.usual_phase, told.probability = "COMPLETED", 0.1
        here.clock.go_on(hours=1)
        await advanced(here, first)
        assert (await here.job(job.id)).waiting_for == {Waiting.SCREENING}
        await advanced(here, second)
        assert (await here.job(job.id)).state is State.ADMITTED


async def test_a_judgement_goes_before_the_requests_in_line_also_its_own_persons(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    judging.concurrency = 1
    async with world(tmp_path, judging) as here:
        for who in ("ann", "ann", "ben"):
            await here.admitted(who=who)
        job = await asked(here)
        (child,) = await here.children(job)
        assert (await advanced(here, child)).state is State.SUBMITTED


async def test_a_submit_in_doubt_is_matched_and_never_repeated(tmp_path: Path, judging: Setting, told: Fal) -> None:
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        (child,) = await here.children(job)
        told.once["submit"].append(Break.TAKEN)
        assert (await advanced(here, child)).state is State.UNCERTAIN
        here.restart()
        assert (await advanced(here, child)).state is State.SUBMITTED
        job = await judged(here, told, job, 0.1)
        assert (job.state, len(told.taken)) == (State.ADMITTED, 1)


async def test_a_budget_for_judging_that_is_spent_is_a_judgement_missing(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    judging.judging = Limits(day=2_000)  # of which one judgement holds 1,500
    async with world(tmp_path, judging) as here:
        assert (await asked(here)).waiting_for == {Waiting.SCREENING}
        job = await asked(here)
        assert job.waiting_for == {Waiting.MODERATOR}
        assert await here.children(job) == []
        assert await decided(here, job) == [
            (BY_ITSELF, Ruling.UNSCREENED, "picture: the budget for judging pictures is spent"),
        ]


async def test_a_paused_judge_is_a_judgement_missing(tmp_path: Path, judging: Setting) -> None:
    async with world(tmp_path, judging) as here:
        await here.people.pause_endpoint("imageutils-nsfw", "by the owner")
        job = await asked(here)
        assert (set(job.waiting_for), await here.children(job)) == ({Waiting.MODERATOR}, [])
        assert [what for _, what, _ in await decided(here, job)] == [Ruling.UNSCREENED]


async def test_who_would_be_asked_is_not_asked_about_their_own_but_refused_all_the_same(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        for probability, state in ((0.6, State.ADMITTED), (0.95, State.REFUSED)):
            ask = replace(
                here.ask(ANIMATE, files=[here.picture()], group="club"),
                account=Account(platform=EXAMPLE, id="own", is_owner=True),
            )
            job = await judged(here, told, await here.taken_in(ask), probability)
            assert job.state is state


async def test_a_yes_and_a_judgement_are_both_waited_for(tmp_path: Path, judging: Setting, told: Fal) -> None:
    judging.rules = replace(judging.rules, review=Reviews.ALWAYS)
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        assert job.waiting_for == {Waiting.MODERATOR, Waiting.SCREENING}
        await here.buttons.press(Action.APPROVE, job.id, MOD, group="club")
        assert (await here.job(job.id)).state is State.IN_REVIEW
        assert (await judged(here, told, job, 0.1)).state is State.ADMITTED


async def test_a_judgement_is_nobodys_request(tmp_path: Path, judging: Setting, told: Fal) -> None:
    """It is not announced, does not count as one of the person's, and takes no turn of theirs."""
    async with world(tmp_path, judging) as here:
        job = await asked(here)
        (child,) = await here.children(job)
        await here.announce.advance(child.id)
        assert here.example.statuses == []
        await judged(here, told, job, 0.1)
        assert await here.jobs.last_served() == {}
        assert await here.jobs.unsaid_ids() == [job.id]
        assert [one for one, _, _ in await here.jobs.open_ids()] == [job.id]
        assert await here.jobs.billed_failures(job.person, job.created_at) == 0


async def test_a_judgement_counts_against_no_number_of_the_persons(tmp_path: Path, judging: Setting) -> None:
    two = Counts(jobs_at_once=2, jobs_per_hour=2, cooldown_s=0)
    judging.policy = replace(FREE, everyone=replace(FREE.everyone, counts=two))
    async with world(tmp_path, judging) as here:
        for _ in range(2):
            assert (await asked(here)).state is State.IN_REVIEW
        late = here.ask(ANIMATE, files=[here.picture()], group="club")
        await here.inbox.receive(late)
        await here.intake.advance(late.id)
        assert await here.jobs.get(late.id) is None


async def test_words_alone_are_not_judged(tmp_path: Path, judging: Setting) -> None:
    async with world(tmp_path, judging) as here:
        assert (await here.admitted()).state is State.ADMITTED


async def test_whoever_is_forgotten_is_forgotten_with_what_judged_their_pictures(
    tmp_path: Path, judging: Setting, told: Fal
) -> None:
    async with world(tmp_path, judging) as here:
        job = await judged(here, told, await asked(here), 0.95)
        await here.announce.advance(job.id)
        store = PrivacyStore(here.database, now=here.now)
        held = await store.holdings(job.ask.account)
        assert held is not None
        assert (held.jobs, held.making, list(await store.in_the_making(job.person))) == (1, 0, [])
        await store.erase(job.person)
        rows = await here.database.read("SELECT ask, asker, sent, ticket FROM jobs")
        assert [(row["asker"], row["sent"], row["ticket"]) for row in rows] == [("", None, None)] * 2
        assert all("ann" not in row["ask"] for row in rows)


# --- the frame of the reel that comes out ----------------------------------------------------------------------------


@pytest.fixture
def everything(judging: Setting) -> Setting:
    """Reels are judged as well."""
    judging.rules = replace(judging.rules, screening=Scrutiny.ALL)
    return judging


async def made(here: World, told: Fal, **more: str) -> tuple[Job, Job]:
    """A finished reel and the Job that is to judge a frame of it."""
    job = await here.admitted(group="club", **more)
    told.usual_phase = "COMPLETED"
    job = await advanced(here, job, 3)
    assert job.state is State.COMPLETED
    (child,) = await here.children(job)
    return job, child


async def test_a_reel_is_posted_once_a_frame_of_it_was_judged(tmp_path: Path, everything: Setting, told: Fal) -> None:
    everything.work = woken = Wakes()
    async with world(tmp_path, everything) as here:
        job, child = await made(here, told)
        assert job.reel is not None
        assert child.order.media == {"image": (await here.media.still(job.reel.sha256),)}
        job = await advanced(here, job, 2)
        assert (job.state, len(await here.children(job))) == (State.COMPLETED, 1)
        woken.keys()
        await advanced(here, child, 2)
        assert job.id in set(woken.keys())
        assert (await advanced(here, job)).state is State.DELIVERED
        assert ("screening", "settle", PRICE) in await here.money(await here.job(child.id))


@pytest.mark.parametrize("probability", [0.6, 0.95])
async def test_a_reel_that_is_judged_against_is_withheld_paid_for_and_shown_to_moderators(
    tmp_path: Path, everything: Setting, told: Fal, probability: float
) -> None:
    async with world(tmp_path, everything) as here:
        job, child = await made(here, told)
        told.probability = probability
        await advanced(here, child, 2)
        job = await advanced(here, job)
        assert (job.state, job.reason, here.example.deliveries) == (State.UNDELIVERED, Reason.WITHHELD, [])
        assert words(here, job) == "This reel is withheld until a moderator has looked at it."
        assert ("person", "settle", job.cost_microusd) in await here.money(job)
        await here.cards.advance(job.id)
        ((_, _, card),) = here.example.heard
        assert card.text.splitlines()[:2] == [
            "ann asked for /video. The reel is made, and withheld until somebody has looked at it.",
            f"Frame: {probability:.0%} likely not safe for work.",
        ]
        assert [button.label for button in card.buttons] == ["Post it after all"]
        with pytest.raises(Refused):
            await here.buttons.press(Action.DELIVER, job.id, job.ask.account, group="club")
        elsewhere = Place(platform=EXAMPLE, address="moderators")
        await here.buttons.press(Action.DELIVER, job.id, MOD, place=elsewhere, group="club")
        job = await advanced(here, job)
        assert (job.state, job.place.address) == (State.DELIVERED, "thread")
        assert (MOD.key, Ruling.APPROVED, "") in await decided(here, job)


@pytest.mark.parametrize("missing", list(Missing))
async def test_a_reel_that_nobody_judges_in_time_is_withheld_or_posted_as_the_setting_says(
    tmp_path: Path, everything: Setting, told: Fal, missing: Missing
) -> None:
    everything.bounds = replace(everything.bounds, missing=missing)
    async with world(tmp_path, everything) as here:
        job, child = await made(here, told)
        told.usual_phase = "IN_PROGRESS"
        await advanced(here, child)
        here.clock.go_on(seconds=PATIENCE_S)
        await advanced(here, child)
        job = await advanced(here, job)
        assert job.state is (State.UNDELIVERED if missing is Missing.REVIEW else State.DELIVERED)
        assert await decided(here, job) == [(BY_ITSELF, Ruling.UNSCREENED, "frame: it was not judged in time")]


async def test_a_reel_for_whose_judging_there_is_no_money_is_withheld(
    tmp_path: Path, everything: Setting, told: Fal
) -> None:
    everything.judging = Limits(day=0)
    async with world(tmp_path, everything) as here:
        job = await here.admitted(group="club")
        told.usual_phase = "COMPLETED"
        job = await advanced(here, job, 3)
        assert (job.state, job.reason, await here.children(job)) == (State.UNDELIVERED, Reason.WITHHELD, [])


async def test_two_who_begin_at_once_begin_one_judgement(tmp_path: Path, everything: Setting, told: Fal) -> None:
    async with world(tmp_path, everything) as here:
        job, _ = await made(here, told)
        assert job.reel is not None
        screener = await here.screeners().of(job.ask.account, GroupRules(), Part.FRAME)
        assert screener is not None
        judgings = judgings_of((job.reel.sha256,), Part.FRAME, screener)
        assert judgings is not None
        found = await here.screenings().begin_frame(job, judgings, FREE)
        assert (found.state, len(await here.children(job))) == (State.COMPLETED, 1)


async def test_a_frame_is_judged_once_whatever_ends_in_between(tmp_path: Path, everything: Setting, told: Fal) -> None:
    async with world(tmp_path, everything) as here:
        job, child = await made(here, told)
        here.restart()
        await advanced(here, job)
        assert len(await here.children(job)) == 1
        told.usual_phase = "COMPLETED"
        await advanced(here, child, 2)
        here.restart()
        assert (await advanced(here, job)).state is State.DELIVERED
