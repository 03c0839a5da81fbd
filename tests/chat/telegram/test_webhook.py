"""Telegram calls us: proved by its header, kept before it is answered, and in whatever order it comes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from bot.app.program import Program
from bot.chat.telegram.arrivals import Arrivals
from bot.chat.telegram.webhook import HEADER, Webhook, secret_of
from bot.domain.errors import ConfigInvalid
from bot.store.updates import UpdateStore
from tests.chat.telegram.harness import REEL_S, Scene, fal, jobs, photo, reels, running
from tests.emulators.telegram.emulator import Telegram
from tests.store.shop import shop

PUBLIC = "https://bot.example.org"
CALLED = {"telegram": {"webhook": True}, "webhook": {"public_url": PUBLIC}}


@asynccontextmanager
async def called(telegram: Telegram, data: Path) -> AsyncIterator[Program]:
    """The program behind its proxy, with Telegram knowing where to call."""
    async with fal() as url, running(telegram, data, url, overrides=CALLED) as program:
        telegram.webhook.proxied[PUBLIC] = program.url
        await telegram.until(lambda: telegram.calls("setWebhook"), REEL_S, "a webhook")
        yield program


async def test_a_reel_is_made_without_a_single_poll(telegram: Telegram, tmp_path: Path) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with called(telegram, tmp_path) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        reel = await scene.reel(ada.photo(photo(), "/effect@reelroom_bot Kiss Me AI"))
        assert reel.caption
        arguments = telegram.calls("setWebhook")[0].arguments
        assert arguments["url"] == f"{PUBLIC}/hooks/telegram"
        assert set(json.loads(str(arguments["allowed_updates"]))) == {"message", "callback_query", "my_chat_member"}
        assert telegram.calls("getUpdates") == []


async def all_done(program: Program) -> None:
    """Wait until no update is open any more."""
    async with asyncio.timeout(REEL_S):
        while await program.kept.database.read("SELECT id FROM updates WHERE state = 'open'"):
            continue


async def test_what_comes_late_twice_and_in_the_wrong_order_becomes_one_reel_and_one_charge(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    async with called(telegram, tmp_path) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        ada.go()
        ada.start()
        await telegram.until(lambda: not telegram.updates.pending, REEL_S, "the start told")
        telegram.webhook.paused = True
        pictures = ada.album([photo(), photo()], "/transition night falls")
        late = telegram.updates.all[-len(pictures) :]
        for update in [*reversed(late), *late]:
            assert await telegram.webhook.post(update) == HTTPStatus.OK
        reel = await scene.reel(pictures[0])
        assert "night falls" in (reel.caption or "")
        await all_done(program)
        (job,) = await jobs(scene)
        assert [len(names) for names in job.order.media.values()] in ([2], [1, 1])
        assert reels(telegram, telegram.world.private(ada.user)) == [reel]
        charged = await program.kept.database.read("SELECT DISTINCT cause FROM ledger WHERE kind = 'hold'")
        assert len(charged) == 1


async def test_who_does_not_prove_to_be_telegram_is_not_heard(telegram: Telegram, tmp_path: Path) -> None:
    async with called(telegram, tmp_path) as program, httpx.AsyncClient() as stranger:
        address = f"{program.url}/hooks/telegram"
        for headers in ({}, {HEADER: "wrong"}, {HEADER: ""}):
            answer = await stranger.post(address, json={"update_id": 1}, headers=headers)
            assert answer.status_code == HTTPStatus.FORBIDDEN
        assert await program.kept.database.read("SELECT * FROM updates") == []


async def test_a_webhook_without_an_address_is_said_at_start(telegram: Telegram, tmp_path: Path) -> None:
    async with fal() as url:
        with pytest.raises(ConfigInvalid, match="public_url"):
            async with running(telegram, tmp_path, url, overrides={"telegram": {"webhook": True}}):
                pass


@asynccontextmanager
async def hook_of_a_full_disk(folder: Path) -> AsyncIterator[Webhook]:
    """A hook whose store cannot be written."""
    async with shop(folder / "reelroom.db") as kept:
        updates = UpdateStore(kept.database, "telegram", work=kept.work, intake=kept.intake, now=kept.clock)
        await kept.database.close()
        yield Webhook(secrets=("new", "old"), arrivals=Arrivals(updates=updates, moved=nowhere))


async def nowhere(_group: int, _to: int) -> None:
    """Nobody moves here."""


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b'{"update_id": "x"}', b"\xff"])
async def test_what_is_no_update_is_refused_and_not_kept(body: bytes, tmp_path: Path) -> None:
    async with hook_of_a_full_disk(tmp_path) as hook:
        assert await hook("", {HEADER: "new"}, body) in {HTTPStatus.BAD_REQUEST, HTTPStatus.OK}


async def test_what_cannot_be_kept_is_asked_for_again(tmp_path: Path) -> None:
    chat = {"id": 1, "type": "private", "first_name": "Ada"}
    body = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "x"}}
    async with hook_of_a_full_disk(tmp_path) as hook:
        assert await hook("", {HEADER: "old"}, json.dumps(body).encode()) == HTTPStatus.SERVICE_UNAVAILABLE


def test_the_secret_is_derived_for_this_alone() -> None:
    assert secret_of(b"secret") != secret_of(b"another")
    assert "secret" not in secret_of(b"secret")
    assert secret_of(b"secret").isalnum()
