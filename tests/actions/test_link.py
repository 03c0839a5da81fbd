"""`/link` as people type it, on a real store."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.defaults import Defaults
from bot.actions.link import Link
from bot.actions.policies import Policies
from bot.actions.press import Presses
from bot.actions.replies import Replies
from bot.domain.ask import Account, Wish
from bot.domain.errors import Refused, Slug
from bot.domain.job import Reason, State, Waiting
from bot.domain.ledger import Limits
from bot.domain.linking import MOST_WRONG
from bot.domain.moderation import Verdict
from bot.domain.notice import Action, Notice
from bot.domain.permission import refusal
from bot.settings.endpoints import load_catalogue
from bot.store.books import Books
from tests.actions.consents import a_taking_back
from tests.actions.links import a_link
from tests.actions.privacies import a_privacy
from tests.builders import BEN, PRICE, Ids, a_policy, an_ask
from tests.source import ROOT
from tests.store.shop import Shop, shop

ADA = Account(platform="discord", id="1", name="Ada")
ADA_TOO = Account(platform="telegram", id="7", name="Ada L.")
POLICY = a_policy(person=Limits(day=2 * PRICE))
CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")
CODE = re.compile(r"/link ([2-9A-Z]{4}-[2-9A-Z]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store, `/link`, and what else goes by who is one with whom."""

    kept: Shop
    link: Link
    presses: Presses
    replies: Replies
    defaults: Defaults

    async def code(self, account: Account = ADA) -> str:
        """A new code, as it is shown."""
        found = CODE.search((await self.link.reply("", account)).text)
        assert found is not None
        return found[1]

    async def joined(self) -> Notice:
        """Ada's accounts are one."""
        return await self.link.reply(await self.code(), ADA_TOO)

    async def refusal(self, action: Action, account: Account) -> Slug:
        with pytest.raises(Refused) as caught:
            await self.presses.press(action, "ask-1", account)
        (problem,) = caught.value.problems
        return problem.slug


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with shop(tmp_path / "reelroom.db") as kept:
        link = a_link(kept.links, kept.clock)
        presses = Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids(), are_one=kept.links.are_one)
        yield Desk(
            kept=kept,
            link=link,
            presses=presses,
            replies=Replies(
                books=Books(kept.database),
                presses=presses,
                link=link,
                privacy=a_privacy(kept.database, presses, kept.clock),
                policies=Policies(policy=POLICY, budgets=kept.budgets),
                taking_back=a_taking_back(kept.database, kept.clock),
                catalogue=CATALOGUE,
                now=kept.clock,
            ),
            defaults=Defaults(memory=kept.people, catalogue=CATALOGUE, others=kept.links.others),
        )


async def test_a_code_is_made_typed_and_has_joined(desk: Desk) -> None:
    notice = await desk.link.reply((await desk.code()).lower().replace("-", " "), ADA_TOO)
    assert notice.text.startswith("Joined.")
    assert notice.detail == "Joined: Ada on Discord, Ada L. on Telegram"
    assert (await desk.link.reply("", ADA)).detail == notice.detail


async def test_the_code_itself_is_kept_nowhere(desk: Desk) -> None:
    code = (await desk.code()).replace("-", "")
    rows = await desk.kept.database.read("SELECT * FROM link_codes")
    assert len(rows) == 1
    assert code not in str(rows[0])
    assert code[::-1] in str(rows[0])


async def test_off_takes_an_account_out_and_says_whom_it_leaves(desk: Desk) -> None:
    assert "joined with no other" in (await desk.link.reply("off", ADA)).text
    await desk.joined()
    assert (await desk.link.reply(" OFF ", ADA_TOO)).detail == "It was joined with Ada on Discord."
    assert (await desk.link.reply("", ADA)).detail == ""


@pytest.mark.parametrize("text", ["nonsense", "K7MP-2XW", "please join me"])
async def test_what_is_no_code_is_no_guess(desk: Desk, text: str) -> None:
    for _ in range(MOST_WRONG + 1):
        assert "That is no code" in (await desk.link.reply(text, ADA_TOO)).text
    assert (await desk.joined()).text.startswith("Joined.")


async def test_too_many_guesses_have_to_wait(desk: Desk) -> None:
    for _ in range(MOST_WRONG):
        assert "I don't know that code" in (await desk.link.reply("ZZZZ-ZZZZ", ADA_TOO)).text
    assert "Try again in 15 minutes" in (await desk.joined()).text


async def test_the_quota_of_either_side_is_the_quota_of_both(desk: Desk) -> None:
    await desk.kept.admitted(account=ADA)
    await desk.joined()
    told = await desk.replies.reply("quota", "", ADA_TOO, "")
    assert told is not None
    assert told.text.startswith("$0.20 left of your $0.40 per day")
    await desk.link.reply("off", ADA_TOO)
    told = await desk.replies.reply("quota", "", ADA_TOO, "")
    assert told is not None
    assert told.text.splitlines() == ["$0.20 left of your shared $0.40 per day; it refills tomorrow at 00:00 (UTC)."]


async def test_the_latest_is_the_latest_of_either_side(desk: Desk) -> None:
    await desk.kept.admitted(account=ADA)
    await desk.joined()
    await desk.replies.reply("cancel", "", ADA_TOO, "")
    job = await desk.kept.jobs.get("ask-1")
    assert job is not None
    assert job.cancel_wanted_at is not None


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.DECLINE, Action.CANCEL])
async def test_who_asked_may_press_from_either_side_and_nobody_else_may(desk: Desk, action: Action) -> None:
    review = Verdict(waiting_for=frozenset({Waiting.CONFIRMATION}))
    await desk.kept.admit(an_ask(account=ADA), verdict=review)
    assert await desk.refusal(action, ADA_TOO) is refusal(action)
    await desk.joined()
    assert await desk.refusal(action, BEN) is refusal(action)
    await desk.link.reply("off", ADA_TOO)
    assert await desk.refusal(action, ADA_TOO) is refusal(action)
    await desk.joined()
    await desk.presses.press(action, "ask-1", ADA_TOO)
    job = await desk.kept.jobs.get("ask-1")
    assert job is not None
    assert job.state is (State.ADMITTED if action is Action.CONFIRM else State.CANCELLED)
    assert job.reason is (Reason.NONE if action is Action.CONFIRM else Reason.BY_PERSON)


async def test_an_ask_that_is_no_job_yet_may_be_let_go_from_either_side(desk: Desk) -> None:
    await desk.kept.inbox.receive(an_ask(account=ADA))
    assert await desk.refusal(Action.CANCEL, ADA_TOO) is Slug.NOT_YOURS
    await desk.joined()
    await desk.presses.press(Action.CANCEL, "ask-1", ADA_TOO)
    assert await desk.kept.inbox.row("ask-1") is None


async def test_what_is_usually_wanted_is_changed_on_both_sides(desk: Desk) -> None:
    await desk.joined()
    await desk.defaults.reply("animate model=pixverse-4.5", ADA_TOO)
    assert (await desk.defaults.apply(Wish(command="animate"), ADA)).model == "pixverse-4.5"
    assert (await desk.defaults.apply(Wish(command="animate"), BEN)).model == ""
    await desk.link.reply("off", ADA_TOO)
    await desk.defaults.reply("animate model=none", ADA)
    assert (await desk.defaults.apply(Wish(command="animate"), ADA_TOO)).model == "pixverse-4.5"
