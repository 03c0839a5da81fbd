"""The bot's own client against the sandbox: each fault becomes the error that the design says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import FalError, FalLocked, FalMissing, FalNotTaken, FalRejected, FalUncertain
from bot.fal.client import FalClient
from bot.fal.hosts import FalHosts
from tests.sandbox.harness import EFFECT, WORDS, Local, png

SMALL = {"prompt": "a paper boat", "resolution": "360p"}


@pytest.fixture
async def client(local: Local) -> AsyncIterator[FalClient]:
    hosts = FalHosts(queue_url=local.url, rest_url=local.url, cdn_url=local.url, api_url=local.url, site_url=local.url)
    one = FalClient(hosts, "made-up:secret", now=local.sandbox.now)
    yield one
    await one.close()


async def test_a_picture_goes_up_and_a_video_comes_back(client: FalClient, local: Local, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(png())
    url = await client.upload(path, content_type="image/png", name="picture.png", lifetime_s=3600)
    arguments = {"effect": "Hug", "image_url": url, "resolution": "360p"}
    ticket = await client.submit(EFFECT, arguments, None)
    submission = local.sandbox.queue.get(ticket.request_id)
    while submission is not None and submission.answer is None:
        await local.sandbox.changes.wait()
    result = await client.result(ticket)
    assert (result.content_type, result.billable_units) == ("video/mp4", "1")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    (entry,) = await client.history(EFFECT, start=start, end=start + timedelta(days=30))
    assert (entry.request_id, entry.input) == (ticket.request_id, arguments)


async def test_it_reads_models_prices_documents_and_keys(client: FalClient, local: Local) -> None:
    ids = [endpoint.id for endpoint in local.sandbox.catalogue.endpoints]
    assert {model.endpoint_id for model in await client.models(ids)} == set(ids)
    priced = {e.id: e.price.unit_price_microusd for e in local.sandbox.catalogue.endpoints if e.price}
    assert all(priced[price.endpoint_id] == price.microusd for price in await client.pricing(ids))
    assert (await client.openapi(WORDS))["openapi"]
    assert len(await client.jwks()) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("drop-after", FalUncertain),
        ("drop-before", FalUncertain),
        ("502", FalUncertain),
        ("503", FalNotTaken),
        ("queue-full", FalNotTaken),
        ("locked", FalLocked),
    ],
)
async def test_a_submit_that_fails_is_what_it_must_be(client: FalClient, fault: str, error: type[FalError]) -> None:
    with pytest.raises(error):
        await client.submit(WORDS, {"prompt": f"sandbox:{fault}"}, None)


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        ("422:image_too_small", FalRejected, "image_too_small"),
        ("infra:runner_disconnected", FalRejected, "runner_disconnected"),
        ("expired", FalMissing, ""),
    ],
)
async def test_a_result_that_fails_is_what_it_must_be(
    client: FalClient, local: Local, fault: str, error: type[FalError], kind: str
) -> None:
    ticket = await client.submit(WORDS, {"prompt": f"sandbox:{fault}", "resolution": "360p"}, None)
    submission = local.sandbox.queue.get(ticket.request_id)
    while submission is not None and submission.answer is None:
        await local.sandbox.changes.wait()
    with pytest.raises(error) as caught:
        await client.result(ticket)
    assert kind in {"", caught.value.kind}


async def test_a_failure_that_was_billed_says_how_much(client: FalClient, local: Local) -> None:
    ticket = await client.submit(WORDS, SMALL | {"prompt": "sandbox:billed-failure"}, None)
    submission = local.sandbox.queue.get(ticket.request_id)
    while submission is not None and submission.answer is None:
        await local.sandbox.changes.wait()
    with pytest.raises(FalRejected) as caught:
        await client.result(ticket)
    assert caught.value.billable_units == 1
