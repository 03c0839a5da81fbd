"""The guide over a real store: each press once, only by whoever began it, and to an end that can be reached twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions.guide import Guide, Turn
from bot.domain.ask import Account
from bot.domain.errors import Refused, Slug
from bot.domain.wizard import Wizard
from bot.domain.wizard_keys import CANCEL
from bot.store.wizards import WizardStore
from tests.domain.wizards import FAL, PHOTO, a_wizard
from tests.store.shop import shop

ADA = a_wizard().account
BEN = Account(platform="example", id="ben", is_moderator=True)


@pytest.fixture
async def guide(tmp_path: Path) -> AsyncIterator[Guide]:
    """A guide on a store of its own."""
    async with shop(tmp_path / "reelroom.db") as kept:
        yield Guide(wizards=WizardStore(kept.database, now=kept.clock), shelf=FAL)


def token(turn: Turn, label: str) -> str:
    assert turn.screen is not None
    return next(one.token for row in turn.screen.rows for one in row if one.label.startswith(label))


async def pressed(guide: Guide, turn: Turn, label: str, by: Account = ADA) -> Turn:
    return await guide.press(turn.wizard.id, turn.wizard.version, token(turn, label), by)


def ready() -> Wizard:
    return a_wizard("effect", PHOTO, effect="Hug")


async def slug(act: Awaitable[object]) -> Slug:
    with pytest.raises(Refused) as refused:
        await act
    return refused.value.problems[0].slug


async def test_presses_words_and_files_lead_to_a_wish_at_a_price(guide: Guide) -> None:
    turn = await pressed(guide, await guide.begin(a_wizard("effect")), "Hug")
    assert turn.screen is not None
    assert turn.screen.sends
    assert await guide.write(BEN, "", "hello") is None
    summary = await guide.give(ADA, "", [PHOTO])
    assert summary is not None
    changed = await guide.write(ADA, "", "muscle surge")
    assert changed is not None
    made = await pressed(guide, changed, "Make it · $0.20")
    assert made.finished is not None
    assert (made.finished.wish.options, made.finished.files) == ({"effect": "Muscle Surge"}, (PHOTO,))


async def test_the_last_press_can_be_made_again_until_what_it_led_to_is_kept(guide: Guide) -> None:
    """The Ask is written after it, under an event of the wizard's own: a press that is told twice makes one."""
    turn = await guide.begin(ready())
    first, second = await pressed(guide, turn, "Make it"), await pressed(guide, turn, "Make it")
    assert first.finished is not None
    assert (first.finished, first.wizard.id) == (second.finished, second.wizard.id)
    await guide.end(first.wizard)
    assert await slug(pressed(guide, turn, "Make it")) is Slug.NOTHING_TO_PRESS


async def test_of_two_presses_at_once_one_counts(guide: Guide) -> None:
    turn = await guide.begin(a_wizard("effect", PHOTO))
    both = await asyncio.gather(
        pressed(guide, turn, "Hug"), pressed(guide, turn, "Muscle Surge"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["Refused", "Turn"]
    won = next(one for one in both if isinstance(one, Turn))
    now = await guide.press(won.wizard.id, 0, "c1-1", ADA)
    assert (now.wizard, now.screen) == (won.wizard, won.screen)


async def test_a_press_of_an_earlier_screen_shows_where_things_stand_and_changes_nothing(guide: Guide) -> None:
    first = await guide.begin(a_wizard("effect", PHOTO))
    second = await pressed(guide, first, "Hug")
    again = await pressed(guide, first, "Muscle Surge")
    assert (again.wizard, again.screen) == (second.wizard, second.screen)


async def test_cancel_of_an_earlier_screen_is_a_cancel(guide: Guide) -> None:
    first = await guide.begin(a_wizard("effect", PHOTO))
    await pressed(guide, first, "Hug")
    gone = await pressed(guide, first, "Cancel")
    assert (gone.screen, gone.finished) == (None, None)
    assert await slug(pressed(guide, first, "Hug")) is Slug.NOTHING_TO_PRESS


@pytest.mark.parametrize("label", ["Make it", "Cancel"])
async def test_nobody_else_presses(guide: Guide, label: str) -> None:
    turn = await guide.begin(ready())
    assert await slug(pressed(guide, turn, label, BEN)) is Slug.NOT_YOURS
    elsewhere = replace(ADA, platform="elsewhere")
    assert await slug(pressed(guide, turn, label, elsewhere)) is Slug.NOT_YOURS


async def test_what_nobody_began_has_nothing_to_press(guide: Guide) -> None:
    assert await slug(guide.press("w7", 0, CANCEL, ADA)) is Slug.NOTHING_TO_PRESS
    assert await guide.give(ADA, "", [PHOTO]) is None


async def test_an_event_that_is_told_twice_begins_one(guide: Guide) -> None:
    first = await pressed(guide, await guide.begin(a_wizard("effect", PHOTO)), "Hug")
    again = await guide.begin(replace(a_wizard("effect", PHOTO), id="w2"))
    assert (again.wizard, again.screen) == (first.wizard, first.screen)
    other = await guide.begin(replace(a_wizard("effect", PHOTO), id="w3", event="e2"))
    assert other.wizard.id == "w3"
    assert await slug(pressed(guide, first, "Make it")) is Slug.NOTHING_TO_PRESS


async def test_what_cannot_be_as_wished_is_refused_and_changes_nothing(guide: Guide) -> None:
    turn = await guide.begin(a_wizard("lipsync"))
    assert await slug(guide.give(ADA, "", [PHOTO])) is Slug.WRONG_FILE_KIND
    now = await guide.give(ADA, "", [])
    assert now is not None
    assert now.wizard == turn.wizard


async def test_a_restart_between_any_two_steps_forgets_nothing(tmp_path: Path) -> None:
    turn: Turn | None = None
    for label in ("", "/effect", "Hug", "Duration", "8 s", "Make it · $0.40"):
        async with shop(tmp_path / "reelroom.db") as opened:
            guide = Guide(wizards=WizardStore(opened.database, now=opened.clock), shelf=FAL)
            turn = await guide.begin(a_wizard("", PHOTO)) if turn is None else await pressed(guide, turn, label)
    assert turn is not None
    assert turn.finished is not None
    assert turn.finished.wish.options == {"effect": "Hug", "duration": "8"}
