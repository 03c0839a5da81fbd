"""What fal does not have: looking into the sandbox from outside, and switching faults while it runs.

`GET /sandbox/requests` is the sandbox's own account of what it took, so that a test can judge "exactly once".
These calls need no key: the sandbox is for your own machine.
"""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.errors import ConfigInvalid
from bot.sandbox.faults import Kind
from bot.sandbox.history import stamp
from bot.sandbox.queue import Submission
from bot.sandbox.sandbox import Sandbox

_GREETING = """A local fal, of Reelroom.

  POST /{endpoint id}           submit          GET  /v1/models          what there is
  GET  /sandbox/requests        what was taken  POST /sandbox/faults     make something go wrong

"""


class ControlRoutes:
    """Handlers over one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Everything under `/sandbox`, and the front page."""
        return [
            Route("/", self.front),
            Route("/sandbox/requests", self.requests),
            Route("/sandbox/faults", self.faults, methods=["GET", "POST", "DELETE"]),
        ]

    async def front(self, request: Request) -> Response:  # noqa: ARG002 (Starlette's signature)
        """A page for somebody who opens the address in a browser."""
        ids = "\n".join(f"  {one.id}" for one in self._sandbox.catalogue.everything)
        return PlainTextResponse(_GREETING + ids + "\n")

    async def requests(self, request: Request) -> Response:
        """Every request that was taken, oldest first, with `endpoint_id` as an optional filter; and counts."""
        wanted = request.query_params.get("endpoint_id", "")
        taken = [one for one in self._sandbox.queue.everything() if wanted in {"", one.endpoint.id}]
        deliveries = [
            {"request_id": one.request_id, "at": stamp(one.at), "status": one.status}
            for one in self._sandbox.webhooks.deliveries
        ]
        body = {"count": len(taken), "requests": [shown(one) for one in taken], "calls": dict(self._sandbox.counted)}
        return JSONResponse(body | {"webhooks": deliveries})

    async def faults(self, request: Request) -> Response:
        """GET shows the rules, DELETE clears them; POST adds `{"rules": ["422:fal-ai/*"], "locked": true}`."""
        book = self._sandbox.faults
        if request.method == "DELETE":
            book.clear()
        if request.method == "POST":
            try:
                wish = await request.json()
                for rule in wish.get("rules", []):
                    book.add(str(rule))
                book.locked = bool(wish.get("locked", book.locked))
            except (ValueError, AttributeError, TypeError, ConfigInvalid) as error:
                return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"locked": book.locked, "rules": book.rules(), "kinds": list(Kind)})


def shown(submission: Submission) -> dict[str, Any]:
    """A request as the sandbox knows it; `input_sha256` is of its JSON with sorted keys."""
    digest = hashlib.sha256(json.dumps(submission.arguments, sort_keys=True).encode()).hexdigest()
    answer = submission.answer
    return {
        "request_id": submission.id,
        "endpoint_id": submission.endpoint.id,
        "status": submission.status,
        "submitted_at": stamp(submission.submitted_at),
        "ended_at": stamp(submission.completed_at) if submission.completed_at else None,
        "input": submission.arguments,
        "input_sha256": digest,
        "cancel_wanted": submission.cancel_wanted,
        "webhook_url": submission.webhook_url,
        "status_code": answer.status if answer else None,
        "billable_units": answer.headers.get("x-fal-billable-units", "0") if answer else None,
        "error_type": submission.error_type,
    }
