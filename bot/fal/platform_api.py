"""fal's Platform APIs and public documents without a socket: request history, prices, models, OpenAPI.

Nothing of these is about a single Job, so a 403 here (a key without the scope) never reads as a locked account.
https://fal.ai/docs/api-reference/platform-apis/for-models
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from bot.domain.errors import FalError, FalMissing, FalUnavailable
from bot.domain.job import HistoryEntry
from bot.fal.exchange import Request, Response, items, mapping, moment, number, text
from bot.fal.failures import failure, question_failed
from bot.fal.hosts import FalHosts

MOST_IDS = 50
"""How many endpoints one question about prices or models may name."""

_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Some of the account's requests; `next_cursor` is "" on the last page."""

    entries: tuple[HistoryEntry, ...]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPrice:
    """What fal charges for one billing unit of an endpoint."""

    endpoint_id: str
    unit: str
    microusd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """An endpoint as fal lists it; `is_active` is False for deprecated ones."""

    endpoint_id: str
    title: str
    category: str
    is_active: bool


def history_request(hosts: FalHosts, endpoint_id: str, *, start: datetime, end: datetime, cursor: str = "") -> Request:
    """The account's requests to one endpoint in a window of time, with what was sent.

    https://fal.ai/docs/platform-apis/v1/models/requests/by-endpoint: `start` and `end` are ISO 8601 (`end` is
    exclusive), `limit` is at most 100, `expand=payloads` adds the inputs and outputs. Only `expand` makes it say what
    was sent, and only where the account stores payloads (its default, which we never switch off).
    """
    query = {
        "endpoint_id": endpoint_id,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "expand": "payloads",
        "limit": str(_PER_PAGE),
    }
    return _api(hosts, "models/requests/by-endpoint", query | ({"cursor": cursor} if cursor else {}))


def read_history(response: Response) -> HistoryPage:
    """One page of the history.

    By the same document an answer is `{"items": […], "next_cursor": string or null, "has_more": bool}`, and an item
    has `request_id`, `endpoint_id`, `sent_at` and `started_at`, and may have `ended_at`, `status_code`, `duration`
    and, expanded, `json_input` and `json_output`. There is no webhook URL, no header, no key id and no queue state in
    it, so none of these can serve for matching. Items without a request id are left out.

    Raises:
        FalLocked: 401. FalUnavailable: anything else.
    """
    body = mapping(response.json())
    if not response.is_success or not isinstance(body.get("items"), list):
        raise _unlisted(response)
    entries = (_entry(mapping(one)) for one in items(body.get("items")))
    return HistoryPage(
        entries=tuple(entry for entry in entries if entry.request_id),
        next_cursor=text(body.get("next_cursor")) if body.get("has_more") is not False else "",
    )


def pricing_request(hosts: FalHosts, endpoint_ids: Sequence[str]) -> Request:
    """What at most `MOST_IDS` endpoints cost; needs a working key, so it also proves one."""
    return _api(hosts, "models/pricing", [("endpoint_id", one) for one in endpoint_ids[:MOST_IDS]])


def read_pricing(response: Response) -> tuple[UnitPrice, ...]:
    """The prices fal publishes in US dollars. Raises FalLocked (401), FalUnavailable."""
    found = (_price(mapping(one)) for one in _listed(response, "prices"))
    return tuple(price for price in found if price)


def models_request(hosts: FalHosts, endpoint_ids: Sequence[str]) -> Request:
    """What fal lists of at most `MOST_IDS` endpoints; what it no longer has is left out of the answer."""
    return _api(hosts, "models", [("endpoint_id", one) for one in endpoint_ids[:MOST_IDS]])


def read_models(response: Response) -> tuple[ListedModel, ...]:
    """The endpoints it knows. Raises FalLocked (401), FalUnavailable."""
    found = (_model(mapping(one)) for one in _listed(response, "models"))
    return tuple(model for model in found if model.endpoint_id)


def openapi_request(hosts: FalHosts, endpoint_id: str) -> Request:
    """The OpenAPI document of an endpoint's queue; public, so without the key."""
    query = urlencode({"endpoint_id": endpoint_id})
    return Request(method="GET", url=f"{hosts.site_url}/api/openapi/queue/openapi.json?{query}", keyed=False)


def read_openapi(response: Response) -> Mapping[str, Any]:
    """The document, to be read by `openapi.py`. Raises FalMissing (no such endpoint), FalUnavailable."""
    document = mapping(response.json())
    if response.is_success and document:
        return document
    if response.status == HTTPStatus.NOT_FOUND:
        raise failure(FalMissing, response, "not_found")
    raise failure(FalUnavailable, response, "unreadable_answer" if response.is_success else "")


def forget_request(hosts: FalHosts, request_id: str) -> Request:
    """Have fal delete what a request was sent and what came of it, its output's files among it.

    https://docs.fal.ai/platform-apis/v1/models/requests/payloads: it takes an admin's key. Files that were sent as
    input stay (https://fal.ai/docs/documentation/model-apis/inference/payloads) and go by their own lifecycle.
    """
    path = f"models/requests/{quote(request_id, safe='')}/payloads"
    return Request(method="DELETE", url=f"{hosts.api_url}/v1/{path}", scoped=True)


def read_forgotten(response: Response) -> None:
    """It is gone, or was before (404). Raises FalLocked (401), FalUnavailable."""
    if not response.is_success and response.status != HTTPStatus.NOT_FOUND:
        raise _unlisted(response)


def _api(hosts: FalHosts, path: str, query: Mapping[str, str] | Sequence[tuple[str, str]]) -> Request:
    return Request(method="GET", url=f"{hosts.api_url}/v1/{path}?{urlencode(query)}", scoped=True)


def _listed(response: Response, name: str) -> tuple[Any, ...]:
    found = mapping(response.json()).get(name)
    if not response.is_success or not isinstance(found, list):
        raise _unlisted(response)
    return items(found)


def _unlisted(response: Response) -> FalError:
    if response.status == HTTPStatus.UNAUTHORIZED:
        return question_failed(response)
    if response.status in {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}:
        return failure(FalUnavailable, response, "not_permitted")
    return failure(FalUnavailable, response, "unreadable_answer" if response.is_success else "")


def _entry(item: Mapping[str, Any]) -> HistoryEntry:
    sent = item.get("json_input")
    return HistoryEntry(
        request_id=text(item.get("request_id"), limit=128),
        endpoint_id=text(item.get("endpoint_id"), limit=400),
        submitted_at=moment(item.get("sent_at")),
        input=sent if isinstance(sent, dict) else None,
    )


def _price(item: Mapping[str, Any]) -> UnitPrice | None:
    dollars, endpoint_id = number(item.get("unit_price")), text(item.get("endpoint_id"), limit=400)
    if dollars is None or dollars < 0 or not endpoint_id or text(item.get("currency")) != "USD":
        return None
    exact = (dollars * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return UnitPrice(endpoint_id=endpoint_id, unit=text(item.get("unit"), limit=80), microusd=int(exact))


def _model(item: Mapping[str, Any]) -> ListedModel:
    about = mapping(item.get("metadata"))
    return ListedModel(
        endpoint_id=text(item.get("endpoint_id"), limit=400),
        title=text(about.get("display_name"), limit=200),
        category=text(about.get("category"), limit=80),
        is_active=text(about.get("status")) != "deprecated",
    )
