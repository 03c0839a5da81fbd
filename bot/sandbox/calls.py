"""The sandbox's own calls to the outside: input files are fetched, webhooks posted. The only use of httpx here."""

from collections.abc import Mapping
from pathlib import Path

import anyio
import httpx

from bot.domain.errors import ReelroomError

_FETCH_TIMEOUT_S = 30.0


class FetchFailed(ReelroomError):
    """An input file could not be fetched; the message says why."""


class Calls:
    """One client for all of them; redirects are not followed, proxies of the environment not used."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=8))

    async def fetch(self, url: str, target: Path, *, max_bytes: int) -> None:
        """Write what stands at `url` to `target`.

        Raises:
            FetchFailed: no connection, any status but 200, or more than `max_bytes`.
        """
        size = 0
        try:
            async with (
                self._client.stream("GET", url, timeout=_FETCH_TIMEOUT_S) as response,
                await anyio.open_file(target, "wb") as file,
            ):
                if response.status_code != httpx.codes.OK:
                    raise FetchFailed(f"HTTP {response.status_code}")
                async for chunk in response.aiter_bytes():
                    size += len(chunk)
                    if size > max_bytes:
                        raise FetchFailed("the file is too large")
                    await file.write(chunk)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(type(error).__name__) from error

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> int:
        """Post a webhook; the status of the answer, or 0 when there was none."""
        try:
            response = await self._client.post(url, content=body, headers=dict(headers), timeout=timeout_s)
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0
        return response.status_code

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
