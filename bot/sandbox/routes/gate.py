"""What every call passes first: the key, the lock, and faults of the wire. Ends in fal's own wordings."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence

import h11
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from bot.sandbox import answers
from bot.sandbox.answers import Answer
from bot.sandbox.faults import HEADER, Fault, Kind, Where
from bot.sandbox.sandbox import Sandbox

LOCKED = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
_MALFORMED = "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."


class Dropped(Response):
    """Closes the connection without a byte of an answer.

    ASGI has no word for this. A header that HTTP does not allow makes the server (uvicorn) give up on the connection
    after it believes that the answer has begun, and before anything is written.
    """

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(h11.LocalProtocolError, RuntimeError):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"\x00", b"")]})


def refusal(sandbox: Sandbox, request: Request, app: str = "") -> JSONResponse | None:
    """401 or 403 as fal words them, or None when the key is good and the account open."""
    if sandbox.faults.locked:
        return JSONResponse({"detail": LOCKED}, 403)
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if not credential.strip():
        about = f'Cannot access application "{app}". ' if app else ""
        return JSONResponse({"detail": f"{about}Authentication is required to access this application."}, 401)
    key = sandbox.settings.key
    if scheme.lower() == "bearer" and key is None:
        return None
    name, _, secret = credential.strip().partition(":")
    if scheme.lower() != "key" or not name or not secret:
        return JSONResponse({"detail": _MALFORMED}, 401)
    if key is not None and credential.strip() != key:
        return JSONResponse({"detail": "No user found for Key ID and Secret"}, 401)
    return None


def replay(answer: Answer, request_id: str = "") -> Response:
    """An answer as a response; with the request id unless it comes from the ingress."""
    headers = dict(answer.headers) | ({"x-fal-request-id": request_id} if request_id else {})
    return Response(answer.body, answer.status, headers, answer.content_type)


async def through_wire(faults: Sequence[Fault], act: Callable[[], Awaitable[Response]]) -> Response:
    """Answer, unless a fault of the wire stands before the deed or after it."""
    kinds = {fault.kind for fault in faults}
    if Kind.DROP_BEFORE in kinds:
        return Dropped()
    if Kind.NGINX_502 in kinds:
        return replay(answers.nginx(502, "Bad Gateway"))
    if Kind.INGRESS_503 in kinds:
        return replay(answers.nginx(503, "Service Temporarily Unavailable"))
    response = await act()
    return Dropped() if Kind.DROP_AFTER in kinds else response


def strikes(sandbox: Sandbox, request: Request, where: Where, endpoint_id: str = "") -> tuple[Fault, ...]:
    """The faults of the wire for a call that has no input of its own."""
    return sandbox.faults_for(where, endpoint_id, request.headers.get(HEADER, ""))
