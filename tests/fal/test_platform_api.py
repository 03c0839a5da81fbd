"""History, prices and documents, in the shapes that fal's documentation gives."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.errors import FalError, FalLocked, FalMissing, FalUnavailable
from bot.domain.job import HistoryEntry
from bot.fal.exchange import Response
from bot.fal.hosts import FalHosts
from bot.fal.platform_api import (
    ListedModel,
    UnitPrice,
    forget_request,
    history_request,
    models_request,
    openapi_request,
    pricing_request,
    read_forgotten,
    read_history,
    read_models,
    read_openapi,
    read_pricing,
)

HOSTS = FalHosts()
ITEM = {
    "request_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "endpoint_id": "fal-ai/flux/dev",
    "started_at": "2025-01-01T00:00:05Z",
    "sent_at": "2025-01-01T00:00:01Z",
    "ended_at": "2025-01-01T00:00:08Z",
    "status_code": 200,
    "duration": 7.8,
    "json_input": {"prompt": "cat astronaut", "num_frames": 81, "cfg_scale": 0.5},
    "json_output": {"status": "ok"},
}
"""The example of fal's own page."""


def said(value: Any, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value).encode())


def test_the_history_is_asked_for_by_endpoint_and_window_with_what_was_sent() -> None:
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC)
    url = urlsplit(history_request(HOSTS, "fal-ai/flux/dev", start=start, end=end, cursor="Mg==").url)
    assert (url.hostname, url.path) == ("api.fal.ai", "/v1/models/requests/by-endpoint")
    assert parse_qs(url.query) == {
        "endpoint_id": ["fal-ai/flux/dev"],
        "start": ["2025-01-01T00:00:00+00:00"],
        "end": ["2025-01-02T00:00:00+00:00"],
        "expand": ["payloads"],
        "limit": ["100"],
        "cursor": ["Mg=="],
    }


def test_an_item_of_the_history_keeps_what_can_be_matched() -> None:
    page = read_history(said({"items": [ITEM], "next_cursor": "Mg==", "has_more": True}))
    assert page.next_cursor == "Mg=="
    assert page.entries == (
        HistoryEntry(
            request_id="a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            endpoint_id="fal-ai/flux/dev",
            submitted_at=datetime(2025, 1, 1, 0, 0, 1, tzinfo=UTC),
            input={"prompt": "cat astronaut", "num_frames": 81, "cfg_scale": 0.5},
        ),
    )


def test_items_that_say_less_are_kept_and_items_without_an_id_are_not() -> None:
    lean = {"request_id": "r-1", "endpoint_id": "x/y", "sent_at": "soon", "json_input": "text"}
    page = read_history(said({"items": [lean, {}, 7], "next_cursor": None, "has_more": False}))
    assert page.entries == (HistoryEntry(request_id="r-1", endpoint_id="x/y", submitted_at=None),)
    assert page.next_cursor == ""


def test_prices_are_in_whole_microdollars_and_only_dollars() -> None:
    prices = [
        {"endpoint_id": "fal-ai/flux/dev", "unit_price": 0.025, "unit": "image", "currency": "USD"},
        {"endpoint_id": "a", "unit_price": 0.0000126, "unit": "seconds", "currency": "USD"},
        {"endpoint_id": "b", "unit_price": 1, "unit": "videos", "currency": "EUR"},
        {"endpoint_id": "c", "unit_price": "1", "unit": "videos", "currency": "USD"},
        {"unit_price": 1, "currency": "USD"},
    ]
    assert read_pricing(said({"prices": prices})) == (
        UnitPrice(endpoint_id="fal-ai/flux/dev", unit="image", microusd=25_000),
        UnitPrice(endpoint_id="a", unit="seconds", microusd=13),
    )


def test_models_are_listed_with_whether_they_still_live() -> None:
    metadata = {"display_name": "Flux", "category": "text-to-image", "status": "active"}
    models = [
        {"endpoint_id": "a", "metadata": metadata},
        {"endpoint_id": "b", "metadata": {"status": "deprecated"}},
        {},
    ]
    assert read_models(said({"models": models})) == (
        ListedModel(endpoint_id="a", title="Flux", category="text-to-image", is_active=True),
        ListedModel(endpoint_id="b", title="", category="", is_active=False),
    )


def test_several_endpoints_are_asked_about_at_once() -> None:
    for request in (pricing_request(HOSTS, ["a/b", "c"]), models_request(HOSTS, ["a/b", "c"])):
        assert parse_qs(urlsplit(request.url).query) == {"endpoint_id": ["a/b", "c"]}
        assert request.keyed


def test_openapi_documents_are_public_and_come_from_the_site() -> None:
    request = openapi_request(HOSTS, "fal-ai/flux/dev")
    assert request.url == "https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=fal-ai%2Fflux%2Fdev"
    assert not request.keyed
    assert read_openapi(said({"openapi": "3.0.4"})) == {"openapi": "3.0.4"}


@pytest.mark.parametrize(
    ("status", "error"), [(404, FalMissing), (401, FalUnavailable), (500, FalUnavailable), (200, FalUnavailable)]
)
def test_a_document_that_is_not_there_says_so(status: int, error: type[FalError]) -> None:
    with pytest.raises(error):
        read_openapi(said([], status))


@pytest.mark.parametrize("read", [read_history, read_pricing, read_models])
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, FalLocked, "key_refused"),
        (403, FalUnavailable, "not_permitted"),
        (404, FalUnavailable, "not_found"),
        (429, FalUnavailable, "too_many_requests"),
        (200, FalUnavailable, "unreadable_answer"),
    ],
)
def test_a_key_without_the_scope_is_no_locked_account(read: Any, status: int, error: type[FalError], kind: str) -> None:
    with pytest.raises(FalError) as raised:
        read(said({"error": {"message": "no"}}, status))
    assert (type(raised.value), raised.value.kind) == (error, kind)


def test_a_request_is_forgotten_by_its_id_and_one_that_is_gone_already_is_forgotten_too() -> None:
    request = forget_request(HOSTS, "r/1")
    assert (request.method, request.url) == ("DELETE", "https://api.fal.ai/v1/models/requests/r%2F1/payloads")
    assert (request.keyed, request.scoped) == (True, True)
    read_forgotten(said({"cdn_delete_results": []}))
    read_forgotten(said({"detail": "no such request"}, 404))
    for status, error, kind in ((401, FalLocked, "key_refused"), (403, FalUnavailable, "not_permitted")):
        with pytest.raises(error) as raised:
            read_forgotten(said({}, status))
        assert raised.value.kind == kind
