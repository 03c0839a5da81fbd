"""The sandbox as an ASGI application: one address for everything that fal spreads over six hosts."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from bot.sandbox.addressing import OneAddress
from bot.sandbox.routes.control import ControlRoutes
from bot.sandbox.routes.platform import PlatformRoutes
from bot.sandbox.routes.queue import QueueRoutes
from bot.sandbox.routes.storage import StorageRoutes
from bot.sandbox.sandbox import Sandbox


def build(sandbox: Sandbox) -> Starlette:
    """The application over a sandbox, which the caller starts and stops.

    It must be served by uvicorn if connections are to be dropped on demand (`routes/gate.py` says why).
    """
    routes = [
        *ControlRoutes(sandbox).routes(),
        *PlatformRoutes(sandbox).routes(),
        *StorageRoutes(sandbox).routes(),
        *QueueRoutes(sandbox).routes(),
    ]
    browsers = Middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=["*"]
    )
    return Starlette(routes=routes, middleware=[browsers, Middleware(OneAddress)])
