"""Answers as they go out: Telegram's own, a gateway's, or none."""

import json
from typing import Any

from aiohttp import web

from tests.emulators.telegram.faults import Drop, How, Limited, Status
from tests.emulators.telegram.refusals import too_many
from tests.emulators.telegram.things import Json

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


def before(request: web.Request, fault: How | None) -> web.StreamResponse | None:
    """A fault that strikes before anything is done."""
    match fault:
        case Drop(after=False):
            return dropped(request)
        case Status(after=False):
            return broken(fault)
        case Limited():
            refusal = too_many(fault.retry_after_s)
            return written(refusal.body(), 429)
        case _:
            return None


def after(request: web.Request, fault: How | None) -> web.StreamResponse | None:
    """A fault that strikes when all is done."""
    match fault:
        case Drop(after=True):
            return dropped(request)
        case Status(after=True):
            return broken(fault)
        case _:
            return None


def written(body: Json, status: int) -> web.Response:
    """An answer as Telegram sends it."""
    raw = json.dumps(body).encode()
    wait: Any = body.get("parameters", {}).get("retry_after")
    headers = {"Content-Type": "application/json"} | ({"Retry-After": str(wait)} if wait else {})
    return web.Response(status=status, body=raw, headers=headers)


def broken(fault: Status) -> web.Response:
    """An answer that is none of Telegram's server, or a bad one."""
    if fault.html:
        return web.Response(status=fault.status, text=HTML, content_type="text/html")
    return written({"ok": False, "error_code": fault.status, "description": fault.description}, fault.status)


def dropped(request: web.Request) -> web.Response:
    """The connection dies under the request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
