"""The socket: sends one Request, brings one Response, and says how it failed when none came. It knows nothing of fal.

Nothing is sent twice, no redirect is followed, and the environment (proxies, netrc) is not read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx

from bot.domain.errors import Blame, FalError, FalLocked
from bot.fal.exchange import Request, Response
from bot.fal.failures import Fault
from bot.fal.hosts import FalHosts
from bot.ports.vitals import Vital

FORBIDDEN = 403
REFUSED = frozenset({401, FORBIDDEN})
BROKEN = 500
REQUEST_ID = "x-fal-request-id"
"""On the answers of fal's queue itself, and not on those of what stands before it."""

MOST_BYTES = 16 * 1024 * 1024
"""Answers are JSON; a longer one is a mistake somewhere, and is not read into memory."""


class Sender:
    """One pool of connections, with its patience and its reading of a missing answer.

    `unanswered` turns a fault into the error of this kind of request; `total_s` bounds one exchange from end to end,
    however slowly it trickles; `vital` is told how fal is. The key goes where `FalHosts.follow` allows, on requests
    that ask for it, only.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        hosts: FalHosts,
        key: str,
        total_s: float,
        unanswered: Callable[[Fault, str], FalError],
        vital: Vital | None = None,
    ) -> None:
        self._http = http
        self._hosts = hosts
        self._key = key.strip()
        self._total_s = total_s
        self._unanswered = unanswered
        self._vital = vital

    async def send(self, request: Request, body: AsyncIterator[bytes] | None = None) -> Response:
        """Send `request`, its content or else `body`, once. Raises what `unanswered` makes of a fault, FalLocked."""
        headers = {**request.headers, **self._credential(request)}
        try:
            async with asyncio.timeout(self._total_s):
                answer = await self._exchange(request, headers, request.content if body is None else body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise self._lost(Fault.NOT_CONNECTED, error) from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError) as error:
            raise self._lost(Fault.NOT_SENDABLE, error) from error
        except (httpx.TimeoutException, TimeoutError) as error:
            raise self._lost(Fault.TOO_LATE, error) from error
        except httpx.DecodingError as error:
            raise self._lost(Fault.UNREADABLE, error) from error
        except httpx.HTTPError as error:
            raise self._lost(Fault.CONNECTION_LOST, error) from error
        self._answered(request, answer)
        return answer

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    def _lost(self, fault: Fault, error: Exception) -> FalError:
        """What a missing answer means; that fal is away is told, and that a request was ours to mend is not."""
        shown = _shown(error)
        if self._vital and fault is not Fault.NOT_SENDABLE:
            self._vital.away(f"it does not answer ({shown})")
        return self._unanswered(fault, shown)

    def _answered(self, request: Request, answer: Response) -> None:
        """Tell how fal is. What it says of one request, a failed run with status 500 among it, says that it works."""
        if self._vital is None:
            return
        if answer.status in REFUSED and request.keyed and not (request.scoped and answer.status == FORBIDDEN):
            self._vital.away(f"it refuses the key, or has locked the account (HTTP {answer.status})")
        elif answer.status >= BROKEN and REQUEST_ID not in answer.headers:
            self._vital.away(f"it answers that it is broken (HTTP {answer.status})")
        else:
            self._vital.works()

    def _credential(self, request: Request) -> dict[str, str]:
        if not request.keyed:
            return {}
        self._hosts.follow(request.url)
        if not (self._key.isascii() and self._key.isprintable()):
            raise FalLocked("key_refused", blame=Blame.US, detail="the key has characters that no key has")
        return {"authorization": f"Key {self._key}"} if self._key else {}

    async def _exchange(
        self, request: Request, headers: dict[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> Response:
        async with self._http.stream(request.method, request.url, headers=headers, content=content) as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise self._unanswered(Fault.UNREADABLE, f"an answer of more than {MOST_BYTES} bytes")
            return Response(
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                body=bytes(body),
            )


def _shown(error: Exception) -> str:
    """What went wrong, for the log: the class and not the text, which may quote a URL or a header."""
    return type(error).__name__
