"""The sandbox, served: a local fal for the demo and for `reelroom sandbox`."""

import dataclasses
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager

from pydantic import SecretStr

from bot.app import clock
from bot.domain.catalogue import Catalogue
from bot.fal.document import document_from_endpoint
from bot.sandbox.app import build
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import catalogue_of
from bot.settings.environment import Settings
from bot.web.listener import Listener, Opening, open_port

SANDBOX_KEY = "sandbox:sandbox"


@asynccontextmanager
async def local_fal(
    catalogue: Catalogue,
    settings: SandboxSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    pool: Executor | None = None,
) -> AsyncIterator[str]:
    """The sandbox's address, as long as the block lasts. A `pool` that is handed in renders, and is not closed.

    Raises:
        ConfigInvalid: the port is taken, or a rule for faults cannot be read.
    """
    listening = open_port(host, port)
    sandbox = Sandbox(
        catalogue,
        settings,
        documents=document_from_endpoint,
        now=clock.now,
        sleep=clock.sleep,
        new_id=clock.new_id,
        draw=clock.draw,
        pool=pool,
    )
    listener = Listener([Opening(socket=listening, app=build(sandbox))], before_stop=lambda: None, grace_s=1)
    await sandbox.start()
    await listener.start()
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        await sandbox.stop()
        await listener.stop()


def quickened(catalogue: Catalogue, speed: float) -> Catalogue:
    """The catalogue with typical times as short as a sandbox of this speed makes them."""
    endpoints = [dataclasses.replace(one, typical_s=one.typical_s / speed) for one in catalogue.everything]
    return catalogue_of(endpoints)


def at_sandbox(settings: Settings, url: str) -> Settings:
    """The same settings with fal being the sandbox at `url`, and no confirmation of prices that nobody pays."""
    fal = settings.fal.model_copy(
        update={
            "queue_url": url,
            "rest_url": url,
            "cdn_url": url,
            "api_url": url,
            "site_url": url,
            "sandbox": True,
        }
    )
    return settings.model_copy(update={"fal": fal, "fal_key": SecretStr(SANDBOX_KEY)})
