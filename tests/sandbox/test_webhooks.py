"""Webhooks: what they say, that they are signed, and that they come again until somebody takes them."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.webhook import Signer
from tests.sandbox.harness import WORDS, Local, listening

SMALL = {"prompt": "a paper boat", "resolution": "360p"}


@dataclass
class Ear:
    """Somebody who listens for webhooks and answers as told."""

    answers: list[int]
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        self.heard.append((dict(request.headers), await request.body()))
        self.arrived.set()
        return Response(status_code=self.answers.pop(0) if self.answers else 200)


@asynccontextmanager
async def ear(*answers: int) -> AsyncIterator[tuple[Ear, str]]:
    one = Ear(list(answers))
    async with listening(Starlette(routes=[Route("/hook", one.take, methods=["POST"])])) as url:
        yield one, f"{url}/hook"


async def submitted(local: Local, hook: str, arguments: dict[str, Any]) -> dict[str, Any]:
    response = await local.http.post(f"/{WORDS}", params={"fal_webhook": hook}, json=arguments)
    taken: dict[str, Any] = response.json()
    return taken


async def attempts(local: Local, count: int) -> list[int]:
    """The statuses of the deliveries, once there are so many and the run is over."""
    while len(local.sandbox.webhooks.deliveries) < count:
        await local.http.get("/sandbox/requests")
    return [one.status for one in local.sandbox.webhooks.deliveries]


async def test_a_webhook_brings_the_payload_signed(local: Local) -> None:
    async with ear() as (listener, hook):
        taken = await submitted(local, hook, SMALL)
        await listener.arrived.wait()
        headers, body = listener.heard[0]
    told = json.loads(body)
    assert (told["request_id"], told["gateway_request_id"], told["status"]) == (taken["request_id"],) * 2 + ("OK",)
    assert told["payload"] == (await local.http.get(taken["response_url"])).json()
    (key,) = (await local.http.get("/.well-known/jwks.json")).json()["keys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
    names = ("x-fal-webhook-request-id", "x-fal-webhook-user-id", "x-fal-webhook-timestamp")
    message = "\n".join([*(headers[name] for name in names), hashlib.sha256(body).hexdigest()]).encode()
    signature = bytes.fromhex(headers["x-fal-webhook-signature"])
    public.verify(signature, message)
    with pytest.raises(InvalidSignature):
        public.verify(signature, message + b" ")


async def test_the_webhook_of_a_failure_says_so(local: Local) -> None:
    async with ear() as (listener, hook):
        await submitted(local, hook, {"prompt": 5})
        await listener.arrived.wait()
    told = json.loads(listener.heard[0][1])
    assert (told["status"], told["error"]) == ("ERROR", "Invalid status code: 422")
    assert told["payload"]["detail"][0]["type"] == "string_type"


async def test_a_webhook_comes_again_until_it_is_taken(local: Local) -> None:
    async with ear(500, 302, 204) as (_, hook):
        await submitted(local, hook, SMALL)
        assert await attempts(local, 3) == [500, 302, 204]
    deliveries = local.sandbox.webhooks.deliveries
    waits = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(deliveries)]
    assert waits == [7.0, 14.0]


async def test_a_webhook_that_nobody_takes_is_given_up_after_ten_retries(local: Local) -> None:
    await submitted(local, "http://127.0.0.1:9/closed", SMALL)
    assert await attempts(local, 11) == [0] * 11
    assert (await local.http.get("/sandbox/requests")).json()["webhooks"][0]["status"] == 0


async def test_a_webhook_may_be_doubled(local: Local) -> None:
    async with ear() as (listener, hook):
        await submitted(local, hook, SMALL | {"prompt": "sandbox:webhook-doubled"})
        assert await attempts(local, 2) == [200, 200]
    assert listener.heard[0][1] == listener.heard[1][1]


async def test_a_webhook_may_be_lost(local: Local) -> None:
    async with ear() as (listener, hook):
        taken = await submitted(local, hook, SMALL | {"prompt": "sandbox:webhook-lost"})
        other = await submitted(local, hook, SMALL)
        assert (await local.result(taken)).status_code == 200
        await listener.arrived.wait()
    assert [json.loads(body)["request_id"] for _, body in listener.heard] == [other["request_id"]]


async def test_a_webhook_may_be_late(local: Local) -> None:
    async with ear() as (_, hook):
        taken = await submitted(local, hook, SMALL | {"prompt": "sandbox:webhook-late"})
        await attempts(local, 1)
    submission = local.sandbox.queue.get(taken["request_id"])
    assert submission is not None
    assert submission.completed_at is not None
    assert (local.sandbox.webhooks.deliveries[0].at - submission.completed_at).total_seconds() == 90


def test_the_same_seed_is_the_same_key() -> None:
    assert Signer(b"1" * 32, "me").jwks() == Signer(b"1" * 32, "you").jwks()
    assert Signer(b"1" * 32, "me").jwks() != Signer(b"2" * 32, "me").jwks()
