"""`/consent` on a real store: one's own words, by whichever account, and nobody else's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.taking_back import TakingBack
from bot.domain.ask import Account
from bot.domain.consent import Consent, remembered
from bot.domain.consent_words import ALL, mark_of
from bot.domain.decision import Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.notice import Action
from bot.store.consents import write_consent
from tests.actions.consents import a_taking_back
from tests.builders import ANNA, BEN, an_ask
from tests.store.shop import Shop, shop

BEN_TOO = Account(platform="telegram", id="7001", name="Ben on the road")
CLEO = Account(platform="room", id="cleo", name="Cleo")
LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store, and who shows what is said in it."""

    kept: Shop
    taking_back: TakingBack

    async def says(self, action: Action, *, to: Account = ANNA, whom: Account = BEN, group: str = "club") -> Consent:
        """Somebody answers, and it is remembered."""
        self.kept.clock.forward(60)
        ask = an_ask(account=to, group=group, named=(whom,))
        said = remembered(action, whom, ask, now=self.kept.clock(), lasts=LASTS)
        assert said is not None
        await self.kept.database.transact(lambda tx: write_consent(tx, said))
        return said

    async def left(self, account: Account = BEN) -> list[tuple[str, bool]]:
        return [(one.asker, one.allowed) for one in await self.kept.consents.all_of(account.key)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with shop(tmp_path / "reelroom.db") as kept:
        await kept.admit(an_ask("ask-1", event_id="e1", account=ANNA, group="club", group_name="Film club"))
        yield Desk(kept=kept, taking_back=a_taking_back(kept.database, kept.clock))


async def test_what_was_said_is_listed_newest_first_with_names_and_what_is_over_is_not(desk: Desk) -> None:
    await desk.says(Action.ALLOW_ALL, group="elsewhere")
    desk.kept.clock.forward(LASTS.total_seconds() - 120)
    yes, never = await desk.says(Action.ALLOW_THEM), await desk.says(Action.FORBID)
    desk.kept.clock.forward(60)
    told = await desk.taking_back.show(BEN)
    assert told.private
    assert told.text.splitlines() == [
        "What you have said about your face:",
        "• No to everybody everywhere",
        f"• Yes to Anna in Film club, until {yes.until:%-d %B %Y}",
    ]
    assert [(one.label, one.subject) for one in told.buttons] == [
        ("Take back: everybody", mark_of(never)),
        ("Take back: Anna", mark_of(yes)),
        ("Take all of it back", ALL),
    ]


async def test_one_word_is_taken_back_alone_and_written_down(desk: Desk) -> None:
    yes = await desk.says(Action.ALLOW_THEM)
    await desk.says(Action.FORBID)
    told = await desk.taking_back.take_back(mark_of(yes), BEN)
    assert told.text.startswith("Taken back; I'll ask you again. What you have said")
    assert await desk.left() == [("", False)]
    ((_, decision),) = await desk.kept.decisions.of_group("room", "club", limit=5)
    assert (decision.who, decision.what) == (BEN.key, Ruling.REVOKED)
    assert decision.detail == f"yes to {ANNA.key} in room:club"
    assert "I remember nothing" in (await desk.taking_back.take_back(ALL, BEN)).text
    for mark in (mark_of(yes), ALL):
        with pytest.raises(Refused) as caught:
            await desk.taking_back.take_back(mark, BEN)
        assert caught.value.problems[0].slug is Slug.NOTHING_TO_PRESS


async def test_what_any_account_said_is_seen_and_taken_back_on_each(desk: Desk) -> None:
    yes = await desk.says(Action.ALLOW_THEM)
    await desk.says(Action.ALLOW_THEM, whom=BEN_TOO)
    await desk.kept.join(BEN, BEN_TOO)
    assert len((await desk.taking_back.show(BEN_TOO)).buttons) == 1
    await desk.taking_back.take_back(mark_of(yes), BEN_TOO)
    assert await desk.left() == []


async def test_nobody_takes_back_anybody_elses_words(desk: Desk) -> None:
    yes = await desk.says(Action.ALLOW_THEM)
    for mark in (mark_of(yes), ALL):
        with pytest.raises(Refused):
            await desk.taking_back.take_back(mark, CLEO)
    assert await desk.left() == [(ANNA.key, True)]


async def test_of_very_many_words_the_newest_have_buttons_and_all_go_at_once(desk: Desk) -> None:
    for number in range(14):
        await desk.says(Action.ALLOW_THEM, to=Account(platform="room", id=f"asker-{number}"))
    told = await desk.taking_back.show(BEN)
    assert (len(told.buttons), told.text.splitlines()[-1]) == (11, "… and 4 more.")
    await desk.taking_back.take_back(ALL, BEN)
    assert await desk.left() == []
