"""Every button on a real store: what it does, who may, and what it says when its moment has passed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.press import SAME_PRESS_S, Presses
from bot.domain.ask import STAGED, Account, Attachment, Wish
from bot.domain.errors import Refused, Slug
from bot.domain.job import Event, Job, Reason, State, Waiting
from bot.domain.moderation import Verdict
from bot.domain.notice import Action
from bot.domain.permission import Presser, about, may, refusal
from tests.builders import ANNA, BEN, MODERATOR, NOON, OWNER, PRICE, Ids, a_job, a_policy, an_ask, an_order
from tests.store.shop import Shop, shop

PRESSERS = (ANNA, OWNER, MODERATOR, BEN)
ON_JOBS = (Action.CANCEL, Action.CONFIRM, Action.DECLINE, Action.AGAIN, Action.DELIVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store and the buttons on it."""

    kept: Shop
    presses: Presses

    async def press(self, action: Action, subject: str = "ask-1", account: Account = ANNA) -> str:
        """What is answered, in words."""
        return (await self.presses.press(action, subject, account)).text

    async def refusal(self, action: Action, subject: str = "ask-1", account: Account = ANNA) -> Slug:
        """Why it is refused."""
        with pytest.raises(Refused) as caught:
            await self.presses.press(action, subject, account)
        (problem,) = caught.value.problems
        return problem.slug

    async def in_review(self, *what: Waiting) -> Job:
        """A Job that waits for these."""
        job = (await self.kept.admit(verdict=Verdict(waiting_for=frozenset(what)))).job
        assert job is not None
        return job

    async def job(self) -> Job:
        """The Job as it is now."""
        found = await self.kept.jobs.get("ask-1")
        assert found is not None
        return found


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A store of its own with the buttons on it."""
    async with shop(tmp_path / "reelroom.db") as kept:
        yield Desk(kept=kept, presses=Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids()))


@pytest.mark.parametrize("account", PRESSERS, ids=lambda account: account.id)
@pytest.mark.parametrize("action", ON_JOBS)
async def test_a_button_under_a_job_obeys_the_table_before_anything_else(
    desk: Desk, action: Action, account: Account
) -> None:
    match action:
        case Action.DELIVER:
            await desk.kept.in_state(State.UNDELIVERED)
        case Action.CONFIRM | Action.DECLINE:
            await desk.in_review(Waiting.CONFIRMATION)
        case _:
            await desk.kept.admitted()
    before = await desk.job()
    if may(Presser(account=account), action, about(an_ask())):
        assert await desk.press(action, account=account)
    else:
        assert await desk.refusal(action, account=account) is refusal(action)
        assert await desk.job() == before


@pytest.mark.parametrize("account", PRESSERS, ids=lambda account: account.id)
@pytest.mark.parametrize("action", [Action.STILL, Action.DROP])
async def test_a_button_under_an_ask_obeys_the_table(desk: Desk, action: Action, account: Account) -> None:
    await desk.kept.inbox.receive(an_ask())
    await desk.kept.inbox.ask_away("ask-1")
    if may(Presser(account=account), action, about(an_ask())):
        assert await desk.press(action, account=account)
    else:
        assert await desk.refusal(action, account=account) is refusal(action)
        row = await desk.kept.inbox.row("ask-1")
        assert row is not None
        assert row.away


@pytest.mark.parametrize("action", Action)
async def test_a_button_about_an_ask_or_a_job_that_is_gone_says_which(desk: Desk, action: Action) -> None:
    of_asks = {Action.STILL, Action.DROP, Action.CANCEL}
    said = Slug.NOTHING_TO_PRESS if action in of_asks else Slug.FORGOTTEN
    assert await desk.refusal(action, subject="nobody") is said


@pytest.mark.parametrize("action", [Action.CHANGE, Action.EXTEND, Action.DELETE, Action.REPORT])
async def test_a_button_that_does_nothing_here_is_refused_and_not_ignored(desk: Desk, action: Action) -> None:
    await desk.kept.admitted()
    assert await desk.refusal(action) is Slug.NOTHING_TO_PRESS


async def test_cancel_lets_go_of_a_job_in_review_at_once(desk: Desk) -> None:
    await desk.in_review(Waiting.MODERATOR)
    assert await desk.press(Action.CANCEL) == "Cancelled. Nothing was charged."
    job = await desk.job()
    assert (job.state, job.reason) == (State.CANCELLED, Reason.BY_PERSON)
    assert (await desk.kept.audit()).held == 0
    assert await desk.refusal(Action.CANCEL) is Slug.NOTHING_TO_PRESS


async def test_cancel_of_a_job_under_way_is_a_wish_that_wakes_the_work(desk: Desk) -> None:
    await desk.kept.submitted()
    desk.kept.work.taken()
    assert await desk.press(Action.CANCEL) == (
        "I'm cancelling it. If the video service finishes all the same, you'll get the reel."
    )
    job = await desk.job()
    assert (job.state, job.cancel_wanted_at) == (State.SUBMITTED, NOON)
    assert desk.kept.work.taken() == [("ask-1", None)]
    assert (await desk.kept.audit()).held == PRICE


@pytest.mark.parametrize("state", [State.COMPLETED, State.UNDELIVERED, State.DELIVERED])
async def test_cancel_comes_too_late_for_a_finished_reel(desk: Desk, state: State) -> None:
    await desk.kept.in_state(state)
    assert await desk.refusal(Action.CANCEL) is Slug.NOTHING_TO_PRESS
    assert (await desk.job()).cancel_wanted_at is None


async def test_confirm_gives_the_persons_yes_once(desk: Desk) -> None:
    await desk.in_review(Waiting.CONFIRMATION)
    assert await desk.press(Action.CONFIRM) == "Thank you. It's on its way."
    assert (await desk.job()).state is State.ADMITTED
    assert await desk.refusal(Action.CONFIRM) is Slug.NOTHING_TO_PRESS
    assert await desk.refusal(Action.DECLINE) is Slug.NOTHING_TO_PRESS


async def test_confirm_does_not_promise_what_a_moderator_has_still_to_allow(desk: Desk) -> None:
    await desk.in_review(Waiting.CONFIRMATION, Waiting.MODERATOR)
    assert await desk.press(Action.CONFIRM) == "Thank you. It goes on as soon as the others have said yes too."
    assert (await desk.job()).waiting_for == frozenset({Waiting.MODERATOR})


@pytest.mark.parametrize("action", [Action.DECLINE, Action.CANCEL])
@pytest.mark.parametrize(
    ("account", "reason"), [(ANNA, Reason.BY_PERSON), (MODERATOR, Reason.BY_MODERATOR), (OWNER, Reason.BY_MODERATOR)]
)
async def test_whoever_lets_a_job_go_is_told_apart(
    desk: Desk, action: Action, account: Account, reason: Reason
) -> None:
    await desk.in_review(Waiting.CONFIRMATION)
    await desk.press(action, account=account)
    job = await desk.job()
    assert (job.state, job.reason) == (State.CANCELLED, reason)
    assert (await desk.kept.audit()).findings == ()


async def test_a_moderator_with_the_askers_id_elsewhere_is_a_moderator(desk: Desk) -> None:
    await desk.in_review(Waiting.CONFIRMATION)
    await desk.press(Action.CANCEL, account=Account(platform="telegram", id="anna", is_moderator=True))
    assert (await desk.job()).reason is Reason.BY_MODERATOR


async def test_deliver_posts_a_kept_reel_again_and_only_a_kept_one(desk: Desk) -> None:
    await desk.kept.in_state(State.UNDELIVERED)
    presses = await asyncio.gather(
        *(desk.presses.press(Action.DELIVER, "ask-1", ANNA) for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(one, Refused) for one in presses) == [False, True]
    assert (await desk.job()).state is State.DELIVERING
    assert await desk.refusal(Action.DELIVER) is Slug.NOTHING_TO_PRESS


async def test_a_withheld_reel_is_given_out_by_a_moderator_and_not_by_its_asker(desk: Desk) -> None:
    await desk.kept.step(await desk.kept.completed(), Event.WITHHELD, reason=Reason.WITHHELD)
    assert await desk.refusal(Action.DELIVER) is Slug.MODERATOR_ALONE
    assert (await desk.job()).state is State.UNDELIVERED
    assert await desk.press(Action.DELIVER, account=MODERATOR) == "I'm trying again."


async def test_still_wanted_goes_on_once_and_dropped_stays_dropped(desk: Desk) -> None:
    await desk.kept.inbox.receive(an_ask())
    await desk.kept.inbox.ask_away("ask-1")
    assert await desk.press(Action.STILL) == "On it."
    assert await desk.kept.inbox.open_ids() == ["ask-1"]
    assert await desk.refusal(Action.STILL) is Slug.NOTHING_TO_PRESS
    assert await desk.refusal(Action.DROP) is Slug.NOTHING_TO_PRESS
    assert await desk.kept.inbox.open_ids() == ["ask-1"]


async def test_dropped_is_forgotten(desk: Desk) -> None:
    await desk.kept.inbox.receive(an_ask())
    await desk.kept.inbox.ask_away("ask-1")
    assert await desk.press(Action.DROP) == "All right, I've let it go. Nothing was charged."
    assert await desk.kept.inbox.row("ask-1") is None
    assert await desk.refusal(Action.STILL) is Slug.NOTHING_TO_PRESS


async def asks_of(desk: Desk) -> list[str]:
    """The Asks in the inbox that intake has not seen."""
    return list(await desk.kept.inbox.open_ids())


async def test_again_is_the_pressers_own_ask_for_the_same_thing(desk: Desk) -> None:
    await desk.kept.admitted(group="club", price_seen_microusd=PRICE)
    desk.kept.clock.forward(60)
    assert await desk.press(Action.AGAIN, account=BEN) == "Once more, coming up."
    (name,) = await asks_of(desk)
    row = await desk.kept.inbox.row(name)
    assert row is not None
    assert (row.ask.account, row.ask.group, row.ask.place) == (BEN, "club", an_ask().place)
    assert row.ask.wish == Wish(command="effect", options={"effect": "Kiss Me AI"}, model="pixverse-effects")
    assert row.ask.attachments == (Attachment(platform=STAGED, handle="cafe", name="image", option="image"),)
    assert row.ask.received_at == NOON + timedelta(seconds=60)
    assert row.ask.price_seen_microusd is None
    admission = await desk.kept.jobs.admit(row.ask, an_order(), Verdict(), a_policy())
    first = await desk.job()
    assert admission.job is not None
    assert admission.job.person != first.person


@pytest.mark.parametrize(("option", "place"), [("image", "image"), ("image", "images"), ("images", "image")])
async def test_again_gives_a_file_once_that_was_first_typed_as_a_link(desk: Desk, option: str, place: str) -> None:
    wish = Wish(command="effect", options={"effect": "Hug", option: "https://example.org/a.png", "duration": "8"})
    job = replace(a_job(ask=an_ask(wish=wish)), order=an_order(media={place: ("cafe",)}))
    again = desk.presses.again(job, BEN)
    assert dict(again.wish.options) == {"effect": "Hug", "duration": "8"}
    assert [file.handle for file in again.attachments] == ["cafe"]


@pytest.mark.parametrize("start_s", [0.0, 4.9, 2.5])
async def test_two_presses_within_the_window_are_one_wherever_it_begins(desk: Desk, start_s: float) -> None:
    await desk.kept.admitted()
    desk.kept.clock.forward(start_s)
    await desk.press(Action.AGAIN)
    desk.kept.clock.forward(SAME_PRESS_S - 0.1)
    await desk.press(Action.AGAIN)
    assert len(await asks_of(desk)) == 1
    desk.kept.clock.forward(0.2)
    await desk.press(Action.AGAIN)
    assert len(await asks_of(desk)) == 2


async def test_presses_at_once_are_one_and_those_of_another_person_their_own(desk: Desk) -> None:
    await desk.kept.admitted()
    await asyncio.gather(*(desk.press(Action.AGAIN) for _ in range(5)), desk.press(Action.AGAIN, account=BEN))
    assert len(await asks_of(desk)) == 2


async def test_two_presses_over_a_restart_are_one(desk: Desk) -> None:
    await desk.kept.admitted()
    await desk.press(Action.AGAIN)
    restarted = Presses(inbox=desk.kept.inbox, jobs=desk.kept.jobs, now=desk.kept.clock, new_id=lambda: "another")
    await restarted.press(Action.AGAIN, "ask-1", ANNA)
    assert len(await asks_of(desk)) == 1


async def test_every_answer_is_for_the_presser_alone(desk: Desk) -> None:
    await desk.kept.admitted()
    for action in (Action.AGAIN, Action.CANCEL):
        assert (await desk.presses.press(action, "ask-1", ANNA)).private


async def test_an_ask_that_is_no_job_yet_can_be_cancelled_by_who_asked_and_never_becomes_one(desk: Desk) -> None:
    await desk.kept.inbox.receive(an_ask())
    assert await desk.refusal(Action.CANCEL, account=BEN) is Slug.NOT_YOURS
    assert "Nothing was charged" in await desk.press(Action.CANCEL)
    admission = await desk.kept.jobs.admit(an_ask(), an_order(), Verdict(), a_policy())
    assert admission.job is None
    assert await desk.refusal(Action.CANCEL) is Slug.NOTHING_TO_PRESS
