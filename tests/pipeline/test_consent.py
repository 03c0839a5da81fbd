"""Consent from the ask to the end: asked in the thread, remembered, refused, and let go when nobody answers."""

from dataclasses import replace

import pytest

from bot.domain.ask import Account, Ask
from bot.domain.errors import Refused, Slug
from bot.domain.job import Job, Reason, State, Waiting
from bot.domain.notice import Action
from bot.store.linking import LinkStore
from tests.pipeline.example import EXAMPLE
from tests.pipeline.world import World

ANN = Account(platform=EXAMPLE, id="ann", name="ann")
BEN = Account(platform=EXAMPLE, id="ben", name="Ben")
ANNE = Account(platform=EXAMPLE, id="anne", name="Ann's other account")
BENNY = Account(platform=EXAMPLE, id="benny", name="Ben's other account")
CLEO = Account(platform=EXAMPLE, id="cleo", name="Cleo")


def ask(here: World, *, who: str = "ann", group: str = "club") -> Ask:
    """Somebody asks for a kiss with Ben's avatar."""
    made = here.ask('/effect "Kiss Me AI"', who=who, group=group, files=[here.picture()])
    return replace(made, named=(BEN,))


async def answered(here: World, action: Action) -> Job:
    """A Job Ben has said something about."""
    job = await here.taken_in(ask(here))
    await here.buttons.press(action, job.id, BEN, group="club")
    return await here.job(job.id)


async def refusal(here: World, one: Ask) -> str:
    await here.inbox.receive(one)
    await here.intake.advance(one.id)
    assert await here.jobs.get(one.id) is None
    return here.example.said[one.id].text


async def test_whoever_is_named_is_asked_in_the_thread_with_buttons_of_their_own(here: World) -> None:
    job = await here.taken_in(ask(here))
    assert (job.state, job.waiting_for) == (State.IN_REVIEW, frozenset({Waiting.CONSENT}))
    await here.announce.advance(job.id)
    notice = here.example.last(job.id)
    assert notice.text == "Ben: ann would like to make a reel with your picture. Is that all right with you?"
    assert notice.asks == (BEN,)
    assert [button.action for button in notice.buttons] == [
        Action.ALLOW_ONCE,
        Action.ALLOW_THEM,
        Action.ALLOW_ALL,
        Action.FORBID_ONCE,
        Action.FORBID,
        Action.CANCEL,
    ]
    with pytest.raises(Refused) as caught:
        await here.buttons.press(Action.ALLOW_ONCE, job.id, ANN, group="club")
    assert caught.value.problems[0].slug is Slug.ASKED_ALONE


async def test_with_a_yes_it_goes_on_and_the_next_time_asks_again(here: World) -> None:
    assert (await answered(here, Action.ALLOW_ONCE)).state is State.ADMITTED
    assert (await here.taken_in(ask(here))).state is State.IN_REVIEW


@pytest.mark.parametrize(
    ("action", "by_ann", "by_cleo"),
    [
        (Action.ALLOW_THEM, State.ADMITTED, State.IN_REVIEW),
        (Action.ALLOW_ALL, State.ADMITTED, State.ADMITTED),
    ],
)
async def test_a_remembered_yes_is_not_asked_for_again_until_it_is_over(
    here: World, action: Action, by_ann: State, by_cleo: State
) -> None:
    assert (await answered(here, action)).state is State.ADMITTED
    assert (await here.taken_in(ask(here))).state is by_ann
    assert (await here.taken_in(ask(here, who="cleo"))).state is by_cleo
    assert (await here.taken_in(ask(here, group="another"))).state is State.IN_REVIEW
    here.clock.go_on(hours=24 * 181)
    assert (await here.taken_in(ask(here))).state is State.IN_REVIEW


async def test_a_yes_taken_back_is_none(here: World) -> None:
    await answered(here, Action.ALLOW_ALL)
    assert (await here.buttons.press(Action.TAKE_BACK, "all", BEN)).text.startswith("Taken back")
    assert (await here.taken_in(ask(here))).state is State.IN_REVIEW


async def test_a_no_ends_it_and_a_never_ends_all_that_follow(here: World) -> None:
    job = await answered(here, Action.FORBID_ONCE)
    assert (job.state, job.reason) == (State.REFUSED, Reason.NO_CONSENT)
    await here.announce.advance(job.id)
    assert here.example.last(job.id).text == (
        "The person in the picture would rather not, so I let this go. Nothing was charged."
    )
    assert (await answered(here, Action.FORBID)).state is State.REFUSED
    assert await refusal(here, ask(here, group="another")) == (
        "Ben doesn't want to be in reels. Please choose another picture."
    )


async def test_again_on_such_a_reel_is_the_pressers_own_ask_and_asks_for_them(here: World) -> None:
    job = await answered(here, Action.ALLOW_THEM)
    again = here.presses.again(job, CLEO)
    assert again.named == (BEN,)
    assert (await here.taken_in(again)).waiting_for == frozenset({Waiting.CONSENT})
    assert (await here.taken_in(here.presses.again(job, ANN))).state is State.ADMITTED


@pytest.mark.parametrize(
    ("action", "asker", "named", "state"),
    [
        (Action.ALLOW_THEM, ANN, BENNY, State.ADMITTED),
        (Action.ALLOW_THEM, ANNE, BEN, State.ADMITTED),
        (Action.ALLOW_THEM, CLEO, BENNY, State.IN_REVIEW),
        (Action.ALLOW_ONCE, BENNY, BEN, State.ADMITTED),
    ],
    ids=["another account of theirs", "another account of the asker", "somebody else", "one account names the other"],
)
async def test_what_somebody_said_goes_for_all_accounts_of_both(
    here: World, action: Action, asker: Account, named: Account, state: State
) -> None:
    await answered(here, action)
    links = LinkStore(here.database, zone=here.setting.policy.zone, now=here.now, new_id=here.new_id)
    for one, other in ((ANN, ANNE), (BEN, BENNY)):
        await links.offer(one, f"code of {one.id}")
        await links.redeem(other, f"code of {one.id}")
    made = replace(ask(here, who=asker.id), account=asker, named=(named,))
    assert (await here.taken_in(made)).state is state


async def test_ones_own_avatar_needs_nobodys_yes(here: World) -> None:
    own = replace(ask(here, who="ben"), account=BEN)
    assert (await here.taken_in(own)).state is State.ADMITTED


async def test_when_nobody_answers_it_is_let_go_with_a_kind_word(here: World) -> None:
    job = await here.taken_in(ask(here))
    here.clock.go_on(hours=24)
    await here.review.advance(await here.job(job.id))
    job = await here.job(job.id)
    assert (job.state, job.reason) == (State.REFUSED, Reason.EXPIRED)
    with pytest.raises(Refused) as caught:
        await here.buttons.press(Action.ALLOW_ONCE, job.id, BEN, group="club")
    assert caught.value.problems[0].slug is Slug.NOTHING_TO_PRESS
    assert {kind for _, kind, _ in await here.money(job)} == {"release"}
