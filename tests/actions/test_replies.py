"""Questions about one's own things, asked of a real store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.policies import Policies
from bot.actions.press import Presses
from bot.actions.replies import Replies
from bot.domain.errors import Refused, Slug
from bot.domain.job import Event, Reason, State
from bot.domain.ledger import Limits
from bot.domain.notice import Action, Notice
from bot.domain.replies import OWN_COMMANDS, STATES, STATS
from bot.settings.endpoints import load_catalogue
from bot.store.books import Books
from tests.actions.consents import a_taking_back
from tests.actions.links import a_link
from tests.actions.privacies import a_privacy
from tests.builders import ANNA, BEN, Ids, a_policy
from tests.source import ROOT
from tests.store.shop import Shop, shop

POLICY = a_policy(person=Limits(day=500_000), bot=Limits(month=9_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store and who answers from it."""

    kept: Shop
    replies: Replies

    async def ask(self, command: str, text: str = "") -> Notice:
        """What Anna is told."""
        notice = await self.replies.reply(command, text, ANNA, "")
        assert notice is not None
        return notice


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with shop(tmp_path / "reelroom.db") as kept:
        presses = Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids())
        replies = Replies(
            books=Books(kept.database),
            presses=presses,
            link=a_link(kept.links, kept.clock),
            privacy=a_privacy(kept.database, presses, kept.clock),
            policies=Policies(policy=POLICY, budgets=kept.budgets),
            taking_back=a_taking_back(kept.database, kept.clock),
            catalogue=load_catalogue(ROOT / "config" / "endpoints"),
            now=kept.clock,
        )
        yield Desk(kept=kept, replies=replies)


@pytest.mark.parametrize("command", [one for one in OWN_COMMANDS if one not in {"again", STATS}])
async def test_every_own_command_has_an_answer_or_says_that_there_is_nothing_yet(desk: Desk, command: str) -> None:
    if command == "cancel":
        with pytest.raises(Refused) as caught:
            await desk.ask(command)
        assert [problem.slug for problem in caught.value.problems] == [Slug.NOTHING_TO_CANCEL]
    else:
        assert (await desk.ask(command)).text


@pytest.mark.parametrize("command", ["effect", "again"])
async def test_a_command_that_asks_for_a_reel_is_not_answered(desk: Desk, command: str) -> None:
    assert await desk.replies.reply(command, "Kiss Me AI", ANNA, "") is None


async def test_help_names_every_command(desk: Desk) -> None:
    text = (await desk.ask("help")).text
    for name in ("effect", "animate", "custom", *OWN_COMMANDS):
        assert f"/{name}: " in text


async def test_models_are_told_with_their_usual_price(desk: Desk) -> None:
    text = (await desk.ask("models", "/effect")).text
    assert "pixverse-4.5" in text
    assert "$0.20" in text
    assert "/models animate" in (await desk.ask("models", "nonsense")).text


async def test_the_quota_shows_what_is_left_of_every_limit_after_a_hold(desk: Desk) -> None:
    assert "$0.50 left of your $0.50 per day" in (await desk.ask("quota")).text
    await desk.kept.admitted()
    lines = (await desk.ask("quota")).text.splitlines()
    assert lines[0].startswith("$0.30 left of your $0.50 per day; it refills tomorrow at 00:00")
    assert lines[1].startswith("$8.80 left of the bot's $9.00 per month; it refills on 1 ")
    assert len(lines) == 2


async def test_a_reel_that_is_withheld_is_listed_and_not_offered(desk: Desk) -> None:
    await desk.kept.step(await desk.kept.completed(), Event.WITHHELD, reason=Reason.WITHHELD)
    notice = await desk.ask("jobs")
    assert notice.text.startswith("Waits for a moderator: ")
    assert notice.buttons == ()


async def test_jobs_are_listed_newest_first_and_a_kept_reel_can_be_had(desk: Desk) -> None:
    await desk.kept.in_state(State.UNDELIVERED, "ask-1")
    desk.kept.clock.forward(3600)
    await desk.kept.admitted("ask-2")
    await desk.kept.admitted("ask-3", account=BEN)
    notice = await desk.ask("jobs")
    first, second = notice.text.splitlines()
    assert first.startswith(STATES[State.ADMITTED])
    assert second.startswith(STATES[State.UNDELIVERED])
    (button,) = notice.buttons
    assert (button.action, button.subject) == (Action.DELIVER, "ask-1")


async def test_cancel_stops_the_latest(desk: Desk) -> None:
    await desk.kept.admitted("ask-1")
    desk.kept.clock.forward(3600)
    await desk.kept.admitted("ask-2")
    await desk.ask("cancel")
    wishes = [
        job.cancel_wanted_at is not None for name in ("ask-1", "ask-2") if (job := await desk.kept.jobs.get(name))
    ]
    assert wishes == [False, True]


async def test_cancel_passes_over_what_has_ended_or_is_being_cancelled(desk: Desk) -> None:
    await desk.kept.admitted("ask-1")
    desk.kept.clock.forward(3600)
    await desk.kept.admitted("ask-2")
    desk.kept.clock.forward(3600)
    await desk.kept.in_state(State.DELIVERED, "ask-3")
    for name in ("ask-2", "ask-1"):
        await desk.ask("cancel")
        job = await desk.kept.jobs.get(name)
        assert job is not None
        assert job.cancel_wanted_at is not None
    with pytest.raises(Refused) as caught:
        await desk.ask("cancel")
    assert caught.value.problems[0].slug is Slug.NOTHING_TO_CANCEL


def test_every_state_has_words_for_a_list() -> None:
    assert set(STATES) == set(State)
