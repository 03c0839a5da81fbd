"""The platform API (`https://api.fal.ai/v1`), the OpenAPI documents, the webhook keys and the tokens.

Source: https://fal.ai/docs/platform-apis/v1; the shape of the history is told in `history.py`.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.catalogue import Endpoint
from bot.sandbox.faults import Where
from bot.sandbox.history import history, page, stamp, wanted_of
from bot.sandbox.routes.gate import refusal, strikes, through_wire
from bot.sandbox.routes.queue import NOT_FOUND
from bot.sandbox.sandbox import Sandbox

MICRO = 1_000_000
_CATEGORIES = {"effect": "image-to-video", "animate": "image-to-video", "video": "text-to-video", "screen": "vision"}
_LARGEST_PAGE = 100


class PlatformRoutes:
    """Handlers over one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Every path that is not the queue's and not the storage's."""
        return [
            Route("/v1/models", self.models),
            Route("/v1/models/pricing", self.pricing),
            Route("/v1/models/requests/by-endpoint", self.requests),
            Route("/v1/models/requests/{request_id}/payloads", self.delete_payloads, methods=["DELETE"]),
            Route("/v1/meta", self.meta),
            Route("/api/openapi/queue/openapi.json", self.openapi),
            Route("/.well-known/jwks.json", self.jwks),
            Route("/tokens", self.token, methods=["POST"]),
        ]

    async def models(self, request: Request) -> Response:
        """The catalogue as fal lists its models; no key is needed."""
        found = [one for one in self._named(request) if _matches(one, request)]
        expand = _many(request, "expand")

        def shown(endpoint: Endpoint) -> dict[str, Any]:
            document = {"openapi": self._sandbox.documents(endpoint)} if "openapi-3.0" in expand else {}
            return {"endpoint_id": endpoint.id, "metadata": self._metadata(endpoint)} | document

        return _paged(request, "models", found, shown)

    async def pricing(self, request: Request) -> Response:
        """Unit prices; endpoints whose unit price fal does not publish are not in the list."""
        refused = refusal(self._sandbox, request)
        if refused is not None:
            return refused
        if not _many(request, "endpoint_id"):
            return _bad("endpoint_id is required")
        priced = [one for one in self._named(request) if one.price and one.price.unit_price_microusd]
        return _paged(request, "prices", priced, _price)

    async def requests(self, request: Request) -> Response:
        """The history of requests."""
        self._sandbox.counted["history"] += 1
        endpoint_id = next(iter(_many(request, "endpoint_id")), "")

        async def told() -> Response:
            return self._history(request)

        return await through_wire(strikes(self._sandbox, request, Where.HISTORY, endpoint_id), told)

    def _history(self, request: Request) -> Response:
        refused = refusal(self._sandbox, request)
        if refused is not None:
            return refused
        endpoint_ids = _many(request, "endpoint_id")
        if not endpoint_ids:
            return _bad("endpoint_id is required")
        try:
            wanted = wanted_of(endpoint_ids, request.query_params, _many(request, "expand"), self._sandbox.now())
        except ValueError as error:
            return _bad(str(error))
        return _paged(request, "items", history(self._sandbox.queue.everything(), wanted), dict)

    async def delete_payloads(self, request: Request) -> Response:
        """Forget a request's input and output, and delete the files of its output; files sent as input stay."""
        refused = refusal(self._sandbox, request)
        if refused is not None:
            return refused
        submission = self._sandbox.queue.get(request.path_params["request_id"])
        if submission is None or submission.answer is None:
            return JSONResponse(NOT_FOUND, 404)
        payload = submission.answer.payload()
        video = payload.get("video") if isinstance(payload, dict) else None
        links = [video["url"]] if video and not submission.payloads_deleted else []
        for link in links:
            stored = self._sandbox.storage.by_route(link.removeprefix(submission.base_url))
            if stored is not None:
                self._sandbox.storage.delete(stored)
        submission.payloads_deleted = True
        submission.arguments = None
        return JSONResponse({"cdn_delete_results": [{"link": link, "exception": None} for link in links]})

    async def meta(self, request: Request) -> Response:  # noqa: ARG002 (Starlette's signature)
        """Where webhooks come from: this machine."""
        return JSONResponse({"webhook_ip_ranges": ["127.0.0.1/32"]})

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document of one endpoint."""
        endpoint = next(iter(self._named(request)), None) if _many(request, "endpoint_id") else None
        if endpoint is None:
            return JSONResponse({"detail": "Endpoint not found"}, 404)
        return JSONResponse(self._sandbox.documents(endpoint))

    async def jwks(self, request: Request) -> Response:
        """The public key that webhooks are signed with."""
        self._sandbox.counted["jwks"] += 1

        async def told() -> Response:
            return JSONResponse(self._sandbox.signer.jwks())

        return await through_wire(strikes(self._sandbox, request, Where.JWKS), told)

    async def token(self, request: Request) -> Response:
        """A short-lived token for browsers; the sandbox has no realtime models to use it on."""
        return refusal(self._sandbox, request) or JSONResponse(self._sandbox.new_id())

    def _named(self, request: Request) -> list[Endpoint]:
        ids = _many(request, "endpoint_id")
        return [one for one in self._sandbox.catalogue.everything if not ids or one.id in ids]

    def _metadata(self, endpoint: Endpoint) -> dict[str, Any]:
        return {
            "display_name": endpoint.title,
            "category": _category(endpoint),
            "description": endpoint.summary,
            "status": "deprecated" if endpoint.retired else "active",
            "tags": [],
            "updated_at": stamp(self._sandbox.now()),
            "is_favorited": False,
            "thumbnail_url": "",
            "model_url": f"https://fal.run/{endpoint.id}",
        }


def _category(endpoint: Endpoint) -> str:
    return _CATEGORIES.get(endpoint.command, "video-to-video")


def _matches(endpoint: Endpoint, request: Request) -> bool:
    query = request.query_params
    text = f"{endpoint.id} {endpoint.title} {endpoint.summary}".lower()
    status = "deprecated" if endpoint.retired else "active"
    return (
        query.get("q", "").lower() in text
        and query.get("category", "") in {"", _category(endpoint)}
        and query.get("status", "") in {"", status}
    )


def _price(endpoint: Endpoint) -> dict[str, Any]:
    price = endpoint.price
    unit_price = (price.unit_price_microusd or 0) / MICRO if price else 0
    unit = price.billing_unit if price else ""
    return {"endpoint_id": endpoint.id, "unit_price": unit_price, "unit": unit, "currency": "USD"}


def _many(request: Request, name: str) -> list[str]:
    """A parameter given several times, or with commas."""
    return [part for value in request.query_params.getlist(name) for part in value.split(",") if part]


def _bad(message: str) -> Response:
    return JSONResponse({"error": {"type": "validation_error", "message": message}}, 400)


def _paged(request: Request, name: str, found: Sequence[Any], shown: Any) -> Response:
    query = request.query_params
    limit = min(int(query["limit"]), _LARGEST_PAGE) if query.get("limit", "").isdigit() else 50
    try:
        items, cursor = page(found, query.get("cursor", ""), max(limit, 1))
    except ValueError as error:
        return _bad(str(error))
    return JSONResponse({name: [shown(one) for one in items], "next_cursor": cursor, "has_more": cursor is not None})
