"""Endpoints paused and put back: by owners alone, for a reason, and kept in the store."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.actions.switching import Switching
from bot.domain.ask import Account
from bot.domain.errors import Refused, Slug
from bot.settings.endpoints import catalogue_of
from tests.builders import ANNA, MODERATOR, OWNER, an_endpoint
from tests.store.shop import Shop, shop

SLUG = "pixverse-effects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    kept: Shop
    switching: Switching


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Board]:
    async with shop(tmp_path / "reelroom.db") as kept:
        switching = Switching(catalogue=catalogue_of([an_endpoint()]), pause=kept.people.pause_endpoint)
        yield Board(kept=kept, switching=switching)


async def refused(board: Board, slug: str, reason: str, account: Account) -> Slug:
    with pytest.raises(Refused) as caught:
        await board.switching.pause(slug, reason, account)
    assert await board.kept.people.paused(SLUG) == ""
    return caught.value.problems[0].slug


async def test_an_owner_pauses_for_a_reason_and_puts_back(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert "Pixverse effects is paused" in (await board.switching.pause(SLUG, "  too\ndear ", OWNER)).text
    assert await board.kept.people.paused(SLUG) == "too dear"
    assert [(record.message, vars(record)["by"]) for record in caplog.records] == [
        ("an endpoint was paused", "room:owner")
    ]
    assert "is back" in (await board.switching.resume(SLUG, OWNER)).text
    assert await board.kept.people.paused(SLUG) == ""


@pytest.mark.parametrize("account", [ANNA, MODERATOR])
async def test_nobody_else_does(board: Board, account: Account) -> None:
    assert await refused(board, SLUG, "because", account) is Slug.OWNER_ALONE
    await board.kept.people.pause_endpoint(SLUG, "too dear")
    with pytest.raises(Refused):
        await board.switching.resume(SLUG, account)
    assert await board.kept.people.paused(SLUG) == "too dear"


@pytest.mark.parametrize(
    ("slug", "reason", "why"),
    [
        (SLUG, " ", Slug.MISSING_OPTION),
        (SLUG, "x" * 201, Slug.TOO_LONG),
        ("no-such-model", "because", Slug.UNKNOWN_MODEL),
    ],
)
async def test_a_pause_needs_a_reason_and_an_endpoint(board: Board, slug: str, reason: str, why: Slug) -> None:
    assert await refused(board, slug, reason, OWNER) is why
