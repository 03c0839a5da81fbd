"""Asks fal for an endpoint's OpenAPI document: one question, no store, nothing left running."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import clock
from bot.fal.client import FalClient
from bot.fal.hosts import FalHosts
from bot.settings.environment import load_settings


def fetch_document(endpoint_id: str, config: Path) -> Mapping[str, Any]:
    """Ask fal for the document of an endpoint, at the address that the settings in `config` name; it needs no key.

    Raises:
        ConfigInvalid: the settings cannot be read.
        FalMissing: fal has no such endpoint.
        FalUnavailable: fal gave no usable answer.
    """
    fal = load_settings(config).fal
    return asyncio.run(_fetch(endpoint_id, FalHosts(queue_url=fal.queue_url, site_url=fal.site_url)))


async def _fetch(endpoint_id: str, hosts: FalHosts) -> Mapping[str, Any]:
    client = FalClient(hosts, "", now=clock.now)
    try:
        return await client.openapi(endpoint_id)
    finally:
        await client.close()
