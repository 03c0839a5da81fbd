"""The sandbox's own calls to the outside: input files are fetched, webhooks posted. The only use of httpx here."""

from collections.abc import Mapping
from pathlib import Path

import anyio
import httpx

from bot.domain.errors import ReelroomError


class FetchFailed(ReelroomError):
    """An input file could not be fetched; the message says why."""


async def fetch(url: str, target: Path, *, max_bytes: int, timeout_s: float = 30.0) -> str:
    """Write what stands at `url` to `target`, and give its content type. Redirects are not followed.

    Raises:
        FetchFailed: no connection, any status but 200, or more than `max_bytes`.
    """
    size = 0
    try:
        async with (
            httpx.AsyncClient(timeout=timeout_s, trust_env=False) as client,
            client.stream("GET", url) as response,
            await anyio.open_file(target, "wb") as file,
        ):
            if response.status_code != httpx.codes.OK:
                raise FetchFailed(f"HTTP {response.status_code}")
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                if size > max_bytes:
                    raise FetchFailed("the file is too large")
                await file.write(chunk)
            return str(response.headers.get("content-type", ""))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailed(type(error).__name__) from error


async def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> int:
    """Post a webhook; the status of the answer, or 0 when there was none. Redirects are not followed."""
    try:
        async with httpx.AsyncClient(timeout=timeout_s, trust_env=False) as client:
            response = await client.post(url, content=body, headers=dict(headers))
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0
    return response.status_code
