"""Updates brought to a bot's door by the emulated Telegram: with the secret, again until taken, in no order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.emulators.by_hand import Hand, by_hand


@dataclass(kw_only=True)
class Door:
    """A bot's listener: what it was brought, with which secret, and how it answers."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @property
    def texts(self) -> list[str]:
        return [each["message"]["text"] for each in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/telegram", door.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield door
    await runner.cleanup()


async def delivered(one: Hand) -> None:
    await one.telegram.until(lambda: not one.telegram.updates.pending)


async def test_an_update_is_posted_with_the_secret() -> None:
    async with by_hand() as one, listening() as door:
        await one.call("setWebhook", url=door.url, secret_token="made-up_1", allowed_updates=["message"])
        asked = one.ada.type("/video@reelroom_bot a cat")
        await delivered(one)
        assert door.texts == [asked.text]
        assert door.secrets == ["made-up_1"]
        info = (await one.call("getWebhookInfo")).result
        assert (info["url"], info["pending_update_count"], info["allowed_updates"]) == (door.url, 0, ["message"])


async def test_what_waited_is_brought_once_the_webhook_is_set() -> None:
    async with by_hand() as one, listening() as door:
        one.ada.go().type("early")
        await one.call("setWebhook", url=door.url)
        await delivered(one)
        assert (door.texts, door.secrets) == (["early"], [None])


async def test_a_refused_update_comes_again_and_the_next_one_before_it() -> None:
    async with by_hand() as one, listening() as door:
        door.answers += [500, 200, 503]
        await one.call("setWebhook", url=door.url)
        one.ada.go().type("first")
        one.ada.type("second")
        await delivered(one)
        assert door.texts == ["first", "second", "first", "first"]
        assert [each.status for each in one.telegram.webhook.posted] == [500, 200, 503, 200]
        info = (await one.call("getWebhookInfo")).result
        assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_a_door_that_is_shut_is_tried_again() -> None:
    async with by_hand() as one:
        async with listening() as gone:
            url = gone.url
        await one.call("setWebhook", url=url)
        one.ada.go().type("hello")
        await one.telegram.until(lambda: len(one.telegram.webhook.posted) > 1)
        assert {each.status for each in one.telegram.webhook.posted} == {0}
        assert len(one.telegram.updates.pending) == 1


async def test_a_test_can_bring_updates_in_any_order_and_twice() -> None:
    async with by_hand() as one, listening() as door:
        one.telegram.webhook.paused = True
        await one.call("setWebhook", url=door.url)
        for word in ("one", "two"):
            one.ada.go().type(word)
        first, second = one.telegram.updates.pending
        for update in (second, first, second):
            assert await one.telegram.webhook.post(update) == 200
        assert door.texts == ["two", "one", "two"]
        assert one.telegram.updates.pending == []


async def test_a_public_address_is_reached_through_what_stands_for_its_proxy() -> None:
    async with by_hand() as one, listening() as door:
        one.telegram.webhook.proxied["https://reelroom.example.org"] = door.url.removesuffix("/telegram")
        await one.call("setWebhook", url="https://reelroom.example.org/telegram")
        one.ada.go().type("hello")
        await delivered(one)
        assert door.texts == ["hello"]


async def test_a_webhook_and_a_poll_exclude_each_other() -> None:
    async with by_hand() as one, listening() as door:
        polling = asyncio.create_task(one.call("getUpdates", timeout=30))
        await one.telegram.polled()
        await one.call("setWebhook", url=door.url)
        assert (await polling).refused == (409, "Conflict: terminated by setWebhook request")
        code, words = (await one.call("getUpdates")).refused
        assert (code, words.startswith("Conflict: can't use getUpdates method while webhook is active")) == (409, True)
        await one.call("deleteWebhook")
        one.ada.go().type("hello")
        assert len(await one.updates()) == 1
        assert door.heard == []
        await one.call("deleteWebhook", drop_pending_updates=True)
        assert await one.updates() == []


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "http://reelroom.example.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://reelroom.example.org:8080"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        ({"url": "https://reelroom.example.org", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ({"url": "https://reelroom.example.org", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_an_address_telegram_does_not_go_to_is_refused(parameters: dict[str, Any], words: str) -> None:
    async with by_hand() as one:
        assert await one.refused("setWebhook", **parameters) == f"Bad Request: {words}"
        assert (await one.call("getWebhookInfo")).result["url"] == ""
